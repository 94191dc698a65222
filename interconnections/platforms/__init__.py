"""The users' shore.  It knows its wires and its own words (messages.py), and nobody else."""
