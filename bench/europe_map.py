"""Makes the map of Europe that charts are drawn from: `python -m bench.europe_map countries-50m.json > FILE`.

The input is that file of the npm package `world-atlas` 2.0.2: Natural Earth 4.1 (public domain) at 1:50 million, as
TopoJSON. The output, `impressum/templates/maps/europe.json`, has for each country by its code of ISO 3166-1 (`XK` is
Kosovo) the outlines that are left after projection (Lambert's azimuthal equal-area one around 10° E, 52° N, as maps of
the European Union have it), clipping and simplification, and where a label has most room. Crimea is with Ukraine and
the north of Cyprus with Cyprus, as the United Nations see it (resolutions 68/262 and 541).
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
WEST, EAST, SOUTH, NORTH = -1750.0, 2300.0, -2050.0, 2200.0
"""The frame, in kilometres from the middle of the projection."""
RADIUS, MIDDLE = 6371.0, (10.0, 52.0)
UNIT = 2.0
"""Kilometres of a unit of the output."""
CLOSE = 3.0
"""Kilometres by which a simplified outline may leave the true one."""
LEAST = 120.0
"""Square kilometres: smaller islands are left out, but for the largest part of a country."""
CODES = {
    "008": "AL",
    "020": "AD",
    "040": "AT",
    "112": "BY",
    "056": "BE",
    "070": "BA",
    "100": "BG",
    "191": "HR",
    "196": "CY",
    "203": "CZ",
    "208": "DK",
    "233": "EE",
    "246": "FI",
    "250": "FR",
    "276": "DE",
    "300": "GR",
    "348": "HU",
    "352": "IS",
    "372": "IE",
    "380": "IT",
    "428": "LV",
    "438": "LI",
    "440": "LT",
    "442": "LU",
    "470": "MT",
    "498": "MD",
    "499": "ME",
    "528": "NL",
    "807": "MK",
    "578": "NO",
    "616": "PL",
    "620": "PT",
    "642": "RO",
    "643": "RU",
    "688": "RS",
    "703": "SK",
    "705": "SI",
    "724": "ES",
    "752": "SE",
    "756": "CH",
    "792": "TR",
    "804": "UA",
    "826": "GB",
    "248": "FI",
    "Kosovo": "XK",
    "N. Cyprus": "CY",
}
"""By the number of ISO 3166-1, or the name of what has none."""
CRIMEA = (32.0, 36.8, 44.2, 46.3)


def main(path: str) -> None:
    topology = json.loads(Path(path).read_text(encoding="utf-8"))
    raw = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    arcs = [_simplified([_projected(point) for point in arc]) for arc in raw]
    parts: dict[str, list[list[int]]] = defaultdict(list)
    for country in topology["objects"]["countries"]["geometries"]:
        code = CODES.get(country.get("id") or "", CODES.get(country["properties"]["name"], ""))
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for polygon in polygons:
            outline = [raw[arc if arc >= 0 else ~arc] for arc in polygon[0]]
            is_crimea = code == "RU" and all(_within(point, CRIMEA) for arc in outline for point in arc)
            parts["UA" if is_crimea else code] += polygon
    shapes = {code: _rings(some, arcs) for code, some in parts.items()}
    made = {
        "source": "Natural Earth 4.1, 1:50 million, public domain; by way of world-atlas 2.0.2",
        "size": [round((EAST - WEST) / UNIT), round((NORTH - SOUTH) / UNIT)],
        "land": [_deltas(ring) for ring in shapes.pop("")],
        "countries": {
            code: {"label": _label(rings), "rings": [_deltas(ring) for ring in rings]}
            for code, rings in sorted(shapes.items())
        },
    }
    sys.stdout.write(json.dumps(made, separators=(",", ":")) + "\n")


def _decoded(arc: list[list[int]], transform: Any) -> list[Point]:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        (k, m), (s, t) = transform["scale"], transform["translate"]
        points.append((x * k + s, y * m + t))
    return points


def _projected(point: Point) -> Point:
    """Kilometres to the east and north of the middle; points behind the earth far away."""
    lon, lat, at = math.radians(point[0] - MIDDLE[0]), math.radians(point[1]), math.radians(MIDDLE[1])
    cosine = math.sin(at) * math.sin(lat) + math.cos(at) * math.cos(lat) * math.cos(lon)
    k = RADIUS * math.sqrt(2 / max(1 + cosine, 0.2))
    return (
        k * math.cos(lat) * math.sin(lon),
        k * (math.cos(at) * math.sin(lat) - math.sin(at) * math.cos(lat) * math.cos(lon)),
    )


def _simplified(points: list[Point]) -> list[Point]:
    """The points that are left by Douglas and Peucker; a closed arc is cut at its farthest point."""
    if len(points) < 3:
        return points
    first, last = points[0], points[-1]
    far = max(range(1, len(points) - 1), key=lambda at: _distance(points[at], first, last))
    if _distance(points[far], first, last) <= CLOSE:
        return [first, last]
    return _simplified(points[: far + 1])[:-1] + _simplified(points[far:])


def _distance(point: Point, one: Point, other: Point) -> float:
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    share = 0.0 if not length else ((point[0] - one[0]) * dx + (point[1] - one[1]) * dy) / length
    share = min(max(share, 0.0), 1.0)
    return math.hypot(point[0] - one[0] - share * dx, point[1] - one[1] - share * dy)


def _within(point: Point, frame: tuple[float, float, float, float]) -> bool:
    return frame[0] <= point[0] <= frame[1] and frame[2] <= point[1] <= frame[3]


def _rings(polygons: list[list[int]], arcs: list[list[Point]]) -> list[list[Point]]:
    """The outlines of a country in units of the output: arcs that two of its parts share are left out."""
    used = [arc for ring in polygons for arc in ring]
    free = [arc for arc in used if ~arc not in used]
    lines = [arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in free]
    rings = []
    while lines:
        ring = lines.pop(0)
        while ring[0] != ring[-1]:
            at = next(at for at, line in enumerate(lines) if line[0] == ring[-1])
            ring = ring + lines.pop(at)[1:]
        rings.append(_clipped(ring))
    rings = sorted((ring for ring in rings if len(ring) > 2), key=_area, reverse=True)
    return [_rounded(ring) for at, ring in enumerate(rings) if not at or _area(ring) >= LEAST]


def _clipped(ring: list[Point]) -> list[Point]:
    """The part of a ring in the frame, by Sutherland and Hodgman."""
    for axis, edge, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        kept: list[Point] = []
        for one, other in _sides(ring):
            inside, next_inside = (sign * (point[axis] - edge) >= 0 for point in (one, other))
            if inside:
                kept.append(one)
            if inside != next_inside:
                share = (edge - one[axis]) / (other[axis] - one[axis])
                kept.append((one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])))
        ring = kept
    return ring


def _sides(ring: list[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(ring, ring[1:] + ring[:1], strict=True)


def _area(ring: list[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))) / 2


def _rounded(ring: list[Point]) -> list[Point]:
    """From the upper left corner of the frame, in units, without points that fell together."""
    points = [(round((x - WEST) / UNIT), round((NORTH - y) / UNIT)) for x, y in ring]
    return [point for at, point in enumerate(points) if point != points[at - 1]]


def _deltas(ring: list[Point]) -> list[int]:
    """The first point, and from each the way to the next."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring)]
    return [int(number) for pair in [ring[0], *steps] for number in pair]


