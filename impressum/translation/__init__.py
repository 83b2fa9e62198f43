"""translation: what an edition has of its source, what has changed since, and what passes between translators."""
