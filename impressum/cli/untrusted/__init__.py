"""A stranger's texts with a trusted base: staged, built in a sandbox, delivered."""
