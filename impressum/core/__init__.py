"""The values, rules and facts that every room knows."""
