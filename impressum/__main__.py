"""`python -m impressum` is the same as `impressum`."""

import os
import sys

if os.environ.get("PYTHONDONTWRITEBYTECODE"):  # as in build.py
    sys.dont_write_bytecode = False

from impressum.cli.main import main

raise SystemExit(main())
