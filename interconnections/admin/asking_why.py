"""The reason that whoever steers a conversation or a person's data gives: it stays in the history."""

from django import forms
from django.utils.translation import gettext_lazy as _

from interconnections.admin.masking import A_PERSON


class WhyForm(forms.Form):
    """The reason, which stays in the history: so it may name no person."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=_("Kept in the history with your name and the time. Neither the user nor the agent reads it."),
        error_messages={"required": _("Say why: whoever looks at the history later will ask.")},
    )

    def __init__(self, *args, **kwargs):
        """The first question has the focus, and no other."""
        super().__init__(*args, **kwargs)
        for place, field in enumerate(self.visible_fields()):
            field.field.widget.attrs["autofocus"] = place == 0

    def clean_reason(self):
        reason = " ".join(self.cleaned_data["reason"].split())
        if A_PERSON.search(reason):
            raise forms.ValidationError(_("Leave out people's numbers and addresses: this stays in the history."))
        return reason
