"""Secrets are named in a document, never written: `{env: NAME}`, or `{file: path}` beside the document."""

import re
from collections.abc import Callable
from pathlib import Path

import yaml

from interconnections.configuration.document import Document
from interconnections.secret import Secret


class References:
    """Reads what references name; with `keep`, none is read and every secret stays as it is stored."""

    def __init__(self, variable: Callable[[str], str | None], directory: Path, *, keep: bool = False) -> None:
        self._variable = variable
        self._directory = directory
        self._keep = keep

    def read(self, document: Document, node: yaml.Node) -> Secret | None:
        """The secret; None where the stored one stays, or a mistake was noted."""
        if isinstance(node, yaml.ScalarNode) and not node.value:
            return Secret("")  # "" empties it
        if not isinstance(node, yaml.MappingNode):
            document.wrong(node, "A secret is named, not written: {env: NAME} or {file: path}.")
            return None
        parts = document.parts(node, "A secret")
        if len(parts) != 1 or not parts.keys() <= {"env", "file"}:
            document.wrong(node, "A secret is named by {env: NAME} or by {file: path}.")
            return None
        [(kind, named)] = parts.items()
        if not isinstance(named, yaml.ScalarNode) or not named.value:
            document.wrong(node, f"{kind} names nothing.")
            return None
        if self._keep:
            return None
        text = self._of_variable(named.value) if kind == "env" else self._of_file(named.value)
        if text is None:
            what = "The environment has no" if kind == "env" else "There is no file that can be read as"
            document.wrong(node, f"{what} {named.value}, or it is empty.")
            return None
        return Secret(text)

    def _of_variable(self, name: str) -> str | None:
        return (self._variable(name) or "").strip() or None

    def _of_file(self, name: str) -> str | None:
        try:
            return (self._directory / name).read_text(encoding="utf-8").replace("\r\n", "\n").strip() or None
        except (OSError, ValueError):
            return None


class Names:
    """Names of variables for an export, no two alike."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def variable(self, *parts: str) -> str:
        name = re.sub(r"[^A-Z0-9]+", "_", "_".join(parts).upper()).strip("_")
        free, number = name, 1
        while free in self._given:
            number += 1
            free = f"{name}_{number}"
        self._given.add(free)
        return free
