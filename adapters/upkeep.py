"""Commands of operators: health, backup, restore, purge."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import SelisError
from bot.held import shared
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.backup import Made
    from bot.store.prune import Retention

STREAM = Path("-")
_MB = 1_000_000

File = Annotated[Path, typer.Argument(help="The backup; - is standard output or input.", metavar="FILE")]


class BackupInsideError(SelisError):
    """A backup in the directory that it is a backup of is lost with it."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"name a file outside {directory}, or - for standard output")


def health() -> None:
    """Ask the running `selis run` whether people can be answered: one line, exit 0 or 1."""
    from adapters.probe import probe

    probed = probe(load_settings())
    typer.echo(probed.line)
    if not probed.ready:
        raise typer.Exit(1)


def backup(file: File) -> None:
    """Write database, keys, crypto store and versions of the knowledge into one file, while Sēlis runs or not."""
    from bot.backup import back_up

    settings = load_settings()
    with shared(settings.data_dir), _written(file, settings.data_dir) as target:
        made = back_up(target, settings.data_dir, _database(settings), selis=package_version("selis"), now=_now())
    typer.echo(_told(made, file), err=True)


def restore(
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="Put aside what is there.")] = False,
) -> None:
    """Put a backup in its place; nothing that is there is deleted. Sēlis must not run."""
    from bot.restoring import restore as put_in_place

    settings = load_settings()
    with _read(file, settings.data_dir) as source:
        done = put_in_place(source, settings.data_dir, _database(settings), now=_now(), replace=replace)
    typer.echo(f"restored {done.files} files of {done.made} into {settings.data_dir}")
    if not done.with_database:
        typer.echo("the database is PostgreSQL's: restore it with pg_restore or psql")
    if done.replaced is not None:
        typer.echo(f"what was there is in {done.replaced}: `selis purge` deletes it")


def purge(
    older_than: Annotated[
        int | None, typer.Option("--older-than", min=1, metavar="DAYS", help="Keep nothing of people for longer.")
    ] = None,
) -> None:
    """Delete what is too old now, and what restores put aside."""
    from bot.backup import remove_replaced
    from bot.store.prune import Retention

    settings = load_settings()
    retention = Retention() if older_than is None else Retention().at_most(timedelta(days=older_than))
    with shared(settings.data_dir):
        deleted = asyncio.run(_pruned(settings, retention))
        aside = remove_replaced(settings.data_dir)
    for table, rows in deleted.items():
        typer.echo(f"{table}: {rows} deleted")
    typer.echo(f"put aside by restores: {aside} deleted")


async def _pruned(settings: Settings, retention: Retention) -> dict[str, int]:
    from bot.store.engine import open_store
    from bot.store.prune import prune

    store = await open_store(settings.database_url, settings.data_dir)
    try:
        return await prune(store, _now(), retention)
    finally:
        await store.close()


def _database(settings: Settings) -> Path | None:
    from bot.store.address import parse_url, sqlite_file

    return sqlite_file(parse_url(settings.database_url, settings.data_dir))


def _now() -> datetime:
    return datetime.now(UTC)


def _told(made: Made, file: Path) -> str:
    where = "standard output" if file == STREAM else str(file)
    told = f"{made.files} files, {made.bytes / _MB:.1f} MB written to {where}; it holds the key: keep it as a secret"
    if made.with_database:
        return told
    return f"{told}\nthe database is PostgreSQL's and NOT in it: back it up with pg_dump"


@contextmanager
def _written(file: Path, data_dir: Path) -> Iterator[Path]:
    """Where to write a backup. What goes to standard output waits in the data directory: others may be read-only."""
    if file != STREAM:
        if data_dir.absolute() in file.absolute().parents:
            raise BackupInsideError(data_dir)
        yield file
        return
    from bot.backup import STAGING

    with tempfile.TemporaryDirectory(dir=data_dir, prefix=STAGING) as room:
        target = Path(room) / "backup"
        yield target
        with target.open("rb") as made:
            shutil.copyfileobj(made, sys.stdout.buffer)
        sys.stdout.buffer.flush()


@contextmanager
def _read(file: Path, data_dir: Path) -> Iterator[Path]:
    if file != STREAM:
        yield file
        return
    from bot.backup import STAGING

    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=data_dir, prefix=STAGING) as held:
        shutil.copyfileobj(sys.stdin.buffer, held)
        held.flush()
        yield Path(held.name)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (health, backup, restore, purge):
        app.command()(command)
