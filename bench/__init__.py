"""Measurements and searches that take too long for the tests."""
