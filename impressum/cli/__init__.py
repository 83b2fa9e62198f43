"""The command line: arguments in, one command run, faults shown once."""
