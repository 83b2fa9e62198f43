"""What passes to Typst and back, as JSON: data for templates, fits that are asked, pages that were turned."""

from __future__ import annotations

import json
from dataclasses import asdict

from impressum.core.model.fits import Fit, Fits
from impressum.stages.typeset.compiler import Answer
from impressum.system.cache import Json


def as_json(value: Json) -> bytes:
    """`value` as the templates read it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def written(fits: Fits) -> bytes:
    """`fits` as the templates read them."""
    return as_json({key: _asked(fit) for key, fit in fits.items()})


def turned(answer: Answer) -> tuple[int, ...]:
    """The pages that are turned by a quarter, as the book tells of them."""
    told = answer["told"]
    return tuple(told["turned"]) if told else ()


def _asked(fit: Fit) -> Json:
    """What is not asked is not said."""
    return {name: value for name, value in asdict(fit).items() if value}
