"""The house keeps its shape: the arrows go one way, the doors stay where they are, Any does not grow."""

import ast
import re
from functools import cache
from pathlib import Path

from interconnections.desks import DESKS
from interconnections.platforms import PLATFORMS, STATE_APIS

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ROOT / "interconnections"

# What each room may import of the others; what is not listed may be imported by all (errors, items, …).
DOORS = {"http", "worker", "admin", "management", "doctor", "consumers", "apps"}
SHORES = {"desks", "platforms", "files", "wire", "http11", "transport"}
NOT_FOR = {
    **{door: {"platforms"} for door in DOORS},  # a door asks the bridge, or the directory
    "store": DOORS | SHORES | {"bridge", "directory", "bells"},
    "desks": DOORS | {"platforms", "files", "bridge", "store", "directory", "bells", "models", "items"},
    "platforms": DOORS | {"desks", "files", "bridge", "store", "directory", "bells", "models"},
    "configuration": DOORS | SHORES | {"bridge", "store", "directory", "bells"},
    "files": DOORS | {"desks", "platforms", "bridge", "store", "directory", "bells", "models", "items"},
    "bridge": DOORS | {"models"},
    "models": DOORS | {"bridge", "directory"},
    "traces": DOORS | (SHORES - {"wire"}) | {"bridge", "store", "directory", "bells", "models", "items"},
    "board": DOORS | SHORES | {"bridge", "models", "directory", "bells"},
    "lifecycle": DOORS | SHORES | {"bridge", "store", "models", "directory", "bells", "items"},
}
# Which outside packages live in which rooms only.
ONLY_IN = {
    "redis": {"store"},
    "aiohttp": {"wire", "files"},
    "aiohappyeyeballs": {"http11"},
    "httptools": {"http11"},
    "opentelemetry": {"traces"},
    "requests": set(),
    "django_redis": {"store"},
    "channels_redis": set(),
}


@cache
def sources(*folders: str) -> tuple[Path, ...]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    return tuple(sorted(found))


@cache
def text(path: Path) -> str:
    return path.read_text()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    return path.relative_to(PRODUCT).parts[0].removesuffix(".py")


def astray(path: Path, *wrong: str) -> list[str]:
    """A line for each.  One test looks at all files: a test for each cost more than the look."""
    return [f"{path.relative_to(ROOT)}: {name}" for name in sorted(wrong)]


def test_arrows_go_one_way() -> None:
    wrong = []
    for path in sources("interconnections"):
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "interconnections" and len(parts) > 1 and parts[1] in NOT_FOR.get(room(path), set()):
                wrong += astray(path, name)
            if room(path) not in ONLY_IN.get(parts[0], {room(path)}):
                wrong += astray(path, name)
    assert not wrong, "\n".join(wrong)


REGISTRY = PRODUCT / "platforms/__init__.py"
# Where users write from: the contract's words, read at the doors and stored with a bot; one is a platform's name too.
PROVIDERS = {"whatsapp", "messenger"}
ALSO_WORDS = {"webhook"}  # a state API's name, and the word of what every platform calls
NAME_PROVIDERS = {"providers.py", "models/bots.py", "http/urls.py"}


def test_no_platform_is_named_outside_its_own_folder_and_its_line() -> None:
    wrong = []
    for path in sources("interconnections"):
        where = path.relative_to(PRODUCT)
        for name in {*PLATFORMS, *STATE_APIS}:
            home = PRODUCT / "platforms" / name
            if path == REGISTRY or path == home.with_suffix(".py") or home in path.parents:
                continue
            wrong += astray(path, *imported(path, f"interconnections.platforms.{name}"))
            wrong += astray(path, *({name} & literals(path) - PROVIDERS - ALSO_WORDS))
        if where.parts[0] != "platforms" and str(where) not in NAME_PROVIDERS:
            wrong += astray(path, *(PROVIDERS & literals(path)))
    assert not wrong, "\n".join(wrong)


def imported(path: Path, module: str) -> set[str]:
    return {found for found in imports(path) if found == module or found.startswith(f"{module}.")}


DESKS_HOME = PRODUCT / "desks"


