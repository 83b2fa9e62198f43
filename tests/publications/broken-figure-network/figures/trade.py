import urllib.request


def draw(figure, data, words):
    answer = urllib.request.urlopen("https://example.org/trade.csv")
    figure.subplots().plot([float(line) for line in answer])
