"""What axe-core finds on a page that is open: rules of accessibility that it breaks."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from tests.pages.page import Page

GRAVE = {"serious", "critical"}
ASKED = {"resultTypes": ["violations"]}
# DevTools runs it beside the page's own scripts, so that the page's Content-Security-Policy stays as it is.
SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text()


def broken(page: Page) -> list[str]:
    """A line for each thing that breaks a serious or critical rule: the rule, where, what is wrong with it."""
    if not page.run("typeof axe === 'object'"):
        page.run(f"{SOURCE};0")
    page.run("document.getAnimations().forEach((each) => each.finish())")  # colours that are still on their way
    found = page.run(f"axe.run(document, {json.dumps(ASKED)}).then((told) => told.violations)")
    grave = [rule for rule in found if rule["impact"] in GRAVE]
    return [_line(rule, node) for rule in grave for node in rule["nodes"]]


def _line(rule: dict[str, Any], node: dict[str, Any]) -> str:
    why = " ".join(node["failureSummary"].split())
    return f"{rule['id']} ({rule['impact']}) {node['target']}: {why}"
