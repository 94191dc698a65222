"""What the entries of the catalogue carry (EC §6.2, §6.3).  Plain values in, plain JSON out.

Every payload has `entryType` and `id` besides; the entry puts them there.
"""

from __future__ import annotations

import uuid

from ..protocol_options import Json


def message(id: str, abstract: Json, reply_to: str | None = None) -> Json:
    """Something that somebody said; its id is in the payload and in the message."""
    return {
        "abstractMessage": {"id": id, "inReplyToMessageId": reply_to, "references": []} | abstract,
        "messageReason": None,
    }


def text(words: str) -> Json:
    """A text."""
    return {"messageType": "StaticContentMessage", "staticContent": {"formatType": "Text", "text": words}}


def attachment(name: str, mime: str, url: str, words: str | None) -> Json:
    """A file, perhaps with a caption."""
    file: Json = {
        "id": str(uuid.uuid4()),
        "name": name,
        "mimeType": mime,
        "url": url,
        "referenceId": str(uuid.uuid4()),
        "attachmentUploadResult": None,
    }
    content = {"formatType": "Attachments", "text": words, "attachments": [file]}
    return {"messageType": "StaticContentMessage", "staticContent": content}


def choices(words: str, options: list[tuple[str, str]], form: str, titles: str) -> Json:
    """Options, each (identifier, title); where a title stands is unconfirmed."""
    return {
        "messageType": "ChoicesMessage",
        "choices": {
            "formatType": form,
            "text": words,
            "optionItems": [{"optionIdentifier": id} | _title(title, titles) for id, title in options],
        },
    }


def _title(title: str, titles: str) -> Json:
    item: Json = {"itemType": "DefaultImageItem", "title": title}
    if titles == "plain":
        return {"titleItem": item}
    return {"typedOptionItem": {"typedOptionItemType": "TitleOptionItem", "titleItem": item}}


def choices_response(options: list[Json]) -> Json:
    """What was chosen."""
    return {
        "messageType": "ChoicesResponseMessage",
        "choicesResponse": {"formatType": "Selections", "selectedOptions": options},
    }


def form(title: str, inputs: list[str]) -> Json:
    """A form; the names within are unconfirmed."""
    fields = [{"id": str(uuid.uuid4()), "label": label, "inputType": "TextInput"} for label in inputs]
    return {
        "messageType": "FormMessage",
        "formMessage": {"formatType": "Inputs", "title": title, "sections": [{"inputs": fields}]},
    }


def form_response(answer: Json) -> Json:
    """A form that was filled in; the shape is unconfirmed."""
    return {"messageType": "FormResponseMessage", "formResponse": answer}


def routing_result(
    kind: str, record: str, *, wait: int = -1, failure: str = "None", reason: str | None = None
) -> Json:
    """`failure` None: queued, and no more than that.  `kind`: Initial or Transfer."""
    return {
        "recordId": record,
        "errorMessages": [reason] if reason else [],
        "pendingServiceRoutingId": None,
        "workOwnerId": None,
        "routingType": kind,
        "estimatedWaitTime": {"estimatedWaitTimeInSeconds": wait, "isEWTRequested": wait >= 0},
        "failureReason": reason,
        "failureType": failure,
        "isExternallyRouted": False,
        "cancelReason": None,
        "skipRouterCPRemovalIfNoRoutingFailures": False,
        "routingConfigurationDetails": {"routingConfigurationType": "Queue", "queueId": "00G000000000001EAA"},
    }


def participants(*changes: tuple[str, Json, str]) -> Json:
    """Each (add or remove, participant, name); several in one event."""
    return {
        "entries": [
            {"operation": operation, "menuMetadata": None, "participant": participant, "displayName": name}
            for operation, participant, name in changes
        ]
    }


def session_status(before: str, now: str, role: str | None = None) -> Json:
    """`role`: who ended it, in EndUser, Agent or System."""
    return {"sessionStatusPrev": before, "sessionStatus": now} | ({"sessionEndedByRole": role} if role else {})


def acknowledgement(entry: str, at: int) -> Json:
    """An entry was delivered, or read."""
    return {"acknowledgedConversationEntryIdentifier": entry, "acknowledgementTimestamp": at}
