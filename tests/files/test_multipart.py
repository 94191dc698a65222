"""A form as the sheets write it, byte for byte and as long as it says."""

import io

from interconnections.multipart import PIECE, Form, Part

SHEET = (  # salesforce-data-api.md section 6
    b'--b\r\nContent-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json\r\n\r\n{}\r\n'
    b'--b\r\nContent-Disposition: form-data; name="VersionData"; filename="foto.jpg"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n<bytes>\r\n--b--\r\n"
)


async def told(form: Form) -> bytes:
    return b"".join([piece async for piece in form])


async def test_a_form_is_written_as_the_sheet_has_it():
    parts = [
        Part("entity_content", "application/json", b"{}"),
        Part("VersionData", "application/octet-stream", io.BytesIO(b"<bytes>"), "foto.jpg"),
    ]
    form = Form(parts, boundary="b")
    assert await told(form) == SHEET
    assert form.size == len(SHEET)


async def test_it_can_be_told_again_and_its_size_is_true():
    form = Form([Part("file", "image/png", io.BytesIO(bytes(PIECE * 2 + 1)), "niño.png")])
    assert len(await told(form)) == len(await told(form)) == form.size


async def test_a_name_cannot_end_the_header():
    form = Form([Part("file", "image/png", b"x", 'a"; x="\r\nEvil: 1\r\n\r\n.png')], boundary="b")
    assert (await told(form)).count(b"\r\n\r\n") == 1
    assert b'filename="a%22; x=%22%0D%0AEvil: 1%0D%0A%0D%0A.png"' in await told(form)
