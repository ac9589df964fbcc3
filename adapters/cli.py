"""The `selis` command."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from adapters import upkeep
from adapters.matrix.cli import app as matrix
from bot.errors import SelisError
from bot.settings import Settings, load_settings
from knowledge.errors import KnowledgeError, Problem, Severity

if TYPE_CHECKING:
    from bot.talk import Talk

app = typer.Typer(
    name="selis",
    help="Answers residents of Sēlija: whom to call or write, and how to take part in public life.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(matrix, name="matrix")

Place = Annotated[str | None, typer.Option("--place", help="Where the person lives: a municipality, town or parish.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class UsageProblemError(SelisError):
    """A command used in a way that makes no sense."""


def _talk() -> Talk:
    from adapters import wiring

    return wiring.build_talk(load_settings(), _say_learning)


def _say_learning() -> None:
    typer.echo("The knowledge has changed: learning its words, about a minute, once …", err=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"selis {package_version('selis')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    place: Place = None,
    as_json: AsJson = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read lines of JSON from standard input.")] = False,
) -> None:
    """Answer one question, or lines of questions."""
    from adapters import console
    from bot.messages import ConversationId, IncomingMessage
    from bot.places import municipality_of

    if jsonl == (text is not None):
        raise UsageProblemError('write the question (selis ask "…") or --jsonl, one of them')
    dialogue = _talk()
    if text is None:
        for line in console.answer_lines(sys.stdin.buffer, dialogue):
            typer.echo(line)
        return
    home = municipality_of(place, dialogue.index) if place else None
    reply = dialogue.respond(IncomingMessage(conversation=ConversationId.of_terminal("ask"), text=text, home=home))
    typer.echo(json.dumps(console.as_json(reply), ensure_ascii=False) if as_json else console.as_text(reply))


@app.command()
def chat(place: Place = None) -> None:
    """Talk in the terminal; reads lines where standard input is no terminal. What was said is remembered."""
    # asyncio would only cancel a task, which a prompt that waits for a line does not notice.
    signal.signal(signal.SIGINT, _interrupted)
    asyncio.run(_chat(load_settings(), place))


def _interrupted(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


async def _chat(settings: Settings, place: str | None) -> None:
    from adapters import chat as terminal
    from adapters import console, wiring
    from bot.limits import Limits
    from bot.places import municipality_of
    from knowledge.model import Language

    typed = sys.stdin.isatty()
    screen = console.printer(styled=typed)
    # Nobody at their own keyboard, and no file of questions, is too fast.
    async with wiring.service(settings, _say_learning, Limits(person=sys.maxsize, group=sys.maxsize)) as service:
        index = service.live.current.index
        home = municipality_of(place, index) if place else None
        if typed:
            screen.print(index.kb.texts[Language.LV]["chat-greeting"] + "\n")
        await terminal.talk(service, terminal.lines(typed=typed), screen.print, home)


@app.command("run")
def run_networks() -> None:
    """Talk on every network that is configured, until the process is told to stop."""
    from adapters import logs, running
    from adapters.secret_settings import secrets

    settings = load_settings()
    logs.set_up(secrets(settings))
    asyncio.run(running.run(settings))


@app.command()
def check(
    directory: Annotated[
        Path | None, typer.Argument(help="A knowledge directory (default: the configured one).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a knowledge directory: every problem as file:line: key: what to do."""
    from adapters import report

    problems = _problems(directory or load_settings().knowledge_dir)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if as_json:
        typer.echo(json.dumps([report.problem_as_json(problem) for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            typer.echo(problem)
        typer.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
    if errors:
        raise typer.Exit(1)


def _problems(directory: Path) -> list[Problem]:
    from bot.commands import command_problems
    from bot.texts import missing_texts
    from knowledge.load import load_with_files
    from knowledge.stale import stale

    try:
        loaded, files = load_with_files(directory)
    except KnowledgeError as error:
        return list(error.problems)
    return [
        *missing_texts(loaded.kb),
        *command_problems(loaded.kb),
        *loaded.warnings,
        *stale(loaded.kb, files, datetime.now(UTC).date()),
    ]


@app.command("eval")
def evaluate_questions(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Question files (default: those of the knowledge).")
    ] = None,
    as_json: AsJson = False,
    failures: Annotated[bool, typer.Option("--failures", help="Print every question that came wrong.")] = False,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Find the thresholds and write them to thresholds.yaml.")
    ] = False,
) -> None:
    """Ask questions and count what came right.

    The questions of the knowledge also teach: without FILES each is asked of a model that has not learned from it.
    """
    from adapters import evaluation, report, wiring
    from bot.evaluate import evaluate
    from knowledge.questions import read_questions

    settings = load_settings()
    if calibrate:
        _calibrate(settings, files)
        return
    if files:
        result = evaluate([(wiring.build_talk(settings), read_questions(files))])
    else:
        result = evaluate(evaluation.held_out_talks(settings))
    if as_json:
        typer.echo(json.dumps(report.report_as_json(result), ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(report.report_lines(result, failures=failures)))
    if any(turn.must and not turn.right for turn in result.turns):
        raise typer.Exit(1)


def _calibrate(settings: Settings, files: list[Path] | None) -> None:
    if files:
        raise UsageProblemError("--calibrate takes no files: it learns from the questions of the knowledge")
    from adapters import evaluation

    found, path = evaluation.calibrated(settings)
    typer.echo(f"{path} written: a question is now worth {found.after:.3f}, before {found.before:.3f}")


upkeep.add_to(app)


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Whatever an operator or a user can mend ends in one line, and exit code 2 (1 for knowledge that is wrong)."""
    try:
        yield
    except (TyperException, SelisError) as error:
        message = error.format_message() if isinstance(error, TyperException) else str(error)
        typer.echo(f"selis: {message} (selis --help tells how to use it)", err=True)
        sys.exit(2)
    except KnowledgeError as error:
        typer.echo(error, err=True)
        typer.echo("selis: the knowledge cannot be used; mend what is listed above", err=True)
        sys.exit(1)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(0)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    with _one_line_errors():
        result = app(standalone_mode=False)
        sys.exit(result if isinstance(result, int) else 0)


if __name__ == "__main__":
    main()
