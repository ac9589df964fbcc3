"""The plan of the house, held: which way imports run, what each package may know, how large things may grow.

Every rule is a function from a module to complaints, so that the rules themselves are tested on planted faults.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DATA = ROOT / "knowledge" / "data"

# Each package may import itself and what stands to its right in adapters -> bot -> knowledge.
MAY_IMPORT = {
    "knowledge": {"knowledge"},
    "bot": {"bot", "knowledge"},
    "adapters": {"adapters", "bot", "knowledge"},
}
OURS = {*MAY_IMPORT, "tests"}

NETWORK = {
    "aiohttp", "httpx", "nio", "requests", "telegram", "urllib3", "websockets",
    "ftplib", "http.client", "http.server", "smtplib", "socket", "socketserver", "ssl", "urllib.request", "xmlrpc",
}  # fmt: skip
# The knowledge is synchronous and keeps no database either.
KNOWLEDGE_TOO = {"aiosqlite", "alembic", "asyncio", "asyncpg", "sqlalchemy", "sqlite3", "threading"}
FORBIDDEN = {"knowledge": NETWORK | KNOWLEDGE_TOO, "bot": NETWORK}

# "What time is it" is asked in adapters alone and handed inwards.
CLOCK = {"datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "time.localtime"}

EMPTY_NAMES = {"context", "event", "handler", "helper", "manager", "util"}
LONGEST_FUNCTION = 45
LONGEST_FILE = 300


class Module:
    """One Python file: its path from the project's root, its text and its tree."""

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.package = path.partition("/")[0]
        self.lines = source.count("\n")
        self.tree = ast.parse(source, path)

    def at(self, node: ast.stmt | ast.expr, complaint: str) -> str:
        return f"{self.path}:{node.lineno}: {complaint}"


