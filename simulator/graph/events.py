"""The bytes of a webhook: envelopes, and their signature over exactly what goes out (WA §2.2, §3, FB §2.2, §3)."""

from __future__ import annotations

import hashlib
import hmac
import json

from ..protocol_options import Json


def escaped(body: Json) -> bytes:
    """JSON as Meta writes it: ASCII, lower-case hex, `\\/`."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def signature(secret: str, raw: bytes) -> str:
    """X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def legacy_signature(secret: str, raw: bytes) -> str:
    """X-Hub-Signature, which also arrives."""
    return "sha1=" + hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()


def change(waba: str, value: Json, field: str = "messages") -> Json:
    """An entry of WhatsApp."""
    return {"id": waba, "changes": [{"value": value, "field": field}]}


def messaging(page: str, event: Json, at: int, key: str = "messaging") -> Json:
    """An entry of Messenger; `key` is standby where another app owns the thread."""
    return {"id": page, "time": at, key: [event]}


def envelope(object_: str, entries: list[Json], *, merged: bool, backwards: bool) -> Json:
    """Everything that goes out in one POST."""
    entries = entries[::-1] if backwards else entries
    return {"object": object_, "entry": _merged(entries) if merged else entries}


def _merged(entries: list[Json]) -> list[Json]:
    """One entry for each id, one value for each number: all that the sheets allow to come together."""
    by_id: dict[str, Json] = {}
    for entry in entries:
        into = by_id.setdefault(entry["id"], {"id": entry["id"]})
        if "time" in entry:
            into["time"] = max(entry["time"], into.get("time", 0))
        for key in ("messaging", "standby"):
            if key in entry:
                into.setdefault(key, []).extend(entry[key])
        for one in entry.get("changes", ()):
            _add_change(into.setdefault("changes", []), one)
    return list(by_id.values())


def _add_change(changes: list[Json], new: Json) -> None:
    value = new["value"]
    for one in changes:
        if one["field"] == new["field"] and one["value"].get("metadata") == value.get("metadata") is not None:
            for key in ("contacts", "messages", "statuses", "errors"):
                if key in value:
                    have = one["value"].setdefault(key, [])
                    have += [item for item in value[key] if key != "contacts" or item not in have]
            return
    changes.append(
        {"field": new["field"], "value": {**value, **{k: list(v) for k, v in value.items() if isinstance(v, list)}}}
    )
