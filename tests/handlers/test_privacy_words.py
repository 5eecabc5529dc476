"""What is promised about personal data: the same to customers, to operators, and in the code."""

import re
from pathlib import Path

from bot.domain.keeping import AUDIT_MONTHS, ENDED_MESSAGES, EVENT_BODIES, UNSEEN_MONTHS, Obstacle
from handlers.information import privacy_screen
from handlers.personal_data import not_yet_screen
from handlers.staff_names import shown_name
from handlers.texts import Texts, Translations
from tests.handlers import views
from tests.handlers.counter import HOUSE

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


def test_every_obstacle_is_said_in_words_of_its_own(texts: Texts) -> None:
    said = [not_yet_screen((obstacle,), texts, HOUSE).blocks[0] for obstacle in Obstacle]
    assert len(set(said)) == len(Obstacle)


def test_who_has_been_forgotten_has_no_name_for_staff(translations: Translations) -> None:
    assert shown_name(" ", 40, translations.for_("en")) == "Name erased"
    assert shown_name("Ada\nL.", 40, translations.for_("en")) == "Ada L."


def test_the_privacy_text_says_how_long_things_are_kept(texts: Texts) -> None:
    said = privacy_screen(views.shop(), texts, HOUSE).caption
    for number in (HOUSE.keep_years, EVENT_BODIES.days, ENDED_MESSAGES.days, UNSEEN_MONTHS):
        assert re.search(rf"\b{number}\b", said)
    assert "/mydata" in said
    assert "/forgetme" in said


def test_the_privacy_text_fits_beside_a_note_of_the_shops_own(texts: Texts) -> None:
    note = "Your guide sees your name. " * 8
    assert note.strip() in privacy_screen(views.shop(note), texts, HOUSE).caption


def test_operators_read_the_same_numbers() -> None:
    section = OPERATING.read_text(encoding="utf-8").partition("## Personal data")[2].partition("\n## ")[0]
    told = re.findall(r"(\d+) (days|months|years)", section)
    for number, unit in (
        (EVENT_BODIES.days, "days"),
        (ENDED_MESSAGES.days, "days"),
        (UNSEEN_MONTHS, "months"),
        (AUDIT_MONTHS, "months"),
        (HOUSE.keep_years, "years"),
    ):
        assert (str(number), unit) in told
