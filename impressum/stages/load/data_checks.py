"""Data against the rest of the publication: the bibliography that their sources name, the words of the editions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from impressum.core.errors import Faults, nearest
from impressum.core.model.sources import DataTable
from impressum.stages.load.tree import Table

ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|www\.|[\w-]+(?:\.[\w-]+)+(?:/|$))", re.IGNORECASE)
MOST_SHOWN = 12


def check_data_sources(data: Mapping[str, DataTable], keys: Set[str], faults: Faults) -> None:
    """Notes a fault for each source that is neither one of `keys`, those of the bibliography, nor a web address."""
    for table in data.values():
        source = table.sidecar.source
        if source in keys:
            continue
        if re.match(r"https?://[^\s/]+\S*$", source):
            continue
        if ADDRESS.match(source):
            message = f"the source `{source}` is not a whole web address"
            hint = f"write it with its beginning: `https://{source.partition('://')[2] or source}`"
        else:
            near = nearest(source, keys)
            message = f"the source `{source}` is no work in the bibliography, and no web address"
            message += f"; did you mean `{near}`?" if near else ""
            hint = "add the work to the bibliography and write its key here, or write the address: `https://…`"
        faults.error(table.source_place, message, "data-source", hint)


def words_of(table: DataTable) -> frozenset[str]:
    """Everything in `table` that an edition may say in words of its own."""
    columns = {name for column in table.columns for name in (column, f"{column}.unit")}
    cells = {cell for row in table.rows for cell in row if isinstance(cell, str) and cell}
    return frozenset({"title", "unit"} | columns | cells)


def check_data_words(texts: Table, data: Mapping[str, DataTable], names: Set[str], faults: Faults) -> None:
    """Notes a fault for each table and each word that an edition's `data:` names and that does not exist.

    `names` are those of all data, be they sound or not: what is wrong there is told there.
    """
    given = texts.table("data")
    for name, entry in given.entries.items() if given else ():
        if name not in names | data.keys():
            near = nearest(name, names)
            faults.error(
                entry.place,
                f"there are no data `{name}`" + (f"; did you mean `{near}`?" if near else ""),
                "data-unknown",
                f"known data: {', '.join(sorted(names)) or 'none'}",
            )
        elif name in data and isinstance(entry.value, Table):
            known = words_of(data[name])
            for word, place in ((word, one.place) for word, one in entry.value.entries.items()):
                if word not in known:
                    near = nearest(word, known)
                    columns = ", ".join(data[name].columns[:MOST_SHOWN])
                    faults.error(
                        place,
                        f"`{word}` is no column, no row and no word of the data `{name}`"
                        + (f"; did you mean `{near}`?" if near else ""),
                        "data-unknown",
                        f"`title`, `unit`, the name of a column ({columns}), its `.unit`, or the text of a cell",
                    )
