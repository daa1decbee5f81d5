"""A therapist types as to a colleague; the bot reads, asks once, and waits for nothing."""

import json

from bot.demo.clinic import Clinic
from tests.journeys.test_the_loop import treatment_under_way

NOTE = "Session 3 today, 60 min MLD abdomen and flanks, pain 6 -> 3, swelling 2+. No red flags."


async def test_a_reply_is_read_and_its_author_saves_it_with_one_click(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    await clinic.therapist.replies(case, NOTE)

    kept = await case.thread_shows("Session update 1: kept", "not confirmed yet")
    asked = await clinic.therapist.is_asked(
        case, "Session 3", "60 min MLD abdomen, flanks", "pain 6 → 3", "swelling 2+", "no red flags"
    )
    await asked.presses("Save")
    assert kept.seen.says("Confirmed by Sam Lee")
    assert not clinic.therapist.person.ephemerals(case.channel_id)


async def test_what_was_read_is_put_right_in_the_form(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("pain 6 → 3")
    asked = await clinic.therapist.is_asked(case)

    form = await asked.clicks("Edit")
    sent = await form.submits(pain_after="2", home_care="Diaphragm breathing, 5 minutes")
    assert sent.ok, sent
    assert not sent.errors
    assert kept.seen.says("pain 6 → 2", "Confirmed by Sam Lee")

    kept.reader = clinic.surgeon
    refused = await kept.clicks("Edit")
    assert refused.seen.says("somebody else on the case")
    await refused.closes()

    await asked.presses("Save")  # a late click
    assert kept.seen.says("pain 6 → 2")


async def test_a_question_is_no_update_and_the_bot_stays_silent(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    await clinic.therapist.replies(case, "Thanks! Can I start scar work next week?")
    assert case.card.says("0 of 10")


async def test_a_missed_visit_is_an_update_and_no_session(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    await clinic.therapist.replies(case, "No show today, she couldn't get a ride.")
    await case.thread_shows("Session update 1", "Missed visit")
    await clinic.therapist.is_asked(case, "Missed visit")
    assert case.card.says("0 of 10")


async def test_what_is_no_update_is_set_aside_by_its_author(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1: kept")
    asked = await clinic.therapist.is_asked(case)
    await asked.presses("Not an update")
    assert kept.seen.says("kept as a message")
    assert case.card.says("0 of 10")


async def test_a_note_in_two_messages_within_a_minute_is_one_update(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen")
    kept = await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case)

    more = await clinic.therapist.replies(case, "pain 6 -> 3, swelling 2+")
    await clinic.therapist.is_asked(case, "60 min MLD abdomen", "pain 6 → 3")
    assert kept.seen.says("60 min MLD abdomen", "pain 6 → 3")
    assert case.card.says("1 of 10")

    await clinic.therapist.deletes(case, more)
    await clinic.therapist.is_asked(case)
    assert not kept.seen.says("pain 6 → 3")

    await clinic.passes(minutes=2)
    await clinic.therapist.replies(case, "pain 5 -> 2")
    await case.thread_shows("Session update 2", "pain 5 → 2")
    await clinic.therapist.is_asked(case)


async def test_two_notes_in_one_message_are_two_updates(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    both = "Session 1: 60 min MLD abdomen, pain 6 -> 4\nSession 2: 45 min MLD flanks, pain 4 -> 2"
    ts = await clinic.therapist.replies(case, both)
    first = await case.thread_shows("Session update 1", "pain 6 → 4")
    second = await case.thread_shows("Session update 2", "pain 4 → 2")
    await clinic.therapist.is_asked(case, "pain 6 → 4")
    await clinic.therapist.is_asked(case, "pain 4 → 2")
    assert case.card.says("2 of 10")

    await clinic.therapist.deletes(case, ts)
    assert first.seen.says("withdrawn")
    assert second.seen.says("withdrawn")
    assert case.card.says("0 of 10")


async def test_a_note_for_the_wrong_thread_is_moved(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    await clinic.therapist.presses(other, "Accept")
    await other.thread_shows("accepted")

    ts = await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1")
    asked = await clinic.therapist.is_asked(case)
    form = await asked.clicks("Other case")
    await form.submits(target=_only_target(form.view.body))

    await case.thread_shows("belongs to", other.code, "delete your message")
    assert kept.seen.says("moved")
    await other.thread_shows("Session update 1", "pain 6 → 3")
    assert case.card.says("0 of 10")
    assert other.card.says("1 of 10")

    await clinic.therapist.deletes(case, ts)
    assert other.card.says("1 of 10")


async def test_a_session_is_logged_with_the_form(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    form = await clinic.therapist.opens(case, "Log a session")
    refused = await form.submits(
        duration_min="60", techniques="mld", regions="abdomen", pain_before="6", pain_after="3"
    )
    assert "none were observed" in refused.errors["none_observed"]

    sent = await form.submits(
        duration_min="60",
        techniques="mld",
        regions="abdomen",
        pain_before="6",
        pain_after="3",
        garment_hours="22",
        girths="abdomen 92, left thigh 54",
        none_observed="yes",
        patient_quote="I slept through",
        photos="F0PHOTO1",
    )
    assert not sent.errors
    await case.thread_shows("Session update 1", "logged by Sam Lee", "left thigh 54 cm", "1 photo")
    assert case.card.says("1 of 10")

    again = await clinic.therapist.opens(case, "Log a session")
    assert again.seen.says("last time's")
    carried = again.view.body
    assert '"initial_value": "22"' in _json(carried)
    assert "I slept through" not in _json(carried)
    await again.closes()


async def test_the_patient_is_asked_every_fourth_session(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    for number in range(1, 5):
        await clinic.passes(days=1)
        await clinic.therapist.replies(case, f"Session {number}, 60 min MLD abdomen")
        await case.thread_shows(f"Session update {number}")
        asked = await clinic.therapist.is_asked(case)
        assert asked.seen.says("the patient is asked") == (number == 4)

    form = await asked.clicks("Add feedback")
    await form.submits(
        none_observed="yes", satisfaction="9", sleep="7", pgic="6", patient_quote="I can bend"
    )
    assert case.card.says("satisfaction 9/10", "sleep 7/10", "I can bend")


def _only_target(body: object) -> str:
    found = _json(body).split('"options": [{')[1].split('"value": "')[1]
    return found.split('"')[0]


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False)
