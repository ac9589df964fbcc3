"""Baselines: what can be installed and taught with the same wordings. Each learns, and then ranks a question.

A baseline gets the question as text or stems it was prepared into, and says which topic is nearest and how near.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from tests.bench.data import need

Found = tuple[str, float]
"""A topic and a score, higher for surer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A method by name. `learn` takes texts (or lists of stems) and their topics, and gives back what ranks one."""

    name: str
    learn: Callable[[Sequence[Any], Sequence[str]], Callable[[Any], Found]]
    stemmed: bool = False


def _rapidfuzz(texts: Sequence[str], topics: Sequence[str]) -> Callable[[str], Found]:
    held = list(texts)

    def rank(text: str) -> Found:
        found = process.extractOne(text, held, scorer=fuzz.token_set_ratio, processor=None)
        return (topics[found[2]], found[1]) if found else (topics[0], 0.0)

    return rank


def _bm25(stems: Sequence[list[str]], topics: Sequence[str]) -> Callable[[list[str]], Found]:
    retriever = need("bm25s").BM25(k1=1.2, b=0.75)
    retriever.index(list(stems), show_progress=False)

    def rank(asked: list[str]) -> Found:
        known = [stem for stem in asked if stem in retriever.vocab_dict]
        if not known:
            return topics[0], 0.0
        scores = retriever.get_scores(known)
        best = int(scores.argmax())
        return topics[best], float(scores[best])

    return rank


def _vectors(texts: Sequence[str]) -> tuple[Any, Any]:
    text = need("sklearn.feature_extraction.text")
    vectoriser = text.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, lowercase=False)
    return vectoriser, vectoriser.fit_transform(texts)


def _nearest_ngrams(texts: Sequence[str], topics: Sequence[str]) -> Callable[[str], Found]:
    vectoriser, matrix = _vectors(texts)
    columns = matrix.T.tocsr()

    def rank(text: str) -> Found:
        likeness = (vectoriser.transform([text]) @ columns).toarray()[0]
        best = int(likeness.argmax())
        return topics[best], float(likeness[best])

    return rank


def _linear_ngrams(texts: Sequence[str], topics: Sequence[str]) -> Callable[[str], Found]:
    vectoriser, matrix = _vectors(texts)
    classifier = need("sklearn.svm").LinearSVC(C=1.0, random_state=0)
    classifier.fit(matrix, list(topics))

    def rank(text: str) -> Found:
        margins = classifier.decision_function(vectoriser.transform([text]))[0]
        best = int(margins.argmax())
        return str(classifier.classes_[best]), float(margins[best])

    return rank


def _fts5(texts: Sequence[str], topics: Sequence[str]) -> Callable[[str], Found]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE wording USING fts5(text, tokenize='trigram', detail='full')")
    database.executemany("INSERT INTO wording(rowid, text) VALUES (?, ?)", enumerate(texts))
    query = "SELECT rowid, -rank FROM wording WHERE wording MATCH ? ORDER BY rank, rowid LIMIT 1"

    def rank(text: str) -> Found:
        grams = dict.fromkeys(text[i : i + 3] for i in range(len(text) - 2))
        found = database.execute(query, (" OR ".join(f'"{gram}"' for gram in grams),)).fetchone() if grams else None
        return (topics[found[0]], found[1]) if found else (topics[0], 0.0)

    return rank


BASELINES = (
    Baseline(name="rapidfuzz token_set_ratio, nearest", learn=_rapidfuzz),
    Baseline(name="BM25 over stems (bm25s), nearest", learn=_bm25, stemmed=True),
    Baseline(name="SQLite FTS5 trigrams, nearest", learn=_fts5),
    Baseline(name="n-gram tf-idf, nearest", learn=_nearest_ngrams),
    Baseline(name="n-gram tf-idf, linear SVM", learn=_linear_ngrams),
)
