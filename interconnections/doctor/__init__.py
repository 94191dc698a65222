"""What is wrong with this installation, and how to mend it.

Each module asks one thing (settings, keys, Redis, the database, orgs, bots, the work under way) and answers with
Findings; `examination` asks them all, `report` prints.  Nothing is changed, nobody's data and no secret is shown.
"""
