"""A new publication: its files, and the wheel of the program that builds it."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template

import impressum
from impressum.cli.environment import home_of, is_here, lock_named, locked
from impressum.cli.starter.splitting import SplitText
from impressum.core.errors import Fault, Faults, Faulty, Place
from impressum.stages.load.publication import slug_of
from impressum.stages.load.schemas import schemas
from impressum.stages.load.words import read_words
from impressum.system.epoch import epoch
from impressum.system.workspace import Workspace
from impressum.translation.handoff.safe_files import zipped
from impressum.translation.new_edition import check_tag, words_file, words_tag
from impressum.translation.shelf import write_file

ALWAYS = {
    "build.py.txt": "build.py",
    "gitignore": ".gitignore",
    "publish.yml": ".github/workflows/publish.yml",
    "theme.yaml": "templates/theme.yaml",
}
EXAMPLE = {
    "all/macros.md": "templates/macros.md",
    "all/paper.csv": "figures/data/paper.csv",
    "all/references.bib": "bib/references.bib",
    "{home}/paper.yaml": "figures/paper.yaml",
    "{home}/data.yaml": "figures/data/paper.yaml",
    "{home}/01.md": "chapters/{tag}/01-writing.md",
    "{home}/02.md": "chapters/{tag}/02-data.md",
}
"""The files of the example, by their names in the package; `home` is the language that it is written in."""
ENGLISH = "en"


@dataclass(frozen=True)
class Answers:
    """The answers of an author about a new publication: `kind` is a theme, `language` a tag (BCP 47)."""

    title: str
    language: str = ENGLISH
    authors: tuple[str, ...] = ()
    publisher: str = ""
    kind: str = "report"


def check_free(folder: Path) -> None:
    """Raises Faulty where `folder` is there and holds anything (but a Git repository)."""
    place = Place(folder.as_posix())
    try:
        found = sorted(path.name for path in folder.iterdir() if path.name != ".git")
    except FileNotFoundError:
        return
    except OSError as error:
        message, hint = f"it cannot be a folder ({error.strerror})", "name another one"
        raise Faulty([Fault(place, message, "new-folder", hint)]) from error
    if found:
        message = f"the folder is not empty: it holds `{found[0]}`" + (" and more" if found[1:] else "")
        raise Faulty([Fault(place, message, "new-folder", "name a new folder, or an empty one")])


def start(folder: Path, answers: Answers, text: SplitText | None = None) -> tuple[str, ...]:
    """Writes a publication to `folder`, with the chapters of `text` or the example's; gives the files. Raises Faulty
    for a folder that is not empty, an unknown language and where nothing can be written."""
    check_free(folder)
    check_tag(answers.language)
    made = {**(_example(answers.language) if text is None else _chapters(answers.language, text)), **_around(answers)}
    made["publication.yaml"] = _publication(answers, text).encode()
    workspace = Workspace(folder.resolve())
    if not read_words(workspace, answers.language, Faults()):
        tag = words_tag(answers.language)
        made[workspace.relative(workspace.words_file(tag))] = words_file(tag).encode()
    for name, content in sorted(made.items()):
        write_file(workspace, workspace.root / name, content)
    _lend_environment(workspace)
    return tuple(sorted(made))


def _lend_environment(workspace: Workspace) -> None:
    """Links to the environment that runs here if it is one of ours: else, or once that is gone, a build makes one."""
    home = home_of(lock_named("run"))
    if is_here(home):
        with suppress(OSError):
            workspace.cache.mkdir()
            (workspace.cache / home.name).symlink_to(home.resolve(), target_is_directory=True)


def _around(answers: Answers) -> dict[str, bytes]:
    """The files that every publication has: the program, the workflow, the look."""
    name, wheel = wheel_of_this()
    return {
        **{to: _data(f"all/{name}") for name, to in ALWAYS.items()},
        **{f".impressum/schemas/{name}.json": schema.encode() for name, schema in schemas().items()},
        ".impressum/lock.txt": lock_named("run").read_bytes(),
        f".impressum/{name}": wheel,
    }


def _data(name: str) -> bytes:
    return files("impressum").joinpath(f"templates/new/{name}").read_bytes()


def _example(tag: str) -> dict[str, bytes]:
    """The chapters, the chart and the bibliography that teach by example, in the language `tag` if there are such."""
    tags = (tag, tag.partition("-")[0])
    home = next((one for one in tags if files("impressum").joinpath(f"templates/new/{one}").is_dir()), ENGLISH)
    made = {}
    for name, to in EXAMPLE.items():
        content = _data(name.format(home=home)).replace(f"chapters/{home}/".encode(), f"chapters/{tag}/".encode())
        is_foreign = name.endswith(("01.md", "02.md")) and home.partition("-")[0] != tag.partition("-")[0]
        made[to.format(tag=tag)] = f"---\nlanguage: {home}\n---\n\n".encode() + content if is_foreign else content
    return made


def _chapters(tag: str, text: SplitText) -> dict[str, bytes]:
    chapters = {f"chapters/{tag}/{name}": content.encode() for name, content in text.chapters.items()}
    return {**chapters, **text.copied}


def _publication(answers: Answers, text: SplitText | None) -> str:
    """`publication.yaml`; every value is in quotes, so that it is the text that was given."""
    time = epoch()
    today = datetime.datetime.fromtimestamp(time, datetime.UTC).date() if time else datetime.date.today()
    authors = "".join(f"  - name: {_quoted(name)}\n" for name in answers.authors)
    kind = answers.kind.capitalize().replace("-", " ")
    active = {
        "publisher": f"  publisher:\n    name: {_quoted(answers.publisher)}" if answers.publisher else "",
        "type": f"  type: {kind}" if answers.language.partition("-")[0] == ENGLISH else "",
    }
    others = dict(text.others) if text else {}
    if not slug_of(answers.title):
        others["slug"] = "publication"
    filled = Template(_data("all/publication.yaml").decode()).substitute(
        title=_quoted(answers.title),
        language=answers.language,
        date=(text.date if text else "") or today,
        authors=f"authors:\n{authors}" if authors else "# authors:\n#   - name: Your name\n#     orcid: 0000-…\n",
        impressum="impressum:" if any(active.values()) else "# impressum:",
        publisher=active["publisher"] or "  # publisher:\n  #   name: Who publishes it",
        type=active["type"] or "  # type: Report",
        theme=answers.kind,
        others="".join(f"{key}: {_quoted(value)}\n" for key, value in others.items()),
    )
    return filled.rstrip() + "\n"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@cache
def wheel_of_this() -> tuple[str, bytes]:
    """A wheel of the Impressum that runs, by its name: the same files give the same bytes, however it is installed."""
    package = Path(impressum.__file__).parent
    stem = f"impressum-{impressum.__version__}"
    contents = {f"impressum/{name}": (package / name).read_bytes() for name in _modules(package)}
    needs = "".join(f"Requires-Dist: {one}\n" for one in locked(lock_named("run")))
    described = {
        "METADATA": f"Metadata-Version: 2.1\nName: impressum\nVersion: {impressum.__version__}\n{needs}",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: impressum\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": "[console_scripts]\nimpressum = impressum.__main__:main\n",
    }
    contents |= {f"{stem}.dist-info/{name}": text.encode() for name, text in described.items()}
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in contents.items())
    record += f"{stem}.dist-info/RECORD,,\n"
    return f"{stem}-py3-none-any.whl", zipped({**contents, f"{stem}.dist-info/RECORD": record.encode()})


def _modules(package: Path) -> Iterator[str]:
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(package).as_posix()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
