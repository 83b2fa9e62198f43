def draw(figure, data, words)
    pass
