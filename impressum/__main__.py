"""`python -m impressum` is the same as `impressum`."""

from impressum.cli import main

raise SystemExit(main())
