"""Checks of the sources outside of the stages: parity, prose, allowances, links."""
