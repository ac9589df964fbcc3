"""Whom a group is speaking to, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.adapters.matrix.events import (
    ANNA,
    GROUP,
    ILZE,
    SELIS,
    answering,
    asked,
    event,
    in_thread,
    message,
    notice,
    text,
    words,
)

PILL = f'<a href="https://matrix.to/#/{SELIS}">Sēlis</a>'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Sēlis: kur celt trauksmi?", "kur celt trauksmi?"),
        ("Sēli, kur celt trauksmi?", "kur celt trauksmi?"),
        ("sēli kur", None),
        ("Seli, kur celt trauksmi?", "kur celt trauksmi?"),
        ("selis:dome", "dome"),
        ("@selis: dome", "dome"),
        ("SĒLIS! dome", "dome"),
        ("Sēlis – dome", "dome"),
        ("Sēlis", ""),
        ("Sēli?", ""),
        ("Sēlis bija Ilūkstē", None),
        ("Sēlija: dome", None),
        ("Sēlis.lv: dome", None),
        ("Es un Sēlis: dome", None),
        (f"{SELIS} dome", "dome"),
        (f"{SELIS}: dome", "dome"),
        (f"dome, {SELIS}", "dome,"),
        (f"{SELIS}.lv dome", None),
        ("@selis:example.orgs dome", None),
        (f"x{SELIS} dome", None),
        ("!selis dome", "dome"),
        ("!sēlis: dome", "dome"),
        ("!selis", ""),
        ("!Selis /novads Dagda", "/novads Dagda"),
        ("!selis par līdzdalību", "par līdzdalību"),
        ("!selisa dome", None),
        ("!novads Dagda", "/novads Dagda"),
        ("/novads Dagda", "/novads Dagda"),
        ("Sēlis: !novads Dagda", "/novads Dagda"),
        ("!weather", None),
        ("!", None),
        ("/weather", None),
        ("kur celt trauksmi?", None),
        ("", None),
    ],
)
def test_by_the_text_alone(body: str, found: str | None) -> None:
    assert words(message(body), GROUP) == found


@pytest.mark.parametrize(
    ("body", "html", "found"),
    [
        ("Sēlis: dome", f"{PILL}: dome", "dome"),
        ("Sēlis dome", f"{PILL} dome", "dome"),
        ("dome, Sēlis?", f"dome, {PILL}?", "dome?"),
        ("labdien Sēlis", f"labdien {PILL}", "labdien"),
        ("vai Sēlis zina?", f"vai {PILL} zina?", "vai Sēlis zina?"),
        ("Robots dome", f'<a href="https://matrix.to/#/{SELIS.replace("@", "%40")}">Robots</a> dome', "dome"),
        ("Sēlis dome", f"<a class='x' href='https://matrix.to/#/{SELIS}?via=a'>Sēlis</a> dome", "dome"),
        ("Sēlis dome", '<a href="matrix:u/selis:example.org">Sēlis</a> dome', "dome"),
        ("Anna dome", f'<a href="https://matrix.to/#/{ANNA}">Anna</a> dome', None),
        ("Sēlis dome", '<a href="https://example.org/#/@selis:example.org">Sēlis</a> dome', None),
        ("Sēlis dome", '<a href="">Sēlis</a> dome', None),
        ("Sēlis dome", "<a>Sēlis", None),
    ],
)
def test_by_a_pill(body: str, html: str, found: str | None) -> None:
    assert words(message(body, html), GROUP) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Sēlis dome", "dome"),
        ("Sēlis: dome", "dome"),
        (f"[Sēlis](https://matrix.to/#/{SELIS}) dome", "dome"),
        (f"[Sēlis](https://matrix.to/#/{SELIS}?via=example.org): dome", "dome"),
        (f"https://matrix.to/#/{SELIS} dome", "dome"),
        (SELIS, ""),
        ("Sēlis", ""),
        ("dome", "dome"),
        ("kur ir dome, sēli?", "kur ir dome?"),
        ("", ""),
    ],
)
def test_by_a_mention(body: str, found: str) -> None:
    assert words(message(body, mentions=[ANNA, SELIS]), GROUP) == found


def test_a_mention_of_others_is_none() -> None:
    assert words(message("Anna dome", mentions=[ANNA]), GROUP) is None


@pytest.mark.parametrize("mentions", [None, [], "x", {"user_ids": SELIS}, {"user_ids": None}, {"room": True}])
def test_mentions_that_are_none(mentions: object) -> None:
    assert words(event("m.room.message", text("dome") | {"m.mentions": mentions}), GROUP) is None


def test_by_the_name_that_selis_has_in_this_room() -> None:
    room = replace(GROUP, own_name="Pagasta Gudrais")
    assert words(message("Pagasta gudrais, dome"), room) == "dome"
    assert words(message("Pagasta Gudrais dome", mentions=[SELIS]), room) == "dome"
    assert words(message("Pagasta, dome"), room) is None


def test_by_an_answer_to_what_selis_said() -> None:
    ours, theirs = notice("Kurā novadā?"), message("Kurā novadā?", sender=ANNA)
    assert words(message("Krāslavā", **answering(ours)), GROUP, ours) == "Krāslavā"
    assert words(message("Krāslavā", **answering(theirs)), GROUP, theirs) is None
    assert words(message("Krāslavā", **answering(ours)), GROUP) is None


def test_a_mention_that_was_copied_from_what_is_answered_calls_nobody() -> None:
    # Clients carry the mentions of a message on into its answers, and into the answers to those.
    theirs = message("Sēlis: dome", mentions=[SELIS])
    carried = message("paldies, zinu", mentions=[ILZE, SELIS], **answering(theirs))
    assert words(carried, GROUP, theirs) is None
    meant = message("Sēlis un policija?", mentions=[ILZE, SELIS], **answering(theirs))
    assert words(meant, GROUP, theirs) == "un policija?"


def test_standing_in_a_thread_of_selis_is_no_address() -> None:
    ours = notice("Zvaniet.")
    assert words(message("paldies", **in_thread(ours["event_id"])), GROUP, ours) is None
    real = in_thread("$root", ours["event_id"], falls_back=False)
    assert words(message("un policija?", **real), GROUP, ours) == "un policija?"
    assert words(message("Sēlis: dome", mentions=[SELIS], **in_thread("$root")), GROUP) == "dome"


def test_what_older_clients_quote_is_no_part_of_an_answer() -> None:
    ours = notice("Kurā novadā?")
    body = f"> <{SELIS}> Kurā novadā?\n> Izvēlieties.\n\nKrāslavā"
    html = f"<mx-reply><blockquote>{PILL}<br>Kurā novadā?</blockquote></mx-reply>Krāslavā"
    assert words(message(body, html, **answering(ours)), GROUP, ours) == "Krāslavā"
    theirs = message("Kurā novadā?", sender=ANNA)
    quoting = f"> <{ANNA}> {SELIS} dome\n\npaldies"
    copied = f"<mx-reply><blockquote>{PILL} dome</blockquote></mx-reply>paldies"
    assert words(message(quoting, copied, **answering(theirs)), GROUP, theirs) is None
    # Without an answer it is a quote that somebody typed.
    assert asked(message("> Sēlis: dome")).message.text == "> Sēlis: dome"
