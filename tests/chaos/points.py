"""A place in the life of a process where something happens to it, and what became of the conversation."""

from dataclasses import dataclass, field

from tests.chaos.arena import LIVE_AGENT, META
from tests.chaos.ledger import Verdict

HAPPENS = {
    "before": "{0.who} dies before {0.call}",
    "after": "{0.who} dies after {0.call}",
    "lost": "{0.who} loses the answer to {0.call}",
    "full": "Redis is full from {0.call} of {0.who} on",
    "frozen": "{0.who} is frozen before {0.call}, and wakes when another has done its work",
}


def on_the_wire(call: str) -> bool:
    """`POST ChatMessage#2` is, `take salesforce looks#1` is a script of the store."""
    return call.partition(" ")[0].isupper()


@dataclass(frozen=True)
class Point:
    """Where it happens, and what: see crashing.py.

    `who`: web | worker; `call`: name#number; `when`: before | after | lost | full | frozen; `ending`: agent | bot;
    `provider`: of its user; `desk`: over which they talk.
    """

    who: str
    call: str
    when: str
    ending: str = "agent"
    provider: str = "whatsapp"
    desk: str = LIVE_AGENT

    def __str__(self) -> str:
        where = f"{self.desk}, Meta's {self.provider}" if self.at_meta else self.desk
        return f"{where}: {HAPPENS[self.when].format(self)} ({self.ending} ends)"

    @property
    def at_meta(self) -> bool:
        return self.provider in META

    @property
    def dies(self) -> bool:
        return self.when in ("before", "after")

    @property
    def stopped(self) -> bool:
        """The conversation has its worker told to stop, as nothing is handed back before that."""
        return self.call.partition("#")[0] == "release"

    @property
    def sort(self) -> tuple[str, str, str]:
        """A script of the store is of one sort whatever the desk; an exchange is of its desk's or Meta's wire."""
        name = self.call.partition("#")[0]
        wire = self.provider if self.at_meta else self.desk
        return wire if on_the_wire(name) else "", self.who, name

    @property
    def between_state_and_settling(self) -> bool:
        """Botrunner was told, the store does not know it yet: the one place where the bot may be told twice."""
        name = self.call.partition("#")[0]
        return (name, self.when) in (("POST send-to", "after"), ("take integration delivered", "before"))

    @property
    def may_leave_a_word_in_doubt(self) -> bool:
        """Its worker dies, whatever that was about to do: the other lane may have a word on the wire.

        Salesforce has that word and the store does not know it; should the agent end the chat now, nobody can tell.
        """
        return self.who == "worker" and self.dies and self.ending == "agent"


@dataclass
class Outcome:
    """`reached`: the process got as far as its point.  `calls`: of web and worker, where nothing was to happen."""

    point: Point | None
    reached: bool
    verdict: Verdict
    calls: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Told again is fine where the docs say so, and nowhere else."""
        if self.point is None:
            return self.verdict.sound and not self.verdict.again and not self.verdict.in_doubt
        return (
            self.verdict.sound
            and (self.point.between_state_and_settling or not self.verdict.again)
            and len(self.verdict.in_doubt) <= self.point.may_leave_a_word_in_doubt  # the one on the wire
        )

    def __str__(self) -> str:
        return f"{self.point}{'' if self.reached else ' (passed by)'}: {self.verdict}"
