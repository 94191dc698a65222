"""What is asked before an act: why, and what else it needs to know."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from interconnections.admin.asking_why import WhyForm
from interconnections.blanks import is_blank


def new_ticket():
    return secrets.token_hex(8)


def shown(words):
    """Raises ValidationError for words of which nobody would see anything: they would be sent to nobody."""
    if is_blank(words):
        raise forms.ValidationError(_("Write something that can be seen."))


class ActForm(WhyForm):
    """`ticket`: by which the same form is known again, however often it is sent."""

    ticket = forms.RegexField("^[0-9a-f]{16}$", required=False, initial=new_ticket, widget=forms.HiddenInput)

    def clean_ticket(self):
        return self.cleaned_data["ticket"] or new_ticket()


class NoteForm(ActForm):
    """The note is its own reason."""

    reason = forms.CharField(
        label=_("Note"),
        max_length=1000,
        validators=[shown],
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text=WhyForm.base_fields["reason"].help_text,
        error_messages={"required": _("Write something.")},
    )


class SayForm(ActForm):
    words = forms.CharField(
        label=_("Words"),
        max_length=4000,
        validators=[shown],
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text=_("For the user, word for word."),
        error_messages={"required": _("Write something.")},
    )
    field_order = ("words", "reason")


class ReturnForm(ActForm):
    state = forms.CharField(
        label=_("State"),
        max_length=100,
        help_text=_("As the bot calls it."),
        error_messages={"required": _("Say at which state the bot goes on.")},
    )
    field_order = ("state", "reason")


class EndForm(WhyForm):
    goodbye = forms.CharField(
        label=_("Goodbye"),
        max_length=4000,
        validators=[shown],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=_("For the user, word for word, before they are back at the bot; empty: nothing."),
    )
    field_order = ("goodbye", "reason")
