"""Messenger Platform: `sends` (bodies that it takes), `inbound` (events that it tells), `routing` (whose
thread it is), and its doors."""
