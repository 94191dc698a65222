"""The judge: what was said against what arrived, full ordered lists of unique texts on both sides.  Pure.

What a webhook of ours answered 200 to, and what an agent said, must be at the other side, in that order, once.
What was said again because nothing can tell that it was said before (Messenger bodies, state calls) is counted
apart, and only where a blow or a lost answer explains it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from tests.chaos.arena import ACCOUNT_OF
from tests.chaos.people import GIVEN_BACK, GREETING, Talk, Word

WELCOME = "necesito ayuda"  # in the bridge's greeting of the agent, once a chat
WAITING = "Esperando un agente"  # told to the user, once a chat
UNDELIVERED = re.compile("no llegó al agente: “(.+)”|últimos mensajes no llegaron")  # told to the user
SETTLING = 300  # ms that the simulator's clock for an arrival may be behind the blow that it explains


@dataclass
class Blow:
    """Something done to a process.  `at`: ms; `chats`: whom it concerns, None for everybody; `ports`: its sockets."""

    what: str
    at: float
    chats: set[str] | None = None
    ports: frozenset[int] = frozenset()
    back: float | None = None  # ms; when what was hit stands again, or wakes

    @property
    def over(self) -> float:
        return self.back or self.at


@dataclass
class Verdict:
    """`again`: repeats that nothing on the wire could have recognised, each explained by a blow or a lost answer."""

    messages: int = 0
    lost: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)  # out of order
    duplicates: list[str] = field(default_factory=list)  # seen twice, by the user or the agent
    again: list[str] = field(default_factory=list)
    in_doubt: list[str] = field(default_factory=list)  # arrived, and its sender was told that it did not
    recognised: int = 0  # repeats that the other side recognised by id or number: nobody saw them
    double_polls: int = 0  # polls of Live Agent or streams of Enhanced Chat, beside one that was open
    not_told: list[str] = field(default_factory=list)  # the bot never heard that it has its user back
    second_chats: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    talks: int = 0
    desks: list[str] = field(default_factory=list)  # over which talks came to their end
    ways: list[str] = field(default_factory=list)  # to users, on which they did
    kills: int = 0
    kills_in_flight: int = 0
    in_flight: list[int] = field(default_factory=list)  # words on their way at each kill
    take_over: list[float] = field(default_factory=list)  # s from a blow to the next poll of each session it hit
    webhooks_refused: list[int] = field(default_factory=list)  # statuses before they were taken; 0: no answer
    heard_by_both: int = 0  # hand-overs whose 503 a poll and a POST of the same chat heard
    evidence: str = ""  # where the logs and the ledger of a broken run are
    longest_connect: float = 0  # s from a bot's first try to the answer that says that the chat is open

    @property
    def sound(self) -> bool:
        """The promise was kept."""
        return not any((self.lost, self.misplaced, self.duplicates, self.not_told, self.second_chats, self.troubles))

    @property
    def median_take_over(self) -> float | None:
        return median(self.take_over) if self.take_over else None


def judge(talks: list[Talk], ledger: Any, blows: list[Blow], *, answers_lost: bool = False) -> Verdict:
    """`answers_lost`: a fault of the scenario swallows answers of what was done."""
    streams = sum(chat.get("double_streams", 0) for chat in ledger["chats"])
    verdict = Verdict(double_polls=ledger["double_polls"] + streams, talks=len(talks))
    chats: dict[str, list[Any]] = {}
    for chat in ledger["chats"]:
        if chat["asked"]:
            chats.setdefault(chat["visitor_name"], []).append(chat)
    verdict.desks = sorted({talk.desk for talk in talks if talk.whole})
    verdict.ways = sorted({talk.provider for talk in talks if talk.whole})
    nobody: dict[str, Any] = {"texts": [], "received_at": [], "received": [], "states": [], "states_at": []}
    for talk in talks:
        told = _Told(verdict, blows, answers_lost)
        mine = chats.get(talk.name, [])
        if talk.trouble:
            verdict.troubles.append(f"{talk.name}: {talk.trouble}")
        if talk.opened:
            verdict.longest_connect = max(verdict.longest_connect, (talk.opened - talk.asked) / 1000)
        lasting = [chat for chat in mine if not _taken_back(chat, talk)]
        verdict.second_chats += [f"{talk.name}: {len(lasting)} chats"] if len(lasting) > 1 else []
        if not talk.chat or not mine:
            continue
        chat = next(chat for chat in mine if chat["id"] == talk.chat)
        user = nobody | ledger["users"].get(talk.user, {}) | _phone(ledger, talk)
        heard, received = _arrivals(chat["heard"], chat["heard_at"]), _arrivals(user["texts"], user["received_at"])
        told.side(talk.name, talk.by_user, heard, WELCOME, recognised=True)
        told.side(talk.name, talk.by_agent, received, WAITING, recognised=talk.provider == "whatsapp")
        told.notices(talk.by_user, heard, user["texts"])
        told.states(talk, list(zip(user["states"], user["states_at"], strict=True)))
        verdict.webhooks_refused += talk.refused
        _handovers(verdict, chat, excused=bool(blows) or answers_lost)
        verdict.recognised += chat["duplicates"] + (user.get("repeated_ids", 0) if talk.provider == "whatsapp" else 0)
    _blows(verdict, talks, ledger, blows)
    return verdict


def _phone(ledger: Any, talk: Talk) -> dict[str, Any]:
    """What a phone of Meta's shows of the business, in the shape of the other phones."""
    if not talk.at_meta:
        return {}
    lines = [
        line
        for thread in ledger["threads"]
        if (thread["account"], thread["user"]) == (ACCOUNT_OF[talk.provider], talk.user)
        for line in thread["lines"]
        if line["by"] != "user"
    ]
    return {"texts": [line["text"] for line in lines], "received_at": [line["at"] for line in lines]}


