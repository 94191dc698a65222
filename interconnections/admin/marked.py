"""HTML of parts for the cells of a list: format_html without its decorators, which cost thrice what it does."""

from html import escape

from django.utils.safestring import mark_safe


def marked(form, *parts):
    return mark_safe(form.format(*map(escaped, parts)))


def escaped(part):
    """What says that it is HTML stays as it is."""
    text = part if isinstance(part, str) else str(part)
    return text if hasattr(text, "__html__") else escape(text)
