def draw(figure, data, words):
    figure.subplots().plot([1, 2])
