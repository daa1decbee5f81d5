"""Which session it was: as its note says, by the day on which it took place, however it is told."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case

pytestmark = pytest.mark.one_store


async def test_sessions_that_are_told_in_reverse_keep_the_numbers_of_their_notes(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.reports(case, "2nd session today, 60 min MLD abdomen, pain 4 -> 2")
    await clinic.passes(minutes=5)
    await clinic.therapist.reports(case, "3rd session yesterday, 60 min MLD abdomen, pain 6 -> 5")

    assert case.card.says("2 of 10", "Session 2 against the first")
    await clinic.surgeon.presses(case, "Progress report")
    await clinic.surgeon.is_told_privately(case.channel_id, "progress report")
    await case.thread_shows("Progress report of case")
    words = await case.thread_shows("progress report", "in words")
    assert words.seen.says("Session 3, Nov 22, 60 min", "Session 2, Nov 23, 60 min")
    assert not words.seen.says("Session 4")


async def test_a_session_is_called_the_same_in_the_thread_and_on_the_card(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.reports(case, "Session 3 today, pain 6 -> 5")
    await clinic.passes(days=2)

    await clinic.therapist.replies(case, "60 min MLD abdomen, pain 4 -> 3")

    await case.thread_shows("Session update 2: kept", "Session 4 ·")
    await clinic.therapist.is_asked(case, "Session 4 ·")
    assert case.card.says("Session 4 against the first")


async def test_a_number_that_was_given_before_is_pointed_out_to_its_author(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.reports(case, "Session 1, pain 6 -> 5")
    await clinic.passes(days=2)

    ts = await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 5 -> 4")
    await case.thread_shows("Session update 2: kept")
    await clinic.therapist.is_asked(case, "Session 1 is there already", "of Mon 23 Nov")

    await clinic.therapist.edits(case, ts, "Session 2, 60 min MLD abdomen, pain 5 -> 4")
    again = await clinic.therapist.is_asked(case, "Session 2 ·")
    assert not again.seen.says("is there already")
    assert case.card.says("Session 2 against the first")
