"""Secrets: they do not print, and they rest encrypted."""

import copy
import json
import logging
import pickle
import traceback
from dataclasses import asdict, dataclass

import pytest
import structlog
from cryptography.fernet import Fernet

from interconnections.errors import Undecipherable
from interconnections.secret import Secret, seal, unseal

TEXT = "s3cr3t-Zt0Y="
SECRET = Secret(TEXT)


@dataclass(frozen=True)
class Holder:
    key: Secret


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        format,
        ascii,
        lambda secret: f"{secret}",
        lambda secret: f"{secret!s} {secret!r} {secret!a} {secret:>40} {secret:x}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031  (old ways of printing count too)
        lambda secret: "{} {!r} {:10}".format(secret, secret, secret),  # noqa: UP032
        lambda secret: repr([secret, {"key": secret}, (secret,)]),
        lambda secret: repr(Holder(secret)),
        lambda secret: str(ValueError(secret)),
        lambda secret: json.dumps({"key": secret}, default=str),
        lambda secret: repr(dir(secret)),
    ],
)
def test_a_secret_does_not_print(show):
    shown = show(SECRET)
    assert TEXT not in shown


def test_what_prints_instead_is_three_stars():
    assert str(SECRET) == repr(SECRET) == f"{SECRET:>40}" == "***"


@pytest.mark.parametrize("take", [json.dumps, pickle.dumps, copy.copy, copy.deepcopy, vars, iter, len, bytes])
def test_a_secret_cannot_be_taken_apart(take):
    with pytest.raises(TypeError):
        take(SECRET)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled_under_any_protocol(protocol):
    with pytest.raises(TypeError, match="^a Secret is not to be pickled$"):
        pickle.dumps({"key": SECRET}, protocol)


def test_what_holds_a_secret_is_not_made_a_dictionary():
    with pytest.raises(TypeError):
        asdict(Holder(SECRET))


def test_nothing_can_be_hung_on_a_secret():
    with pytest.raises(AttributeError):
        SECRET.note = "x"


def test_a_secret_does_not_print_in_log_lines(caplog):
    with caplog.at_level(logging.INFO):
        logging.getLogger("x").info("key %s %r", SECRET, {"key": SECRET}, extra={"key": SECRET})
        structlog.get_logger("y").info("opened", key=SECRET, headers={"KEY": SECRET})
    assert len(caplog.records) == 2
    assert TEXT not in caplog.text
    for record in caplog.records:
        assert TEXT not in repr(vars(record))


def test_a_secret_does_not_print_in_reports_with_local_variables():
    def fails(key, held):
        inside = [key]
        raise RuntimeError(inside)

    try:
        fails(SECRET, Holder(SECRET))
    except RuntimeError as error:
        report = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "inside = [***]" in report
    assert TEXT not in report.replace(f"TEXT = {TEXT!r}", "")


def test_a_secret_is_what_it_holds():
    assert SECRET.reveal() == TEXT
    assert Secret(TEXT) == SECRET
    assert Secret("other") != SECRET
    assert SECRET != TEXT
    assert Secret("ñ 👩‍🔬") == Secret("ñ 👩‍🔬")
    assert len({SECRET, Secret(TEXT), Secret("other")}) == 2


def test_an_empty_secret_is_false():
    assert SECRET
    assert not Secret("")


# At rest


@pytest.mark.parametrize("text", [TEXT, "", "ñ 👩‍🔬\n\0", "x" * 10_000])
def test_what_is_sealed_opens_again(text):
    sealed = seal(Secret(text))
    assert unseal(sealed) == Secret(text)
    assert not text or text not in sealed


def test_the_same_secret_is_never_sealed_the_same_way():
    assert seal(SECRET) != seal(SECRET)


def keys(count):
    return [Fernet.generate_key().decode() for _ in range(count)]


def test_the_first_key_seals_and_all_open(settings):
    old, new, other = keys(3)
    settings.ENCRYPTION_KEYS = [old]
    sealed_before = seal(SECRET)
    settings.ENCRYPTION_KEYS = [new, old]  # the rotation: the new one in front
    sealed_after = seal(SECRET)
    assert unseal(sealed_before) == unseal(sealed_after) == SECRET
    settings.ENCRYPTION_KEYS = [new]  # the old one is taken away
    assert unseal(sealed_after) == SECRET
    for lost, remaining in ((sealed_before, [new]), (sealed_after, [old]), (sealed_after, [other])):
        settings.ENCRYPTION_KEYS = remaining
        with pytest.raises(Undecipherable):
            unseal(lost)


def test_spaces_around_a_key_do_not_matter(settings):
    [key] = keys(1)
    settings.ENCRYPTION_KEYS = [f" {key}\n"]
    sealed = seal(SECRET)
    settings.ENCRYPTION_KEYS = [key]
    assert unseal(sealed) == SECRET


@pytest.mark.parametrize("sealed", ["", "x", "gAAAAA", "ñ", "\ud83d", TEXT])
def test_what_was_never_sealed_is_said_to_be_so(sealed):
    with pytest.raises(Undecipherable, match="^no key of ENCRYPTION_KEYS opens this secret$"):
        unseal(sealed)


def test_a_seal_that_was_tampered_with_does_not_open():
    sealed = seal(SECRET)
    changed = sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]
    with pytest.raises(Undecipherable):
        unseal(changed)


def test_what_cannot_be_opened_is_not_told():
    with pytest.raises(Undecipherable) as caught:
        unseal("gAAAA-something")
    assert "something" not in str(caught.value)
    assert caught.value.__suppress_context__
