"""JSON columns as people type them: lists with commas, objects with indentation."""

import json

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from interconnections.models.fields import ListField


class CommaField(forms.CharField):
    """A list of texts; the commas only fail a text that holds one, and then JSON does."""

    def prepare_value(self, value):
        if isinstance(value, str):
            return value  # as it was typed, when it comes back with errors
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            return json.dumps(value, ensure_ascii=False)  # what no form has seen
        if any("," in part or part.startswith("[") or part != part.strip() for part in value):
            return json.dumps(value, ensure_ascii=False)
        return ", ".join(value)

    def to_python(self, value):
        if isinstance(value, list):
            return value
        parts = ListField().to_python(value or "")
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise ValidationError(_("This must be a list of texts, like: one, two"))
        return parts

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class IndentedField(forms.JSONField):
    def prepare_value(self, value):
        if isinstance(value, str):
            return value  # as it was typed, when it comes back with errors
        return json.dumps(value, ensure_ascii=False, indent=2)

    def bound_data(self, data, initial):
        return data


class AdminWithJson(admin.ModelAdmin):
    def formfield_for_dbfield(self, db_field, request, **kwargs):
        text = {
            "label": capfirst(db_field.verbose_name),
            "help_text": db_field.help_text,
            "required": False,
        }
        if isinstance(db_field, ListField):
            return CommaField(
                widget=forms.TextInput(attrs={"class": "vTextField"}), initial=db_field.get_default, **text
            )
        if isinstance(db_field, models.JSONField):
            return IndentedField(
                widget=forms.Textarea(attrs={"class": "vLargeTextField json", "rows": 4, "spellcheck": "false"}),
                initial=db_field.get_default,
                **text,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
