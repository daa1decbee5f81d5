"""The life of a referral after it was sent: questions, holds, ends, the outcome, its review."""

import re

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Form, Someone
from tests.founded import begins
from tests.journeys.test_the_loop import treatment_under_way

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{2}")


async def chooses(someone: Someone, case: Case, button: str) -> Form:
    """Press *More* on the card and choose one of what is offered."""
    more = await someone.opens(case, "More")
    found = more.seen.button(button)
    await someone.person.acts_in_view(more.view.id, found.action_id, block_id=found.block_id)
    await someone.clinic.settled()
    return someone.form()


def offered(form: Form) -> list[str]:
    return [button.text for button in form.seen.buttons]


async def requested(clinic: Clinic) -> Case:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    return case


async def in_treatment(clinic: Clinic) -> Case:
    case = await treatment_under_way(clinic)
    await clinic.therapist.reports(case, "Session 1, pain 6 -> 4")
    return case


@begins(requested)
async def test_the_therapist_asks_the_surgeon_answers_and_the_therapist_accepts(
    clinic: Clinic, case: Case
) -> None:

    form = await clinic.therapist.opens(case, "Ask a question")
    await form.submits(move_words="Is the drain out?")
    await case.thread_shows("needs to know something first", "Is the drain out?")
    asked = await clinic.surgeon.gets_message(case.code, "needs to know something")
    assert not asked.seen.says("drain")
    assert case.card.says("Dr. Ana Rivera: Answer the therapist's question")

    form = await clinic.surgeon.opens(case, "Answer the question")
    assert form.seen.says("Is the drain out?")
    await form.submits(move_words="Yes, since Friday.")
    await case.thread_shows("answers", "Yes, since Friday.")
    await clinic.therapist.gets_message(case.code, "answers")

    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")


