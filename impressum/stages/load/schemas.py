"""JSON Schemas of the YAML files, for editors: `python -m impressum.stages.load.schemas FOLDER` writes them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from impressum.core.model.publication import DataSidecar, EditionTasks, EditionTexts, FigureData, Publication
from impressum.stages.load.editions import LayoutKeys

FILES: Mapping[str, Any] = {
    "publication": Publication,
    "edition": EditionTexts,
    "editions": dict[str, EditionTasks],
    "layout": dict[str, tuple[LayoutKeys, ...]],
    "figure": FigureData,
    "data": DataSidecar,
}
"""The pydantic model or type that each of them describes."""


class _Scalars(GenerateJsonSchema):
    """Says of each value how it may be written in YAML, which an editor has resolved; no defaults, no docstrings."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), "type": ["string", "number", "boolean"]}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "type": ["integer", "string"]}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> JsonSchemaValue:
        words = schema["expected"]
        return {"enum": [True, *words] if "true" in words else words}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])  # a key that is left out, never one without a value

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return {key: value for key, value in super().model_schema(schema).items() if key != "description"}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class _Amendments(_Scalars):
    """As an edition says them: only what differs, and nothing where it is not translated yet."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return {key: value for key, value in super().model_schema(schema).items() if key != "required"}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return {"anyOf": [super().nullable_schema(schema), {"type": "null"}]}


def schemas() -> dict[str, str]:
    """The schemas as text, by the names in `FILES`."""
    made = {
        name: TypeAdapter(model).json_schema(schema_generator=_Amendments if name == "edition" else _Scalars)
        for name, model in FILES.items()
    }
    return {name: json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in made.items()}


if __name__ == "__main__":
    for schema_name, text in schemas().items():
        (Path(sys.argv[1]) / f"{schema_name}.json").write_text(text, encoding="utf-8")
