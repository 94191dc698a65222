"""The collector of traces in compose.yml: off unless it is wanted, and its configuration whole in itself."""

import re
from pathlib import Path

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
TEXT = (DEPLOY / "collector/collector.yml").read_text()
RULES = yaml.safe_load(TEXT)
PIPELINE = RULES["service"]["pipelines"]["traces"]


def test_nobody_has_it_who_does_not_ask_for_it() -> None:
    assert COMPOSE["collector"]["profiles"] == ["traces"]
    assert [name for name, one in COMPOSE.items() if "collector" in one.get("depends_on", {})] == []
    assert {COMPOSE[name]["environment"]["TRACES"] for name in ("web", "worker-1", "worker-2")} == {"${TRACES:-0}"}


def test_web_and_workers_speak_to_where_it_listens() -> None:
    port = RULES["receivers"]["otlp"]["protocols"]["http"]["endpoint"].rpartition(":")[2]
    for name in ("web", "worker-1", "worker-2"):
        assert COMPOSE[name]["environment"]["OTEL_EXPORTER_OTLP_ENDPOINT"] == f"http://collector:{port}"


def test_the_pipeline_has_what_is_defined_and_nothing_else() -> None:
    assert list(RULES["service"]["pipelines"]) == ["traces"]
    for part in ("receivers", "processors", "exporters"):
        assert sorted(RULES[part]) == sorted(PIPELINE[part]), part
    assert PIPELINE["processors"][0] == "memory_limiter"  # refuses before anything is held
    assert PIPELINE["processors"][-1] == "batch"


def test_its_memory_is_bounded_below_what_it_is_given() -> None:
    given = int(COMPOSE["collector"]["mem_limit"].removesuffix("m"))
    assert RULES["processors"]["memory_limiter"]["limit_mib"] < given


def test_what_it_reads_of_its_environment_is_given() -> None:
    assert set(re.findall(r"\$\{env:(\w+)\}", TEXT)) == set(COMPOSE["collector"]["environment"])


def test_its_file_lies_where_it_looks() -> None:
    [option], [volume] = COMPOSE["collector"]["command"], COMPOSE["collector"]["volumes"]
    here, there, _ = volume.split(":")
    assert (DEPLOY / here / Path(option.partition("=")[2]).relative_to(there)).read_text() == TEXT
