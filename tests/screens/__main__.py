"""Ten typical conversations as pictures, to be looked at; needs Debian's chromium. Nothing of it is kept.

    python -m tests.screens OUT [--models MODELS] [--language ru]

The real adapter talks to the Bot API server of the tests over a copy of the shipped knowledge; what is drawn is what
the server holds then: texts with the entities that it read out of the HTML, buttons, pictures.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from adapters import wiring
from adapters.telegram.pacing import Limits as PaceLimits
from adapters.telegram.pacing import Pacing
from adapters.telegram.run import Telegram
from bot.limits import Limits
from bot.secret import Secret
from bot.settings import Settings
from knowledge.files import DATA
from tests.screens.frame import WIDTH, page
from tests.servers.botapi.people import Person
from tests.servers.botapi.server import BotApi
from tests.servers.botapi.things import Chat, Message

BESIDE = 3
HEIGHT = 1500
WORDS = {
    "lv": {
        "answer": "kur celt trauksmi Krāslavā?",
        "tie": "sociālais dienests",
        "unavailable": "pašvaldības policija Augšdaugavā",
        "group": "sociālais dienests Krāslavā",
        "help": "/palidziba",
        "privacy": "/privatums",
        "many": "kādas organizācijas palīdz senioriem?",
        "about": "/par",
    },
    "ru": {
        "answer": "куда сообщить о нарушениях в Краславе?",
        "tie": "социальная служба",
        "unavailable": "полиция Аугшдаугава",
        "group": "социальная служба Краслава",
        "help": "/помощь",
        "privacy": "/приватность",
        "many": "какие организации помогают пожилым?",
        "about": "/источники",
    },
    "en": {
        "answer": "where can I blow the whistle in Kraslava?",
        "tie": "social services",
        "unavailable": "police in Augsdaugava",
        "group": "social service in Kraslava",
        "help": "/help",
        "privacy": "/privacy",
        "many": "which organisations help seniors?",
        "about": "/about",
    },
}
ADMINS = {"reload": "/parladet", "statistics": "/statistika", "list": "/novecojusi"}
OLD, NEW = "+371 65622907", "+371 65622908"


@dataclass(slots=True, kw_only=True)
class Scenes:
    """Conversations had one after the other. `drawn` are their titles and what is to be seen."""

    api: BotApi
    words: dict[str, str]
    language: str
    knowledge: Path
    admin: Person
    drawn: list[tuple[str, list[Message]]]

    async def had(self) -> None:
        """Have all of them."""
        await self._asked("answer", self._person())
        await self._asked("tie", self._person(), press=0)
        await self._asked("unavailable", self._person())
        await self._in_group()
        await self._asked("help", self._person())
        await self._asked("privacy", self._person())
        await self._reloaded()
        await self._asked("statistics", self.admin)
        await self._feedback()
        await self._asked("many", self._person())
        await self._asked("list", self.admin)
        await self._broken()
        await self._asked("about", self._person())

    def _person(self) -> Person:
        return self.api.person("Anna", language=self.language)

    async def _asked(self, name: str, person: Person, *, press: int | None = None) -> None:
        seen = len(person.private.messages)
        person.sends(self.words[name])
        await self._quiet(person.private)
        if press is not None:
            shown = list(person.private.messages.values())[seen:]
            # A press turns the question into its answer: that is had by a second person.
            other = self._person()
            other.sends(self.words[name])
            await self._quiet(other.private)
            other.presses(shown[-1].labels[press])
            await self._quiet(other.private)
            self.drawn.append((name, shown))
            self.drawn.append((f"{name}, pressed", list(other.private.messages.values())))
            return
        self.drawn.append((name, list(person.private.messages.values())[seen:]))

    async def _in_group(self) -> None:
        owner = self._person()
        group = self.api.supergroup("Krāslavas māja 12", owner, bot="left")
        owner.adds_bot(group)
        await self._quiet(group)
        owner.sends(f"@{self.api.bot.username} {self.words['group']}", group)
        await self._quiet(group)
        self.drawn.append(("group", group.visible))

    async def _reloaded(self) -> None:
        file = self.knowledge / "contacts" / "kraslava.yaml"
        text = file.read_text(encoding="utf-8")
        assert OLD in text
        file.write_text(text.replace(OLD, NEW), encoding="utf-8")
        self.admin.sends(self.words["reload"])
        # What ends it has a button: the way back.
        await self.api.world.until(lambda: self.admin.private.visible[-1].labels, within=300)
        await self._quiet(self.admin.private)
        self.drawn.append(("reload", list(self.admin.private.messages.values())))

    async def _broken(self) -> None:
        """Nothing is right any more in a file: a long list."""
        file = self.knowledge / "contacts" / "kraslava.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("@", " at "), encoding="utf-8")
        private, seen = self.admin.private, len(self.admin.private.messages)
        self.admin.sends(self.words["reload"])
        await self.api.world.until(lambda: len(private.messages) >= seen + 3, within=120)
        await self._quiet(private)
        self.drawn.append(("broken", list(private.messages.values())[seen:]))

    async def _feedback(self) -> None:
        person = self._person()
        person.sends(self.words["group"])
        await self._quiet(person.private)
        # The verdict "wrong" stands last.
        person.presses(person.private.visible[-1].labels[-1])
        await self._quiet(person.private)
        self.drawn.append(("feedback", list(person.private.messages.values())))

    async def _quiet(self, chat: Chat) -> None:
        """Until the bot has answered and nothing more comes for a moment."""
        before = -1
        async with asyncio.timeout(60):
            while before != len(chat.messages) + len(self.api.log.calls):
                before = len(chat.messages) + len(self.api.log.calls)
                await asyncio.sleep(1.5)


async def conversations(language: str, base: Path, models: Path) -> list[str]:
    """Pages, three chats on each."""
    knowledge = base / "knowledge"
    shutil.copytree(DATA, knowledge)
    (base / "data").mkdir()
    (base / "data" / "models").symlink_to(models)
    async with BotApi() as api:
        admin = api.person("Ilze", language=language)
        settings = Settings(
            data_dir=base / "data",
            knowledge_dir=knowledge,
            telegram_token=Secret(api.token),
            telegram_api_url=api.url,
            admins=f"telegram:{admin.id}",
        )
        limits = Limits(person=1000, group=1000)
        async with wiring.service(settings, limits=limits) as service:
            pacing = Pacing(limits=PaceLimits(chat_seconds=0, group=1000, everywhere=1000))
            adapter = Telegram(service=service, settings=settings, token=api.token, pacing=pacing)
            running = asyncio.create_task(adapter.run())
            scenes = Scenes(
                api=api, words=WORDS[language] | ADMINS, language=language, knowledge=knowledge, admin=admin, drawn=[]
            )
            await scenes.had()
            adapter.stop()
            await running
        drawn = scenes.drawn
        return [page(drawn[start : start + BESIDE], api.world) for start in range(0, len(drawn), BESIDE)]


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--language", choices=list(WORDS), default="lv")
    chosen = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is needed: apt install chromium")
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="selis-screens-") as base:
        models = (chosen.models or Path(base) / "models").absolute()
        pages = asyncio.run(conversations(chosen.language, Path(base), models))
        for number, html in enumerate(pages, 1):
            file = Path(base) / f"{number}.html"
            file.write_text(html, encoding="utf-8")
            picture = (chosen.out / f"{chosen.language}-{number}.png").absolute()
            subprocess.run(
                [
                    chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--proxy-server=direct://",
                    f"--window-size={BESIDE * (WIDTH + 18) + 24},{HEIGHT}", f"--screenshot={picture}", file.as_uri(),
                ],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            print(picture)


if __name__ == "__main__":
    main()
