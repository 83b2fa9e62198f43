"""The seven stages of the line: load, draw, render, convert, typeset, verify, publish."""
