"""The agents' shore.  It knows its wire and its own words (news.py), and nobody else."""
