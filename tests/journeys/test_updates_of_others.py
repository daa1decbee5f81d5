"""Who may still touch an update: nobody who has lost the case, and nothing reaches a closed one."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Someone
from tests.journeys.test_circle import lets_in
from tests.journeys.test_course import chooses

pytestmark = pytest.mark.one_store

NOTE = "Session 1, 60 min MLD abdomen, pain 6 -> 3. No red flags."


async def covers_for_a_day(clinic: Clinic, case: Case, noor: Someone) -> None:
    """Noor Haddad may read the case, and today stands in for its therapist."""
    await lets_in(clinic.surgeon, case, noor)
    await case.thread_shows("lets Noor Haddad read this case")
    await noor.gets_message("lets you read case", case.code)
    await clinic.therapist.person.runs("/careloop", "away", clinic.channel_id)
    await clinic.settled()
    day = clinic.clock.now().date().isoformat()
    await clinic.therapist.form().submits(first=day, last=day, cover=noor.user_id)
    await noor.gets_message("You cover for Sam Lee")


async def test_who_covered_can_not_edit_their_update_once_the_leave_is_over(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    await covers_for_a_day(clinic, case, noor)
    await noor.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1", "pain 6 → 3")
    asked = await noor.is_asked(case, "pain 6 → 3")
    form = await asked.clicks("Edit")

    await clinic.passes(days=1)
    assert form.seen.says("left open for a while, so it was closed")
    await form.closes()
    kept.reader = noor
    refused = await kept.clicks("Edit")
    assert refused.seen.says("Not yours to do")
    assert not refused.seen.says("pain")
    await refused.closes()
    await asked.presses("Save")
    await noor.gets_message("for somebody else on the case")

    assert kept.seen.says("pain 6 → 3", "not confirmed yet")


async def test_an_update_is_not_moved_to_a_case_that_ended_meanwhile(
    clinic: Clinic, case: Case
) -> None:
    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    await clinic.therapist.presses(other, "Accept")
    await other.thread_shows("accepted")
    await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1: kept")
    asked = await clinic.therapist.is_asked(case)
    move = await asked.clicks("Other case")

    end = await chooses(clinic.surgeon, other, "Cancel the referral")
    await end.submits(move_reason="not_needed")
    await other.thread_shows("cancels the referral")
    await clinic.therapist.gets_message(other.code, "cancels")

    refused = await move.submits(target=move.value_of("target", other.code))
    assert "moved on" in refused.errors["target"]
    await move.closes()
    assert kept.seen.says("Session update 1: kept", "pain 6 → 3")
    assert case.card.says("1 of 10")
    assert other.card.says("Cancelled")

    again = await asked.clicks("Other case")
    assert again.seen.says("You have no other case under way")
