def draw(figure, data, words):
    rows = data["formats"]
    axes = figure.subplots()
    places = range(len(rows))
    axes.barh([place - 0.2 for place in places], [row["height"] for row in rows], height=0.36)
    axes.barh([place + 0.2 for place in places], [row["width"] for row in rows], height=0.36)
    axes.set_yticks(list(places), [row["format"] for row in rows])
    axes.invert_yaxis()
    axes.text(rows[0]["height"] - 12, -0.2, words["height"], ha="right", va="center", color="white")
    axes.text(rows[0]["width"] - 12, 0.2, words["width"], ha="right", va="center", color="white")
