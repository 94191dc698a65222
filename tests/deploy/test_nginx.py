"""deploy/nginx before a real web process: people log in, platforms get through, and nothing writes a token down."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import uvicorn
from websockets.sync.client import connect
from websockets.typing import Origin

from simulator.certificates import Certificates, made
from simulator.processes import Process, until
from simulator.stage import BOT, LOGIN, Stage

ROOT = Path(__file__).resolve().parents[2]
HOST = "bridge.example.net"
MAIN = """\
daemon off; pid {here}/pid; error_log {here}/errors; worker_processes 1;
events {{}}
http {{
    client_body_temp_path {here}/body; proxy_temp_path {here}/proxy; fastcgi_temp_path {here}/f;
    uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
    access_log {here}/access;
    include {here}/bridge.conf;
}}
"""


def nginx() -> str:
    if tool := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        return tool
    if os.environ.get("REQUIRE_NGINX") == "1":
        pytest.fail("no nginx here")
    pytest.skip("no nginx here: apt-get install nginx-light")


@dataclass
class Front:
    """The proxy, and the stage behind it."""

    stage: Stage
    port: int
    here: Path
    certificates: Certificates

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        """As somebody who knows it as HOST."""
        headers = {"Host": HOST, "Origin": f"https://{HOST}", "Referer": f"https://{HOST}/"}
        return requests.request(
            method, f"https://127.0.0.1:{self.port}{path}", headers=headers, allow_redirects=False, timeout=60,
            verify=str(self.certificates.authority), **more,
        )  # fmt: skip


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    tool, here = nginx(), tmp_path_factory.mktemp("nginx")
    here.chmod(0o755)
    settings = {"PUBLIC_URL": f"https://{HOST}", "ALLOWED_HOSTS": f"{HOST},127.0.0.1", "TRUSTED_PROXIES": "127.0.0.1"}
    with Stage(workers=1, environment=settings) as stage:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        certificates = made(here)
        text = (ROOT / "deploy/nginx/bridge.conf").read_text()
        for was, now in (
            ("127.0.0.1:8000", stage.url.removeprefix("http://")),
            ("listen 443", f"listen 127.0.0.1:{port}"),
            ("/etc/ssl/certs/bridge.pem", str(certificates.certificate)),
            ("/etc/ssl/private/bridge.key", str(certificates.key)),
            ("/var/log/nginx/bridge.log", f"{here}/bridge.log"),
        ):
            assert was in text
            text = text.replace(was, now)
        (here / "bridge.conf").write_text(text)
        (here / "nginx.conf").write_text(MAIN.format(here=here))
        command = [tool, "-c", str(here / "nginx.conf"), "-p", str(here)]
        assert subprocess.run([*command, "-t"], capture_output=True, timeout=30).returncode == 0
        proxy = Process("nginx", command, {"PATH": os.environ["PATH"]}, here / "out")
        found = Front(stage, port, here, certificates)
        until("nginx listens", lambda: listens(port), [proxy])
        yield found
        assert proxy.stop() == 0


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def logged_in(front: Front) -> str:
    """The cookie of a supervisor, who typed the password."""
    page = front.ask("GET", "/admin/login/")
    [token] = re.findall(r'csrfmiddlewaretoken" value="([^"]+)', page.text)
    form = {"csrfmiddlewaretoken": token, "username": LOGIN[0], "password": LOGIN[1], "next": "/admin/"}
    answer = front.ask("POST", "/admin/login/", data=form, cookies=page.cookies.get_dict())
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/admin/")
    return f"sessionid={answer.cookies['sessionid']}"


def test_a_supervisor_logs_in_and_the_board_tells_of_changes(front: Front) -> None:
    context = ssl.create_default_context(cafile=str(front.certificates.authority))
    with connect(
        f"wss://{HOST}/ws/board/", sock=socket.create_connection(("127.0.0.1", front.port), timeout=30),
        ssl=context, server_hostname="127.0.0.1", origin=Origin(f"https://{HOST}"),
        additional_headers={"Cookie": logged_in(front)},
    ) as board:  # fmt: skip
        assert board.recv(timeout=30)


def test_a_platforms_webhook_gets_through_and_its_token_is_written_nowhere(front: Front) -> None:
    secret = front.stage.webhook_secret
    told = front.ask("POST", f"/v1/integrations/whatsapp/webhook?bot={BOT}&token={secret}", data="null")
    wrong = front.ask("POST", f"/v1/integrations/whatsapp/webhook?bot={BOT}&token=wrong{secret}", json={})
    large = front.ask("POST", f"/v1/bots/{BOT}/webhook?token={secret}", data=b"x" * 3_500_000)
    assert (told.status_code, wrong.status_code, large.status_code) == (200, 403, 413)
    written = "".join(file.read_text() for file in front.here.iterdir() if file.is_file() and file.suffix != ".key")
    assert secret not in written + front.stage.web.log.read_text()


def test_figures_are_not_for_those_outside(front: Front) -> None:
    assert front.ask("GET", "/metrics").status_code == 404
    assert front.ask("GET", "/healthz").status_code == 200


def test_nginx_lets_an_idle_connection_go_before_the_web_process_does() -> None:
    [told] = re.findall(r"keepalive_timeout (\d+)s;", (ROOT / "deploy/nginx/bridge.conf").read_text())
    assert int(told) < uvicorn.Config("nothing").timeout_keep_alive
