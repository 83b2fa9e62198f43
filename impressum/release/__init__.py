"""Releases: the gate that they pass, the record that is kept of each, and the changes since the last one.

`check_gate` (`gate.py`) checks the sources before the line runs, `seal` (`seal.py`) its products after it.
"""
