"""The pages of docs/ say what is true: commands, settings, files and links exist, and examples are what comes back."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from adapters.cli import app
from adapters.console import as_text
from bot.commands import CommandName, parse
from bot.messages import ConversationId, IncomingMessage
from bot.settings import Settings
from bot.talk import Talk
from knowledge.errors import KnowledgeError
from knowledge.files import DATA
from knowledge.index import Index
from knowledge.load import load_with_files
from knowledge.model import KnowledgeBase, Language

ROOT = Path(__file__).parent.parent
NAMES = [
    "README.md",
    "SECURITY.md",
    ".github/CONTRIBUTING.md",
    *sorted(f"docs/{p.name}" for p in ROOT.glob("docs/*.md")),
]
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
RESIDENTS, ADMINS = PAGES["docs/iedzivotajiem.md"], PAGES["docs/administratoriem.md"]
HTTP = {"/healthz", "/readyz", "/metrics"}
TOP = "bot|knowledge|adapters|tests|deploy|docs|requirements"

each_page = pytest.mark.parametrize("name", NAMES)


def code(text: str) -> Iterator[str]:
    """What stands in a page as code: the lines of its blocks, and the pieces within lines."""
    for block in re.findall(r"^ *```[a-z]*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE):
        yield from block.splitlines()
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


@each_page
def test_settings_exist(name: str) -> None:
    named = set(re.findall(r"\bSELIS_[A-Z][A-Z_]*[A-Z]\b", PAGES[name]))
    assert named <= {f"SELIS_{field.upper()}" for field in Settings.__struct_fields__}


@each_page
def test_commands_of_selis_and_their_options_exist(name: str) -> None:
    root = get_command(app)
    for line in code(PAGES[name]):
        found = re.match(r"(?:[\w./$-]+=\S* )*(?:\S*/)?selis (.+)", line)
        if found is not None:
            words = [word for word in shlex.split(found.group(1), comments=True) if not word.startswith("$")]
            assert not _unknown(root, words), line


def _unknown(command: Any, words: list[str]) -> list[str]:
    """The words that name no command or option."""
    unknown = []
    for word in words:
        below = getattr(command, "commands", None)
        if below is not None and not word.startswith("-"):
            if word not in below:
                return [word]
            command = below[word]
        elif word.startswith("--") and word != "--help":
            unknown += [word] if not any(word in parameter.opts for parameter in command.params) else []
    return unknown


@each_page
def test_targets_of_make_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in code(PAGES[name]):
        for target in re.findall(r"^make (?:[A-Z]+=\S+ )*([a-z-]+)", line):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), line


@each_page
def test_commands_in_a_chat_exist(name: str, shipped_kb: KnowledgeBase) -> None:
    for piece in code(PAGES[name]):
        found = re.match(r"(?:> )?[/!]([^\W\d_]\S*)( .*)?$", piece)
        if found is None or piece in HTTP or "/" in found.group(1) or found.group(1) == "selis":
            continue
        command = parse(f"/{found.group(1)}", shipped_kb)
        assert command is not None, piece
        assert command.name is not None, piece


def test_every_command_of_admins_is_explained(shipped_kb: KnowledgeBase) -> None:
    table = ADMINS.partition("## Visas komandas")[2]
    named = {parse(piece, shipped_kb) for piece in re.findall(r"`(/[^` ]+)`", table)}
    residents = {parse(piece, shipped_kb) for piece in re.findall(r"^\| `(/[^` ]+)", RESIDENTS, re.MULTILINE)}
    everywhere = {CommandName.ASK}
    assert {one.name for one in named | residents if one is not None} | everywhere == set(CommandName)


@each_page
def test_files_and_folders_that_are_named_exist(name: str) -> None:
    for piece in code(PAGES[name]):
        for path in re.findall(rf"(?<![\w./-])(?:{TOP})/[\w./-]*\w(?![\w*<…/]|/)", piece):
            assert (ROOT / path).exists() or "…" in piece, piece


@each_page
def test_links_lead_to_files(name: str) -> None:
    for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)", PAGES[name]):
        assert (ROOT / name).parent.joinpath(link).is_file(), link


@pytest.mark.parametrize("name", ["docs/iedzivotajiem.md", "docs/administratoriem.md"])
def test_conversations_are_what_selis_says(name: str, shipped: Index) -> None:
    blocks = re.findall(r"```\n(> [^/!].+?)```", PAGES[name], re.DOTALL)
    assert blocks
    for number, block in enumerate(blocks):
        dialogue = Talk(index=shipped, clock=lambda: datetime(2026, 11, 30, tzinfo=UTC))
        for turn in block.strip().split("\n\n"):
            says, _, reply = turn.partition("\n")
            of = ConversationId.of_terminal(f"docs {number}")
            assert as_text(dialogue.respond(IncomingMessage(conversation=of, text=says[2:]))) == reply


def test_the_page_on_privacy_is_what_selis_says(shipped_kb: KnowledgeBase) -> None:
    said = shipped_kb.texts[Language.LV]["privacy"].replace("\n– ", "\n- ").splitlines()
    page = re.findall(r"^> ?(.*\w.*)$", RESIDENTS, re.MULTILINE)
    quoted = [line for line in page if line in said]
    # The last line names the command, which the page does in its own words.
    assert quoted == said[:-1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_fact_that_is_added_for_example_is_taken_and_its_mistakes_are_found(data: Path) -> None:
    entry = re.search(r"```yaml\n(- id: barintiesa\n.+?)```", ADMINS, re.DOTALL)
    assert entry is not None
    contacts = data / "contacts" / "kraslava.yaml"
    before = contacts.read_text(encoding="utf-8")
    contacts.write_text(f"{before}\n{entry.group(1)}", encoding="utf-8")
    loaded, _ = load_with_files(data)
    assert "contact/kraslava/barintiesa" in loaded.kb.entries
    wrong = entry.group(1).replace("65600000", "6560000").replace("barintiesa@", "barintiesa.")
    contacts.write_text(f"{before}\n{wrong.replace('checked_on', 'cheked_on')}", encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        load_with_files(data)
    shown = re.findall(r"^contacts/kraslava\.yaml:\d+: .+$", ADMINS, re.MULTILINE)
    assert [str(problem) for problem in refused.value.problems] == shown


class Fetched(HTMLParser):
    """What a browser fetches when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "src" or (tag == "link" and name == "href"):
                self.addresses.append(value or "")


def test_the_site_is_built_strictly_and_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    built = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={"NO_MKDOCS_2_WARNING": "1", "PATH": ""}
    )
    assert built.returncode == 0, built.stderr
    pages = list((tmp_path / "site").glob("*.html"))
    assert len(pages) > len(PAGES)
    assert '<html lang="lv"' in (tmp_path / "site" / "grupam.html").read_text(encoding="utf-8")
    developers = (tmp_path / "site" / "developers.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in developers
    assert "StoreUnavailableError</span>" in developers, "the example is not shown"
    for page in pages:
        fetched = Fetched()
        fetched.feed(page.read_text(encoding="utf-8"))
        assert fetched.addresses
        assert not [address for address in fetched.addresses if re.match(r"(https?:)?//", address)], page.name
