"""deploy/ for systemd, containers and Kubernetes: it parses, fits its tools, and names what the code knows."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from cryptography.fernet import Fernet
from django.core.management import get_commands, load_command_class
from opentelemetry.sdk import environment_variables

from bridgeproject.secret_files import SECRETS
from simulator.stage import Stage

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MANIFESTS = [part for part in yaml.safe_load_all((DEPLOY / "kubernetes/bridge.yml").read_text()) if part]
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text())
KUBERNETES = "1.31"
EXPOSED_AT_MOST = 2.0  # of 10, by systemd-analyze security
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
README = (ROOT / "README.md").read_text()
SETTINGS = set(re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE)) | {f"{name}_FILE" for name in SECRETS}
ITS_OWN = {name for name in vars(environment_variables) if name.startswith("OTEL_")}  # read by OpenTelemetry itself


def containers() -> list[dict[str, Any]]:
    pods = [part["spec"]["template"]["spec"] for part in MANIFESTS if part["kind"] == "Deployment"]
    return [one for pod in pods for one in (*pod.get("initContainers", ()), *pod["containers"])]


def ours() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in COMPOSE["services"].items() if one["image"].startswith("bridge:")}


def commands() -> list[list[str]]:
    """Everything that is started with this code."""
    found = [shlex.split(re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE)[0]) for unit in UNITS]
    found += [one["command"] for one in (*ours().values(), *containers()) if "command" in one]
    built = re.findall(r"^CMD (\[.*\])$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    return [*found, *(yaml.safe_load(one) for one in built)]


@pytest.mark.parametrize("command", commands(), ids=lambda command: Path(command[0]).name + str(len(command)))
def test_what_is_started_is_known_to_the_code(command: list[str]) -> None:
    program, first, *rest = command
    if Path(program).name == "uvicorn":
        assert first == "bridgeproject.asgi:application"
        joined = " ".join(rest)
        assert " ".join(Stage.server_options) in joined
        assert "--timeout-graceful-shutdown 30" in joined
        assert "--ws interconnections.http.websocket_server:Sockets" in joined
        return
    assert (Path(program).name, first) == ("python", "manage.py")
    name, *options = rest
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    parser.parse_args(options)


def test_settings_that_are_given_are_settings() -> None:
    given = {name for one in ours().values() for name in one["environment"]}
    given |= {name for part in MANIFESTS if part["kind"] == "ConfigMap" for name in part["data"]}
    for unit in UNITS:
        for line in re.findall(r"^Environment=(.*)$", unit.read_text(), re.MULTILINE):
            given |= {pair.partition("=")[0] for pair in line.split()}
    assert given
    assert given - SETTINGS - ITS_OWN == set()


def test_images_have_the_version_of_the_code() -> None:
    images = {one["image"] for one in (*ours().values(), *containers())}
    assert images == {f"bridge:{VERSION}"}


def test_what_a_service_needs_is_there() -> None:
    for name, one in COMPOSE["services"].items():
        assert set(one.get("depends_on", {})) <= set(COMPOSE["services"]), name
        assert set(one.get("secrets", ())) <= set(COMPOSE["secrets"]), name
        for volume in one.get("volumes", ()):
            place = volume.partition(":")[0]
            assert (DEPLOY / place).exists() if place.startswith(".") else place in COMPOSE["volumes"], place
    assert {"web", "worker-1", "worker-2", "valkey", "postgres", "prometheus", "grafana"} <= set(COMPOSE["services"])


def test_what_the_image_takes_is_in_the_repository() -> None:
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE):
        assert [name for name in line.split() if not (ROOT / name).exists()] == []


def test_the_containerfile_has_no_known_mistake() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "hadolint", DEPLOY / "Containerfile"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_compose_file_is_as_its_specification_says() -> None:
    from check_jsonschema import main  # for seconds, as below

    done = CliRunner().invoke(main, ["--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yml")])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda part: f"{part['kind']}-{part['metadata']['name']}")
def test_kubernetes_takes_the_manifest(manifest: dict[str, Any]) -> None:
    import kubernetes_validate  # for seconds: whoever only collects tests need not wait

    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_every_pod_has_probes_bounds_and_a_budget() -> None:
    budgets = [part["spec"]["selector"] for part in MANIFESTS if part["kind"] == "PodDisruptionBudget"]
    for part in MANIFESTS:
        if part["kind"] != "Deployment":
            continue
        assert part["spec"]["selector"] in budgets
        for one in part["spec"]["template"]["spec"]["containers"]:
            assert {"livenessProbe", "readinessProbe", "startupProbe"} <= set(one)
            assert "memory" in one["resources"]["limits"]
            assert one["securityContext"]["readOnlyRootFilesystem"]
    for one in containers():
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            path = one.get(probe, {}).get("httpGet", {}).get("path", "/healthz")
            assert path.partition("?")[0] in ("/healthz", "/readyz")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_the_unit_and_finds_it_hardened(unit: Path, tmp_path: Path) -> None:
    if not (tool := shutil.which("systemd-analyze")):
        if os.environ.get("REQUIRE_SYSTEMD") == "1":
            pytest.fail("no systemd-analyze here")
        pytest.skip("no systemd-analyze here: apt-get install systemd")
    here = tmp_path / unit.name
    text = re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", unit.read_text(), flags=re.MULTILINE)
    here.write_text(text)  # what it starts is not installed on this machine
    verified = subprocess.run([tool, "verify", "--man=no", here], capture_output=True, text=True, timeout=60)
    assert (verified.returncode, verified.stderr) == (0, "")
    scored = subprocess.run(
        [tool, "security", "--offline=yes", "--no-pager", here], capture_output=True, text=True, timeout=60
    )
    score = re.search(r"Overall exposure level for \S+ ([0-9.]+)", scored.stdout)
    assert score, scored.stdout[-300:] + scored.stderr
    assert float(score[1]) <= EXPOSED_AT_MOST


def test_manage_runs_with_the_settings_and_secrets_of_the_units(tmp_path: Path) -> None:
    etc, home, secrets = tmp_path / "etc", tmp_path / "home", tmp_path / "etc/secrets"
    secrets.mkdir(parents=True)
    (home / ".venv/bin").mkdir(parents=True)
    python = home / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (home / "manage.py").symlink_to(ROOT / "manage.py")
    (etc / "bridge.env").write_text("PUBLIC_URL=https://bridge.example.net\nTIME_ZONE='America/Mexico_City'\n")
    for name in re.findall(r"^LoadCredential=([a-z-]+):", UNITS[0].read_text(), re.MULTILINE):
        stands = {"redis-url": "redis://:hush@10.0.0.5/3", "database-url": "sqlite://:memory:"}
        (secrets / name).write_text(stands.get(name, Fernet.generate_key().decode()) + "\n")
    asked = "from django.conf import settings as s; print(s.PUBLIC_URL, s.TIME_ZONE, s.REDIS_URL)"
    told = subprocess.run(
        [DEPLOY / "systemd/bridge-manage", "shell", "-c", asked],
        env={"PATH": os.environ["PATH"], "BRIDGE_ETC": str(etc), "BRIDGE_HOME": str(home)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "https://bridge.example.net America/Mexico_City redis://:hush@10.0.0.5/3" in told.stdout, told.stderr


def test_prometheus_and_grafana_find_what_they_are_given() -> None:
    prometheus = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())
    assert all((DEPLOY / "prometheus" / name).exists() for name in prometheus["rule_files"])
    [scraped] = prometheus["scrape_configs"][0]["static_configs"][0]["targets"]
    assert scraped.partition(":")[0] in COMPOSE["services"]
    for file in (DEPLOY / "grafana/provisioning").rglob("*.yml"):
        assert yaml.safe_load(file.read_text())["apiVersion"] == 1
