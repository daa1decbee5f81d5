"""Whatever goes wrong, people read what happened and what to do."""

import inspect
import re

import pytest

from bot.care.people import Role, Standing, TherapistProblem
from bot.care.rooms import RoomProblem
from bot.services import errors as services
from bot.views import gallery as samples
from bot.views.errors import (
    Cause,
    Words,
    draw_words,
    with_reference,
    words_for,
)
from bot.views.modals import trouble_view
from tests.views.client import read, refusals

JARGON = re.compile("error|invalid|exception|null|failed|forbidden|denied", re.IGNORECASE)
EVERY = samples.every_trouble()


def _all_words() -> list[Words]:
    return [
        *EVERY.values(),
        words_for(Cause.NOT_REGISTERED),
        *(words_for(Cause.NOT_REGISTERED, needed=role) for role in Role),
        *(words_for(Cause.ACCOUNT_CANNOT_TREAT, standing=one) for one in Standing),
        *(
            words_for(Cause.THERAPIST_CANNOT_BE_CHOSEN, reason=choice.value, standing=standing)
            for choice in TherapistProblem
            for standing in [None, *Standing]
        ),
        *(words_for(Cause.ROOM_CANNOT_BE_USED, reason=choice.value) for choice in RoomProblem),
        words_for(Cause.TOO_LATE, reason="not_acknowledged"),
    ]


def test_every_error_of_the_services_has_a_cause_of_its_own() -> None:
    refusals_of_services = {
        _snake(name)
        for name, error in inspect.getmembers(services, inspect.isclass)
        if issubclass(error, services.DeedRefused) and error is not services.DeedRefused
    }
    assert refusals_of_services <= {cause.value for cause in Cause}


@pytest.mark.parametrize("words", _all_words(), ids=lambda words: words.title)
def test_words_are_short_kind_and_fit_a_modal(words: Words) -> None:
    assert 0 < len(words.title) <= 24
    assert len(words.line) <= 200
    assert "!" not in words.line
    assert words.what_happened.endswith(".")
    assert not JARGON.search(words.line)
    told = with_reference(words, "7Q3K-M2")
    assert refusals(trouble_view(told)) == []
    assert refusals(draw_words(told)) == []
    assert "Reference 7Q3K-M2" in read(trouble_view(told))
    assert "Reference 7Q3K-M2" in read(draw_words(told))
    assert told.line.endswith("(Reference 7Q3K-M2)")


@pytest.mark.parametrize("cause", Cause)
def test_everybody_is_told_what_to_do(cause: Cause) -> None:
    words = EVERY[cause.value]
    assert words.what_to_do or cause is Cause.TEXT_PROBLEM


def test_a_case_that_is_not_yours_reads_like_one_that_is_not_there() -> None:
    asked = [
        words_for(Cause.NOT_YOURS),
        words_for(Cause.NOT_YOURS, case_code="K7QF-3M", needed=Role.SURGEON, words="It exists."),
    ]
    assert asked[0] == asked[1]
    assert "K7QF" not in asked[1].line


@pytest.mark.parametrize(
    ("standing", "says"),
    [
        (Standing.GUEST, "Your account is a guest account."),
        (Standing.BOT, "Your account is a bot."),
        (Standing.DEACTIVATED, "Your account is deactivated."),
        (Standing.FOREIGN, "Your account belongs to another organization."),
    ],
)
def test_an_account_that_can_t_treat_is_told_why(standing: Standing, says: str) -> None:
    assert words_for(Cause.ACCOUNT_CANNOT_TREAT, standing=standing).what_happened.startswith(says)


def test_a_surgeon_who_chooses_themselves_is_told_so_kindly() -> None:
    words = words_for(Cause.THERAPIST_CANNOT_BE_CHOSEN, reason="is_the_surgeon")
    assert words.line == (
        "This is you. A referral goes to another person. Please choose a massage therapist."
    )


def test_a_patient_who_is_referred_twice_is_found_under_the_first_case() -> None:
    assert "K7QF-3M" in words_for(Cause.ALREADY_REFERRED, case_code="K7QF-3M").what_happened


def test_a_store_that_can_t_save_sends_urgent_matters_to_the_telephone() -> None:
    for cause in (Cause.STORE_FULL, Cause.STORE_UNREACHABLE):
        assert "use the telephone" in words_for(cause).what_to_do


def test_nothing_is_said_twice_for_two_causes() -> None:
    said = [words.what_happened for words in EVERY.values()]
    assert len(said) == len(set(said))


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
