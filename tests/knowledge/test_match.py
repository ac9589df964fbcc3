"""The model: learned from few examples, the same every time, explained to the last vote."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge.features import KeyedWord
from knowledge.match import Model
from knowledge.text import words
from knowledge.train import Example, train

TAUGHT = {
    ("police", "police"): ["kaimiņi naktī trokšņo", "policija tālrunis", "kaimiņu suns rej naktī", "izsaukt policiju"],
    ("school", "school"): ["bērnu vieta skolā", "skolas direktors", "skolu saraksts", "pieteikt bērnu skolai"],
    ("budget", "budget"): ["līdzdalības budžets", "kas ir budžets", "iedzīvotāju budžets ciemam"],
    ("budget#when", "budget"): ["kad ir budžets", "kurā gadā sākās budžets", "budžeta sākums"],
    ("budget#sum", "budget"): ["cik naudas budžetā", "budžeta naudas summa", "cik liela summa budžetā"],
}


def keyed(text: str) -> tuple[KeyedWord, ...]:
    return tuple((f"lv:{word.folded[:6]}", word, 1.0) for word in words(text))


@pytest.fixture(scope="module")
def model() -> Model:
    return replace(learned(), scale=6.0)


def learned() -> Model:
    return train(
        Example(topic=topic, whole=whole, words=keyed(text))
        for (topic, whole), texts in TAUGHT.items()
        for text in texts
    )


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("kaimiņš trokšņo", "police"),
        ("polcijas tālrunis", "police"),
        ("skolā vietas bērnam", "school"),
        ("cik naudas ir budžetam", "budget#sum"),
        ("kurā gadā budžets", "budget#when"),
        ("iedzīvotāju budžets", "budget"),
    ],
)
def test_what_was_never_seen_is_read_like_what_was(model: Model, text: str, topic: str) -> None:
    assert model.best(model.sums(keyed(text)), 3)[0].topic == topic


def test_probabilities_are_shared_out_among_all_topics(model: Model) -> None:
    scores = model.best(model.sums(keyed("cik naudas budžetā")), 10, least=0.0)
    assert {score.topic for score in scores} == {topic for topic, _ in TAUGHT}
    assert sum(score.probability for score in scores) == pytest.approx(1, abs=1e-5)
    assert scores == sorted(scores, key=lambda score: -score.probability)


def test_among_a_few_topics_they_add_up_to_one(model: Model) -> None:
    scores = model.among(model.sums(keyed("naudas")), ["budget#sum", "budget#when", "nothing"])
    assert [score.topic for score in scores] == ["budget#sum", "budget#when"]
    assert sum(score.probability for score in scores) == pytest.approx(1, abs=1e-5)
    assert model.among(model.sums(keyed("naudas")), ["nothing"]) == []


def test_the_votes_of_the_words_are_the_sum_of_the_topic(model: Model) -> None:
    """Whatever decided can be shown: votes and bias give the very probabilities."""
    message = keyed("kaimiņi pie skolas trokšņo")
    topics = ["police", "school"]
    bias = {topic: float(model.bias[model.wholes.index(topic)]) for topic in topics}
    sums = {topic: sum(model.votes_of(message, topic)) + model.scale * bias[topic] for topic in topics}
    police, school = (next(s for s in model.best(model.sums(message), 5) if s.topic == topic) for topic in topics)
    assert np.log(police.probability / school.probability) == pytest.approx(sums["police"] - sums["school"], abs=1e-3)


def test_the_same_examples_give_the_same_model(model: Model) -> None:
    again = learned()
    assert again.wholes == model.wholes
    assert again.vectoriser.names == model.vectoriser.names
    assert np.array_equal(again.bias, model.bias)
    ours, theirs = model.votes.arrays(), again.votes.arrays()
    assert all(np.array_equal(theirs[name], ours[name]) for name in ours)


@pytest.mark.parametrize("text", ["", "zzz qqq", "ab"])
def test_words_nobody_knows_say_nothing_certain(model: Model, text: str) -> None:
    assert all(score.probability < 0.6 for score in model.best(model.sums(keyed(text)), 5))


def test_a_model_of_nothing_finds_nothing() -> None:
    assert train([]).sums(keyed("policija")) is None


def test_a_follow_up_teaches_a_part_and_no_whole() -> None:
    taught = [
        Example(topic=topic, whole=whole, words=keyed(text))
        for (topic, whole), texts in TAUGHT.items()
        for text in texts
    ]
    follow_ups = ["no kura laika", "no kura laika tas ir"]
    later = [Example(topic="budget#when", whole="budget", words=keyed(t), follows=True) for t in follow_ups]
    before, after = replace(train(taught), scale=6.0), replace(train([*taught, *later]), scale=6.0)
    asked = keyed("no kura laika")
    family = ("budget", "budget#when", "budget#sum")
    assert after.among(after.sums(asked), family)[0].topic == "budget#when"
    assert (
        after.among(after.sums(asked), family)[0].probability > before.among(before.sums(asked), family)[0].probability
    )
    whole_before, whole_after = (
        sum(score.probability for score in model.best(model.sums(asked), 9) if score.topic in family)
        for model in (before, after)
    )
    assert whole_after == pytest.approx(whole_before, abs=0.05)


def test_how_likely_it_is_that_one_of_some_topics_is_meant(model: Model) -> None:
    sums = model.sums(keyed("cik naudas budžetā"))
    shares = {whole: model.share(sums, (whole,)) for whole in ("police", "school", "budget")}
    assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
    assert shares["budget"] == max(shares.values())
    assert model.share(sums, ("budget#when", "budget#sum")) == shares["budget"], "parts share what their whole has"
    assert model.share(sums, ("police", "school", "unheard-of")) == pytest.approx(shares["police"] + shares["school"])
    assert model.share(sums, ()) == model.share(None, ("police",)) == 0
