def plot(figure, data, words):
    pass
