"""A warning sign acts at once, whatever is confirmed later, and never goes away by itself."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case

pytestmark = pytest.mark.one_store

CLOT = "Session 2, 60 min MLD abdomen, pain 4 -> 3. Left calf swollen and warm today."


async def test_a_sign_of_a_clot_is_a_concern_and_a_hold_until_the_surgeon_clears_it(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.replies(case, CLOT)
    await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case, "red flag")
    posted = await case.thread_shows("Urgent concern", "Red flag in what Sam Lee wrote", "on hold")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    assert case.card.says("On hold")

    await clinic.therapist.edits(case, ts, "Session 2, 60 min MLD abdomen, pain 4 -> 3.")
    await clinic.therapist.is_asked(case)
    assert posted.seen.says("The words were changed or deleted since. The concern stays")

    form = await clinic.surgeon.opens(case, "Clear the hold")
    refused = await form.submits(answer="clear")
    assert "not acknowledged yet" in refused.errors["review"]
    await form.closes()

    form = await alert.clicks("Acknowledge")
    assert form.seen.says("calf_dvt", "version", "Left calf swollen")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="")
    await case.thread_shows("will see the patient")
    assert case.card.says("On hold")

    form = await clinic.surgeon.opens(case, "Clear the hold")
    await form.submits(answer="clear")
    await case.thread_shows("Hold cleared", "Dr. Ana Rivera")
    assert case.card.says("Treatment is under way")


async def test_to_continue_clears_the_hold(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.replies(case, CLOT)
    await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case)
    await case.thread_shows("Urgent concern")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="continue", note="Ultrasound was negative")
    await case.thread_shows("treatment continues")
    assert case.card.says("Treatment is under way")


async def test_an_emergency_says_to_call_first_and_is_withdrawn_only_with_a_reason(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "Session 1, she is short of breath and has chest pain")
    await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case)
    posted = await case.thread_shows("Call emergency services first", "Emergent concern")
    await clinic.surgeon.gets_message("Call emergency services first", case.code)

    posted.reader = clinic.surgeon
    refused = await posted.clicks("Withdraw")
    assert refused.seen.says("Only the person who raised a concern can withdraw it")
    await refused.closes()

    posted.reader = clinic.therapist
    form = await posted.clicks("Withdraw")
    without = await form.submits(reason="  ")
    assert "Write why" in without.errors["reason"]
    await form.submits(reason="That was about her mother")
    await case.thread_shows("withdrawn", "A hold stays")
    await clinic.surgeon.gets_message("withdrawn", case.code)
    assert case.card.says("On hold")
    await clinic.passes(minutes=30)  # and the ladder is at its end


async def test_numbers_that_get_worse_are_a_concern(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.reports(case, "Session 1, swelling 1+, pain 3 -> 2")
    await clinic.passes(days=2)
    await clinic.therapist.reports(case, "Session 2, swelling 2+, pain 3 -> 2")
    posted = await case.thread_shows("Concern to be seen soon")
    await clinic.surgeon.gets_message(case.code)
    form = await posted.clicks("Read")
    assert form.seen.says("Swelling up", "swelling 1+ → 2+", "swelling_up")
    assert not case.card.says("On hold")


async def test_a_worry_in_a_note_reaches_the_surgeon_without_a_cue(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(
        case, "Session 1, 60 min MLD abdomen. Heads up, she is discouraged and may drop out."
    )
    await case.thread_shows("Session update 1: kept", "concern raised")
    await clinic.therapist.is_asked(case)
    posted = await case.thread_shows(
        "Concern to be seen soon", "Raised by Sam Lee", "Answer within 24 hours"
    )
    await clinic.surgeon.gets_message("Concern to be seen soon", case.code)

    form = await posted.clicks("Read")
    assert form.seen.says("she is discouraged and may drop out")
    assert not case.card.says("On hold")


async def test_a_coordinator_who_can_not_read_a_concern_can_not_let_treatment_go_on(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message(case.code)
    await clinic.passes(minutes=15)
    await clinic.covering_surgeon.gets_message(case.code)
    await clinic.passes(minutes=15)
    alert = await clinic.coordinator.gets_message(case.code)

    form = await alert.clicks("Acknowledge")
    form.offers_itself("decision", "continue")
    forged = await form.submits(decision="continue", note="")
    assert "somebody else" in forged.errors["note"]
    assert case.card.says("On hold")

    await form.submits(
        decision="see_patient", visit=clinic.later(hours=3), note="Dr. Okafor sees her at noon"
    )
    await case.thread_shows("Kit Moreau", "will see the patient")


async def test_a_hold_is_kept_until_a_day_on_which_the_surgeon_is_asked_again(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, CLOT)
    await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case)
    await case.thread_shows("Urgent concern")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="hold", note="Duplex on Friday")
    await case.thread_shows("hold treatment")

    form = await clinic.surgeon.opens(case, "Clear the hold")
    past = await form.submits(answer="keep", review="2026-11-23")
    assert "Choose a day after today" in past.errors["review"]
    await form.submits(answer="keep", review="2026-11-27")
    await case.thread_shows("Still on hold", "Dr. Ana Rivera")
    assert case.card.says("On hold", "due November 27, 2026", "Clear or stop the treatment")

    form = await clinic.therapist.opens(case, "Clear the hold")
    assert form.seen.says("for somebody else on the case")
    await form.closes()

    form = await alert.clicks("Resolve")
    await form.submits(resolution="The duplex is on Friday")
    await case.thread_shows("resolved")
    await clinic.passes(days=7)
    await clinic.surgeon.gets_message(case.code, "Clear or stop the treatment")


async def test_each_rule_is_named_in_the_thread_and_on_the_card(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.reports(case, "Session 1, swelling 1+, pain 3 -> 2")
    await clinic.passes(days=2)
    ts = await clinic.therapist.reports(
        case, "Session 2, swelling 2+, pain 3 -> 2. Left calf of Jordan is swollen and warm."
    )
    posted = await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    await clinic.therapist.is_told_privately(case.channel_id, "has a name in it")
    for shown in (posted.seen, case.card):
        assert shown.says("One-sided calf or leg swelling", "rule calf_dvt, version")
        assert shown.says("“Left calf of [name] is swollen”")
        assert shown.says("Swelling up: “swelling 1+ → 2+”", "rule swelling_up, version")

    await clinic.therapist.edits(case, ts, "Session 2, swelling 2+, pain 3 -> 2.")
    await clinic.therapist.is_asked(case)
    assert posted.seen.says("rule calf_dvt, version", "changed or deleted since")
    assert not posted.seen.says("is swollen")


async def test_an_edit_of_an_earlier_session_says_what_it_means_for_later_ones(
    clinic: Clinic, case: Case
) -> None:
    first = await clinic.therapist.reports(case, "Session 1, pain 6 -> 5")
    await clinic.passes(days=2)
    await clinic.therapist.reports(case, "Session 2, pain 6 -> 5")

    await clinic.passes(days=1)
    await clinic.therapist.edits(case, first, "Session 1, pain 2 -> 1")
    await clinic.therapist.is_asked(case, "pain 2 → 1")
    posted = await case.thread_shows("Urgent concern", "Pain up sharply: “pain 1 → 5”")
    await clinic.surgeon.gets_message("Urgent concern", case.code)

    await clinic.therapist.deletes(case, first)
    assert posted.seen.says("The words were changed or deleted since. The concern stays")


async def test_a_sign_that_was_withdrawn_and_is_there_again_is_a_concern_again(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.reports(case, CLOT)
    posted = await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    posted.reader = clinic.therapist
    form = await posted.clicks("Withdraw")
    await form.submits(reason="Wrong patient")
    await case.thread_shows("withdrawn", "A hold stays")
    await clinic.surgeon.gets_message("withdrawn", case.code)
    await clinic.therapist.edits(case, ts, "Session 2, 60 min MLD abdomen, pain 4 -> 3.")
    await clinic.therapist.is_asked(case)

    await clinic.passes(seconds=2)
    await clinic.therapist.edits(case, ts, CLOT)
    await clinic.therapist.is_asked(case, "red flag")
    again = await case.thread_shows("Urgent concern, not acknowledged", "rule calf_dvt")
    await clinic.surgeon.gets_message("Urgent concern", case.code)

    await clinic.passes(seconds=2)
    await clinic.therapist.edits(case, ts, f"{CLOT} Garment 22h a day.")
    await clinic.therapist.is_asked(case, "red flag")
    assert again.seen.says("not acknowledged")


async def test_a_worry_that_is_added_in_the_form_reaches_the_surgeon(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen")
    kept = await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case)
    kept.reader = clinic.therapist
    form = await kept.clicks("Edit")
    await form.submits(none_observed="yes", concern="She may drop out")
    posted = await case.thread_shows("Concern to be seen soon", "Raised by Sam Lee")
    await clinic.surgeon.gets_message("Concern to be seen soon", case.code)
    read = await posted.clicks("Read")
    assert read.seen.says("She may drop out")

    form = await kept.clicks("Edit")
    await form.submits(duration_min="50")  # and the same worry is no second concern


async def test_a_concern_shows_the_words_of_both_messages_of_a_note(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen")
    await clinic.therapist.replies(case, "her left calf is hot and swollen")
    await clinic.therapist.is_asked(case, "red flag")
    await case.thread_shows("Urgent concern")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    assert form.seen.says("60 min MLD abdomen", "her left calf is hot and swollen")
    await form.closes()
