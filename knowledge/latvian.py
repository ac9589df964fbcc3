"""Latvian words: case forms made from a dictionary form, and stems taken from a form met in a text.

Declensions follow the academic grammar (LU Latviešu valodas gramatika, 2013): six noun declensions, with the consonant
changes of the second, fifth and sixth (p-pj, b-bj, m-mj, v-vj, t-š, d-ž, s-š, z-ž, c-č, n-ņ, l-ļ, k-ķ in -ķis none).
Stems are taken from folded words (`knowledge.text.fold`), where š and s, ņ and n are one letter already.
"""

from __future__ import annotations

from functools import lru_cache

from knowledge.word_cache import FEW_WORDS

_SOFT = (
    ("ll", "ļļ"), ("nn", "ņņ"), ("ln", "ļņ"), ("sn", "šņ"), ("zn", "žņ"), ("sl", "šļ"), ("zl", "žļ"), ("dz", "dž"),
    ("st", "š"), ("p", "pj"), ("b", "bj"), ("m", "mj"), ("v", "vj"), ("f", "fj"),
    ("t", "š"), ("d", "ž"), ("s", "š"), ("z", "ž"), ("c", "č"), ("n", "ņ"), ("l", "ļ"),
)  # fmt: skip

_FIRST = ("s", "a", "am", "u", "ā", "i", "u", "iem", "us", "os")
_FOURTH = ("a", "as", "ai", "u", "ā", "as", "u", "ām", "ās")
_PLACE_ENDINGS = ("as", "es", "is", "us", "os", "a", "e", "i", "o", "s", "š")
_MASCULINE_PLURAL = ("i", "u", "iem", "us", "os")


def soften(stem: str) -> str:
    """The stem with its last consonant changed as before a soft ending: krāslavieti- -> krāslavieš-."""
    for hard, soft in _SOFT:
        if stem.endswith(hard):
            return stem[: -len(hard)] + soft
    return stem


def noun_forms(nominative: str) -> frozenset[str]:
    """Every case form, singular and plural, of a noun given in the nominative.

    The declension is told from the ending, as a reader would; a nominative plural (Līvāni, Pļaviņas) gives plurals.
    """
    word = nominative
    if word.endswith("pils"):  # the sixth declension's -pils, the one such ending among place names
        stem = word[:-1]
        return frozenset({word, soften(stem) + "u", *_add(stem, ("ij", "i", "ī", "is", "īm", "īs"))})
    for ending, make in _DECLENSIONS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return frozenset(make(word[: -len(ending)])) | {word}
    return frozenset({word})


INHABITANTS = ("ietis", "iete", "ānietis", "āniete", "ēnietis", "ēniete")
"""What the names of the people of a place end in, men and women, in the nominative."""


def inhabitants(place: str) -> tuple[str, ...]:
    """What the people of a place may be called, men and women, in the nominative.

    Krāslava -> krāslavietis, krāslaviete; Dagda -> dagdānietis and dagdēnietis as well, as both are said in Latgale.
    """
    stem = next((place[: -len(e)] for e in _PLACE_ENDINGS if place.endswith(e) and len(place) > len(e) + 1), place)
    return tuple(stem + ending for ending in INHABITANTS)


def _add(stem: str, endings: tuple[str, ...]) -> list[str]:
    return [stem + ending for ending in endings]


def _second(stem: str) -> list[str]:
    soft = soften(stem)
    return _add(stem, ("is", "im", "i", "ī")) + _add(soft, ("a", *_MASCULINE_PLURAL))


def _third(stem: str) -> list[str]:
    return _add(stem, ("us", "um", "u", "ū", *_MASCULINE_PLURAL))


def _fifth(stem: str) -> list[str]:
    return [*_add(stem, ("e", "es", "ei", "i", "ē", "ēm", "ēs")), stem + "u", soften(stem) + "u"]


def _fourth_plural(stem: str) -> list[str]:
    return _add(stem, ("as", "u", "ām", "ās"))


def _fifth_plural(stem: str) -> list[str]:
    return [*_add(stem, ("es", "ēm", "ēs")), soften(stem) + "u", stem + "u"]


_DECLENSIONS = (
    ("is", _second),
    ("us", _third),
    ("š", lambda stem: _add(stem, ("š", *_FIRST[1:]))),
    ("as", _fourth_plural),
    ("es", _fifth_plural),
    ("s", lambda stem: _add(stem, _FIRST)),
    ("a", lambda stem: _add(stem, _FOURTH)),
    ("e", _fifth),
    ("i", lambda stem: _add(stem, _MASCULINE_PLURAL)),
)

INHABITANT_ENDINGS = frozenset(form for ending in INHABITANTS for form in noun_forms(ending))
"""The same in every case."""

# Endings of nouns, adjectives (definite ones too), and the verb forms people ask with.
_ENDINGS = frozenset(
    (
        "ajiem ajam ajai ajas ajos ajus ais aja iem ies am em im um as es is us os ai ei a e i u o s "
        "iet ot at et it ties oties amies t"
    ).split()
)
_SUFFIXES = frozenset("sanas san tajs taj ejs ej ib um niek nic isk ig ist ij in it at et ot av ieg".split())
_LONGEST_ENDING = max(map(len, _ENDINGS))
_LONGEST_SUFFIX = max(map(len, _SUFFIXES))
_VOWELS = frozenset("aeiou")


@lru_cache(maxsize=FEW_WORDS)
def stem(folded: str) -> str:
    """A folded word without its ending: the same for all case forms, nearly always."""
    if len(folded) <= 3:
        return folded
    for cut in range(max(3, len(folded) - _LONGEST_ENDING), len(folded)):
        ending = folded[cut:]
        # -tājs is a noun's suffix, not an adjective's ending
        agent = ending.startswith("aj") and folded[cut - 1] == "t"
        if ending in _ENDINGS and not agent and not _VOWELS.isdisjoint(folded[:cut]):
            return _hard(folded[:cut])
    return folded


def _hard(cut: str) -> str:
    return cut[:-1] if len(cut) > 3 and cut.endswith("j") and cut[-2] in "pbmvf" else cut


@lru_cache(maxsize=FEW_WORDS)
def root(folded: str) -> str:
    """A stem without its word-building suffix: celšana, cēlējs and celt share `cel`, policija and policists `polic`.

    Rougher than `stem`: used as a second, weaker sign. Soft and hard forms of t and d are one.
    """
    word = stem(folded)
    for cut in range(max(3, len(word) - _LONGEST_SUFFIX), len(word)):
        if word[cut:] in _SUFFIXES:
            word = word[:cut]
            break
    return word[:-1] + {"t": "s", "d": "z"}.get(word[-1], word[-1]) if len(word) > 3 else word
