"""Dead letters in the console: what could not be delivered and why; sent again or dropped, with an audit.

Texts are shown to those who may look at conversations, which is where they stand anyway.
"""

from dataclasses import replace

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interconnections.admin.asking_why import WhyForm
from interconnections.admin.audited import AUDITED, PERHAPS
from interconnections.admin.masking import Person, without_people
from interconnections.admin.redis_unavailable import calmly
from interconnections.admin.scope import given
from interconnections.bridge.resend import SAID, resend
from interconnections.errors import StoreAway
from interconnections.models import DeadLetter, Interconnection
from interconnections.moments import moment
from interconnections.store import deadletters
from interconnections.store.connection import for_pages

SHOWN = 500  # the newest; the command knows all
LETTERS = 50  # of one conversation, the latest, that its page offers to send again
TO = {
    "salesforce": gettext_lazy("the agent"),
    "integration": gettext_lazy("the user"),
    "bot": gettext_lazy("the bot"),
}


VERBS = ("resend", "drop")
FATES = SAID | {"dropped": gettext_lazy("dropped")}


@admin.register(DeadLetter)
class DeadLetterAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    has_delete_permission = has_change_permission = lambda self, request, obj=None: False

    def has_resend_permission(self, request):
        return request.user.has_perm("interconnections.resend_deadletter")

    @calmly
    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._act(request)
        return self._list(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        raise Http404  # a letter has no page of its own: it stands in its conversation's timeline

    def _list(self, request):
        letters = theirs(request, deadletters.letters(for_pages(), newest=SHOWN + 1))
        people = people_of(letters[:SHOWN])
        texts = request.user.has_perm("interconnections.view_interconnection")
        context = self.admin_site.each_context(request) | {
            "title": _("Dead letters"),
            "subtitle": None,
            "opts": self.opts,
            "letters": [shown(letter, people.get(letter.session), texts) for letter in letters[:SHOWN]],
            "more": len(letters) > SHOWN,
            "may_resend": self.has_resend_permission(request),
        }
        return TemplateResponse(request, "admin/interconnections/deadletter/change_list.html", context)

    def _act(self, request):
        if not self.has_resend_permission(request):
            raise PermissionDenied
        verb = next((name for name in VERBS if name in request.POST), "")
        if not verb:
            return HttpResponseNotAllowed(["GET"])
        named = [*request.POST.getlist("letter"), request.POST[verb]]  # the button of a single one names it
        chosen = [id for id in named if is_an_id(id)]
        letters = theirs(request, deadletters.some(for_pages(), chosen))
        form = WhyForm(request.POST if "reason" in request.POST else None)
        if not chosen:
            self.message_user(request, _("Choose letters first."), messages.WARNING)
        elif form.is_valid():
            missing = len(chosen) - len(letters)
            self._carry_out(request, verb, letters, missing, form.cleaned_data["reason"])
        elif letters:
            return self._ask_why(request, verb, letters, form)
        return HttpResponseRedirect(self._back(request))

    def _ask_why(self, request, verb, letters, form):
        people = people_of(letters)
        texts = request.user.has_perm("interconnections.view_interconnection")
        context = self.admin_site.each_context(request) | {
            "title": _("Send again") if verb == "resend" else _("Drop"),
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "verb": verb,
            "letters": [shown(letter, people.get(letter.session), texts) for letter in letters],
            "back": self._back(request),
            "session": request.POST.get("session", ""),
        }
        return TemplateResponse(request, "admin/interconnections/deadletter/why.html", context)

    def _back(self, request):
        """To the conversation whose page asked, or to the list."""
        if session := request.POST.get("session", ""):
            return reverse("admin:interconnections_interconnection_change", args=[quote(session)])
        return request.get_full_path()

    def _carry_out(self, request, verb, letters, missing, why):
        """`missing`: how many were chosen and are not there any more."""
        became: dict[str, list[deadletters.Letter]] = {}
        try:
            for letter, word in resend(letters) if verb == "resend" else dropped(letters):
                became.setdefault(word, []).append(letter)
        except StoreAway:  # the one in hand may be done all the same: only the answer was lost
            seen = sum(map(len, became.values()))
            self._audit(request, letters[seen : seen + 1], verb, why + PERHAPS)
            raise
        finally:  # Redis may go away half-way: what is on its way is in the history all the same
            self._audit(request, became.get("resent", []) + became.get("dropped", []), verb, why)
        numbers = {word: len(some) for word, some in became.items()}
        numbers["no such"] = numbers.get("no such", 0) + missing
        for word, number in numbers.items():
            if number:
                words = _("%(letters)s %(fate)s.") % {"letters": counted(number), "fate": FATES[word]}
                level = messages.SUCCESS if word in ("resent", "dropped") else messages.WARNING
                self.message_user(request, words, level)

    def _audit(self, request, letters, verb, why):
        """In the history of each conversation: who, when, which, and why."""
        numbers: dict[str, list[str]] = {}
        for letter in letters:
            numbers.setdefault(letter.session, []).append(letter.number)
        for session, some in numbers.items():
            entry = Interconnection(session_id=session)
            words = f"{AUDITED[verb][0]}({', '.join(some)}): {why}"
            LogEntry.objects.log_actions(request.user.pk, [entry], CHANGE, words)


def with_letters(lines, row):
    """The lines of a conversation's timeline; what was given up with its letter, while there is one."""
    given_up = {}
    for line in lines:
        if line.message and line.message.checkpoints and line.message.checkpoints[-1].what == "given up":
            given_up[str(line.message.number)] = int(line.message.checkpoints[-1].at.timestamp() * 1000)
    latest = dict(list(given_up.items())[-LETTERS:])
    letters = deadletters.of_messages(for_pages(), row.bot_slug, row.pk, latest) if latest else {}
    return [
        replace(line, letter=letters.get(str(line.message.number), "")) if line.message else line for line in lines
    ]


def dropped(letters):
    for letter in letters:
        yield letter, "dropped" if deadletters.drop(for_pages(), letter.id) else "no such"


def theirs(request, letters):
    """Those that whoever asks may see."""
    bots = given(request)
    return list(letters) if bots is None else deadletters.of_bots(letters, bots)


def counted(number):
    return ngettext("%(number)s dead letter", "%(number)s dead letters", number) % {"number": number}


def people_of(letters):
    """{session: who its user is}, so that no letter names them; one round trip."""
    sessions = {letter.session for letter in letters if letter.session}
    return {row.pk: Person(row) for row in Interconnection.objects.filter(pk__in=sessions)}


def shown(letter, person, texts):
    hide = person.hide if person else without_people  # of a conversation that is gone nobody knows the name
    return {
        "id": letter.id,
        "session": letter.session,
        "at": moment(letter.at),
        "to": TO.get(letter.lane, letter.lane),
        "what": hide(letter.item.text) if texts and letter.item.kind != "state" else f"({letter.item.kind})",
        "why": hide(letter.why),
    }


def is_an_id(text):
    """As Redis writes them: 1764086400000-0."""
    moment, _, number = text.partition("-")
    return moment.isdecimal() and number.isdecimal() and len(text) < 40
