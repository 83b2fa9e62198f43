"""Typeset: the book in Typst, and the finished PDF."""