def imports(module: Module) -> Iterator[tuple[ast.stmt | ast.expr, str]]:
    """Every imported name in full, wherever it stands: `from a.b import c` and import_module("a.b.c") are a.b.c."""
    folder = module.path.split("/")[:-1]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = folder[: len(folder) - node.level + 1] if node.level else []
            origin = [*above, node.module] if node.module else above
            yield from ((node, ".".join([*origin, name.name])) for name in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from ((node, text) for _, text in texts(node.args[:1]))


def texts(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Constant, str]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


def lies_in(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def wrong_way(module: Module) -> Iterator[str]:
    for node, name in imports(module):
        if lies_in(name, OURS - MAY_IMPORT[module.package]):
            yield module.at(node, f"{module.package} may not import {name}")


def network(module: Module) -> Iterator[str]:
    for node, name in imports(module):
        if lies_in(name, FORBIDDEN.get(module.package, set())):
            yield module.at(node, f"{module.package} knows nothing of {name}")


def waiting(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if module.package == "knowledge" and isinstance(node, ast.AsyncFunctionDef):
            yield module.at(node, "the knowledge is synchronous")


def clock(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if module.package != "adapters" and isinstance(node, ast.Call):
            called = ".".join(ast.unparse(node.func).split(".")[-2:])
            if called in CLOCK:
                yield module.at(node, f"{called}() is called in adapters, and the time handed in")


def ids_in_code(module: Module, ids: frozenset[str]) -> Iterator[str]:
    """An id alone ("kraslava") or as a part of a key ("contact/kraslava/dome"); docstrings may show examples."""
    prose = {node.value for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node, text in texts(node for node in ast.walk(module.tree) if node not in prose):
        for part in sorted(ids.intersection(re.split(r"[/:|,]", text))):
            yield module.at(node, f"the id {part!r} belongs into the data")


def long_functions(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield module.at(node, f"{node.name} has {lines} lines, more than {LONGEST_FUNCTION}: split it")


def long_file(module: Module) -> Iterator[str]:
    if module.lines > LONGEST_FILE:
        yield f"{module.path}: {module.lines} lines, more than {LONGEST_FILE}: split it"


def empty_names(module: Module) -> Iterator[str]:
    """Names that say nothing, of files and classes: EventHandler, chat_utils.py."""
    named = [(module.path, re.split(r"[/_.]", module.path))]
    named += [(f"{module.path}: class {node.name}", re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", node.name))
              for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]  # fmt: skip
    for name, words in named:
        for word in words:
            if word.lower().removesuffix("s") in EMPTY_NAMES:
                yield f"{name}: {word!r} does not say what it is for"


RULES: list[Callable[[Module], Iterator[str]]] = [
    wrong_way, network, waiting, clock, long_functions, long_file, empty_names,
]  # fmt: skip


def shipped_ids() -> frozenset[str]:
    """The ids of all places and topics in knowledge/data."""
    files = [DATA / "places.yaml", *sorted((DATA / "topics").glob("*.yaml"))]
    return frozenset(found for file in files for found in ids_below(yaml.safe_load(file.read_text(encoding="utf-8"))))


def ids_below(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("id"), str):
            yield node["id"]
        for value in node.values():
            yield from ids_below(value)
    elif isinstance(node, list):
        for value in node:
            yield from ids_below(value)


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    paths = [path for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]
    return [Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def test_every_package_is_looked_at(modules: list[Module]) -> None:
    assert {module.package for module in modules} == set(MAY_IMPORT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_code_keeps_the_rule(rule: Callable[[Module], Iterator[str]], modules: list[Module]) -> None:
    complaints = [complaint for module in modules for complaint in rule(module)]
    assert not complaints, "\n".join(complaints)


def test_no_place_and_no_topic_stands_in_the_code(modules: list[Module]) -> None:
    ids = shipped_ids()
    assert ids
    complaints = [complaint for module in modules for complaint in ids_in_code(module, ids)]
    assert not complaints, "\n".join(complaints)


FAULTS = [
    (wrong_way, "knowledge/read.py", "import bot.decide"),
    (wrong_way, "knowledge/deep/read.py", "def f():\n    from adapters import cli"),
    (wrong_way, "bot/decide.py", "from .. import adapters"),
    (wrong_way, "bot/decide.py", "import importlib\nimportlib.import_module('adapters.cli')"),
    (wrong_way, "adapters/cli.py", "from tests.bot import dialogues"),
    (network, "knowledge/load.py", "from urllib import request"),
    (network, "knowledge/load.py", "from asyncio import gather"),
    (network, "knowledge/load.py", "import sqlite3"),
    (network, "bot/dialogue.py", "import telegram.ext as t"),
    (network, "bot/store/outbox.py", "try:\n    from nio import AsyncClient\nexcept ImportError:\n    pass"),
    (waiting, "knowledge/load.py", "class A:\n    async def load(self): ..."),
    (clock, "knowledge/checks.py", "import datetime\ndatetime.datetime.now(datetime.UTC)"),
    (clock, "bot/state.py", "from datetime import date\ndate.today()"),
    (long_functions, "bot/decide.py", "async def f():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    (long_file, "bot/decide.py", "x = 1\n" * (LONGEST_FILE + 1)),
    (empty_names, "bot/text_utils.py", ""),
    (empty_names, "bot/handlers/start.py", ""),
    (empty_names, "bot/decide.py", "class HTTPEventSource: ..."),
]


@pytest.mark.parametrize(("rule", "path", "source"), FAULTS)
def test_rule_finds_a_planted_fault(rule: Callable[[Module], Iterator[str]], path: str, source: str) -> None:
    assert len(list(rule(Module(path, source)))) == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("adapters/telegram/run.py", "import asyncio, telegram\nfrom bot import dialogue\nfrom . import incoming"),
        ("bot/dialogue.py", "import asyncio\nfrom datetime import datetime\nfrom knowledge.read import read"),
        ("knowledge/load.py", "from urllib.parse import urlsplit\nimport socketed\nfrom .model import Place"),
    ],
)
def test_rule_lets_good_code_be(rule: Callable[[Module], Iterator[str]], path: str, source: str) -> None:
    assert not list(rule(Module(path, source)))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("home = 'tukums'", 1),
        ("key = f'contact/tukums/{x}'", 1),
        ("match x:\n    case 'tukums': pass", 1),
        ("'For example contact/tukums/dome.'\nname = 'Tukums'; tukums = 'in tukums'", 0),
    ],
)
def test_an_id_in_the_code_is_found(source: str, found: int) -> None:
    assert len(list(ids_in_code(Module("bot/decide.py", source), frozenset({"tukums"})))) == found


def pins(name: str) -> dict[str, str]:
    """Package -> version and hashes of one pinned file."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return {line.split("==")[0]: " ".join(line.split()) for line in text.splitlines()}


def wanted(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-r"))}


@pytest.mark.parametrize("name", ["run.txt", "build.txt", "docs.txt", "postgres.txt", "test.txt"])
def test_requirements_are_pinned_hashed_and_name_no_registry(name: str) -> None:
    assert pins(name)
    for package, pin in pins(name).items():
        assert re.fullmatch(rf"{package}==\S+( ; [^/:]+)?( --hash=sha256:[0-9a-f]{{64}})+", pin), pin


def test_tests_run_on_the_versions_that_users_get() -> None:
    # Where a package is needed may differ ("on Windows only"); which one it is may not.
    tested = {package: _what(pin) for package, pin in pins("test.txt").items()}
    for name in ("run.txt", "build.txt", "postgres.txt"):
        assert tested.items() >= {package: _what(pin) for package, pin in pins(name).items()}.items()


def _what(pin: str) -> str:
    return re.sub(r" ; .*?(?= --hash)", "", pin)


def test_requirements_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert wanted("run.in") == set(project["project"]["dependencies"])
    assert wanted("build.in") >= set(project["build-system"]["requires"])
