"""The orgs that the simulator configures are ones that an operator could save."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from interconnections.desks import DESKS
from interconnections.models import SalesforceOrg
from simulator.configuration import enhanced_org, org
from simulator.verification import Verification

URL = "http://127.0.0.1:8123"
ROWS = {
    "live agent": org(URL),
    "enhanced chat": enhanced_org(URL),
    "enhanced chat, verified": enhanced_org(URL, **Verification().fields()),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_simulated_org_has_no_field_that_is_refused(row: dict[str, Any]) -> None:
    one = SalesforceOrg(**row["fields"])
    one.clean_fields()
    try:
        one.clean()
    except ValidationError as wrong:
        assert set(wrong.message_dict) == {"chat_api"}  # refused as long as no desk of that name is there
        assert one.chat_api not in DESKS
