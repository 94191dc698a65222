"""What each error of the Messenger Platform asks of us, and how an agent reads those that give a message up.

Source: messenger-platform.md section 9, row by row.
"""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy

from interconnections.platforms.graph import STOPPED, Do, Outcome, Outcomes

RETRY, AGAIN, REFUSE = Outcome(Do.RETRY), Outcome(Do.AGAIN), Outcome(Do.REFUSE)
STOP, WINDOW, SILENT = Outcome(Do.STOP, STOPPED), Outcome(Do.WINDOW), Outcome(Do.SILENT)
PAUSE = Outcome(Do.PAUSE)  # the bridge's own back-off, up to its cap
APP_PAUSE = Outcome(Do.PAUSE, 60.0)  # seconds; the app's limit is counted over a whole day

OUTCOMES: Outcomes = {
    **dict.fromkeys(((-1, None), (1, None), (1, 99), (2, None), (1200, None)), RETRY),
    (1, 1357046): SILENT,  # the messages may have been sent
    **dict.fromkeys(((2, 2018344), (3, None)), STOP),
    **dict.fromkeys(((4, None), (4, 2018022), (4, 2018354), (9, 2018352)), APP_PAUSE),
    **dict.fromkeys(((17, None), (32, None), (613, None), (613, 1893016)), PAUSE),
    (10, None): STOP,
    **dict.fromkeys(((10, 2018278), (10, 2534022), (10, 2018065)), WINDOW),
    **dict.fromkeys(((10, 2018108), (551, None), (551, 1545041), (200, 1545041)), REFUSE),
    (10, 2018300): REFUSE,  # another app controls the thread: seen in the field, on no page of Meta's (unconfirmed)
    **dict.fromkeys(((10, 2018028), (200, 2018028)), STOP),
    **dict.fromkeys(((10, 1893063), (10, 2534122), (10, 2534029), (2534122, None), (2534029, None)), STOP),
    (100, None): REFUSE,
    **dict.fromkeys(((100, 2018001), (100, 2018032), (100, 2018034), (100, 2018109)), REFUSE),
    **dict.fromkeys(((100, 2018008), (100, 2018294)), AGAIN),
    **dict.fromkeys(((100, 2018047), (100, 2018074)), REFUSE),
    (100, 33): STOP,
    **dict.fromkeys(((190, None), (190, 463), (190, 467), (190, 460), (190, 458)), STOP),
    **dict.fromkeys(((code, None) for code in range(200, 300)), STOP),
    (368, None): STOP,
    **dict.fromkeys(((10303, None), (100, 2018218), (2018218, None)), REFUSE),
}
# At the edges of thread control a bare 10 says that another app has the talk, or that we may not take it: it would be
# refused again, and the bot's other users must not wait for it.
AT_CONTROL: Outcomes = {**OUTCOMES, (10, None): REFUSE}

_CLOSED = pgettext_lazy(
    "to the agent", "The user wrote too long ago: Messenger lets us answer when they write again."
)
_AWAY = pgettext_lazy(
    "to the agent", "The user cannot be reached: they blocked the page, deleted the talk or left Messenger."
)
_ELSEWHERE = pgettext_lazy("to the agent", "Another app of the page has the talk with this user.")
_NOBODY = pgettext_lazy("to the agent", "Messenger knows no such user of this page.")
_EMPTY = pgettext_lazy("to the agent", "Messenger takes no empty message.")
_TOO_LARGE = pgettext_lazy("to the agent", "The file is larger than Messenger takes.")
_UNFETCHED = pgettext_lazy("to the agent", "Messenger could not fetch the file.")
_NO_SUCH_FILE = pgettext_lazy("to the agent", "Messenger does not take a file of this type.")
_NOT_TAKEN = pgettext_lazy("to the agent", "Messenger does not take this message.")

FAILURES: Mapping[str, str] = {
    "10/2018278": _CLOSED,
    "10/2534022": _CLOSED,
    "10/2018065": _CLOSED,
    "10/2018108": _AWAY,
    "551": _AWAY,
    "551/1545041": _AWAY,
    "200/1545041": _AWAY,
    "10/2018300": _ELSEWHERE,
    "100": _NOT_TAKEN,
    "100/2018001": _NOBODY,
    "100/2018032": _EMPTY,
    "100/2018034": _EMPTY,
    "100/2018109": _TOO_LARGE,
    "100/2018008": _UNFETCHED,
    "100/2018294": _UNFETCHED,
    "100/2018047": _NO_SUCH_FILE,
    "100/2018074": _UNFETCHED,
    "100/2018218": _NOT_TAKEN,
    "2018218": _NOT_TAKEN,
    "10303": _NOT_TAKEN,
}
