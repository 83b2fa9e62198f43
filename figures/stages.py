"""Stages of the partnership: a line of time, the economy at its left and politics at its right."""

FAR, YEAR = 0.12, 0.55
"""How far the words stand from the line, and how much room a year takes beside it."""


def draw(figure, data, words):
    """Years run downwards, each as long as the others; what happened stands beside its year."""
    figure.set_figheight(3.1)  # inches: sixteen years, of which two neighbours hold a line each
    axes = figure.subplots()
    years = [int(row["year"]) for row in data["stages"]]
    first, last = min(years), max(years)
    axes.plot([0, 0], [first, last], color="C0", linewidth=1)
    axes.plot([0] * len(years), years, "o", color="C0", markersize=5)
    for year, row in zip(years, data["stages"], strict=True):
        axes.text(-FAR, year, str(year), ha="right", va="center", weight="bold")
        for track, x, align in (("economy", -FAR - YEAR, "right"), ("politics", FAR, "left")):
            if row[track]:
                axes.text(x, year, words[row[track]], ha=align, va="center")
    axes.text(-FAR - YEAR, first - 1.4, words["economy"], ha="right", va="center", weight="bold")
    axes.text(FAR, first - 1.4, words["politics"], ha="left", va="center", weight="bold")
    axes.set_xlim(-3.1, 2.5)
    axes.set_ylim(last + 0.6, first - 2)
    axes.set_axis_off()
