"""Trade between Serbia and China: the totals of 2012 and 2023, and the two directions of 2023."""

BARS = (  # the name of the bar in `words`, year, column, how the source rounds the amount
    ("total-2012", "2012", "total", "about"),
    ("total-2023", "2023", "total", "above"),
    ("imports-2023", "2023", "imports", "below"),
    ("exports-2023", "2023", "exports", "about"),
)


def draw(figure, data, words):
    """Four horizontal bars from zero, each with its name and its amount, so that no axis is needed."""
    years = {str(row["year"]): row for row in data["trade"]}
    figure.set_figheight(1.9)  # inches: four bars need little height
    axes = figure.subplots()
    for name, year, column, rounding in BARS:
        amount = years[year][column]
        printed = f"{amount:g}".replace(".", words["decimal-mark"])
        bar = axes.barh(words[name], amount, height=0.62, color="C0")
        axes.bar_label(bar, [words[rounding].format(amount=printed)], padding=4)
    axes.invert_yaxis()  # the first bar on top
    axes.margins(x=0.3)  # room for the longest label
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
