"""One event of a page, by the key that names it (messenger-platform.md sections 3 to 5).  Pure; never raises.

What users say is read by page_events.py.  Here is the rest: echoes, what became of what was sent, who has the talk,
and what concerns the account.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from interconnections.platforms.messages import Control, Notice, Place, Skipped, Status, Told, Unread
from interconnections.platforms.messenger.window import opened_by
from interconnections.platforms.page_events import SAID, fingerprint, read_event, unknown_key
from interconnections.platforms.values import Json, a_text, an_object, moment, text


@dataclass(frozen=True, slots=True)
class Ours:
    """Whose webhooks they are: the page, and our app at Meta."""

    page: str
    app: str


@dataclass(frozen=True, slots=True)
class Event:
    """`user`: "" where it names none; `told_at`: its entry's time; `standby`: another app has the talk."""

    body: Json
    user: str
    told_at: object
    standby: bool
    place: Place
    ours: Ours

    @property
    def at(self) -> int | None:
        return moment(self.body.get("timestamp"))

    def part(self, name: str) -> Json:
        return an_object(self.body.get(name))


def user_of(body: Json, page: str) -> str:
    """The sender; of what the page itself said, the recipient."""
    sender, recipient = (text(an_object(body.get(side)), "id") for side in ("sender", "recipient"))
    return recipient if _of_page(body, sender, page) else sender


def read(event: Event) -> Iterator[Told]:
    """The key that is there names it; an unknown one is kept for a developer to look at."""
    found = next((name for name in READERS if event.body.get(name) is not None), "")
    if not found:
        unknown = unknown_key(event.body)
        yield Unread(unknown, "no such event is known here", event.place) if unknown else Skipped("", event.place)
    elif not isinstance(event.body[found], dict):
        yield Unread(found, "it is no object", event.place)
    elif not event.user and found not in OF_THE_ACCOUNT:
        named = "only as a user_ref" if text(event.part("sender"), "user_ref") else "not at all"
        yield Unread(found, f"it names its user {named}", event.place)
    else:
        yield from READERS[found](event)


def _said(event: Event) -> Iterator[Told]:
    message = event.part("message")
    by_page = _of_page(event.body, text(event.part("sender"), "id"), event.ours.page)
    if by_page and (handle := _handle(message, event.ours)):
        id = text(message, "mid")
        yield Status(event.user, id, "sent", event.at, handle, place=event.place)
        return
    told = read_event(event.body, event.user, by_page, event.told_at)
    if told is None:
        yield Skipped(next(name for name in SAID if event.body.get(name) is not None), event.place)
    else:
        elsewhere = by_page and not _by_us(message, event.ours)
        opens = 0 if by_page else opened_by(event.body)
        yield replace(told, elsewhere=elsewhere, standby=event.standby, opens=opens, place=event.place)


def _of_page(body: Json, sender: str, page: str) -> bool:
    return an_object(body.get("message")).get("is_echo") is True or bool(page) and sender == page


def _by_us(message: Json, ours: Ours) -> bool:
    return bool(ours.app) and text(message, "app_id") == ours.app


def _handle(message: Json, ours: Ours) -> str:
    """Our own id, where it is the echo of what we sent.

    What our app sent without one was said by a bot that shares the app (front mode): that is the talk's context.
    """
    return text(message, "metadata") if _by_us(message, ours) else ""


def _delivered(event: Event) -> Iterator[Told]:
    """The watermark is always there; the messages only sometimes (section 4.2)."""
    mids = event.part("delivery").get("mids")
    named = [mid for each in mids if (mid := a_text(each))] if isinstance(mids, list) else []
    yield from _taken_in(event, "delivery", "delivered", named)


def _read(event: Event) -> Iterator[Told]:
    yield from _taken_in(event, "read", "read", [])


def _taken_in(event: Event, name: str, state: str, mids: list[str]) -> Iterator[Told]:
    """Every message that is named; none are named by all that was sent before the watermark."""
    until = moment(event.part(name).get("watermark")) or 0
    if not until and not mids:
        yield Unread(name, "it has neither a watermark nor messages", event.place)
        return
    for mid in mids or [""]:
        yield Status(event.user, mid, state, event.at or until or None, until=until, place=event.place)


def _control(event: Event) -> Iterator[Told]:
    """Passed or taken (section 5).  Without a new owner: who is told of a pass has it now, of a take has lost it."""
    name = "pass_thread_control" if event.body.get("pass_thread_control") is not None else "take_thread_control"
    body = event.part(name)
    owner, before = text(body, "new_owner_app_id"), text(body, "previous_owner_app_id")
    if owner and event.ours.app:
        ours = owner == event.ours.app
    else:
        ours = name == "pass_thread_control" and not event.standby
    id = fingerprint(event.body, event.told_at)
    yield Control(event.user, ours, before if ours else owner, id, event.at, event.place)


def _policy(event: Event) -> Iterator[Told]:
    body = event.part("policy_enforcement")
    yield Notice("policy_enforcement", text(body, "action"), text(body, "reason"), event.place)


def _roles(event: Event) -> Iterator[Told]:
    """The apps' roles of the old hand-over protocol: `{"<app id>": ["primary_receiver"]}`."""
    words = "; ".join(
        f"{app}: {', '.join(a_text(role) for role in roles)}" if isinstance(roles, list) else app
        for app, roles in event.part("app_roles").items()
    )
    yield Notice("app_roles", "", words, event.place)


def _passed_over(event: Event) -> Iterator[Told]:
    yield Skipped(next(name for name in PASSED_OVER if event.body.get(name) is not None), event.place)


# Another app asks its owner for the talk, which stays ours; templates of utility messages, which we do not send.
PASSED_OVER = ("request_thread_control", "template")
OF_THE_ACCOUNT = frozenset({"policy_enforcement", "app_roles", *PASSED_OVER})

READERS: dict[str, Callable[[Event], Iterator[Told]]] = {
    **dict.fromkeys(SAID, _said),
    "delivery": _delivered,
    "read": _read,
    "pass_thread_control": _control,
    "take_thread_control": _control,
    "policy_enforcement": _policy,
    "app_roles": _roles,
    **dict.fromkeys(PASSED_OVER, _passed_over),
}
