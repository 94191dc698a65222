"""The five groups of the console have the rights that docs/roles.md says, no more and no less."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission

ROLES = ("Viewers", "Supervisors", "Operators", "Administrators", "Auditors")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def as_documented():
    """{role: the permissions that the page's table gives it}"""
    granted = {role: set() for role in ROLES}
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == len(ROLES) + 2 and "`" in cells[0]:
            for role, word in zip(ROLES, cells[2:], strict=True):
                granted[role] |= set(re.findall(r"`(\w+)`", cells[0])) if word else set()
    return granted


@pytest.mark.parametrize("role", ROLES)
def test_a_group_has_the_rights_that_the_documentation_says(role, db):
    of_the_group = Group.objects.get(name=role).permissions.values_list("codename", flat=True)
    assert set(of_the_group) == as_documented()[role]


def test_every_right_of_the_console_is_documented(db):
    ours = Permission.objects.filter(content_type__app_label="interconnections").exclude(
        content_type__model="botaccess"  # given on a user's page, by who may change users
    )
    assert set(ours.values_list("codename", flat=True)) - {"use_api"} == {
        name for name in as_documented()["Administrators"] if not name.endswith(("_user", "_group"))
    } | {"block_user", "forget_user", "export_user"}