@begins(requested)
async def test_after_a_decline_one_click_asks_the_next_therapist_with_all_contents(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Decline")
    await form.submits(why="no_appointment", reason="")
    await case.thread_shows("No free appointment in time", "Next could be Noor Haddad")
    declined = await clinic.surgeon.gets_message(case.code, "declined")

    await declined.presses("Ask the next therapist")
    received = await clinic.other_therapist.gets_message("New referral")
    await declined.presses("Ask the next therapist")  # a second click changes nothing

    assert case.card.says("Closed")
    code = next(found for found in CODE.findall(received.seen.words) if found != case.code)
    new = clinic.surgeon.looks_at_the_card(code, clinic.other_therapist)
    assert new.card.says(f"Goes on from {case.code}")
    form = await clinic.other_therapist.opens(new, "Patient details")
    assert form.seen.says("Jordan Ellis", "Drain left side until day 14")


@begins(in_treatment)
async def test_either_side_holds_and_only_the_surgeon_lets_it_go_on(
    clinic: Clinic, case: Case
) -> None:
    form = await chooses(clinic.therapist, case, "Put on hold")
    outcome = await form.submits(move_words="")
    assert "Choose a reason" in outcome.errors["move_words"]
    await form.submits(move_reason="result_awaited")
    await case.thread_shows("puts the treatment on hold", "A result or visit is awaited")
    await clinic.surgeon.gets_message(case.code, "on hold")
    assert case.card.says("On hold")

    refused = await clinic.therapist.opens(case, "Clear the hold")
    assert refused.seen.says("somebody else on the case")
    form = await clinic.surgeon.opens(case, "Clear the hold")
    await form.submits(answer="clear")
    await case.thread_shows("Treatment goes on")


async def test_before_the_start_the_surgeon_cancels_alone(clinic: Clinic, case: Case) -> None:
    form = await chooses(clinic.surgeon, case, "Cancel the referral")
    await form.submits(move_reason="not_needed")
    await case.thread_shows("cancels the referral", "Not needed any more")
    await clinic.therapist.gets_message(case.code, "cancels")
    assert case.card.says("Cancelled. Nothing more is due.")
    await clinic.passes(days=9)


@begins(in_treatment)
async def test_after_the_start_the_therapist_confirms_unless_the_surgeon_takes_it_back(
    clinic: Clinic, case: Case
) -> None:
    form = await chooses(clinic.surgeon, case, "Ask to end the treatment")
    await form.submits(move_reason="other_treatment", move_words="Revision surgery first.")
    await case.thread_shows("asks to end the treatment", "Revision surgery")
    await clinic.therapist.gets_message(case.code, "asks to end")

    form = await chooses(clinic.surgeon, case, "Go on after all")
    await form.submits()
    await case.thread_shows("treatment goes on")
    await clinic.therapist.gets_message(case.code, "treatment goes on")
    assert case.card.says("Treatment is under way")

    form = await chooses(clinic.surgeon, case, "Ask to end the treatment")
    await form.submits(move_reason="not_safe")
    await case.thread_shows("asks to end the treatment")
    await clinic.therapist.gets_message(case.code, "asks to end")
    form = await clinic.therapist.opens(case, "Confirm the end")
    await form.submits()
    await case.thread_shows("the treatment has ended")
    await clinic.surgeon.gets_message(case.code, "has ended")
    assert case.card.says("Cancelled")


@begins(in_treatment)
async def test_the_outcome_is_reported_asked_about_reviewed_and_only_then_closed(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.reports(case, "Session 2, pain 4 -> 1")

    form = await chooses(clinic.therapist, case, "Finish with a report")
    assert form.seen.says("2 of 10 sessions given", "pain after 4 → 1, over 2 sessions")
    await form.submits(goals="most", outcome_answer="Moves freely.", outcome_advice="")
    await case.thread_shows("has finished the treatment", "pain after 4 → 1", "Moves freely.")
    told = await clinic.surgeon.gets_message(case.code, "has finished")
    assert not told.seen.says("Moves freely")
    assert case.card.says("Dr. Ana Rivera: Review the outcome")

    form = await chooses(clinic.surgeon, case, "Ask about the outcome")
    await form.submits(move_words="And the left side?")
    await case.thread_shows("question about the outcome", "And the left side?")
    await clinic.therapist.gets_message(case.code, "question about the outcome")
    assert case.card.says("Sam Lee: Answer the surgeon's question")

    form = await clinic.therapist.opens(case, "Answer the question")
    await form.submits(move_words="The same.")
    await case.thread_shows("answers", "The same.")
    await clinic.surgeon.gets_message(case.code, "answers")

    form = await clinic.surgeon.opens(case, "Review")
    assert form.seen.says("Moves freely.")
    outcome = await form.submits(move_words="")
    assert outcome.errors or not outcome.ok
    await form.submits(move_words="Thank you, well done.")
    await case.thread_shows("The loop is closed", "well done")
    await clinic.therapist.gets_message(case.code, "The loop is closed")
    assert case.card.says("Closed. Nothing more is due.")
    await clinic.passes(days=9)

    life = await clinic.therapist.opens(case, "What was done")
    assert life.seen.says("has finished the treatment", "And the left side?", "well done")

    again = await clinic.surgeon.opens(case, "Refer again")
    assert again.seen.says("The patient is the one of the case that you open again")
    await again.submits(screened="screened", therapist=clinic.other_therapist.user_id)
    code = clinic.surgeon.reads_code()
    new = clinic.surgeon.looks_at_the_card(code, clinic.other_therapist)
    await clinic.other_therapist.gets_message(code)
    assert new.card.says(f"Goes on from {case.code}")


@begins(in_treatment)
async def test_what_cannot_be_finished_is_reviewed_too(clinic: Clinic, case: Case) -> None:
    form = await chooses(clinic.therapist, case, "I can't finish")
    await form.submits(move_reason="unreachable")
    await case.thread_shows("can't finish the treatment", "can't be reached")
    await clinic.surgeon.gets_message(case.code, "can't finish")
    form = await clinic.surgeon.opens(case, "Review")
    await form.submits(move_words="I will call them.")
    await case.thread_shows("The loop is closed")
    await clinic.therapist.gets_message(case.code, "The loop is closed")


async def test_a_booked_visit_is_due_on_its_evening(clinic: Clinic, case: Case) -> None:
    form = await clinic.therapist.opens(case, "Book a visit")
    outcome = await form.submits(visit_day="2026-11-02", visit_time="10:00")
    assert "has passed" in outcome.errors["visit_day"]
    await form.submits(visit_day="2026-12-03", visit_time="10:00")
    await case.thread_shows("has booked a visit")
    await clinic.surgeon.gets_message(case.code, "has booked")
    assert case.card.says("The first visit is booked.", "Next visit")
    await clinic.passes(days=9)
    await clinic.surgeon.gets_message(case.code, "is all well?")

    await clinic.therapist.reports(case, "Session 1, pain 6 -> 4")
    assert not case.card.says("Next visit")


@begins(in_treatment)
async def test_each_is_offered_only_what_is_theirs(clinic: Clinic, case: Case) -> None:
    surgeons = await clinic.surgeon.opens(case, "More")
    assert offered(surgeons) == [
        "Put on hold",
        "Ask to end the treatment",
        "What was done so far",
        "Who may read this",
    ]
    therapists = await clinic.therapist.opens(case, "More")
    assert offered(therapists) == [
        "Book a visit",
        "Finish with a report",
        "Put on hold",
        "I can't finish",
        "What was done so far",
        "Who may read this",
    ]


@begins(in_treatment)
async def test_two_no_shows_in_a_row_are_told_to_the_surgeon(clinic: Clinic, case: Case) -> None:
    for number in (2, 3):
        await clinic.passes(minutes=5)
        await clinic.therapist.replies(case, "No-show today, did not call.")
        await case.thread_shows(f"Session update {number}", "Missed visit")
        asked = await clinic.therapist.is_asked(case, "Missed visit")
        await asked.presses("Save")
        if number == 2:
            assert not case.card.says("Concern to be seen soon")
    assert case.card.says("Concern to be seen soon")
    await case.thread_shows("Concern to be seen soon")
    await clinic.surgeon.gets_message("Concern to be seen soon", case.code)
