"""What crosses the borders between stages: frozen values, no behaviour that touches files."""
