"""The users' shore.  It knows its wires and its own words (words.py), and nobody else."""
