"""render: Jinja over the chapters and the bibliography; gives plain text and the way back to its lines (`batch.py`)."""
