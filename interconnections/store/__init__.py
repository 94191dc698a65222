"""Everything Redis: the truth for conversations.

keys.py names every key; scripts/*.lua change what must not be half changed, one script a change;
the other modules give each script a name of the domain.  Only this package imports redis.
"""
