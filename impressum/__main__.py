"""`python -m impressum` is the same as `impressum`."""

import atexit
import os
import signal
import sys
from contextlib import suppress

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # as in build.py
    signal.signal(signal.SIGINT, signal.SIG_DFL)
if os.environ.get("PYTHONDONTWRITEBYTECODE"):
    sys.dont_write_bytecode = False

from impressum.cli.main import main

if __name__ == "__main__":
    code = main()
    atexit._run_exitfuncs()
    with suppress(OSError):  # nobody reads on
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)  # at once: to give back all that was read, object by object, takes a tenth of a second
