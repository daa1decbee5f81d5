"""A therapist types as to a colleague; the bot reads, asks once, and waits for nothing."""

import json
from collections.abc import Mapping

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.demo.seen import see

pytestmark = pytest.mark.one_store

NOTE = "Session 3 today, 60 min MLD abdomen and flanks, pain 6 -> 3, swelling 2+. No red flags."


async def test_a_reply_is_read_and_its_author_saves_it_with_one_click(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, NOTE)

    kept = await case.thread_shows("Session update 1: kept", "not confirmed yet")
    asked = await clinic.therapist.is_asked(
        case, "Session 3", "60 min MLD abdomen, flanks", "pain 6 → 3", "swelling 2+", "no red flags"
    )
    await asked.presses("Save")
    assert kept.seen.says("Confirmed by Sam Lee")
    assert not clinic.therapist.person.ephemerals(case.channel_id)


async def test_what_was_read_is_put_right_in_the_form(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("pain 6 → 3")
    asked = await clinic.therapist.is_asked(case)

    form = await asked.clicks("Edit")
    sent = await form.submits(pain_after="2", home_care="Diaphragm breathing, 5 minutes")
    assert sent.ok, sent
    assert not sent.errors
    assert kept.seen.says("pain 6 → 2", "Confirmed by Sam Lee")
    assert not clinic.therapist.person.ephemerals(case.channel_id)

    kept.reader = clinic.surgeon
    refused = await kept.clicks("Edit")
    assert refused.seen.says("somebody else on the case")
    await refused.closes()


async def test_a_question_is_no_update_and_the_bot_stays_silent(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.replies(case, "Thanks! Can I start scar work next week?")
    assert case.card.says("0 of 10")


async def test_a_missed_visit_is_an_update_and_no_session(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.replies(case, "No show today, she couldn't get a ride.")
    await case.thread_shows("Session update 1", "Missed visit")
    await clinic.therapist.is_asked(case, "Missed visit")
    assert case.card.says("0 of 10")


async def test_what_is_no_update_is_set_aside_by_its_author(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1: kept")
    asked = await clinic.therapist.is_asked(case)
    await asked.presses("Not an update")
    assert kept.seen.says("kept as a message")
    assert case.card.says("0 of 10")


async def test_a_note_in_two_messages_within_a_minute_is_one_update(
    clinic: Clinic, case: Case
) -> None:
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


async def test_two_notes_in_one_message_are_two_updates(clinic: Clinic, case: Case) -> None:
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


async def test_a_note_for_the_wrong_thread_is_moved(clinic: Clinic, case: Case) -> None:
    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    await clinic.therapist.presses(other, "Accept")
    await other.thread_shows("accepted")

    ts = await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1")
    asked = await clinic.therapist.is_asked(case)
    form = await asked.clicks("Other case")
    await form.submits(target=_only_target(form.view.body))

    assert not clinic.therapist.person.ephemerals(case.channel_id)
    await case.thread_shows("belongs to", other.code, "delete your message")
    assert kept.seen.says("moved")
    await other.thread_shows("Session update 1", "pain 6 → 3")
    assert case.card.says("0 of 10")
    assert other.card.says("1 of 10")

    await clinic.therapist.deletes(case, ts)
    assert other.card.says("1 of 10")


async def test_a_session_is_logged_with_the_form(clinic: Clinic, case: Case) -> None:
    form = await clinic.therapist.opens(case, "Log a session")
    refused = await form.submits(
        duration_min="60", techniques="mld", regions="abdomen", pain_before="6", pain_after="3"
    )
    assert "none were observed" in refused.errors["none_observed"]
    refused = await form.submits(red_flags="fever", none_observed="yes")
    assert "untick this" in refused.errors["none_observed"]

    sent = await form.submits(
        red_flags="",
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

    await clinic.passes(days=1)
    await clinic.therapist.reports(case, "Session 2, 45 min, pain 4 -> 2")
    again = await clinic.therapist.opens(case, "Log a session")
    assert again.seen.says("Regions, techniques, garment as last time")
    carried = _initial(again.view.body)
    assert carried == {
        "session_date": "2026-11-24",
        "techniques": ["mld"],
        "regions": ["abdomen"],
        "garment_hours": "22",
    }
    await again.closes()


async def test_the_patient_is_asked_every_fourth_session(clinic: Clinic, case: Case) -> None:
    for number in range(1, 5):
        await clinic.passes(days=1)
        await clinic.therapist.replies(case, f"Session {number}, 60 min MLD abdomen")
        await case.thread_shows(f"Session update {number}")
        asked = await clinic.therapist.is_asked(case)
        assert asked.seen.says("the patient is asked") == (number == 4)

    form = await asked.clicks("Add feedback")
    sent = await form.submits(
        rating="8",
        satisfaction="9",
        sleep="7",
        anxiety="2",
        pgic="6",
        medication_change="reduced",
        patient_quote="I can bend, says Jordan",
    )
    assert not sent.errors
    assert case.card.says(
        "rating 8/10", "satisfaction 9/10", "sleep 7/10", "anxiety 2/10", "much better, 6/7"
    )
    assert case.card.says("I can bend, says [patient]")
    await clinic.therapist.is_told_privately(case.channel_id, "has a name in it")
    left = [see(clinic.slack, one) for one in clinic.therapist.person.ephemerals(case.channel_id)]
    assert not any(one.says("Is this right?", "Session 4") for one in left)

    await clinic.passes(days=1)
    await clinic.therapist.reports(case, "Session 5, 60 min MLD abdomen, sleep 9/10")
    assert case.card.says("The patient, in session 4", "rating 8/10", "sleep 7/10")

    await clinic.surgeon.presses(case, "Progress report")
    await clinic.surgeon.is_told_privately(case.channel_id, "progress report")
    await case.thread_shows("Progress report of case")
    words = await case.thread_shows(
        "Patient feedback:", "Session 4, Nov 27: rating 8/10", "pain medicine reduced"
    )
    assert not words.seen.says("sleep 9/10")


async def test_an_edit_of_the_message_keeps_what_the_patient_said_in_the_form(
    clinic: Clinic, case: Case
) -> None:
    for number in range(1, 5):
        await clinic.passes(days=1)
        ts = await clinic.therapist.replies(case, f"Session {number}, 60 min MLD abdomen")
        await case.thread_shows(f"Session update {number}: kept")
        asked = await clinic.therapist.is_asked(case)
    form = await asked.clicks("Add feedback")
    await form.submits(rating="8", sleep="7", medication_change="reduced")
    assert case.card.says("rating 8/10", "sleep 7/10")

    await clinic.therapist.edits(case, ts, "Session 4, 50 min MLD abdomen, sleep 4/10")
    asked = await clinic.therapist.is_asked(case)
    assert asked.seen.says("50 min", "rating 8/10", "sleep 4/10", "pain medicine reduced")


async def test_a_question_that_was_lost_is_asked_again_for_its_author_alone(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1: kept")
    await clinic.therapist.is_asked(case)

    kept.reader = clinic.surgeon
    await kept.presses("More")
    await clinic.surgeon.is_told_privately(case.channel_id, "for somebody else on the case")

    kept.reader = clinic.therapist
    await kept.presses("More")
    again = await clinic.therapist.is_asked(case, "pain 6 → 3")
    await again.presses("Save")
    assert kept.seen.says("Confirmed by Sam Lee")


async def test_a_change_of_plan_that_is_asked_for_reaches_the_surgeon(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Log a session")
    await form.submits(
        pain_before="5",
        pain_after="3",
        none_observed="yes",
        plan_change_request="Ok to add scar work twice a week?",
    )
    await case.thread_shows(
        "Session update 1", "Dr. Ana Rivera", "change of the plan", "Ok to add scar work"
    )
    assert case.card.says("Sam Lee asks to change the plan", "Ok to add scar work")

    await clinic.surgeon.presses(case, "Trend")
    await clinic.surgeon.is_told_privately(case.channel_id, "being drawn")
    await case.thread_shows("Trend of case")
    assert "Change asked: Nov 23" in case.files()[0].alt_text

    await clinic.passes(days=1)
    form = await clinic.therapist.opens(case, "Raise a concern")
    await form.submits(severity="soon", words="Scar is stiff")
    await case.thread_shows("Concern to be seen soon")
    alert = await clinic.surgeon.gets_message("Concern to be seen soon")
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="modify", note="Scar work twice a week")
    await case.thread_shows("the plan is to be modified")
    assert not case.card.says("asks to change the plan")

    plan = clinic.surgeon.form()
    assert plan.seen.says("Propose a change")
    sent = await plan.submits(techniques="scar_mobilization", reason="The scar is stiff")
    assert not sent.errors
    await case.thread_shows("Change of plan proposed", "add scar mobilization")


async def test_the_report_says_which_goals_are_reached(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(
        clinic.therapist, goals="Raise both arms above the head\n- Sleep on the side, says Jordan"
    )
    await clinic.surgeon.is_told_privately(case.channel_id, "has a name in it")
    await clinic.therapist.gets_message(case.code)
    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")
    form = await clinic.therapist.opens(case, "Log a session")
    form.offers_itself("goals_reached", "Win the lottery")
    await form.submits(
        pain_after="3",
        none_observed="yes",
        goals_reached="Raise both arms above the head,Win the lottery",
    )
    await case.thread_shows("Session update 1", "1 goal reached")

    await clinic.surgeon.presses(case, "Progress report")
    await clinic.surgeon.is_told_privately(case.channel_id, "progress report")
    await case.thread_shows("Progress report of case")
    words = await case.thread_shows(
        "Goals:", "Raise both arms above the head: reached, session 1, Nov 23"
    )
    assert words.seen.says("Sleep on the side, says [patient]: not said to be reached")
    assert not words.seen.says("lottery")


async def test_the_session_is_on_the_day_that_it_is_where_its_author_lives(
    clinic: Clinic, case: Case
) -> None:
    await clinic.passes(hours=12)  # 21:30 on Monday in New York, Tuesday in UTC
    await clinic.therapist.replies(case, "Just finished, 60 min MLD abdomen, back Thursday")
    await case.thread_shows("Mon 23 Nov", "next Thu 26 Nov")
    await clinic.therapist.is_asked(case)
    form = await clinic.therapist.opens(case, "Log a session")
    assert _initial(form.view.body)["session_date"] == "2026-11-23"
    await form.closes()


async def test_a_reply_by_the_surgeon_is_no_update_and_the_bot_stays_silent(
    clinic: Clinic, case: Case
) -> None:
    await clinic.surgeon.replies(case, "Saw her today, pain 6 -> 3, 60 min, go on as you do")
    assert case.card.says("0 of 10")


async def test_an_edit_is_a_revision_and_a_deletion_leaves_a_trace(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1: kept")
    first = await clinic.therapist.is_asked(case, "pain 6 → 3")

    await clinic.therapist.edits(case, ts, NOTE.replace("6 -> 3", "6 -> 2"))
    again = await clinic.therapist.is_asked(case, "pain 6 → 2")
    assert kept.seen.says("version 2", "pain 6 → 2", "not confirmed yet")
    await first.presses("Save")  # of the first reading, too late
    await clinic.therapist.gets_message("changed since, so nothing was saved")
    assert kept.seen.says("not confirmed yet")
    (left,) = clinic.therapist.person.ephemerals(case.channel_id)
    assert left.ts == again.ts

    await clinic.therapist.deletes(case, ts)
    assert kept.seen.says("withdrawn", "the record still has its words")
    assert case.card.says("0 of 10")
    await again.presses("Save")
    await clinic.therapist.gets_message("changed since, so nothing was saved")


async def test_two_edits_within_one_second_are_two_revisions(clinic: Clinic, case: Case) -> None:
    ts = await clinic.therapist.replies(case, NOTE)
    kept = await case.thread_shows("Session update 1: kept")
    await clinic.therapist.is_asked(case)

    for version, pain in ((2, "6 → 2"), (3, "6 → 1")):
        await clinic.therapist.edits(case, ts, NOTE.replace("6 -> 3", pain))
        await clinic.therapist.is_asked(case, f"pain {pain}")
        assert kept.seen.says(f"version {version}", f"pain {pain}")


def _only_target(body: object) -> str:
    found = _json(body).split('"options": [{')[1].split('"value": "')[1]
    return found.split('"')[0]


def _initial(body: Mapping[str, object]) -> dict[str, object]:
    """What a form starts with, field by field."""
    found: dict[str, object] = {}
    blocks = body["blocks"]
    for block in blocks if isinstance(blocks, list) else []:
        element = block.get("element", {})
        if options := element.get("initial_options"):
            found[block["block_id"]] = [one["value"] for one in options]
        elif value := element.get("initial_value") or element.get("initial_date"):
            found[block["block_id"]] = value
    return found


def _json(body: object) -> str:
    return json.dumps(body, ensure_ascii=False)
