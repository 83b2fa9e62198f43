"""Releases: the gate that sources pass before the line runs, the seal on its products, the record, the changelog."""
