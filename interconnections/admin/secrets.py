"""Secrets in forms: typed, kept or cleared, and never shown.

A Textarea keeps a PEM's line ends.  Blank means keep what is stored; a tick empties it.  What was typed is
not repeated either, not even when the form comes back with errors: then the widget asks for it again.
"""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from interconnections.models.fields import SecretField, Unreadable
from interconnections.models.validation import origin
from interconnections.secret import NO_KEY_OPENS_IT, Secret

KEEP = object()
TYPED = object()  # a bound form's value, without the value


def state(value):
    """What a page may say about a stored secret."""
    if isinstance(value, Unreadable):
        return NO_KEY_OPENS_IT
    if isinstance(value, Secret):
        return _("A secret is stored.") if value else _("Nothing is stored.")
    return ""


class SecretInput(forms.Textarea):
    template_name = "admin/interconnections/secret.html"

    def __init__(self):
        super().__init__({"autocomplete": "new-password", "rows": 2, "spellcheck": "false", "class": "vSecretField"})

    def value_from_datadict(self, data, files, name):
        return data.get(name, ""), f"{name}-clear" in data

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}-clear" not in data

    def format_value(self, value):
        return ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, "", attrs)
        context["widget"] |= {
            "state": state(value),
            "unreadable": isinstance(value, Unreadable),
            "stored": isinstance(value, Unreadable) or bool(isinstance(value, Secret) and value),
            "typed": value is TYPED,
        }
        return context


class SecretFormField(forms.Field):
    widget = SecretInput

    def clean(self, value):
        typed, clear = value
        if typed.strip() and clear:
            raise ValidationError(_("Type a new one or tick clear, not both."))
        if clear:
            return Secret("")
        # Browsers send CRLF; a PEM is stored as it is used.
        typed = typed.replace("\r\n", "\n").strip()
        return Secret(typed) if typed else KEEP

    def has_changed(self, initial, data):
        typed, clear = data
        return bool(typed.strip()) or clear

    def bound_data(self, data, initial):
        typed, _ = data
        return TYPED if typed.strip() else initial


class FormWithSecrets(forms.ModelForm):
    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        if self.instance.pk is not None:
            self._want_anew(cleaned)
        # What is not among the cleaned data is left on the instance as it is.
        return {name: value for name, value in cleaned.items() if value is not KEEP}

    def _want_anew(self, cleaned):
        """Whoever may edit may not see: a stored secret does not follow its address to another host."""
        for address, secrets in self.instance.secrets_go_to.items():
            if address not in cleaned or origin(cleaned[address]) == origin(getattr(self.instance, address)):
                continue
            for name in secrets:
                stored = getattr(self.instance, name)
                if cleaned.get(name) is KEEP and (stored or isinstance(stored, Unreadable)):
                    self.add_error(
                        name,
                        _("“%s” leads to another host now: type this secret again, or clear it.")
                        % self.instance._meta.get_field(address).verbose_name,
                    )


class AdminWithSecrets(admin.ModelAdmin):
    """Secret columns become such fields; who may only look sees whether something is stored."""

    form = FormWithSecrets

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, SecretField):
            return SecretFormField(
                label=capfirst(db_field.verbose_name), help_text=db_field.help_text, required=False
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) or obj is None:
            return fieldsets
        return [
            (title, options | {"fields": [self._as_state(line) for line in options["fields"]]})
            for title, options in fieldsets
        ]

    def _as_state(self, line):
        if isinstance(line, tuple):
            return tuple(self._as_state(name) for name in line)
        if not isinstance(self.model._meta.get_field(line), SecretField):
            return line

        @admin.display(description=capfirst(self.model._meta.get_field(line).verbose_name))
        def shown(row):
            return state(getattr(row, line))

        return shown
