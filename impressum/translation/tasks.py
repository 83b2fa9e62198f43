"""`editions.yaml`: who translates which edition, and which chapter of it, and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from impressum.core.errors import Faults, WrongUsage, did_you_mean
from impressum.core.model.publication import EditionTasks, Task
from impressum.stages.load.binding import bind
from impressum.stages.load.strict_yaml import read_yaml
from impressum.stages.load.tree import Tree
from impressum.translation.shelf import TEXTS, Shelf


@dataclass(frozen=True)
class Tasks:
    """The tasks of each edition by its tag."""

    editions: Mapping[str, EditionTasks]

    def of(self, tag: str, name: str = "") -> Task:
        """Who translates the file `name` of the edition `tag` (or the edition), and by when."""
        whole = self.editions.get(tag, EditionTasks())
        own = whole.chapters.get(name.removesuffix(".md"), Task())
        return Task(translator=own.translator or whole.translator, due=own.due or whole.due)

    def files(self, tag: str, names: Sequence[str], translator: str) -> tuple[str, ...]:
        """Those of the files `names` that `translator` has. Raises WrongUsage where there are none."""
        by_file = {name: self.of(tag, name).translator for name in names}
        if found := tuple(name for name, who in by_file.items() if who == translator):
            return found
        known = dict.fromkeys(who for who in by_file.values() if who)
        message = f"nobody called `{translator}` translates anything of `{tag}`{did_you_mean(translator, known)}"
        raise WrongUsage(f"{message}; `editions.yaml` says who does")


def read_tasks(shelf: Shelf, faults: Faults) -> Tasks:
    """The tasks of the publication: none where it has no `editions.yaml`; what is wrong in it becomes faults."""
    path = shelf.workspace.tasks
    tree = read_yaml(shelf.workspace, path, faults) if path.exists() else None
    found: dict[str, EditionTasks] = {}
    for tag, entry in tree.entries.items() if tree else ():
        if tag not in shelf.editions:
            hint = f"editions: {', '.join(shelf.editions) or 'none'}"
            message = f"there is no edition `{tag}`{did_you_mean(tag, shelf.editions)}"
            faults.error(entry.place, message, "yaml-unknown-key", hint)
        elif not isinstance(entry.value, Tree):
            hint = "write `translator:` and `due:` below it, two spaces further in"
            faults.error(entry.place, f"`{tag}` has no keys below it", "yaml-value", hint)
        else:
            found[tag] = bind(EditionTasks, entry.value, faults) or EditionTasks()
            _check_chapters(shelf, entry.value, faults)
    return Tasks(found)


def _check_chapters(shelf: Shelf, tree: Tree, faults: Faults) -> None:
    names = [name.removesuffix(".md") for name in (*shelf.chapters(shelf.source), TEXTS)]
    chapters = tree.table("chapters")
    for name, entry in chapters.entries.items() if chapters else ():
        if name not in names:
            message = f"there is no chapter `{name}`{did_you_mean(name, names)}"
            faults.error(entry.place, message, "yaml-unknown-key", f"chapters: {', '.join(names)}")