def _handovers(verdict: Verdict, chat: Any, *, excused: bool) -> None:
    """Who heard of them; and a ReconnectSession that none asked for, which only a lost answer excuses (§6)."""
    begun = [step["at"] for step in chat["steps"] if step["what"] == "handover"]
    for start, end in pairwise([*begun, float("inf")]):
        heard = {one["path"] for one in chat["refusals"] if one["status"] == 503 and start <= one["at"] < end}
        verdict.heard_by_both += (
            len({"System/Messages", "Chasitor/ChatMessage"} & {_noun(path) for path in heard}) == 2
        )
    asked = sum(one["status"] == 405 and _noun(one["path"]) == "System/ReconnectSession" for one in chat["refusals"])
    if asked and not excused:
        verdict.troubles.append(f"{chat['visitor_name']}: {asked} × ReconnectSession without a hand-over")


def _noun(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def _taken_back(chat: Any, talk: Talk) -> bool:
    """Of a start that failed: dropped, or left to expire where even that got no answer."""
    return chat["end_reason"] == "deleted" or (not chat["polled"] and bool(talk.failed or talk.unanswered))


def _arrivals(texts: Iterable[str], times: Iterable[float]) -> list[tuple[str, float]]:
    return list(zip(texts, times, strict=True))


@dataclass
class _Told:
    """Writes into the verdict what one talk shows."""

    verdict: Verdict
    blows: list[Blow]
    answers_lost: bool

    def side(
        self, who: str, words: list[Word], arrived: list[tuple[str, float]], notice: str, *, recognised: bool
    ) -> None:
        """One direction.  `recognised`: the far side can tell a repeat; `notice`: what the bridge says once."""
        notices = [at for text, at in arrived if notice in text]
        if not notices:
            self.verdict.lost.append(f"{who}: {notice}")
        self._repeats(f"{who}: {notice}", notices, recognised)
        taken = {word.text: word for word in words}
        self.verdict.messages += sum(word.taken is not None for word in words)
        times: dict[str, list[float]] = {}
        for text, at in arrived:
            if text in taken:
                times.setdefault(text, []).append(at)
            elif notice not in text and GREETING not in text and not UNDELIVERED.search(text):
                self.verdict.troubles.append(f"{who}: {text!r} was never said there")
        self.verdict.lost += [word.text for word in words if word.taken and word.text not in times]
        latest = 0.0  # of what has arrived so far: when it was begun to be said
        for text in times:
            word = taken[text]
            if word.taken and latest > word.taken:  # it was taken before something that came before it was begun
                self.verdict.misplaced.append(text)
            latest = max(latest, word.began)
            self._repeats(text, times[text], recognised)

    def notices(self, words: list[Word], heard: list[tuple[str, float]], texts: list[str]) -> None:
        """A word on its way as the chat ended under a blow may have arrived or not: its sender is told the worse."""
        arrived = dict(heard)
        for found in filter(None, map(UNDELIVERED.search, texts)):
            word = found.group(1) or words[-1].text  # "your last messages"
            hit = self.answers_lost or any(blow.at >= arrived.get(word, 0) - SETTLING for blow in self.blows)
            if word in arrived:  # what has not arrived is lost, told or not
                (self.verdict.in_doubt if hit else self.verdict.troubles).append(f"told as undelivered: {word}")

    def states(self, talk: Talk, told: list[tuple[str, float]]) -> None:
        given_back = [at for state, at in told if state == GIVEN_BACK]
        failed = [at for state, at in told if state == "from-sf-timeout"]
        if not given_back:
            self.verdict.not_told.append(talk.name)
        if len(failed) > talk.failed + talk.unanswered:
            self._repeats(f"{talk.name}: timeout state", failed, False)
        self._repeats(f"{talk.name}: state", given_back, False)

    def _repeats(self, what: str, times: list[float], recognised: bool) -> None:
        """A repeat is explained when the other side cannot tell and an answer was lost between the two."""
        for first, second in pairwise(times):
            lost = self.answers_lost or any(
                blow.at <= second and first - SETTLING <= blow.over for blow in self.blows
            )
            if lost and not recognised:
                self.verdict.again.append(what)
            else:
                blows = ", ".join(f"{blow.what} {blow.at:.0f} to {blow.over:.0f}" for blow in self.blows)
                self.verdict.duplicates.append(f"{what}: at {first:.0f} and {second:.0f}; blows: {blows or 'none'}")


def _blows(verdict: Verdict, talks: list[Talk], ledger: Any, blows: list[Blow]) -> None:
    chats = {chat["id"]: chat for chat in ledger["chats"]}
    for blow in blows:
        concerned = [talk for talk in talks if talk.chat in chats and (blow.chats is None or talk.chat in blow.chats)]
        if blow.what.startswith("kill"):
            flying = sum(_in_flight(talk, chats[talk.chat], ledger, blow.at) for talk in concerned)
            verdict.kills += 1
            verdict.kills_in_flight += flying > 0
            verdict.in_flight.append(flying)
        if blow.chats is not None:
            verdict.take_over += [
                (again - blow.at) / 1000 for talk in concerned if (again := _polled_again(chats[talk.chat], blow))
            ]


def _in_flight(talk: Talk, chat: Any, ledger: Any, at: float) -> int:
    """Words of this talk that were said before `at` and arrived after."""
    user = {"texts": [], "received_at": []} | ledger["users"].get(talk.user, {}) | _phone(ledger, talk)
    count = 0
    for words, texts, times in (
        (talk.by_user, chat["heard"], chat["heard_at"]),
        (talk.by_agent, user["texts"], user["received_at"]),
    ):
        arrived: dict[str, float] = {}
        for text, when in zip(texts, times, strict=True):
            arrived.setdefault(text, when)
        count += sum(word.began <= at < arrived.get(word.text, 0) for word in words)
    return count


def _polled_again(chat: Any, blow: Blow) -> float | None:
    """When the next poll by another process began; None when the chat was over first."""
    for began, _, _, port in chat["polled"]:
        if began > blow.at and port not in blow.ports:
            return float(began)
    return None
