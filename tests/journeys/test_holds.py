"""Several reasons to hold the treatment: an answer to one of them does not undo another."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Received

pytestmark = pytest.mark.one_store

CLOT = "Session 1, 60 min MLD abdomen, pain 4 -> 3. Left calf swollen and warm today."
OPEN_WOUND = "Session 2, 45 min MLD abdomen, pain 4 -> 3. Incision is gaping at the left end."


async def two_signs(clinic: Clinic, case: Case) -> tuple[Received, Received]:
    await clinic.therapist.reports(case, CLOT)
    await case.thread_shows("Urgent concern", "calf_dvt")
    first = await clinic.surgeon.gets_message("Urgent concern", case.code)
    await clinic.passes(minutes=3)
    await clinic.therapist.reports(case, OPEN_WOUND)
    await case.thread_shows("Urgent concern", "dehiscence")
    second = await clinic.surgeon.gets_message("Urgent concern", case.code)
    return first, second


async def test_to_continue_after_one_sign_leaves_the_hold_of_another(
    clinic: Clinic, case: Case
) -> None:
    clot, wound = await two_signs(clinic, case)

    form = await wound.clicks("Acknowledge")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="")
    await case.thread_shows("will see the patient")
    form = await clot.clicks("Acknowledge")
    await form.submits(decision="continue", note="Ultrasound was negative")
    await case.thread_shows("treatment continues", "stays on hold, for another reason")
    assert case.card.says("On hold")

    form = await wound.clicks("Resolve")
    await form.submits(resolution="Two stitches")
    await case.thread_shows("resolved")
    assert case.card.says("On hold")
    form = await clinic.surgeon.opens(case, "Clear the hold")
    await form.submits(answer="clear")
    await case.thread_shows("Hold cleared", "Dr. Ana Rivera")
    assert case.card.says("Treatment is under way")


async def test_the_surgeon_sees_what_else_is_open_before_a_hold_is_cleared(
    clinic: Clinic, case: Case
) -> None:
    clot, wound = await two_signs(clinic, case)
    form = await clot.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("hold treatment")

    form = await clinic.surgeon.opens(case, "Clear the hold")
    assert form.seen.says("Nov 23, urgent concern, not acknowledged")
    assert form.seen.says("acknowledged, not resolved: hold treatment until cleared")
    refused = await form.submits(answer="clear")
    assert "not acknowledged yet" in refused.errors["review"]
    await form.closes()

    form = await wound.clicks("Acknowledge")
    await form.submits(decision="continue", note="")
    await case.thread_shows("stays on hold, for another reason")
    assert case.card.says("On hold")


async def test_a_sign_that_comes_after_a_hold_was_cleared_holds_again(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.reports(case, CLOT)
    await case.thread_shows("Urgent concern")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="continue", note="")
    await case.thread_shows("treatment continues")
    assert case.card.says("Treatment is under way")

    await clinic.passes(minutes=3)
    await clinic.therapist.reports(case, OPEN_WOUND)
    await case.thread_shows("Urgent concern", "dehiscence", "on hold")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    assert case.card.says("On hold")