def _label(rings: list[list[Point]]) -> list[int]:
    """The point inside the largest outline that is farthest from it, and how far, in units; searched ever closer."""
    ring = rings[0]
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    low, high = (min(xs), min(ys)), (max(xs), max(ys))
    best = (0.0, (xs[0], ys[0]))
    for _ in range(4):
        steps = [((high[0] - low[0]) / 24, (high[1] - low[1]) / 24)][0]
        tried = [(low[0] + i * steps[0], low[1] + j * steps[1]) for i in range(25) for j in range(25)]
        best = max([best, *((_depth(point, ring), point) for point in tried)])
        low = (best[1][0] - steps[0], best[1][1] - steps[1])
        high = (best[1][0] + steps[0], best[1][1] + steps[1])
    return [round(best[1][0]), round(best[1][1]), math.floor(best[0])]


def _depth(point: Point, ring: list[Point]) -> float:
    """The distance of a point to the outline around it; negative outside."""
    inside, least = False, math.inf
    for one, other in _sides(ring):
        least = min(least, _distance(point, one, other))
        if (one[1] > point[1]) != (other[1] > point[1]):
            inside ^= point[0] < one[0] + (point[1] - one[1]) / (other[1] - one[1]) * (other[0] - one[0])
    return least if inside else -least


if __name__ == "__main__":
    main(sys.argv[1])
