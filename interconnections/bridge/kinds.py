"""How a message reads for the agent when it cannot cross as itself: its kind, its words, its link.

`[imagen] la caja` and the link on a line of its own.  What a user chose or tapped crosses as what they chose.
"""

from interconnections.platforms.words import Message

SAID = frozenset({"text", "interactive", "button", "postback", "quick_reply"})  # as if the user had written it

LABELS: dict[str, dict[str, str]] = {
    "es": {
        "image": "imagen",
        "audio": "audio",
        "voice": "nota de voz",
        "document": "documento",
        "file": "archivo",
        "video": "video",
        "sticker": "sticker",
        "location": "ubicación",
        "contacts": "contacto",
        "interactive": "respuesta",
        "button": "botón",
        "postback": "botón",
        "reaction": "reacción",
        "reaction removed": "quitó su reacción",
        "fallback": "enlace compartido",
        "unknown": "mensaje que no se puede mostrar aquí",
    },
    "en": {
        "image": "image",
        "audio": "audio",
        "voice": "voice message",
        "document": "document",
        "file": "file",
        "video": "video",
        "sticker": "sticker",
        "location": "location",
        "contacts": "contact",
        "interactive": "reply",
        "button": "button",
        "postback": "button",
        "reaction": "reaction",
        "reaction removed": "removed their reaction",
        "fallback": "shared link",
        "unknown": "message that cannot be shown here",
    },
    "pt": {
        "image": "imagem",
        "audio": "áudio",
        "voice": "mensagem de voz",
        "document": "documento",
        "file": "arquivo",
        "video": "vídeo",
        "sticker": "figurinha",
        "location": "localização",
        "contacts": "contato",
        "interactive": "resposta",
        "button": "botão",
        "postback": "botão",
        "reaction": "reação",
        "reaction removed": "retirou sua reação",
        "fallback": "link compartilhado",
        "unknown": "mensagem que não pode ser mostrada aqui",
    },
}


def as_text(message: Message, language: str = "es") -> str:
    """What the agent reads; "" for a text that says nothing.  `language`: the bot's, as in `es-MX`."""
    labels = LABELS.get(language[:2].lower(), LABELS["es"])
    lines = [_first(message, labels)]
    lines += [_line(each.kind, each.name, each.url, labels) for each in message.more]
    return "\n".join(line for line in lines if line)


def _first(message: Message, labels: dict[str, str]) -> str:
    words = "\n".join(part for part in (message.text, message.caption, message.detail) if part.strip())
    if message.kind in SAID and not message.url and (words or message.kind == "text"):
        return words
    if message.kind == "reaction" and not words:
        return f"[{labels['reaction removed']}]"
    return _line(message.kind, words, message.url, labels)


def _line(kind: str, words: str, url: str, labels: dict[str, str]) -> str:
    label = labels.get(kind) or f"{labels['unknown']}: {kind[:40]}"
    return "\n".join(part for part in (f"[{label}] {words}".rstrip(), url) if part)
