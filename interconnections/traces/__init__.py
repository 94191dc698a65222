"""What becomes of one message, for OpenTelemetry: from the door it came in by to the call that brought it over.

A message's trace is named by a hash of its conversation, lane and number, so every process that carries it finds the
trace by itself: nothing is stored or passed on for it.  Off unless the setting TRACES says how many of a hundred
messages are traced; only then is OpenTelemetry imported (otlp.py).
"""
