"""The verbs: connect, hear, follow the news, deliver, hang up.  Doors call them; they call store and shores."""
