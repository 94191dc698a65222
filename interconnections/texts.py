"""The words that the bridge itself says: templates per bot, with the old service's keys and, in Spanish, its words.

Source: yalo-integrations.md section 6, MESSAGES.  What `%s` stands for in a template says PLACEHOLDERS.
An empty template is not said.
"""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from interconnections.languages import spoken, translated

# The defaults, in English; the catalogues in locale/ have the others.  Their context says who reads the words.
TEMPLATES = {
    "waitAgent": pgettext_lazy("to the user", "Waiting for an agent"),
    "welcomeTemplate": pgettext_lazy("to the agent", "Hello, I am %s and I need help"),
    "context": pgettext_lazy("to the agent", "Context"),
    "descriptionCase": pgettext_lazy("to the agent", "Case opened by the bot"),
    "uploadImageError": pgettext_lazy("to the user", "The image was not sent"),
    "uploadImageSuccess": pgettext_lazy("to the agent", "**The user attached an image to the case**"),
    "uploadFileError": pgettext_lazy("to the user", "The file was not sent"),
    "uploadFileSuccess": pgettext_lazy("to the agent", "**The user attached a file to the case**"),
    "uploadAudioError": "",
    "uploadAudioSuccess": "",
    "queuePosition": "",  # to the user, while they wait; what these two say is told on change, once a minute at most
    "waitTime": "",  # to the user, while they wait
    "firstNameContact": pgettext_lazy("to the agent", "Bot contact - "),
    "clientLabel": pgettext_lazy("to the agent", "Customer"),
    "botLabel": pgettext_lazy("to the agent", "Bot"),
    "goodbye": "",  # to the user, when the agent ended the chat
    "noAgent": "",  # to the user, when no agent came, or the chat was lost
    "blocked": "",  # to the user, when Salesforce lets this visitor speak to nobody
    "agentJoined": "",  # to the user, when an agent takes the chat
    "transferred": "",  # to the user, when another agent takes it over
    "backInQueue": "",  # to the user, when the agent hands them back to a queue
    "agentDropped": "",  # to the user, when the agent's connection dropped
    "idleWarning": "",  # to the user, when Salesforce will soon end the chat because they say nothing
    "userSilent": "",  # to the user, when the chat ends because they said nothing for too long
    "agentSilent": "",  # to the user, when the chat ends because the agent said nothing for too long
    "lost": "",  # to the user, when the session at Salesforce ended and cannot be reached any more
    "formNotShown": pgettext_lazy("to the user", "The agent sent a form that cannot be shown here."),
    "formNotShownToAgent": pgettext_lazy("to the agent", "**The user cannot see the form**"),
    "notShown": pgettext_lazy("to the user", "The agent sent something that cannot be shown here."),
    "notShownToAgent": pgettext_lazy("to the agent", "**The user cannot see what was sent last**"),
    "notDelivered": pgettext_lazy("to the user", "This message did not reach the agent: “%s”"),
    "lastWordsLost": pgettext_lazy("to the user", "Your last messages did not reach the agent."),
    "notDeliveredToUser": pgettext_lazy("to the agent", "This message did not reach the user: “%s”"),
    "windowClosed": pgettext_lazy(
        "to the agent", "The user has to write first: it has been too long since they did."
    ),
    "reopen": "/reopen",  # what an agent writes to have the template sent that reopens the talk
    "reopenOffer": pgettext_lazy("to the agent", "Write %s to send the template that asks them to."),
    "takenElsewhere": pgettext_lazy(
        "to the agent", "**Another app of the business has this talk now: what you write does not reach the user**"
    ),
    "givenBack": pgettext_lazy("to the agent", "**This talk is yours again**"),
}
# What the one `%s` that a template may have stands for; a template that is not listed has none.
PLACEHOLDERS = {
    "welcomeTemplate": gettext_lazy("the name"),
    "queuePosition": gettext_lazy("the place"),
    "waitTime": gettext_lazy("the time, like 3 min"),
    "agentJoined": gettext_lazy("the agent's name"),
    "transferred": gettext_lazy("the agent's name"),
    "idleWarning": gettext_lazy("the time left, like 60 s"),
    "notDelivered": gettext_lazy("the message's beginning"),
    "notDeliveredToUser": gettext_lazy("the message's beginning"),
    "reopenOffer": gettext_lazy("the word"),
}


def mistakes(texts: object) -> list[str]:
    """What is wrong with a bot's templates, a sentence each; empty when nothing is."""
    if not isinstance(texts, dict):
        return [gettext("The texts must be a JSON object: a template by its key.")]
    known = {name.lower(): name for name in TEMPLATES}
    found = []
    for name, template in texts.items():
        proper = known.get(str(name).lower())
        if proper is None:
            words = gettext("There is no text called “%(name)s”; the keys are %(keys)s.")
            found.append(words % {"name": name, "keys": ", ".join(TEMPLATES)})
        elif not isinstance(template, str):
            found.append(gettext("The text “%s” must be a string.") % name)
        elif template.count("%s") > (proper in PLACEHOLDERS):
            if proper in PLACEHOLDERS:
                words = gettext("The text “%(name)s” may hold one %%s, for %(what)s.")
            else:
                words = gettext("The text “%(name)s” may hold no %%s.")
            found.append(words % {"name": name, "what": PLACEHOLDERS.get(proper)})
    return found


def defaults(language: str) -> dict[str, str]:
    """Every template in a bot's language; those that are off by default are empty."""
    return dict(_defaults(spoken(language)))


@cache
def _defaults(language: str) -> dict[str, str]:
    return translated(TEMPLATES, language)


def completed(texts: Mapping[str, object], language: str) -> dict[str, str]:
    """A bot's own templates over the defaults; keys are matched whatever their case, as before.

    What is no template is left out: fixtures may be loaded that no form has seen.
    """
    known = {name.lower(): name for name in TEMPLATES}
    own = {
        known[name.lower()]: text for name, text in texts.items() if name.lower() in known and isinstance(text, str)
    }
    return defaults(language) | own


def filled(template: str, words: str) -> str:
    return template.replace("%s", words, 1)
