"""The line from sources to published files, and what it walks with."""
