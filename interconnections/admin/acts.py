"""What supervisors may do with conversations, one or many: a row for each act; steering.py asks and carries out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from interconnections.admin import doing
from interconnections.admin.act_forms import ActForm, NoteForm, ReturnForm, SayForm
from interconnections.admin.audited import AUDITED
from interconnections.admin.doing import Order
from interconnections.lifecycle import OPEN
from interconnections.models import Interconnection


@dataclass(frozen=True)
class Act:
    """`do` gives (row, what became of it) of each, in order; `fits`: may it be meant for this row at all?

    `offered`: is there a button on its page, where that is not the same; `grave`: somebody loses something by it;
    `place`: among which buttons.
    """

    name: str  # in addresses, and of its words in the history (audited.py)
    permission: str
    label: Promise  # on the button
    many: Promise  # in the list's menu
    about: Promise  # what it does, for whoever is asked why
    did: Promise  # a sentence's beginning with %(number)s, by their number
    twice: Promise
    do: Callable[[list[Interconnection], Order], Iterable[tuple[Interconnection, str]]]
    form: type[ActForm] = ActForm
    fits: Callable[[Interconnection], bool] = lambda row: True
    offered: Callable[[Interconnection], bool] | None = None
    grave: bool = False
    place: str = "conversation"  # "first": what is done often; the others are folded up, "conversation" or "user"

    @property
    def audited(self) -> str:
        return AUDITED[self.name][0]


ACTS = {
    act.name: act
    for act in (
        Act(
            "note",
            "note_interconnection",
            _("Write a note"),
            _("Write a note on the selected conversations"),
            _("A note for whoever looks at this conversation later. Neither the user nor the agent reads it."),
            ngettext_lazy("%(number)s note is written", "%(number)s notes are written", "number"),
            ngettext_lazy("%(number)s stood there already", "%(number)s stood there already", "number"),
            doing.note,
            form=NoteForm,
            place="first",
        ),
        Act(
            "say",
            "say_interconnection",
            _("Say something to the user"),
            _("Say something to the users of the selected conversations"),
            _("The user reads it as a message of the bot, after what was said before. The agent does not read it."),
            ngettext_lazy("%(number)s user is told", "%(number)s users are told", "number"),
            ngettext_lazy("%(number)s was told already", "%(number)s were told already", "number"),
            doing.say,
            form=SayForm,
            place="first",
            fits=doing.is_open,
        ),
        Act(
            "return",
            "return_interconnection",
            _("Return to the bot at a state"),
            _("Return the selected users to their bots at a state"),
            _(
                "The conversation is ended from our side, and the bot goes on with its user at that state. What the "
                "user said so far still goes to the agent first."
            ),
            ngettext_lazy("%(number)s user is being returned", "%(number)s users are being returned", "number"),
            ngettext_lazy("%(number)s is already ending", "%(number)s are already ending", "number"),
            doing.give_back,
            form=ReturnForm,
            fits=lambda row: row.status in OPEN,
            offered=doing.is_told,
            grave=True,
        ),
        Act(
            "reconnect",
            "reconnect_interconnection",
            _("Connect anew"),
            _("Have the selected conversations connect anew"),
            _(
                "Its worker lets go of it, and whoever takes it asks Salesforce anew what it missed. Neither the "
                "user nor the agent sees anything of it."
            ),
            ngettext_lazy("%(number)s connects anew", "%(number)s connect anew", "number"),
            ngettext_lazy("%(number)s is being taken anyway", "%(number)s are being taken anyway", "number"),
            doing.reconnect,
            fits=lambda row: row.status in OPEN,
        ),
        Act(
            "release",
            "release_interconnection",
            _("Take it from its worker"),
            _("Take the selected conversations from their workers"),
            _(
                "Its worker is asked to give it to another. Where it does not within half a minute, order it "
                "again: then it is taken without asking."
            ),
            ngettext_lazy("%(number)s is taken from its worker", "%(number)s are taken from their workers", "number"),
            ngettext_lazy("%(number)s is being taken anyway", "%(number)s are being taken anyway", "number"),
            doing.release,
            fits=lambda row: row.status in OPEN,
        ),
        Act(
            "block",
            "block_user",
            _("Block this user"),
            _("Block the users of the selected conversations"),
            _(
                "Their bot cannot hand them over to an agent any more: it goes on at its state for the blocked. An "
                "open conversation goes on until it ends."
            ),
            ngettext_lazy("%(number)s user is blocked", "%(number)s users are blocked", "number"),
            ngettext_lazy("%(number)s was blocked already", "%(number)s were blocked already", "number"),
            doing.block,
            offered=lambda row: not doing.is_blocked(row),
            place="user",
            grave=True,
        ),
        Act(
            "unblock",
            "block_user",
            _("Let this user in again"),
            _("Let the users of the selected conversations in again"),
            _("Their bot may hand them over to an agent again."),
            ngettext_lazy("%(number)s user may come again", "%(number)s users may come again", "number"),
            ngettext_lazy("%(number)s was not blocked", "%(number)s were not blocked", "number"),
            doing.unblock,
            offered=doing.is_blocked,
            place="user",
        ),
    )
}
