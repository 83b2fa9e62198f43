def draw(figure, data, words):
    axes = figure.subplots()
    axes.bar([str(row["year"]) for row in data["harvest"]], [row["tonnes"] for row in data["harvest"]])
    axes.set_ylabel(words["axis"])
