"""What comes with the bridge: two lists of requirements, licences that are listed, a version that is explained."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LISTS = ("requirements.txt", "requirements-tracing.txt")  # what runs, and what runs where traces are wanted


def named(file: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / file).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("--")]


@cache
def runtime(*lists: str) -> dict[str, Distribution]:
    """What these lists install, with all that they need."""
    found: dict[str, Distribution] = {}
    wanted = [one for file in lists or LISTS for one in named(file)]
    while wanted:
        one = wanted.pop()
        name = re.sub(r"[-_.]+", "-", one.name).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # of another system
        for text in found[name].requires or ():
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *one.extras)):
                wanted.append(need)
    return found


def licence(of: Distribution) -> str:
    """In the words of the package: its expression, else its classifiers, else its one line."""
    about = of.metadata
    classified = [
        line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")
    ]
    line = about.get("License") or ""
    return about.get("License-Expression") or "; ".join(classified) or line.splitlines()[0]


def test_the_licences_of_all_that_is_installed_are_listed() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (.+?) \|$", (ROOT / "docs/licences.md").read_text(), re.MULTILINE)
    listed = dict(rows)  # another Python needs a package more or less
    assert {name: licence(found) for name, found in runtime().items() if listed.get(name) != licence(found)} == {}


def locked(file: str) -> dict[str, str]:
    text = (ROOT / "deploy" / Path(file).with_suffix(".lock")).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\\n    --hash=sha256:", text, re.MULTILINE))


@pytest.mark.parametrize("file", LISTS)
def test_every_requirement_is_locked_with_its_hashes(file: str) -> None:
    """A lock is made anew when its list changes; its head says how."""
    found = locked(file)
    wanted = {re.sub(r"[-_.]+", "-", one.name).lower(): str(one.specifier) for one in named(file)}
    assert {name: f"=={found.get(name)}" for name in wanted} == wanted
    assert set(runtime(file)) - set(found) == set()


def test_locks_agree_where_both_name_a_package() -> None:
    first, second = (locked(file) for file in LISTS)
    assert {name: second[name] for name in first.keys() & second} == {
        name: first[name] for name in first.keys() & second
    }


def test_the_product_needs_only_what_runs_with_it() -> None:
    ours = {"bridgeproject", "interconnections"}
    tops = {
        name.partition(".")[0]
        for folder in ours
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    given = {
        file.parts[0].removesuffix(".py") for found in runtime().values() for file in found.files or () if file.parts
    }
    assert tops - ours - set(sys.stdlib_module_names) - given == set()


def test_no_requirement_is_named_twice() -> None:
    files = (*LISTS, "requirements-dev.txt", "requirements-files.txt")
    names = [requirement.name for file in files for requirement in named(file)]
    assert len(names) == len(set(names))


def test_the_version_has_its_entry_in_the_changelog_with_what_to_do() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+)\n(.*?)(?=^## |\Z)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE | re.DOTALL)
    assert newest
    assert newest[1] == version
    assert "**Must do**" in newest[2]
