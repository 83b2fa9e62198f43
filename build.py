"""The one command: `python build.py [COMMAND ...]`; `python build.py --help` tells the rest.

This file has only syntax that every Python can read, so that an old one says a sentence, not a traceback.
What happens then is in impressum/cli/environment.py (the locked packages) and impressum/cli/main.py (the commands).
"""

import os
import signal
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "build.py: error: Impressum needs Python 3.11 or newer, and this is %d.%d [python-version]\n"  # noqa: UP031
        "  hint: install a newer Python and run it by its name, for example: python3.13 build.py" % sys.version_info[:2]
    )

# Until the program listens, Ctrl-C ends this process without a traceback.
if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
# Many containers tell Python to keep nothing of what it compiles: then each command compiles 250 modules anew, which
# takes longer than all else that it does where little has changed. Children keep it too, in a clean environment.
if os.environ.get("PYTHONDONTWRITEBYTECODE"):
    sys.dont_write_bytecode = False
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 (read by old Pythons too)

from impressum.cli.environment import main
from impressum.system.interpreter import end

if __name__ == "__main__":
    end(main(sys.argv[1:]))
