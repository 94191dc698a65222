"""What the bridge costs, and how long it takes: `make bench` prints a table and writes JSON; it never fails a test.

run.py plays the phases on real processes; fake_servers.py is Salesforce and the platform, as lean as can be, in the
process that measures; floor.py and bare_webhook.py do the least that anybody could; meter.py reads /proc.
"""