def test_no_desk_is_named_outside_its_own_folder_and_its_line() -> None:
    """`desks/records` (contacts, cases, files) is no desk: it carries no chat, and an org of any desk may have it."""
    wrong = []
    for path in sources("interconnections"):
        for name in DESKS:
            if DESKS_HOME / name in path.parents or path == DESKS_HOME / "__init__.py":
                continue
            wrong += astray(path, *imported(path, f"interconnections.desks.{name}"), *({name} & literals(path)))
    assert not wrong, "\n".join(wrong)


def test_every_folder_of_desks_is_a_desk_or_the_records() -> None:
    folders = {path.parent.name for path in DESKS_HOME.glob("*/__init__.py")}
    assert folders == {*DESKS, "records"}


@cache
def literals(path: Path) -> set[str]:
    constants = (node.value for node in nodes(path) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def test_the_product_never_reads_the_environment_outside_the_settings() -> None:
    ways = ("os.environ", "getenv")
    wrong = [line for path in sources("interconnections") for line in astray(path, *said(path, ways))]
    assert not wrong, "\n".join(wrong)


def said(path: Path, words: tuple[str, ...]) -> set[str]:
    return {word for word in words if word in text(path)}


def test_simulator_and_product_share_no_code() -> None:
    for path in sources("interconnections", "bridgeproject"):
        assert not {name for name in imports(path) if name.split(".")[0] == "simulator"}, path
    for path in sources("simulator"):
        strangers = {"interconnections", "bridgeproject", "django"}
        assert not {name for name in imports(path) if name.split(".")[0] in strangers}, path


def test_only_one_file_names_a_key_of_redis() -> None:
    for path in sources("interconnections"):
        if path.name != "keys.py":
            assert "{bridge}" not in text(path), path


def test_every_script_is_called_and_every_called_script_is_there() -> None:
    scripts = {path.stem for path in (PRODUCT / "store/scripts").glob("*.lua")}
    store = "\n".join(map(text, (PRODUCT / "store").glob("*.py")))
    called = set(re.findall(r"\brun(?:_for_page)?\(\s*\w+,\s*\"(\w+)\"", store))
    assert scripts == called


# Counted, so that they do not grow unseen: lower them when they shrink.
ANY_AT_MOST = 50
IGNORES_AT_MOST = 10


def test_any_and_ignores_do_not_grow() -> None:
    whole = "\n".join(map(text, sources("interconnections", "simulator", "bridgeproject")))
    assert len(re.findall(r"\bAny\b", whole)) <= ANY_AT_MOST
    assert whole.count("type: ignore") <= IGNORES_AT_MOST


def test_every_module_says_what_it_is() -> None:
    silent = [
        path
        for path in sources("interconnections", "simulator", "bridgeproject")
        if text(path).strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_every_setting_has_its_line_in_the_readme() -> None:
    settings = (ROOT / "bridgeproject/settings.py").read_text()
    read = set(re.findall(r"(?:env\.\w+|required|one_of|whole_number|on_or_off)\(\s*\"([A-Z_]+)\"", settings))
    table = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert read
    assert read == table


def test_every_requirement_is_pinned_and_says_why() -> None:
    lists = ("requirements.txt", "requirements-tracing.txt", "requirements-dev.txt", "requirements-files.txt")
    for name in lists:
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "--requirement ")):
                assert re.match(r"^[A-Za-z0-9_\-\[\]]+==\S+\s+# \S", line), line


def test_every_total_that_scripts_keep_is_shown_in_the_metrics() -> None:
    from interconnections.http.metrics import TOTALS

    scripts = "\n".join(path.read_text() for path in (PRODUCT / "store/scripts").rglob("*.lua"))
    desks = "\n".join(path.read_text() for path in (PRODUCT / "desks").rglob("*.py"))
    kept = {name.partition(":")[0] for name in re.findall(r"\bcount\('([^']+)'", scripts)}
    kept |= set(
        re.findall(r"counted=\"([^\"]+)\"", desks)
    )  # what a desk lets the script of a change of servers count
    assert kept == set(TOTALS)  # what processes count of themselves is in TALLIED


def test_migrations_stand_in_one_line() -> None:
    numbers = [path.name.partition("_")[0] for path in sorted((PRODUCT / "migrations").glob("0*.py"))]
    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
