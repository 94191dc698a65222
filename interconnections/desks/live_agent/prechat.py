"""Records that a chat is opened with, so that the agent sees whom and what it is about (section 4.2).  Pure."""

Parts = tuple[dict[str, object], ...]


def attached(contact_id: str, case_id: str) -> tuple[Parts, Parts]:
    """(prechatDetails, prechatEntities) that find these two, show them and link them to the transcript."""
    known = [(name, id) for name, id in (("Contact", contact_id), ("Case", case_id)) if id]
    return tuple(_detail(name, id) for name, id in known), tuple(_entity(name) for name, _ in known)


def _detail(name: str, id: str) -> dict[str, object]:
    return {
        "label": f"{name}Id",
        "value": id,
        "transcriptFields": [f"{name}Id"],
        "displayToAgent": True,
        "entityMaps": [],
    }


def _entity(name: str) -> dict[str, object]:
    return {
        "entityName": name,
        "showOnCreate": True,
        "saveToTranscript": f"{name}Id",
        "entityFieldsMaps": [
            {"fieldName": "Id", "label": f"{name}Id", "doFind": True, "isExactMatch": True, "doCreate": False}
        ],
    }
