"""A page is calm where nobody is there to ask, and a bug stays a bug."""

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError
from django.test import RequestFactory

from interconnections.http.database_away import DatabaseAway


class Said(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def page(fault: Exception, cause: Exception | None, method: str = "GET"):
    fault.__cause__ = cause
    asked = RequestFactory().generic(method, "/admin/?q=a&b")
    return DatabaseAway(lambda request: None).process_exception(asked, fault)


def test_a_database_that_is_away_has_a_page_that_leads_back():
    shown = page(OperationalError("couldn't get a connection"), Said(None))
    assert (shown.status_code, shown["Retry-After"]) == (503, "5")
    assert '<a href="/admin/?q=a&amp;b">' in shown.content.decode()


def test_who_ordered_something_is_sent_to_look_and_not_to_order_it_again():
    shown = page(OperationalError("couldn't get a connection"), Said(None), "POST").content.decode()
    assert "may have been done" in shown
    assert "Try again" not in shown


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (IntegrityError("a row is there"), Said("23505")),
        (OperationalError("no such table"), None),
        (ProgrammingError("the query has 2 placeholders but 1 parameters were passed"), Said(None)),
        (ValueError("a bug"), Said(None)),
    ],
)
def test_what_a_server_said_is_no_absence(fault, cause):
    assert page(fault, cause) is None
