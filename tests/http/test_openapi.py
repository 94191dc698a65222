"""The document at /v1/openapi.json is valid, says what the views answer, and is held to the running stage."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from interconnections.http import urls
from interconnections.http.bot_api import _past
from interconnections.http.openapi import CALLS, IN_PATH, SAID_KEYS, SCHEMAS, SENTENCES, document
from interconnections.store.context import Said
from tests.http.conftest import Doors

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = {"healthz", "readyz", "metrics", "no-such-call"}
CALLABLE = [(path, method) for path, methods in CALLS.items() for method in methods]


def test_the_document_is_valid() -> None:
    from openapi_spec_validator import validate  # for seconds: whoever only collects tests need not wait

    validate(document())


def test_every_call_of_the_bots_is_in_the_document_and_no_other() -> None:
    def template(route: str) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)", r"{\1\2}", route).strip("^$")

    routes = {template(str(pattern.pattern)) for pattern in urls.urlpatterns if pattern.name not in OPERATORS}
    assert routes == set(CALLS)


@pytest.mark.parametrize(("path", "method"), CALLABLE)
def test_each_call_answers_its_methods_and_those_alone(doors: Doors, path: str, method: str) -> None:
    for name in IN_PATH:
        path = path.replace(f"{{{name}}}", "whatsapp")
    answer = doors.ask("PATCH", path)
    assert answer.status_code == 405
    assert method.upper() in answer.headers["Allow"]


def test_what_the_context_tells_is_in_the_document() -> None:
    from openapi_schema_validator import OAS31Validator

    told = _past("1", Said(at=1, speaker="user", text="a", url="b", mime_type="c", caption="d", stored_at=1), 24)
    assert set(told) == set(SAID_KEYS)
    OAS31Validator(SCHEMAS["Said"]).validate(told)


def test_every_status_of_a_refusal_is_explained() -> None:
    from interconnections import errors
    from interconnections.http.limits import SENTENCES as LIMITS

    refusals = [kind.status for kind in errors.Refusal.__subclasses__()]
    assert {*refusals, *LIMITS} <= set(SENTENCES)


def test_anybody_may_read_it(doors: Doors) -> None:
    assert requests.get(f"{doors.url}/v1/openapi.json", timeout=30).json() == document()


def test_the_running_stage_answers_as_the_document_says(doors: Doors) -> None:
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"), "run", f"{doors.url}/v1/openapi.json",
            "--header", f"Authorization: Bearer {doors.tokens['caller']}",
            "--header", "Connection: close",  # a server that hangs up on who paused is no answer of the document's
            "--checks", "status_code_conformance,content_type_conformance,response_schema_conformance",
            "--phases", "coverage", "--seed", "1", "--no-color",
            "--request-timeout", "30", "--workers", "2", "--suppress-health-check", "all",
        ],
        cwd=doors.street.directory, capture_output=True, text=True, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
