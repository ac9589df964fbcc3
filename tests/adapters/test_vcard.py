"""Cards as telephones read them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adapters.vcard import as_vcard, file_name
from bot.messages import Card

OFFICE = Card(
    name="Sociālais dienests, Krāslavas novads",
    phones=("+371 65622528", "112"),
    emails=("socdienests@kraslava.lv",),
    pages=("https://www.kraslava.lv/",),
    note="Avots: datubāze; dati: 2023",
)


def unfolded(written: str) -> list[str]:
    """The lines as RFC 2426 has them read."""
    return written.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_card_has_all_of_it() -> None:
    assert unfolded(as_vcard(OFFICE)) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        r"N:Sociālais dienests\, Krāslavas novads;;;;",
        r"FN:Sociālais dienests\, Krāslavas novads",
        "TEL;TYPE=WORK,VOICE:+37165622528",
        "TEL;TYPE=WORK,VOICE:112",
        "EMAIL;TYPE=INTERNET,WORK:socdienests@kraslava.lv",
        "URL:https://www.kraslava.lv/",
        r"NOTE:Avots: datubāze\; dati: 2023",
        "END:VCARD",
    ]


def test_what_does_not_fit_is_left_out_the_least_needed_first() -> None:
    long = replace(OFFICE, note="x" * 3000)
    assert "NOTE" not in as_vcard(long, most=2048)
    assert "URL" in as_vcard(long, most=2048)
    longer = replace(long, pages=("https://example.lv/" + "y" * 3000,))
    assert unfolded(as_vcard(longer, most=2048))[-1] == "END:VCARD"
    assert len(as_vcard(longer, most=2048).encode()) <= 2048


def test_a_card_has_a_name_as_a_file() -> None:
    assert file_name(OFFICE) == "Sociālais-dienests--Krāslavas-novads.vcf"


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="ā,;\\\n🙋 b", max_size=120))
def test_lines_are_short_and_say_what_they_said(name: str) -> None:
    written = as_vcard(Card(name=name))
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    (line,) = (line for line in unfolded(written) if line.startswith("FN:"))
    read, left = "", line.removeprefix("FN:")
    while left:
        sign, left = (left[:2], left[2:]) if left[0] == "\\" else (left[0], left[1:])
        read += "\n" if sign == r"\n" else sign.removeprefix("\\") or "\\"
    assert read == name
