"""`python -m impressum` is the same as `impressum`."""

import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # as in build.py
    signal.signal(signal.SIGINT, signal.SIG_DFL)
if os.environ.get("PYTHONDONTWRITEBYTECODE"):
    sys.dont_write_bytecode = False

from impressum.cli.main import main
from impressum.system.interpreter import end

if __name__ == "__main__":
    end(main())
