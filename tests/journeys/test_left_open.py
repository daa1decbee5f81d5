"""A view of a patient that somebody left open closes by itself; who is at work is left alone."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import PATIENT, Case, ReferralSteps
from bot.sandbox.faults import Fault, FaultKind
from tests.founded import begins
from tests.journeys.test_course import in_treatment

NAME = PATIENT["name"]
WORDS = "Please see her today"


@begins(in_treatment)
async def test_who_the_patient_is_does_not_stay_on_a_screen_that_was_left(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Patient details")
    assert form.seen.says(NAME)
    await clinic.passes(minutes=9)
    assert clinic.therapist.form().seen.says(NAME)

    # Also if the bot is started anew meanwhile.
    await clinic.stop_bot()
    await clinic.start_bot()
    await clinic.passes(minutes=1)
    shown = clinic.therapist.form().seen
    assert shown.says("left open for a while", "Open it again")
    assert not shown.says(NAME)

    form = await clinic.therapist.opens(case, "Patient details")
    assert form.seen.says(NAME)


@pytest.mark.one_store
@begins(in_treatment)
async def test_one_that_was_closed_by_hand_or_that_slack_does_not_take_troubles_nobody(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Patient details")
    await form.closes()
    await clinic.surgeon.opens(case, "Patient details")
    clinic.slack.faults.add(Fault(FaultKind.SERVER_ERROR, method="views.update"))
    await clinic.passes(minutes=30)
    assert not clinic.surgeon.form().seen.says(NAME)


@pytest.mark.one_store
@begins(in_treatment)
async def test_a_form_that_is_being_written_in_stays_for_an_hour_and_each_step_begins_it_anew(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Raise a concern")
    await clinic.passes(minutes=59)
    done = await form.submits(severity="soon", words=WORDS)
    assert not done.errors, done.errors
    await case.thread_shows("Concern to be seen soon")
    await clinic.surgeon.gets_message(case.code)

    form = await clinic.surgeon.opens_refer_form()
    await clinic.passes(minutes=50)
    assert isinstance(form, ReferralSteps)
    done = await form.fills_step(**{**PATIENT, "name": "Robin Vance"})
    assert not done.errors, done
    await clinic.passes(minutes=50)
    assert not clinic.surgeon.form().seen.says("left open")
    await clinic.passes(minutes=11)
    assert clinic.surgeon.form().seen.says("left open", "was not sent")
