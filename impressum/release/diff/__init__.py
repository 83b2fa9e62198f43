"""Two finished files, or two releases, compared: pages, words, numbers. Knows nothing of any publication."""
