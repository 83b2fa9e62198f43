"""What a figure script draws with: words and numbers of its language, the house style.

It runs in the script's child (`draw/child.py`) and imports nothing of the package but `numerals`, to start soon.
"""
