"""The board: what supervisors see at a glance, its figures defined in one table and summed over bots."""
