"""Section 11 of salesforce-live-agent.md: every status of the table, and what it is to us."""

import pytest

from interconnections.desks.live_agent.reader import read_poll, read_post, read_reconnect, read_session
from interconnections.errors import (
    ChatGone,
    DeskRefused,
    DeskUnwell,
    HandedOver,
    OutOfSequence,
    PollRefused,
)

EMPTY_POLL = b'{"messages":[],"sequence":1}'
# status -> on SessionId, on a POST, on Messages, on ReconnectSession
TABLE = {
    400: (DeskRefused, DeskRefused, DeskRefused, DeskRefused),
    403: (DeskUnwell, ChatGone, ChatGone, ChatGone),
    404: (DeskRefused, DeskRefused, DeskRefused, DeskRefused),
    405: (DeskRefused, DeskRefused, DeskRefused, DeskRefused),
    409: (DeskUnwell, OutOfSequence, PollRefused, DeskUnwell),
    410: (DeskRefused, DeskRefused, DeskRefused, DeskRefused),  # §14: retired
    500: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    503: (DeskUnwell, HandedOver, HandedOver, DeskUnwell),
    # others: repeat
    401: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    408: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    429: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    502: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    504: (DeskUnwell, DeskUnwell, DeskUnwell, DeskUnwell),
    # a redirect is followed by nobody: at SessionId the address is wrong, later it may pass
    302: (DeskRefused, DeskUnwell, DeskUnwell, DeskUnwell),
}


@pytest.mark.parametrize("body", [b"", b"<html>", EMPTY_POLL, b'{"errorMessage":"x"}'], ids=repr)
@pytest.mark.parametrize("status", TABLE)
def test_a_status_decides_whatever_the_body(status, body):
    for read, error in zip((read_session, read_post, read_poll, read_reconnect), TABLE[status], strict=True):
        with pytest.raises(error) as caught:
            read(status, body)
        assert type(caught.value) is error


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_post_is_taken_by_any_2xx(status):
    read_post(status, b"whatever")


def test_a_poll_takes_only_200_and_204():
    assert read_poll(204, b"whatever") is None
    assert read_poll(200, EMPTY_POLL).sequence == 1
    with pytest.raises(DeskUnwell):
        read_poll(202, EMPTY_POLL)


@pytest.mark.parametrize("status", [404, 405, 410, 301])
def test_an_address_without_a_chat_api_is_called_so(status):
    with pytest.raises(DeskRefused, match="the chat address is wrong, or this channel is retired"):
        read_session(status, b"")


def test_no_error_repeats_the_answers_words():
    for read in (read_session, read_post, read_poll, read_reconnect):
        for status in (*TABLE, 200):
            try:
                read(status, b'{"key": "secret-key"')
            except Exception as error:
                assert "secret-key" not in str(error)
