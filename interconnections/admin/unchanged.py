"""A page that asks for itself every few seconds is answered in two words while it would show the same.

A tag stands for all that the page's script puts into the page anew; whoever sends it back has 304 while it holds.
"""

import json
from hashlib import blake2b

from django.utils.cache import get_conditional_response
from django.utils.translation import get_language


def tag_of(request, *shown):
    """`shown`: whatever the page says, as texts, numbers, lists and tuples."""
    whole = json.dumps((request.user.pk, get_language(), shown), default=str)
    return f'"{blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()}"'


def known(request, tag):
    """304 where the browser has the page under this tag already; else None."""
    return get_conditional_response(request, etag=tag) if tag else None


def under(tag, response):
    if tag:
        response.headers["ETag"] = tag
    return response
