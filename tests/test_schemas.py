"""The JSON Schemas for editors: they pass what `load` reads, refuse what it refuses, and are made of its models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from building import REPOSITORY

from impressum.core.errors import Faults
from impressum.stages.load.schemas import FILES, schemas
from impressum.stages.load.strict_yaml import parse_yaml
from impressum.stages.load.tree import Items, Node, Scalar

PLACES = {
    "publication": "publication.yaml",
    "edition": "chapters/*/edition.yaml",
    "editions": "editions.yaml",
    "layout": "chapters/*/layout.yaml",
    "figure": "figures/*.yaml",
    "data": "figures/data/*.yaml",
}
ROOTS = (REPOSITORY, REPOSITORY / "tests/publications/specimen", REPOSITORY / "tests/publications/every-field")
SOUND = [(name, path) for name, place in PLACES.items() for root in ROOTS for path in sorted(root.glob(place))]
TYPES: dict[str, Any] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "object": dict,
    "array": list,
}
CHECKED = {"$defs", "$ref", "additionalProperties", "anyOf", "enum", "items", "properties", "required", "type"}
CHECKED |= {"maximum", "maxLength", "minimum", "minLength", "pattern"}
TOLD = {"description", "format", "title"}
"""Keywords that refuse nothing here."""


def resolved(node: Node) -> Any:
    """A value as YAML 1.2 and so an editor resolves it: numbers and `true` where they are not in quotes."""
    if isinstance(node, Items):
        return [resolved(item) for item in node.items]
    if not isinstance(node, Scalar):
        return {key: resolved(entry.value) for key, entry in node.entries.items()}
    is_typed = node.plain and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?|true|false|null", node.text)
    return json.loads(node.text) if is_typed else node.text


def refused(value: Any, schema: dict[str, Any], whole: dict[str, Any], path: str = "") -> Iterator[str]:
    """Where `value` does not fit: the part of JSON Schema that the schemas use, and no other."""
    assert schema.keys() <= CHECKED | TOLD, schema.keys() - CHECKED - TOLD
    if "$ref" in schema:
        yield from refused(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole, path)
    if "anyOf" in schema and all(list(refused(value, one, whole, path)) for one in schema["anyOf"]):
        yield f"{path}: none of several"
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if (
        kinds
        and not (value is None and "null" in kinds)
        and not isinstance(value, tuple(TYPES[k] for k in kinds if k != "null"))
    ):
        yield f"{path}: not {' or '.join(kinds)}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: not one of {schema['enum']}"
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{path}: length"
        if not re.search(schema.get("pattern", ""), value):
            yield f"{path}: pattern"
    elif isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path}: range"
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from refused(item, schema.get("items", {}), whole, f"{path}[{number}]")
    elif isinstance(value, dict):
        yield from (f"{path}: lacks {key}" for key in schema.get("required", ()) if key not in value)
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            if inner is False:
                yield f"{path}.{key}: unknown"
            else:
                yield from refused(item, inner, whole, f"{path}.{key}")


def found(name: str, text: str) -> list[str]:
    tree = parse_yaml(text, "file.yaml", Faults())
    assert tree is not None
    schema = json.loads(schemas()[name])
    return list(refused(resolved(tree), schema, schema))


@pytest.mark.parametrize(("name", "path"), SOUND, ids=lambda one: str(one).replace(f"{REPOSITORY}/", ""))
def test_every_sound_file_passes(name: str, path: Path) -> None:
    assert found(name, path.read_text(encoding="utf-8")) == []


def test_each_schema_has_files_that_pass() -> None:
    assert {name for name, _ in SOUND} == set(FILES) == set(PLACES)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("publication", "title: A\nlanguage: en\ndate: 2025-01-31\nauthor: B\n", [".author: unknown"]),
        ("publication", "title: A\nlanguage: en\n", [": lacks date"]),
        (
            "publication",
            "title: A\nlanguage: en\ndate: 2025-01-31\ncover: {focus: middle}\n",
            [".cover.focus: not one of"],
        ),
        ("publication", "title: 2084\nversion: 1.10\nlanguage: en\ndate: 2025-01-31\nimpressum: {year: '2025'}\n", []),
        ("edition", "titel: A\n", [".titel: unknown"]),
        ("editions", "de: {due: 2025-03-01, chapters: {01-a: {by: x}}}\n", [".de.chapters.01-a.by: unknown"]),
        ("layout", "02-a:\n  - at: '#x'\n    break-before: true\n  - at: y\n    lines: -1\n", []),
        ("layout", "02-a:\n  - {at: x, break: true}\n", [".02-a[0].break: unknown"]),
        ("figure", "title: A\nalt: B\nchart: pie\n", [".chart: not one of"]),
        ("figure", "title: A\nalt: B\nchart: bar\ndecimals: 11\n", [".decimals: range"]),
        ("data", "title: A\nsource: b\ncolumns: {x: {units: km}}\n", [".columns.x.units: unknown"]),
    ],
)
def test_what_load_refuses_an_editor_refuses_too(name: str, text: str, told: list[str]) -> None:
    lines = found(name, text)
    assert [line[: len(start)] for line, start in zip(lines, told, strict=True)] == told


def test_the_schemas_of_the_repository_are_those_of_the_models() -> None:
    files = {path.stem: path.read_text(encoding="utf-8") for path in (REPOSITORY / "docs/schemas").glob("*.json")}
    assert files == schemas()
