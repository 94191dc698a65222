"""Files from users: fetched from addresses that strangers chose, so nothing here is believed before it is checked.

Knows nobody: an address in, checked bytes with a type and a name out.
"""
