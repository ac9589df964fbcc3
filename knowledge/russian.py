"""Russian words: stems by Snowball, and Russian typed in Latin letters.

Latin letters stand for Cyrillic ones in the ways people type (sluzhba, služba, telefon, pozvonitj). Place names are
compared in Latin letters, where Latvian and Russian spellings meet (Краслава and Krāslava are both `kraslava`).
"""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

from knowledge.word_cache import FEW_WORDS

_stemmer = snowballstemmer.stemmer("russian")

_TO_CYRILLIC = dict(
    pair.split(":")
    for pair in (
        "tsya:тся tsja:тся shch:щ sch:щ zh:ж kh:х ts:ц ch:ч sh:ш yu:ю ya:я yo:ё ye:е ju:ю ja:я jo:ё je:е "
        "iya:ия ija:ия iyu:ию iju:ию iye:ие ije:ие yye:ые yje:ые iy:ий ij:ий yj:ый "
        "a:а b:б c:ц d:д e:е f:ф g:г h:х i:и k:к l:л m:м n:н o:о p:п q:к r:р s:с t:т u:у v:в w:в x:кс y:ы z:з "
        "š:ш ž:ж č:ч ':ь"
    ).split()
)
_SPELLED = re.compile("|".join(["j(?![auoe])", *(spelled for spelled in _TO_CYRILLIC if len(spelled) > 1)]))
"""The longer spellings stand first in the table, so they are tried first."""
_LETTERS = str.maketrans({spelled: letter for spelled, letter in _TO_CYRILLIC.items() if len(spelled) == 1})
_SOFTENED = frozenset("bvwgdzžklmnpqrstfhcčšбвгдзклмнпрстфхцчшж")

_TO_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "z", "з": "z", "и": "i", "й": "i",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "s", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    }
)  # fmt: skip

_AFTER_VOWEL = re.compile("(?<=[aeou])ie")

CASE_ENDINGS = frozenset(
    " a u e i om oi ei ami ah am ov s se su som sa sah ia ie iu iah iam iami iei"
    " ski skoe skogo skomu skom skim skie skih"
    " skaia skoi skuiu cki ckogo ckom ckoi ckaia noi naia nii nom nogo as is es es cane can canam".split(" ")
)
"""What follows the root of a place name in Russian, in the letters of `skeleton`."""


@lru_cache(maxsize=FEW_WORDS)
def stem(word: str) -> str:
    """The Snowball stem of a lower-case Cyrillic word, cut until nothing more comes off.

    At once Snowball takes more from one case of a noun than from another: омбудсмен-ом, омбудсм-ена; опыт-а, оп-ыт.
    """
    left = word.replace("ё", "е")
    while (cut := str(_stemmer.stemWord(left))) != left:
        left = cut
    return left


@lru_cache(maxsize=FEW_WORDS)
def to_cyrillic(word: str) -> str:
    """A lower-case Latin-letter word as a Russian would have meant it: sluzhba -> служба, pozvonitj -> позвонить."""
    return _SPELLED.sub(_cyrillic, word).translate(_LETTERS)


def _cyrillic(match: re.Match[str]) -> str:
    letters = match.group()
    if letters == "j":  # before a vowel it is a part of ja, ju, jo, je
        before = match.string[match.start() - 1 : match.start()]
        return "ь" if before in _SOFTENED else "й"
    return _TO_CYRILLIC[letters]


@lru_cache(maxsize=FEW_WORDS)
def to_latin(word: str) -> str:
    """A lower-case Cyrillic word in the letters of a folded Latvian one: Аугшдаугава -> augsdaugava."""
    return word.translate(_TO_LATIN)


@lru_cache(maxsize=FEW_WORDS)
def skeleton(folded: str) -> str:
    """A folded Latin word with i and j as one letter, so that Айзкраукле, aizkraukle and ajzkraukle meet.

    Naujene and Науене meet, too: Russian writes je after a vowel with one letter.
    """
    return _AFTER_VOWEL.sub("e", folded.replace("j", "i").replace("ii", "i"))
