"""What each figure of the board means: the one table that tooltips and docs/console.md are made of.

`path`: where the figure stands in the JSON; `shape`: how it is written; `alarm`: from here on it is worth a look.
"""

from dataclasses import dataclass
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class Definition:
    path: str
    label: Words
    about: Words
    shape: str = "number"  # number | duration (seconds) | share | ms
    alarm: int | None = None


NOW = (
    Definition(
        "waiting",
        _("Waiting"),
        _("Users who wait for an agent now: for their first, or for another one after theirs left."),
    ),
    Definition(
        "longestWaitSeconds",
        _("Longest wait"),
        _("For how long the one of them has waited who waits longest; it leads to their conversation."),
        "duration",
        300,
    ),
    Definition("active", pgettext_lazy("conversations", "Active"), _("Users who talk with an agent now.")),
    Definition(
        "awaitingReply",
        _("Awaiting a reply"),
        _("Active conversations in which the user spoke last: their agent owes them an answer."),
    ),
    Definition(
        "failed.15",
        _("Failed, 15 min"),
        _("Conversations that failed in this minute and the 14 before it: no agent came, or none could be opened."),
        alarm=1,
    ),
    Definition(
        "failed.60",
        _("Failed, 60 min"),
        _("The same for this minute and the 59 before it; by reason below."),
    ),
    Definition(
        "atRisk",
        _("At risk"),
        _(
            "Open conversations that Salesforce may soon forget: not heard of for half of the time after which it "
            "does, or without a worker for ten seconds."
        ),
        alarm=1,
    ),
    Definition(
        "undelivered",
        _("Undelivered"),
        _(
            "Messages that could go now and were not taken by the other side yet. What waits for an agent to come "
            "is not among them."
        ),
    ),
    Definition(
        "oldestUndeliveredSeconds",
        _("Oldest undelivered"),
        _("Since when the oldest of them could have gone."),
        "duration",
        30,
    ),
    Definition(
        "deadLetters",
        _("Dead letters"),
        _("Messages that were given up and wait to be sent again or dropped by hand."),
        alarm=1,
    ),
)
TODAY = (
    Definition("today.asked", _("Asked"), _("Users who asked for an agent today, whatever became of it.")),
    Definition("today.accepted", _("Accepted"), _("Conversations to which their first agent came today.")),
    Definition("today.acceptanceRate", _("Acceptance rate"), _("Accepted ÷ asked; one at most."), "share"),
    Definition(
        "today.abandoned",
        _("Abandoned"),
        _("Conversations that ended today before an agent came because the user left, or their bot took them back."),
    ),
)
# Each with an average, a median and a 90th percentile
TIMES = (
    Definition(
        "today.waitSeconds",
        _("Wait"),
        _("From asking to the first agent, of those accepted today."),
        "duration",
    ),
    Definition(
        "today.firstResponseSeconds",
        _("First response"),
        _("From the first agent's coming to an agent's first message, of those that had it today."),
        "duration",
    ),
    Definition(
        "today.handleSeconds",
        _("Handle time"),
        _("From the first agent's coming to the end, of those that ended today."),
        "duration",
    ),
    Definition(
        "today.relayMs.toUser",
        _("Relay to users"),
        _("From the storing of an agent's message to the platform's taking it, of those taken today."),
        "ms",
    ),
    Definition(
        "today.relayMs.toAgent",
        _("Relay to agents"),
        _(
            "From the storing of a user's message (or the agent's coming) to the desk's taking it, of those taken "
            "today."
        ),
        "ms",
    ),
)
# Lists, which have a table each
LISTS = (
    Definition(
        "day",
        _("The day"),
        _(
            "Users who waited and who talked, every five minutes of today; a time without a live worker has no "
            "points."
        ),
    ),
    Definition("failed.reasons", _("Failures by reason"), _("Those of the last 60 minutes.")),
    Definition("today.ended", _("Ends by reason"), _("Conversations that ended today, failed ones among them.")),
    Definition("today.waits", _("Waits"), _("Those accepted today, by how long they had waited.")),
    Definition(
        "workers", _("Workers"), _("Live workers, the conversations that each carries, and since when it runs.")
    ),
    Definition(
        "paused",
        _("Paused shores"),
        _("Sides of a bot that are spared for a moment, as they refused messages or asked for a pause."),
    ),
    Definition(
        "handOversPaused",
        _("New hand-overs are paused"),
        _("Bots that somebody paused: whoever is handed over reads the text, and is back at the bot."),
    ),
)
EVERY = NOW + TODAY + TIMES + LISTS
