"""docs/bots.md is played, and the other papers of this shore are held to the code."""

import hashlib
import hmac
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Template

import pytest
import requests

from interconnections.bridge.rendering import labels as labels_in
from simulator.configuration import BOT
from simulator.demo_stage import AT_META, META_PAGE, NAMED, SeveralBots
from simulator.processes import until
from tests.http.cases import fits

ROOT = Path(__file__).resolve().parent.parent.parent
COOKBOOK = (ROOT / "docs/bots.md").read_text()
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", COOKBOOK, re.DOTALL))
EXAMPLES = [
    (command, int(status), wanted)
    for block in re.findall(r"```console\n(.*?)```", COOKBOOK, re.DOTALL)
    for command, status, wanted in re.findall(r"^\$ (curl .*?)\n(\d{3}) (.*?)$", block, re.DOTALL | re.MULTILINE)
]


def curl(command: str, words: dict[str, str]) -> requests.Response:
    """What curl would do with -X, -H, -d and an address."""
    given: dict[str, str] = {}
    headers: dict[str, str] = {}
    address = ""
    parts = iter(shlex.split(command)[1:])
    for part in parts:
        if part == "-H":
            name, value = next(parts).split(": ", 1)
            headers[name] = Template(value).substitute(words)
        elif part in ("-X", "-d"):
            given[part] = Template(next(parts)).substitute(words)
        else:
            assert not part.startswith("-"), part
            address = Template(part).substitute(words)
    headers.setdefault("Content-Type", "application/x-www-form-urlencoded")  # as curl does
    body = given["-d"].encode() if "-d" in given else None
    return requests.request(
        given.get("-X", "POST" if body else "GET"), address, headers=headers, data=body, timeout=30
    )


def matches(wanted: object, got: object) -> bool:
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(matches, wanted, got))
    return fits(wanted, got)


@pytest.fixture(scope="module")
def demo() -> Iterator[SeveralBots]:
    """What `make demo` brings up."""
    with SeveralBots(workers=1) as stage:
        yield stage


def test_the_cookbook_is_true_line_by_line(demo: SeveralBots) -> None:
    assert len(EXAMPLES) == COOKBOOK.count("\n$ ") > 15
    words = demo.words()
    login = {"username": "demo", "password": "demo"}
    words["TOKEN"] = requests.post(f"{demo.url}/v1/authenticate", json=login, timeout=30).json()["token"]
    words["BODY"] = re.findall(r"^BODY='(.*)'$", SHELL, re.MULTILINE)[0]
    key = words["SIGNING_SECRET"].encode()
    words["SIGNATURE"] = hmac.new(key, words["BODY"].encode(), hashlib.sha256).hexdigest()
    for command, status, wanted in EXAMPLES:
        answer = curl(command, words)
        assert answer.status_code == status, (command, answer.text)
        assert matches(json.loads(wanted), answer.json()), (command, answer.text)


