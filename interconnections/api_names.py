"""Names that Salesforce gives to fields and objects: nothing else may stand in a query unescaped.

They cannot be escaped, so they are checked (salesforce-data-api.md section 3.1).
"""

import re

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(__c|__r)?(\.[A-Za-z][A-Za-z0-9_]*)*")


def is_api_name(text: object) -> bool:
    return isinstance(text, str) and len(text) <= 255 and _NAME.fullmatch(text) is not None
