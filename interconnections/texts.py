"""The words that the bridge itself says: templates per bot, with the old service's keys and defaults.

Source: yalo-integrations.md section 6, MESSAGES.  What `%s` stands for in a template says PLACEHOLDERS.
An empty template is not said.
"""

from collections.abc import Mapping

DEFAULTS: dict[str, str] = {
    "waitAgent": "Esperando un agente",
    "welcomeTemplate": "Hola soy %s y necesito ayuda",
    "context": "Contexto",
    "descriptionCase": "Caso levantado por el Bot",
    "uploadImageError": "Imagen no enviada",
    "uploadImageSuccess": "**El usuario adjunto una imagen al caso**",
    "uploadFileError": "Archivo no enviado",
    "uploadFileSuccess": "**El usuario adjunto un archivo al caso**",
    "uploadAudioError": "",
    "uploadAudioSuccess": "",
    "queuePosition": "",
    "waitTime": "",
    "firstNameContact": "Contacto Bot - ",
    "clientLabel": "Cliente",
    "botLabel": "Bot",
    "goodbye": "",  # to the user, when the agent ended the chat
    "noAgent": "",  # to the user, when no agent came, or the chat was lost
    "agentDropped": "",  # to the user, when the agent's connection dropped
    "userSilent": "",  # to the user, when the chat ends because they said nothing for too long
    "agentSilent": "",  # to the user, when the chat ends because the agent said nothing for too long
    "notDelivered": "Este mensaje no llegó al agente: “%s”",  # to the user who said it
    "notDeliveredToUser": "Este mensaje no llegó al usuario: “%s”",  # to the agent who said it
}
# What the one `%s` that a template may have stands for; a template that is not listed has none.
PLACEHOLDERS = {
    "welcomeTemplate": "the name",
    "notDelivered": "the message's beginning",
    "notDeliveredToUser": "the message's beginning",
}


def mistakes(texts: object) -> list[str]:
    """What is wrong with a bot's templates, a sentence each; empty when nothing is."""
    if not isinstance(texts, dict):
        return ["The texts must be a JSON object: a template by its key."]
    known = {name.lower(): name for name in DEFAULTS}
    found = []
    for name, template in texts.items():
        proper = known.get(str(name).lower())
        if proper is None:
            found.append(f"There is no text called “{name}”; the keys are {', '.join(DEFAULTS)}.")
        elif not isinstance(template, str):
            found.append(f"The text “{name}” must be a string.")
        elif template.count("%s") > (proper in PLACEHOLDERS):
            allowed = f"one %s, for {PLACEHOLDERS[proper]}" if proper in PLACEHOLDERS else "no %s"
            found.append(f"The text “{name}” may hold {allowed}.")
    return found


def completed(texts: Mapping[str, object]) -> dict[str, str]:
    """A bot's own templates over the defaults; keys are matched whatever their case, as before.

    What is no template is left out: fixtures may be loaded that no form has seen.
    """
    known = {name.lower(): name for name in DEFAULTS}
    own = {
        known[name.lower()]: text for name, text in texts.items() if name.lower() in known and isinstance(text, str)
    }
    return DEFAULTS | own


def filled(template: str, words: str) -> str:
    return template.replace("%s", words, 1)
