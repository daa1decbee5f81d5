"""Somebody types who the patient is: they alone are told, one click mends it, nothing waits."""

import asyncio
import json

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.services.actor import Actor, Surface
from tests.journeys.test_checkins import until
from tests.journeys.test_plans import export_of

pytestmark = pytest.mark.one_store

NOTE = "Session 3 today, 60 min MLD abdomen, pain 6 -> 3. {}"


async def wordings(clinic: Clinic, channel_id: str, ts: str) -> tuple[str, ...]:
    assert clinic.bot is not None
    actor = Actor(clinic.bot.workspace.team_id, clinic.surgeon.user_id, Surface.THREAD)
    return await clinic.bot.reading.wordings(actor, channel_id, ts)


async def test_a_name_in_a_reply_is_replaced_in_the_record_with_one_click(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.replies(
        case, NOTE.format('JORDAN ellis (5/17/84) says "Jordan feels lighter".')
    )

    await case.thread_shows("Session update 1: kept")
    asked = await clinic.therapist.is_asked(case, "pain 6 → 3")
    told = await clinic.therapist.is_told_privately_with_button(
        case, "a name and a date of birth", "please edit it there"
    )
    assert not told.seen.says("Jordan")
    assert not told.seen.says("1984")
    await told.presses("Replace in the record")
    await clinic.therapist.is_told_privately(case.channel_id, "Replaced in the record")
    assert await wordings(clinic, case.channel_id, ts) == (
        NOTE.format('[name] ([date of birth]) says "[name] feels lighter".'),
    )
    await asked.presses("Save")  # what was read still stands


async def test_only_its_author_can_replace_in_a_reply(clinic: Clinic, case: Case) -> None:
    ts = await clinic.therapist.replies(case, "Jordan asks whether to come earlier")
    told = await clinic.therapist.is_told_privately_with_button(case, "a name")
    button = told.seen.button("Replace in the record")

    await clinic.surgeon.presses_from_memory(case, button)

    await clinic.surgeon.is_told_privately(case.channel_id, "somebody else on the case")
    assert await wordings(clinic, case.channel_id, ts) == ("Jordan asks whether to come earlier",)
    for value in ("", "{}", '{"v":1,"typed":"entry","subject_id":"' + "x" * 70 + '"}'):
        await clinic.therapist.presses_from_memory(case, button, value)
        await clinic.therapist.is_told_privately(case.channel_id, "out of date")


async def test_an_urgent_word_with_a_name_in_it_goes_out_at_once(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "concern: Jordan Ellis has a hot left calf")

    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    await case.thread_shows("concern")
    told = await clinic.therapist.is_told_privately_with_button(case, "a name")
    await told.presses("Replace in the record")
    await clinic.therapist.is_told_privately(case.channel_id, "Replaced in the record")
    form = await alert.clicks("Acknowledge")
    assert form.seen.says("[name] has a hot left calf")
    assert not form.seen.says("Jordan")
    await form.submits(
        decision="see_patient", visit=clinic.later(hours=3), note="Jordan Ellis comes at 5 PM"
    )
    await case.thread_shows("[name] comes at 5 PM")
    told = await clinic.surgeon.is_told_privately_with_button(case, "about the concern has a name")
    await told.presses("Replace in the record")
    await clinic.surgeon.is_told_privately(case.channel_id, "Replaced in the record")


async def test_the_name_of_another_patient_of_the_same_channel_is_seen_too(
    clinic: Clinic, case: Case
) -> None:
    other = await clinic.surgeon.refers(clinic.therapist, name="Zuleika Dobson", note="")
    await clinic.therapist.gets_message(other.code)

    await clinic.therapist.replies(case, "zu leika called, is this hers?")
    await clinic.therapist.is_told_privately_with_button(case, "a name")
    await clinic.therapist.replies(case, "Call me at 212-555-0199 please")
    await clinic.therapist.is_told_privately_with_button(case, "a phone number")
    await clinic.therapist.replies(case, "Can I start scar work on May 4?")


async def test_a_name_in_the_referral_s_note_and_in_a_reason_is_replaced(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist, note="Ms. Ellis is anxious")
    await clinic.therapist.gets_message(case.code)
    told = await clinic.surgeon.is_told_privately_with_button(case, "about the referral has a name")
    await told.presses("Replace in the record")
    await clinic.surgeon.is_told_privately(case.channel_id, "Replaced in the record")
    form = await clinic.therapist.opens(case, "Patient details")
    assert form.seen.says("Ms. [name] is anxious")
    await form.closes()

    form = await clinic.therapist.opens(case, "Decline")
    await form.submits(reason="Jordan and I are related")
    await clinic.surgeon.gets_message(case.code, "declined")
    await case.thread_shows("declined", "[name] and I are related")
    await clinic.therapist.is_told_privately_with_button(case, "a name")


async def test_a_name_in_a_change_of_plan_is_not_repeated_and_is_replaced(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Plan")
    sent = await form.submits(
        sessions="12", goals="Ms. Ellis walks upright", reason="Jordan asks for two more"
    )
    assert not sent.errors, sent.errors
    proposed = await case.thread_shows(
        "Change of plan proposed", "Ms. [name] walks upright", "[name] asks for two more"
    )
    told = await clinic.therapist.is_told_privately_with_button(case, "a name")
    await told.presses("Replace in the record")
    await clinic.therapist.is_told_privately(case.channel_id, "Replaced in the record")

    form = await proposed.clicks("Decline")
    await form.submits(reason="Ellis has had enough")
    await case.thread_shows("declined", "[name] has had enough")
    told = await clinic.surgeon.is_told_privately_with_button(case, "a name")
    await told.presses("Replace in the record")
    await clinic.surgeon.is_told_privately(case.channel_id, "Replaced in the record")

    said = json.loads((await asyncio.to_thread(export_of, case)).splitlines()[-1])
    assert said["plan"]["goals"] == "Ms. [name] walks upright"
    assert said["reason"] == "[name] asks for two more"
    assert said["answer"] == "[name] has had enough"


async def test_a_name_in_a_wish_for_another_plan_is_told_and_replaced(
    clinic: Clinic, case: Case
) -> None:
    await until(clinic, 26)
    digest = await clinic.therapist.gets_message(case.code)
    await (await digest.clicks("Change plan")).submits(frequency="weekly", reason="Less swelling.")
    await case.thread_shows("Change of plan proposed")

    form = await digest.clicks("Change plan")
    await form.submits(words="Ms. Ellis would like once a week")

    await case.thread_shows("asks to change the plan", "[name] would like once a week")
    told = await clinic.therapist.is_told_privately_with_button(case, "a name")
    await told.presses("Replace in the record")
    await clinic.therapist.is_told_privately(case.channel_id, "Replaced in the record")
