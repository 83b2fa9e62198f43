def draw(figure, data, words):
    rows = data["formats"]
    axes = figure.subplots()
    places = range(len(rows))
    axes.barh([place - 0.2 for place in places], [row["height"] for row in rows], 0.36, label=words["height"])
    axes.barh([place + 0.2 for place in places], [row["width"] for row in rows], 0.36, label=words["width"])
    axes.set_yticks(list(places), [row["format"] for row in rows])
    axes.invert_yaxis()
    axes.legend(frameon=False, loc="lower right")
