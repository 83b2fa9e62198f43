"""draw: charts in the house style; each figure script in a child with limits, in all its languages at once."""
