"""What the logs of Django and of the server may say: that something was not handled, and no address.

Django's lines for answered 4xx and 5xx, and the server's for WebSockets, repeat our access line and name what was
asked, which may hold a person's number or a token.
"""

import logging


class OnlyTracebacks(logging.Filter):
    """Passes what has a traceback, without the path that goes with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info:
            return False
        record.msg, record.args = "not handled", ()
        return True


class NoAddresses(logging.Filter):
    """Leaves out uvicorn's lines about WebSockets: `%s - "WebSocket %s" 404`, and that it has none."""

    STARTS = ('%s - "WebSocket %s"', "Unsupported upgrade request", "No supported WebSocket library")

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith(self.STARTS)
