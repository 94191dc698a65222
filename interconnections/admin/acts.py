"""What supervisors may do with conversations, one or many: a row for each act; steering.py asks and carries out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from interconnections.admin.act_forms import ActForm, NoteForm
from interconnections.admin.audited import AUDITED
from interconnections.models import Interconnection

DONE, TWICE, OVER = "done", "twice", "over"  # what became of one; what has no such word is left as it was


@dataclass(frozen=True)
class Order:
    """What a supervisor wants done; `ticket`: the same however often the form is sent; `asked`: its other fields."""

    user: AbstractBaseUser
    why: str
    ticket: str
    asked: Mapping[str, str]


@dataclass(frozen=True)
class Act:
    """`do` gives (row, what became of it) of each, in order; `fits`: may it be meant for this row at all?"""

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

    @property
    def audited(self) -> str:
        return AUDITED[self.name][0]


def note(rows: list[Interconnection], order: Order) -> Iterator[tuple[Interconnection, str]]:
    """The note is the entry in the history; the same words of the same person stand there once."""
    written = set(
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Interconnection),
            object_id__in=[row.pk for row in rows],
            user_id=order.user.pk,
            change_message=AUDITED["note"][0] + order.why,
        ).values_list("object_id", flat=True)
    )
    for row in rows:
        yield row, TWICE if row.pk in written else DONE


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
            note,
            form=NoteForm,
        ),
    )
}
