import sys


def draw(figure, data, words):
    print("no data today", file=sys.stderr)
    sys.exit(3)
