"""Dead letters in the console: what could not be delivered and why; sent again or dropped, with an audit.

Texts are shown to those who may look at conversations, which is where they stand anyway.
"""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from interconnections.admin.masking import Person, without_people
from interconnections.admin.redis_unavailable import calmly
from interconnections.admin.scope import given
from interconnections.bridge.resend import SAID, resend
from interconnections.models import DeadLetter, Interconnection
from interconnections.moments import moment
from interconnections.store import deadletters
from interconnections.store.connection import for_pages

SHOWN = 500  # the newest; the command knows all
TO = {
    "salesforce": gettext_lazy("the agent"),
    "integration": gettext_lazy("the user"),
    "bot": gettext_lazy("the bot"),
}


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
        chosen = [id for id in request.POST.getlist("letter") if is_an_id(id)]
        letters = theirs(request, deadletters.some(for_pages(), chosen))
        if "resend" in request.POST:
            self._resend(request, letters)
        elif "drop" in request.POST:
            self._drop(request, letters)
        else:
            return HttpResponseNotAllowed(["GET"])
        return HttpResponseRedirect(request.get_full_path())

    def _resend(self, request, letters):
        became: dict[str, list[deadletters.Letter]] = {}
        try:
            for letter, word in resend(letters):
                became.setdefault(word, []).append(letter)
        finally:  # Redis may go away half-way: what is on its way is in the history all the same
            self._audit(request, became.get("resent", []), "Sent dead letters again")
        for word, some in became.items():
            level = messages.SUCCESS if word == "resent" else messages.WARNING
            self.message_user(
                request, _("%(letters)s %(fate)s.") % {"letters": counted(some), "fate": SAID[word]}, level
            )
        if not letters:
            self.message_user(request, _("Choose letters first."), messages.WARNING)

    def _drop(self, request, letters):
        gone: list[deadletters.Letter] = []
        try:
            gone += [letter for letter in letters if deadletters.drop(for_pages(), letter.id)]
        finally:
            self._audit(request, gone, "Dropped dead letters")
        words = _("%(letters)s %(fate)s.") % {"letters": counted(gone), "fate": _("dropped")}
        self.message_user(request, words, messages.SUCCESS if gone else messages.WARNING)

    def _audit(self, request, letters, words):
        """In the history of each conversation: who, when, and how many."""
        numbers: dict[str, list[str]] = {}
        for letter in letters:
            numbers.setdefault(letter.session, []).append(letter.number)
        for session, some in numbers.items():
            entry = Interconnection(session_id=session)
            LogEntry.objects.log_actions(request.user.pk, [entry], CHANGE, f"{words}: {', '.join(some)}")


def theirs(request, letters):
    """Those that whoever asks may see."""
    bots = given(request)
    return list(letters) if bots is None else deadletters.of_bots(letters, bots)


def counted(letters):
    number = len(letters)
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
