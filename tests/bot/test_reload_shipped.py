"""The shipped knowledge reloaded with its questions: one phone changed, a contact that is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.difference_text import difference_lines
from bot.live import LiveKnowledge
from bot.phrasebook import Phrasebook
from bot.reload import Reload, begin
from bot.reload_outcomes import Applied, Refused
from bot.sample import SAMPLE
from bot.verdict import Progress, Step
from bot.versions import Versions
from knowledge.files import DATA
from knowledge.index import Index
from knowledge.model import Language
from tests.bot.reloading import NOW, House

OLD, NEW = "+371 65681764", "+371 65681799"
ASKED = "Krāslavas izpilddirektora tālrunis"


@pytest.fixture
def house(shipped: Index, data_dir: Path, tmp_path: Path) -> House:
    """A copy of the shipped knowledge in use, with the model that was learned for this run."""
    directory = tmp_path / "knowledge"
    shutil.copytree(DATA, directory)
    versions = Versions(directory=tmp_path / "versions")
    live = LiveKnowledge(begin(directory, versions, data_dir / "models", NOW, pytest.fail))
    reload = Reload(live=live, directory=directory, versions=versions, models=data_dir / "models")
    return House(directory=directory, data=tmp_path, reload=reload)


async def test_a_changed_phone_needs_no_learning_and_is_shown_and_answered(house: House) -> None:
    assert OLD in house.says(ASKED)
    house.edit("contacts/kraslava.yaml", OLD, NEW)
    outcome = await house.reload.reload(house.now(), house.steps.append)
    assert isinstance(outcome, Applied)
    assert house.told == [Step.READING, Step.ASKING, Step.TAKING]
    assert house.steps[1] == Progress(step=Step.ASKING, done=0, of=house.steps[1].of)
    assert outcome.verdict.difference is not None
    say = Phrasebook(kb=house.reload.live.current.index.kb, language=Language.LV)
    assert difference_lines(outcome.verdict.difference, say) == (
        f"Krāslava: Izpilddirektors – mainīts tālrunis: {OLD} → {NEW}",
    )
    assert outcome.verdict.before == outcome.verdict.after
    assert outcome.verdict.before is not None
    assert outcome.verdict.before.of > SAMPLE
    assert outcome.verdict.before.accuracy > 0.9
    assert outcome.verdict.warnings == ()
    assert NEW in house.says(ASKED)


async def test_a_contact_that_questions_ask_for_cannot_just_go(house: House) -> None:
    house.edit("contacts/kraslava.yaml", "- id: izpilddirektors", "- id: izpilddirektore")
    outcome = await house.reload.reload(house.now())
    assert isinstance(outcome, Refused)
    assert all(problem.file.startswith("questions/") and problem.line for problem in outcome.problems)
    assert OLD in house.says(ASKED)
