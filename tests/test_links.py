"""Papers that point somewhere: what they link to is there, and so is every file that they name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAPERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
# A path that is named from the top or from the product's folder, with a folder in front.
FOLDERS = (
    "interconnections|tests|simulator|benchmarks|deploy|docs|bridge|http|store|worker|desks|platforms|models|admin"
)
each_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)


@each_paper
def test_every_link_leads_to_a_file(paper: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:)([^)#]+)(?:#[^)]*)?\)", paper.read_text())
    assert [link for link in links if not (paper.parent / link).exists()] == []


@each_paper
def test_every_file_that_is_named_is_there(paper: Path) -> None:
    named = re.findall(rf"`((?:{FOLDERS})/[\w/@.-]+\.\w+)`", paper.read_text())
    assert [
        name for name in named if not any((top / name).exists() for top in (ROOT, ROOT / "interconnections"))
    ] == []
