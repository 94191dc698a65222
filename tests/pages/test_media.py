"""Files that people send: how large, of which kind, and how they are served."""

from __future__ import annotations

import pytest

from simulator.pages.media import MAX_BYTES
from simulator.shelf import Medium, Shelf

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


async def upload(sim, content=PNG, kind="image/png", query="name=foto.png"):
    return await sim.ask("POST", f"/sim/media?{query}", data=content, headers={"Content-Type": kind})


async def test_an_upload_is_served_as_it_came(sim):
    taken = (await upload(sim)).json
    assert (taken["kind"], taken["name"], taken["mimeType"], taken["size"]) == ("image", "foto.png", "image/png", 58)
    assert taken["url"] == f"{sim.url}/media/{taken['id']}"
    async with sim.http.get(taken["url"]) as answer:
        assert await answer.read() == PNG
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/pdf", "application/javascript"])
async def test_what_could_run_is_only_downloaded(sim, kind):
    taken = (await upload(sim, b"<script>1</script>", kind)).json
    async with sim.http.get(taken["url"]) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("mime", "query", "kind"),
    [
        ("audio/ogg", "name=a", "audio"),
        ("audio/ogg", "name=a&kind=voice", "voice"),
        ("video/mp4", "name=a", "video"),
        ("application/pdf", "name=a", "document"),
        ("image/png", "name=a&kind=document", "document"),
    ],
)
async def test_the_kind_is_the_types_unless_it_is_said(sim, mime, query, kind):
    assert (await upload(sim, PNG, mime, query)).json["kind"] == kind


async def test_five_megabytes_are_taken_and_a_byte_more_is_not(sim):
    assert (await upload(sim, bytes(MAX_BYTES))).status == 200
    answer = await upload(sim, bytes(MAX_BYTES + 1))
    assert (answer.status, answer.json["error"]) == (413, "A file may have 5 MB.")


async def test_a_length_that_is_not_said_is_counted(sim):
    async def chunks():
        for _ in range(6):
            yield bytes(1024 * 1024)

    assert (await upload(sim, chunks())).status == 413


@pytest.mark.parametrize(
    ("content", "mime", "query", "status"),
    [
        (b"", "image/png", "name=a", 400),
        (PNG, "image/png", "name=a&kind=hologram", 400),
        (PNG, "text/plain", "name=a&kind=image", 415),
        (PNG, "image/png", "nome=a", 400),
    ],
)
async def test_nonsense_is_refused_with_a_sentence(sim, content, mime, query, status):
    answer = await upload(sim, content, mime, query)
    assert answer.status == status
    assert answer.json["error"].endswith(".")


def test_the_oldest_make_room():
    shelf = Shelf()
    for number in range(14):
        shelf.put(Medium(str(number), "image", "a", "image/png", bytes(MAX_BYTES), "u"))
    assert shelf.get("0") is None
    assert shelf.get("13") is not None
