"""What Django's own request log may say: that something was not handled, with its traceback, and no address.

Its lines for answered 4xx and 5xx repeat our access line, and name the path, which may end in a person's number.
"""

import logging


class OnlyTracebacks(logging.Filter):
    """Passes what has a traceback, without the path that goes with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info:
            return False
        record.msg, record.args = "not handled", ()
        return True
