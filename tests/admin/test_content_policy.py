"""Each page says that it needs nothing but what we serve, and holds no script or style itself."""

import re

import pytest

from tests.admin.test_matrix import MATRIX, URL

NO_PAGES = {"interconnection/{}/delete/", "interconnection/add/", "board/figures/"}  # refused to all, or JSON
PAGES = [path for method, path, _ in MATRIX if method == "GET" and path not in NO_PAGES]
INLINE = re.compile(r"<script(?![^>]* src=)(?![^>]*application/json)|<style|\sstyle=|\son\w+=|javascript:")


@pytest.mark.parametrize("path", [*PAGES, "interconnection/{}/end/", "bot/add/", "salesforceorg/add/", "/admin/?all"])
def test_a_page_holds_no_script_or_style_itself(path, chief, tell):
    address = path if path.startswith("/") else URL + path
    answer = chief.get(address.format(tell()))
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert INLINE.findall(answer.content.decode()) == []


def test_the_log_in_says_so_too(client, db):
    assert "default-src 'self'" in client.get("/admin/login/").headers["Content-Security-Policy"]
