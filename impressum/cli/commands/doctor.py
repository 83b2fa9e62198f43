"""Says what the environment is, and what is wrong with it."""

from __future__ import annotations

import argparse
import platform
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` takes nothing."""


def run(arguments: argparse.Namespace) -> int:
    """Tries pandoc and Typst and names the versions; exit code 1 where one does not work."""
    from importlib.metadata import version

    from impressum import __version__
    from impressum.stages.convert.pandoc import program
    from impressum.system.fonts import font_versions
    from impressum.system.process import Limits
    from impressum.system.process import run as run_tool
    from impressum.system.sandbox import isolation

    print(f"impressum {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    pandoc = run_tool([program(), "--version"], limits=Limits(20))
    print(pandoc.stdout.decode().splitlines()[0] if pandoc.code == 0 else f"pandoc does not start: {pandoc.errors}")
    typst = run_tool(
        [sys.executable, "-c", "import typst; print(typst.compile(b'x', format='pdf')[:5])"], limits=Limits(20)
    )
    print(f"typst {version('typst')}" + ("" if typst.code == 0 else f" does not start: {typst.errors}"))
    for package, number in font_versions().items():
        print(f"{package} {number}")
    shut = isolation()
    if shut.how == "unknown":
        print(f"figure scripts are not run: {shut.why}")
    elif shut.how == "none":
        print(f"figure scripts are not shut in (docs/security.md): {shut.why}")
    else:
        print(f"figure scripts are shut in, by {shut.how}")
    return 0 if pandoc.code == 0 and typst.code == 0 else 1
