"""The benchmark's table: paired ratios, and nothing where there is nothing to compare."""

import json
from xml.etree import ElementTree

from benchmarks.flow import Road, marked, number_of
from benchmarks.plot import lines, picture
from benchmarks.report import as_json, figures, table
from benchmarks.run import Findings, Options, Phase


def phase(who: str, worker: float) -> Phase:
    name = "worker" if who == "bridge" else "floor"
    return Phase("agent to user", who, 1000, 10.0, {name: worker, "redis": 0.1}, (1.0, 2.0, 3.0))


def row(found: Findings, figure: str) -> dict[str, object]:
    return next(row for row in figures(found) if (row["phase"], row["figure"]) == ("agent to user", figure))


def test_ratios_are_medians_of_neighbours_not_of_all() -> None:
    found = Findings(Options(10, 100, 1, 3, 1), before={"worker": 0, "web": 0, "redis": 0})
    found.after = found.before
    for bridge, floor in ((2.0, 1.0), (8.0, 4.0), (3.0, 1.0)):  # the second round had a noisy neighbour
        found.phases += [phase("bridge", bridge), phase("floor", floor)]
    cpu = row(found, "CPU s/1000, worker")
    assert (cpu["bridge"], cpu["floor"], cpu["ratio"]) == (3.0, 1.0, 2.0)
    shown = table({"Live Agent": figures(found), "Enhanced Chat": figures(found)})
    assert "user to agent" not in shown  # it was not played
    assert (
        next(line.split() for line in shown.splitlines() if "CPU s/1000, worker" in line)[-6:] == ["3", "1", "2"] * 2
    )


def test_only_marked_texts_are_counted_each_once_and_in_order() -> None:
    road = Road()
    for number in (1, 2, 3):
        road.leaves(number)
    assert [number_of(text) for text in (marked(1), "Hola soy Ana y necesito ayuda")] == [1, None]
    for number in (2, 1, 1, 3):
        road.arrives("ana", number)
    assert (len(road.arrived), road.out_of_order, road.repeated) == (3, 1, 1)
    assert len(road.latencies) == 3


def test_what_grows_is_drawn_by_the_number_of_sessions() -> None:
    runs = []
    for sessions, cost in ((1000, 1.5), (500, 2.0)):
        found = Findings(Options(sessions, 100, 1, 1, 1), before={"worker": 0, "web": 0, "redis": 0})
        found.after = found.before
        found.phases += [phase("bridge", cost), phase("floor", 0.5)]
        runs.append(json.loads(as_json({"live_agent": found}, [])))
    drawn = lines(runs, "live_agent", "agent to user", "CPU s/1000, worker")
    assert [(line.who, line.points) for line in drawn] == [
        ("bridge", [(500, 2.0), (1000, 1.5)]),
        ("floor", [(500, 0.5), (1000, 0.5)]),
    ]
    shown = ElementTree.fromstring(picture(runs, "live_agent"))
    assert {"500", "1,000", "bridge", "floor"} <= {
        text.text for text in shown.iter("{http://www.w3.org/2000/svg}text")
    }
