"""The pages as files: those that are there, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from yarl import URL

from simulator.pages.files import HERE, PAGES


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_served_whole(sim, path):
    async with sim.http.get(sim.url + path) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        text = await answer.text()
    parts = re.findall(r'(?:src|href)="(pages/[^"]+)"', text)
    assert parts
    for part in parts:
        assert (await sim.ask("GET", f"/{part}")).status == 200, part


@pytest.mark.parametrize("path", ["/nowhere", "/pages/nothing.js", "/pages/", "/desk/", "/media/none"])
async def test_a_page_that_is_not_there_is_404(sim, path):
    assert (await sim.ask("GET", path)).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/pages/../files.py",
        "/pages/%2e%2e/files.py",
        "/pages/%2e%2e%2ffiles.py",
        "/pages/..%2f..%2f__main__.py",
        "/pages/%2fetc%2fpasswd",
        "/pages/..%5cfiles.py",
        "/media/..%2f..%2fetc%2fpasswd",
    ],
)
async def test_no_path_leads_out(sim, path):
    async with sim.http.get(URL(sim.url + path, encoded=True)) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("file", sorted(HERE.iterdir()), ids=lambda path: path.name)
def test_a_page_needs_nothing_from_elsewhere_and_writes_no_markup(file: Path):
    text = file.read_text()
    assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
    assert not re.search(r"\s(?:style|on[a-z]+)=\"", text) or file.suffix == ".svg"
    assert len(text.splitlines()) < 200
    if file.suffix in (".js", ".css"):
        assert text.startswith("/*"), "its first line says what it is"


async def test_looking_at_pages_is_no_refusal_of_the_platform(sim):
    for path in PAGES:
        await sim.ask("GET", path)
    assert (await sim.do("GET", "/ledger"))["refusals"]["platform"] == []
