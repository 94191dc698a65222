"""The board's figures as a page writes them; its script writes them the same way (static/…/board.js)."""

from interconnections.board.definitions import Definition

NOTHING = "–"


def value_at(told, path):
    for name in path.split("."):
        told = told.get(name) if told else None
    return told


def written(value, shape):
    if value is None:
        return NOTHING
    if shape == "duration":
        return clock(round(value))
    if shape == "share":
        return f"{round(100 * value)} %"
    if shape == "ms":
        return f"{round(value)} ms"
    return str(value)


def clock(seconds):
    """0:07, 12:40, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def cells(definitions, told, leads=None):
    """`leads`: where a figure leads, {path: address}."""
    return [
        cell(definition, value_at(told, definition.path)) | {"leads": (leads or {}).get(definition.path, "")}
        for definition in definitions
    ]


def cell(definition: Definition, value):
    alarmed = definition.alarm is not None and (value or 0) >= definition.alarm
    return {"definition": definition, "text": written(value, definition.shape), "alarmed": alarmed}


def times(definitions, told):
    return [
        {
            "definition": definition,
            "values": [
                (part, written((value_at(told, definition.path) or {}).get(part), definition.shape))
                for part in ("avg", "p50", "p90")
            ],
        }
        for definition in definitions
    ]
