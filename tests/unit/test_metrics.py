"""What monitoring reads of a moment's figures."""

import re
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from interconnections.http.metrics import TALLIED, TOTALS, Snapshot
from interconnections.store.figures import Figures
from interconnections.tally import Tally


def shown(totals=None, **more) -> str:
    figures = Figures(2, {"Active": 3}, {"w1": 2}, 0, 0, 1, 2, totals or {}, **more)
    registry = CollectorRegistry()
    registry.register(Snapshot(figures))
    return generate_latest(registry).decode()


def test_a_relayed_message_stands_in_its_bucket_and_all_above():
    tally = Tally()
    tally.relayed("to user", 0.02, "2026-11-29", "tienda")
    tally.relayed("to user", 70, "2026-11-29", "tienda")
    text = shown(tally.taken())
    assert 'bridge_relay_seconds_bucket{direction="to user",le="0.01"} 0.0' in text
    assert 'bridge_relay_seconds_bucket{direction="to user",le="0.025"} 1.0' in text
    assert 'bridge_relay_seconds_bucket{direction="to user",le="60.0"} 1.0' in text
    assert 'bridge_relay_seconds_bucket{direction="to user",le="+Inf"} 2.0' in text
    assert 'bridge_relay_seconds_sum{direction="to user"} 70.02' in text


def test_errors_are_told_by_shore_and_code_and_oddities_by_name():
    text = shown({"errors:live agent:503": 4, "tolerated:poll refused": 1, "mended:its owner is gone": 2})
    assert 'bridge_shore_errors_total{code="503",shore="live agent"} 4.0' in text
    assert 'bridge_tolerated_total{oddity="poll refused"} 1.0' in text
    assert 'bridge_mended_total{cause="its owner is gone"} 2.0' in text


def test_a_workers_own_word_stands_under_its_name():
    text = shown(reports={"w1": {"polls": 2, "oldest poll": 0.4, "at risk": 0}}, depth={"salesforce": 5})
    assert 'bridge_poll_age_ratio_max{worker="w1"} 0.4' in text
    assert 'bridge_polls_open{worker="w1"} 2.0' in text
    assert 'bridge_lane_depth{lane="salesforce"} 5.0' in text


def test_what_could_not_be_told_is_told_the_next_time():
    tally = Tally()
    tally.count("tolerated:x", 2)
    lost = tally.taken()
    tally.count("tolerated:x")
    tally.give_back(lost)
    assert tally.taken() == {"tolerated:x": 3}


def test_how_streams_and_tokens_fare_is_told():
    text = shown(
        {"streams lost:silence": 2, "gaps filled": 1, "events seen before": 7, "tokens renewed": 3, "store faults": 1}
    )
    assert 'bridge_streams_lost_total{why="silence"} 2.0' in text
    assert 'bridge_streams_lost_total{why="broken"} 0.0' in text
    assert "bridge_gaps_filled_total 1.0" in text
    assert "bridge_events_seen_before_total 7.0" in text
    assert "bridge_tokens_renewed_total 3.0" in text
    assert "bridge_verification_failed_total 0.0" in text
    assert "bridge_store_faults_total 1.0" in text


PRODUCT = Path(__file__).parents[2] / "interconnections"
COUNTED = re.compile(r"""(?:\bcount\(|\bcounted=)f?["']([a-z][a-z -]+)""")


def test_whatever_is_counted_has_a_name_in_metrics():
    files = [*PRODUCT.rglob("*.py"), *PRODUCT.rglob("*.lua")]
    counted = {name for file in files for name in COUNTED.findall(file.read_text())}
    assert {"streams lost", "tokens renewed", "stored", "switches"} <= counted
    assert counted - {*TOTALS, *TALLIED} == set()
