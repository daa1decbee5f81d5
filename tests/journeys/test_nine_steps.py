"""The nine steps of a closed-loop referral, each by its name.

Institute for Healthcare Improvement / National Patient Safety Foundation. Closing the Loop: A Guide
to Safer Ambulatory Referrals in the EHR Era. Cambridge, Massachusetts, 2017. That there are nine,
that the first is the order and that the last is to tell the patient, AHRQ's Patient Safety Network
says of it; the names of the steps between are in our words. The guide speaks of a primary care
provider and a specialist; here these are the surgeon who refers and the therapist who treats.
Nobody
but the two speaks to the patient: for the steps that lead to the patient the record holds that it
was done and what was said.
"""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from tests.founded import begins
from tests.journeys.test_course import chooses, in_treatment

pytestmark = pytest.mark.one_store


async def finished(clinic: Clinic) -> Case:
    """A case whose therapist has sent the outcome report."""
    case = await in_treatment(clinic)
    await clinic.therapist.reports(case, "Session 2, pain 4 -> 1")
    form = await chooses(clinic.therapist, case, "Finish with a report")
    await form.submits(goals="most", outcome_answer="Moves freely.", outcome_advice="Walk daily.")
    await case.thread_shows("has finished the treatment", "Moves freely.")
    return case


async def test_1_the_provider_orders_the_referral(clinic: Clinic) -> None:
    form = await clinic.surgeon.opens_refer_form()
    outcome = await form.submits(therapist=clinic.therapist.user_id)
    assert outcome.errors, "what the therapist needs to know is asked for"
    await form.closes()
    case = await clinic.surgeon.refers(clinic.therapist)
    assert case.card.says("Dr. Ana Rivera", "Sam Lee", "Liposuction")
    await clinic.therapist.gets_message(case.code)


async def test_2_the_referral_is_communicated_to_the_specialist(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    details = await clinic.therapist.opens(case, "Patient details")
    assert details.seen.says("Jordan Ellis", "Drain left side until day 14")
    # Unheard, it does not rest: it comes with the therapist's next digest.
    await clinic.passes(days=2)
    await clinic.therapist.gets_message(case.code)


async def test_3_the_referral_is_reviewed_and_authorized(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    form = await clinic.therapist.opens(case, "Ask a question")
    await form.submits(move_words="Is the drain out?")
    await case.thread_shows("needs to know something first")
    await clinic.surgeon.gets_message(case.code, "needs to know")
    form = await clinic.surgeon.opens(case, "Answer the question")
    await form.submits(move_words="Since Monday.")
    await case.thread_shows("answers", "Since Monday.")
    await clinic.therapist.gets_message(case.code, "answers")
    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")


async def test_4_the_appointment_is_scheduled(clinic: Clinic, case: Case) -> None:
    assert case.card.says("Sam Lee: Post the first session update")
    form = await clinic.therapist.opens(case, "Book a visit")
    await form.submits(visit_day="2026-11-25", visit_time="10:00")
    await case.thread_shows("has booked a visit")
    await clinic.surgeon.gets_message(case.code, "has booked")
    assert case.card.says("The first visit is booked.", "Next visit")


async def test_5_the_consult_occurs(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.reports(case, "Session 1, pain 6 -> 4")
    assert case.card.says("Treatment is under way", "1 of 10 sessions")


@begins(in_treatment)
async def test_6_the_specialist_communicates_the_plan_to_the_patient(
    clinic: Clinic, case: Case
) -> None:
    """The plan that the therapist has signed holds what the patient does at home, and each update
    says which version the patient was treated by."""
    plan = await clinic.therapist.opens(case, "Plan")
    assert plan.seen.says("Version 1", "10, 2 times a week", "What the patient does between")


@begins(finished)
async def test_7_the_specialist_communicates_the_plan_to_the_provider(
    clinic: Clinic, case: Case
) -> None:
    await clinic.surgeon.gets_message(case.code, "has finished")
    assert case.card.says("Dr. Ana Rivera: Review the outcome")


@begins(finished)
async def test_8_the_provider_acknowledges_receipt(clinic: Clinic, case: Case) -> None:
    await clinic.surgeon.gets_message(case.code, "has finished")
    assert not case.card.says("Closed")
    form = await clinic.surgeon.opens(case, "Review")
    assert form.seen.says("Moves freely.")
    await form.submits(move_words="Read. I tell the patient on Friday.")
    await case.thread_shows("The loop is closed")
    await clinic.therapist.gets_message(case.code, "The loop is closed")
    assert case.card.says("Closed. Nothing more is due.")


@begins(finished)
async def test_9_the_provider_communicates_the_plan_to_the_patient(
    clinic: Clinic, case: Case
) -> None:
    """What the surgeon tells the patient is part of the review, and stays in the closed case."""
    await clinic.surgeon.gets_message(case.code, "has finished")
    form = await clinic.surgeon.opens(case, "Review")
    await form.submits(move_words="Told the patient: walk daily, garment for two weeks.")
    await case.thread_shows("The loop is closed")
    await clinic.therapist.gets_message(case.code, "The loop is closed")
    life = await clinic.surgeon.opens(case, "What was done")
    assert life.seen.says("Told the patient: walk daily", "Moves freely.")
