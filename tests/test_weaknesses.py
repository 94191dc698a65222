"""Every weakness of the old service is accounted for, and the tests that the table names are there."""

import ast
from functools import lru_cache
from pathlib import Path

import pytest

from tests.weaknesses import COVERED, ELSEWHERE

HERE = Path(__file__).parent


@lru_cache
def names(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_of_the_58_is_covered_or_there_is_a_reason() -> None:
    listed = [*COVERED, *ELSEWHERE]
    assert sorted(listed, key=lambda name: int(name[1:])) == [f"W{number}" for number in range(1, 59)]


@pytest.mark.parametrize("weakness", COVERED)
def test_what_covers_it_exists(weakness: str) -> None:
    assert COVERED[weakness]
    for test in COVERED[weakness]:
        file, _, name = test.partition("::")
        assert (HERE / file).exists(), file
        assert name.partition("[")[0] in names(HERE / file), test
