"""Alert rules and dashboard: they name figures that are told, and their own tools agree with them."""

import itertools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from interconnections.http.metrics import Snapshot
from interconnections.platforms.graph import Do
from interconnections.platforms.whatsapp_cloud.outcomes import OUTCOMES
from interconnections.store.figures import Figures

ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
DASHBOARD = ROOT / "deploy/grafana/bridge.json"
NAME = re.compile(r"\bbridge_\w+")


def told() -> set[str]:
    """The names of everything that /metrics tells."""
    registry = CollectorRegistry()
    registry.register(Snapshot(Figures(0, {}, {}, 0, 0, 0, 0, {})))
    text = generate_latest(registry).decode()
    return set(re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE)) | set(
        re.findall(r"^(bridge_\w+)", text, re.MULTILINE)
    )


def panels() -> list[dict]:
    return [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]


def asked() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def promtool(*arguments: str) -> None:
    if not (tool := shutil.which("promtool")):
        if os.environ.get("REQUIRE_PROMTOOL") == "1":
            pytest.fail("no promtool here")
        pytest.skip("no promtool here: apt-get install prometheus")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", [ALERTS, DASHBOARD], ids=lambda file: file.name)
def test_every_figure_that_the_files_name_is_told(file: Path) -> None:
    assert set(NAME.findall(file.read_text())) - told() == set()


def test_every_figure_that_is_told_is_shown_or_watched() -> None:
    shown = " ".join([*asked(), ALERTS.read_text()])
    assert {name for name in told() if re.sub("_(sum|count)$", "", name) not in shown} == set()


def test_every_alert_has_its_entry_in_the_runbook_in_the_same_order() -> None:
    alerts = re.findall(r"- alert: (\w+)", ALERTS.read_text())
    entries = re.split(r"^## ", (ROOT / "docs/runbook.md").read_text(), flags=re.MULTILINE)[1:]
    assert [entry.partition("\n")[0] for entry in entries] == alerts
    for entry in entries:
        assert re.findall(r"^- \*\*(.+?)\*\*: \S", entry, re.MULTILINE) == ["Means", "Look at", "Do"], entry


def test_the_table_of_figures_names_what_is_told() -> None:
    """`What to watch` in docs/operations.md; figures that only the dashboard has are not in it."""
    page = (ROOT / "docs/operations.md").read_text()
    table = page.partition("## What to watch")[2].partition("\n## ")[0]
    assert set(NAME.findall(table)) - told() == set()
    watched = set(NAME.findall(ALERTS.read_text()))
    missing = {name for name in watched if re.sub("_(bucket|sum|count)$", "", name) not in table}
    assert missing == set()


def test_each_code_that_somebody_has_to_mend_is_watched_where_a_status_tells_it() -> None:
    [watched] = set(re.findall(r'bridge_messages_failed_total\{code=~"([^"]+)"', ALERTS.read_text()))
    for (code, subcode), outcome in OUTCOMES.items():
        if subcode is None:
            assert bool(re.fullmatch(watched, str(code))) is (outcome.do is Do.STOP), code


def test_no_sum_counts_a_figure_once_for_every_web_process() -> None:
    for expression in [*asked(), *re.findall(r"expr: (.*)", ALERTS.read_text())]:
        assert not re.search(r"\b(sum|count|avg)( by \([^)]*\))? ?\((?!max)", expression), expression


def test_counters_with_known_labels_begin_with_nothing() -> None:
    assert {"bridge_workers_lost_total", "bridge_dead_letters_made_total"} <= told()


def test_the_panels_have_what_grafana_asks_for_and_do_not_overlap() -> None:
    board = json.loads(DASHBOARD.read_text())
    assert {"uid", "title", "schemaVersion", "templating", "time"} <= set(board)
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = set(
            itertools.product(range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"]))
        )
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    for panel in panels():
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert panel["title"]
        assert [target["refId"] for target in panel["targets"]] == list("ABCDEF"[: len(panel["targets"])])


def test_prometheus_takes_the_rules() -> None:
    promtool("check", "rules", str(ALERTS))


def test_the_rules_fire_when_they_should_and_only_then() -> None:
    promtool("test", "rules", str(ROOT / "tests/monitoring/alerts.yml"))


def test_prometheus_understands_what_the_dashboard_asks(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": expression} for number, expression in enumerate(asked())]
    file = tmp_path / "rules.json"  # JSON is YAML, too
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", str(file))
