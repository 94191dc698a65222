"""query, queryAll and their next pages, and limits (data sheet §3, §7)."""

from __future__ import annotations

from ..protocol_options import Json
from .call import Call, Reply
from .record_ids import LOCATOR
from .refusal import Refused
from .soql.lexer import malformed
from .soql.parse import parse


def query(call: Call) -> Reply:
    """GET query?q=…"""
    if "q" not in call.query:
        raise malformed("A query string has to be specified")
    asked = parse(call.query["q"])
    records = call.org.reader.run(asked, call.version)
    if not asked.fields:
        return Reply(200, {"totalSize": len(records), "done": True, "records": []})
    return Reply(200, _page(call, records, 0, ""))


def next_page(call: Call) -> Reply:
    """GET query/{locator}-{offset}"""
    locator, _, offset = call.args["locator"].partition("-")
    records = call.org.cursors.get(locator)
    if records is None or not offset.isdigit():
        raise Refused(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
    return Reply(200, _page(call, records, int(offset), locator))


def _page(call: Call, records: list[Json], offset: int, locator: str) -> Json:
    end = offset + call.org.rules.query_page_size
    page: Json = {"totalSize": len(records), "done": end >= len(records)}
    if not page["done"]:
        locator = locator or call.org.mint.id(LOCATOR)
        call.org.cursors[locator] = records
        page["nextRecordsUrl"] = f"/services/data/{call.version}/query/{locator}-{end}"
    return page | {"records": records[offset:end]}


def limits(call: Call) -> Reply:
    """GET limits"""
    rules = call.org.rules
    left = max(0, rules.api_calls_max - call.org.used)
    return Reply(200, {"DailyApiRequests": {"Max": rules.api_calls_max, "Remaining": left}})
