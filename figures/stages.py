"""Stages of the partnership: a line of time, the economy at its left and politics at its right."""

FAR, YEAR = 6, 25
"""Points from the line to the words, and the room that a year takes beside it."""


def draw(figure, data, words):
    """Years run downwards, each as long as the others; what happened stands beside its year."""
    figure.set_figheight(3.1)  # inches: sixteen years, of which two neighbours hold a line each
    axes = figure.add_axes((0, 0, 1, 1))
    years = [int(row["year"]) for row in data["stages"]]
    first, last = min(years), max(years)
    axes.plot([0, 0], [first, last], color="C0", linewidth=1)
    axes.plot([0] * len(years), years, "o", color="C0", markersize=5)
    sides = {"economy": (-FAR - YEAR, "right"), "politics": (FAR, "left")}
    texts = {"economy": [], "politics": []}
    for track, (x, align) in sides.items():
        texts[track].append(axes.text(x, first - 1.4, words[track], ha=align, va="center", weight="bold"))
        for year, row in zip(years, data["stages"], strict=True):
            if row[track]:
                texts[track].append(axes.text(x, year, words[row[track]], ha=align, va="center"))
    for year in years:
        axes.text(-FAR, year, str(year), ha="right", va="center", weight="bold")
    # The line stands where both sides have room; along it a unit is a point.
    room, points = figure.get_figwidth() * 72 - 2 * FAR - YEAR, 72 / figure.dpi

    def widest(track):
        return points * max(text.get_window_extent().width for text in texts[track])

    if widest("economy") + widest("politics") > room:
        for text in texts["economy"]:
            text.set_text(text.get_text().replace(", ", ",\n"))
    spare = (room - widest("economy") - widest("politics")) / 2
    axes.set_xlim(-widest("economy") - FAR - YEAR - spare, widest("politics") + FAR + spare)
    axes.set_ylim(last + 0.6, first - 2)
    axes.set_axis_off()
