"""Replies that are no plain words, or that come too early or too late: nobody is left to guess."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from tests.journeys.test_course import chooses

pytestmark = pytest.mark.one_store

NOTE = "Session 1, 60 min MLD abdomen, pain 6 -> 3. No red flags."


async def test_a_photo_without_a_word_stays_and_its_author_hears_that_nobody_reads_it(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.sends_file(case, "scar.jpg")

    await clinic.therapist.is_told_privately(case.channel_id, "can't see what is in it")
    assert case.card.says("0 of 10")

    await clinic.surgeon.sends_file(case, "drawing.png")  # the surgeon's need no word


async def test_a_photo_with_a_note_is_part_of_its_session(clinic: Clinic, case: Case) -> None:
    ts = await clinic.therapist.sends_file(case, "scar.jpg", NOTE)
    kept = await case.thread_shows("Session update 1: kept", "pain 6 → 3", "1 photo")
    await clinic.therapist.is_asked(case, "1 photo")

    await clinic.therapist.edits(case, ts, NOTE.replace("6 -> 3", "6 -> 2"))
    await clinic.therapist.is_asked(case, "pain 6 → 2", "1 photo")
    assert kept.seen.says("pain 6 → 2", "1 photo")


async def test_a_photo_that_came_while_nobody_listened_is_part_of_its_session(
    clinic: Clinic, case: Case
) -> None:
    await clinic.stop_bot()
    file_id = await clinic.therapist.person.uploads("scar.jpg", b"a photo")
    await clinic.therapist.person.posts(case.channel_id, NOTE, case.ts, files=[file_id])
    await clinic.start_bot()

    await case.thread_shows("Session update 1: kept", "pain 6 → 3", "1 photo")
    await clinic.therapist.is_asked(case, "1 photo")


async def test_a_photo_right_after_a_note_goes_with_it_and_what_was_saved_stays_saved(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1: kept")
    asked = await clinic.therapist.is_asked(case)

    await clinic.therapist.sends_file(case, "left.jpg")
    again = await clinic.therapist.is_asked(case, "1 photo")
    await asked.presses("Save")  # of what was read before the photo
    await clinic.therapist.gets_message("changed since, so nothing was saved")
    await again.presses("Save")
    assert kept.seen.says("1 photo", "Confirmed by Sam Lee")

    ts = await clinic.therapist.sends_file(case, "right.jpg")
    assert kept.seen.says("2 photos", "Confirmed by Sam Lee")
    await clinic.therapist.deletes(case, ts)
    assert kept.seen.says("Confirmed by Sam Lee")


async def test_a_voice_memo_is_not_heard_and_its_author_is_told_so(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.sends_file(case, "audio_message.m4a")
    await clinic.therapist.is_told_privately(case.channel_id, "can't listen to recordings")

    await clinic.passes(minutes=5)
    await clinic.therapist.sends_file(case, "audio_message.m4a", NOTE)
    await case.thread_shows("Session update 1: kept", "pain 6 → 3")
    await clinic.therapist.is_asked(case, "pain 6 → 3")
    await clinic.therapist.is_told_privately(case.channel_id, "can't listen to recordings")


async def test_an_update_before_the_referral_is_accepted_is_no_session_and_its_author_hears_why(
    clinic: Clinic,
) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    await clinic.therapist.replies(case, NOTE)

    await clinic.therapist.is_told_privately(
        case.channel_id, "not as a session", "is not accepted yet"
    )
    assert not case.card.says("1 of 10")


async def test_an_update_after_the_case_is_finished_is_no_session_but_a_sign_in_it_acts(
    clinic: Clinic, case: Case
) -> None:
    await finished(clinic, case)
    await clinic.passes(minutes=5)

    await clinic.therapist.replies(case, NOTE.replace("Session 1", "Session 2"))
    await clinic.therapist.is_told_privately(
        case.channel_id, "not as a session", "is not under way any more"
    )
    assert case.card.says("1 of 10")

    await clinic.passes(minutes=5)
    await clinic.therapist.replies(case, "She texted me, her left calf is hot and swollen")
    await clinic.therapist.is_told_privately(case.channel_id, "not as a session")
    await case.thread_shows("Urgent concern", "calf_dvt")
    await clinic.surgeon.gets_message("Urgent concern", case.code)


async def finished(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.reports(case, NOTE)
    form = await chooses(clinic.therapist, case, "Finish with a report")
    await form.submits(goals="most", outcome_answer="Moves freely.", outcome_advice="")
    await case.thread_shows("has finished the treatment")
    await clinic.surgeon.gets_message(case.code, "has finished")
