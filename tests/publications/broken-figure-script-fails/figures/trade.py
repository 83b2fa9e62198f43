def draw(figure, data, words):
    axes = figure.subplots()
    axes.plot(data["trade"])