@pytest.mark.skipif(not all(map(shutil.which, ("bash", "curl", "openssl"))), reason="needs bash, curl and openssl")
def test_the_cookbooks_shell_finds_token_and_signature(demo: SeveralBots) -> None:
    script = f'{SHELL}\necho "$TOKEN"; curl -s "$BRIDGE/v1/bots/signed-fb/webhook" '
    script += '-H "X-Hub-Signature-256: sha256=$SIGNATURE" -d "$BODY"'
    told = subprocess.run(
        ["bash", "-euc", script], env=demo.env | demo.words(), capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert requests.get(f"{demo.url}/v1/tokens/check", headers={"Authorization": f"Bearer {told[0]}"}, timeout=30).ok
    assert json.loads(told[1]) == {"Message": "insert success"}


def test_the_demo_has_the_cookbooks_bots_and_tells_its_words(demo: SeveralBots) -> None:
    for slug in re.findall(r"`((?:demo|signed)-\w+)`|bots/([\w-]+)/webhook|bot=([\w-]+)", COOKBOOK):
        assert "".join(slug) in NAMED, slug
    known = {*demo.words(), "TOKEN", "BODY", "SIGNATURE"}
    assert set(re.findall(r"\$([A-Z_]+)", COOKBOOK)) == known


def test_each_of_the_demos_phones_reaches_its_own_bot(demo: SeveralBots) -> None:
    """WhatsApp and Messenger, Botrunner and Studio NG, side by side."""
    for phone in demo.world.ask("GET", "/phones")["phones"]:
        slug = phone["bot"] or "demo-bot"
        demo.world.ask("POST", f"/users/{phone['id']}/finish")  # the cookbook may have left one open
        assert demo.world.ask("POST", f"/users/{phone['id']}/write", {"text": "hola"})["status"] == 200
        assert demo.world.ask("POST", f"/users/{phone['id']}/ask", {})["status"] == 200, slug
        before = len(demo.world.user(phone["id"])["states"])
        assert demo.world.ask("POST", f"/users/{phone['id']}/finish")["status"] == 200
        if slug == META_PAGE:  # told by webhook
            user = phone["id"]
            until("it is told", lambda user=user: "chat.ended" in demo.program.types(user), [demo.web])
            continue
        state = demo.world.user(phone["id"], until_states=before + 1, timeout=20)["states"][-1]
        assert state["via"] == ("botrunner" if slug in (BOT, *AT_META) else "studio_ng")


def test_the_doctor_finds_nothing_to_mend_at_the_demos_shores(demo: SeveralBots) -> None:
    program = [sys.executable, "manage.py", "doctor", "--json"]
    told = subprocess.run(program, cwd=ROOT, env=demo.env, capture_output=True, text=True, timeout=60)
    found = [each for each in json.loads(told.stdout)["findings"] if each["group"] in ("Bots", "Salesforce orgs")]
    assert len(found) > 3 * len(NAMED)
    assert [each for each in found if each["level"] != "ok" and "no webhook" not in each["what"]] == []


def test_every_address_of_the_bots_is_in_the_cookbook() -> None:
    urls = (ROOT / "interconnections/http/urls.py").read_text()
    for address in re.findall(r"\"\^?(v1/[^\"]+)\"", urls):
        assert re.sub(r"[<(].*", "", address).rstrip("/") in COOKBOOK, address


def table(after: str) -> list[list[str]]:
    rows = COOKBOOK.split(after, 1)[1].split("\n\n", 3)
    lines = next(part for part in rows if part.startswith("|")).splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("row", table("## When it does not work"), ids=lambda row: f"{row[0]}-{row[1][:40]}")
def test_every_sentence_of_the_error_table_is_the_codes_own(row: list[str]) -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "interconnections").rglob("*.py"))
    for part in row[1].strip("`").split("…"):
        assert part.strip() in code or part.strip() in told_in_pieces(code), part


def told_in_pieces(code: str) -> str:
    """The code with its sentences put together where a constant begins them."""
    for start in ("FAILED + ", "{FAILED}"):
        code = code.replace(f'{start}"', '"could not create chat in salesforce : ')
        code = code.replace(start, "could not create chat in salesforce : ")
    return code


def test_every_label_of_the_cookbook_is_one_that_agents_read() -> None:
    labels = set(re.findall(r"`\[([^\]:]+)[:\]]", COOKBOOK))
    assert len(labels) > 8
    assert labels <= set(labels_in("es").values())


@pytest.mark.parametrize("name", ["bots.md", "platforms.md", "desks.md", "glossary.md"])
def test_every_file_that_a_paper_names_is_there(name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    for path in re.findall(r"`((?:\w+/)+(?:\w+\.py)?|errors\.py|directory\.py)`", text):
        assert (ROOT / path).exists() or (ROOT / "interconnections" / path).exists(), path


def test_the_readmes_words_are_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text()
    words = re.search(r"\| Word \| Meaning \|\n\|---\|---\|\n(.*?)\n\n", (ROOT / "README.md").read_text(), re.DOTALL)
    assert words
    for line in words[1].splitlines():
        for word in line.split("|")[1].strip().split(", "):
            assert f"| {word} |" in glossary, word
