def draw(figure, data, words):
    axes = figure.subplots()
    axes.plot([row["year"] for row in data["rain"]], [row["mm"] for row in data["rain"]])
    axes.set_xticks([row["year"] for row in data["rain"]])
    axes.set_ylabel(words["axis"])
