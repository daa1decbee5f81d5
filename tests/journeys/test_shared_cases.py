"""A patient whom colleagues treat already: found before sending, asked about, shown if they agree.

Rivera and Lee have Jordan Ellis in care; Okafor, who covers for nobody here, begins to refer Jordan
to Noor Haddad.
"""

import pytest
from sqlmodel import select

from bot.demo.clinic import Clinic
from bot.demo.people import PATIENT, Case, Form, Received, ReferralSteps, Someone
from bot.demo.seen import Button
from bot.sandbox.wire import JsonObject
from bot.store.database import Database
from bot.store.tables.audit import AuditEntry
from bot.store.tables.referring import PatientLook
from tests.founded import begins
from tests.journeys.test_course import in_treatment
from tests.journeys.test_directory import home
from tests.journeys.test_referring import steps

FOUND = "Colleagues have this patient in care"


async def two_pairs(clinic: Clinic) -> Case:
    """A case under way, with which Dr. Okafor has nothing to do."""
    await clinic.nobody_covers(clinic.surgeon)
    return await in_treatment(clinic)


async def begins_to_refer(someone: Someone, clinic: Clinic, **fields: str) -> ReferralSteps:
    """Up to the summary; nothing is sent."""
    form = steps(await someone.opens_refer_form())
    therapist = clinic.other_therapist.user_id
    await form.goes_on_to("Summary", **{**PATIENT, **fields}, therapist=therapist)
    return form


async def asks(form: Form) -> Form:
    return await form.presses("Ask them to share")


async def both_are_asked(clinic: Clinic, case: Case) -> tuple[Received, Received]:
    asked = [
        await one.gets_message("Dr. Chidi Okafor wants to refer the patient", case.code)
        for one in (clinic.surgeon, clinic.therapist)
    ]
    return asked[0], asked[1]


async def presses_from_memory(told: Received, button: Button) -> None:
    """What a client can do that kept a button, or copied another's into a message of its own."""
    message = told.message
    shown = message.blocks
    kept: JsonObject = {
        "type": "button",
        "action_id": button.action_id,
        "text": {"type": "plain_text", "text": button.text},
        "value": button.value,
    }
    message.blocks = [{"type": "actions", "block_id": button.block_id, "elements": [kept]}]
    await told.reader.person.clicks(
        told.channel_id, told.ts, button.action_id, block_id=button.block_id
    )
    message.blocks = shown
    await told.reader.clinic.settled()


async def audited(clinic: Clinic, deed: str) -> list[str]:
    """The outcomes of a deed, as the audit has them."""
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        async with database.reading() as session:
            wanted = select(AuditEntry.outcome).where(AuditEntry.deed == deed)
            return list((await session.exec(wanted)).all())
    finally:
        await database.close()


@begins(two_pairs)
async def test_a_colleague_s_patient_is_found_asked_about_and_shown_once_one_agrees(
    clinic: Clinic, case: Case
) -> None:
    okafor = clinic.covering_surgeon
    form = steps(await okafor.opens_refer_form())
    await form.goes_on_to("Reason and findings", **PATIENT)
    assert form.seen.says(FOUND, "Who they are, and what they do, is not shown")
    await form.goes_on_to("Summary", **PATIENT, therapist=clinic.other_therapist.user_id)
    assert form.seen.says(FOUND)
    for secret in ("Rivera", "Sam Lee", case.code):
        assert not form.seen.says(secret)

    await asks(form)
    assert form.seen.says("They have been asked to share it")
    assert "Ask them to share" not in [one.text for one in form.seen.buttons]
    for told in await both_are_asked(clinic, case):
        assert told.message.text == f"A colleague asks about case {case.code}: please answer"
        assert "Jordan" not in told.seen.words
    assert "asks you to share it" in await home(clinic.therapist)

    await form.submits()  # the referral goes its way meanwhile
    own = okafor.reads_code()
    await clinic.other_therapist.gets_message(own)
    okafor.looks_at_the_card(own, clinic.other_therapist)
    await okafor.form().closes()

    tab = await clinic.therapist.opens_home()
    await tab.presses("Choose what to share")
    choice = clinic.therapist.form()
    assert choice.seen.says(case.code, "who treats, the reason, and how far it is")
    await choice.submits(shows="plan")
    await case.thread_shows("Sam Lee shares this case with", okafor.name, "the treatment plan")
    told = await okafor.gets_message("share their case", case.code, f"your case {own}")
    assert told.message.text == "Colleagues share a case with you"
    assert "Jordan" not in told.seen.words

    shown = await told.clicks("See what they share")
    assert shown.seen.says(case.code, "Dr. Ana Rivera and Sam Lee", "Liposuction")
    assert shown.seen.says("1 of 10 sessions", "Treatment plan", "2 times a week")
    assert not shown.seen.says("pain before")  # the sessions were not chosen
    await shown.closes()
    assert "share this case with you" in await home(okafor)
    assert await audited(clinic, "see_shared") == ["done"]


@begins(two_pairs)
async def test_each_of_the_two_can_stop_sharing_and_the_old_button_shows_nothing(
    clinic: Clinic, case: Case
) -> None:
    okafor = clinic.covering_surgeon
    await asks(await begins_to_refer(okafor, clinic))
    asked, _ = await both_are_asked(clinic, case)
    await (await asked.clicks("Choose what to share")).submits(shows="plan,progress")
    await case.thread_shows("shares this case with", okafor.name)
    told = await okafor.gets_message("a referral that you began on November 23, 2026")
    see = told.seen.button("See what they share")
    shown = await told.clicks("See what they share")
    assert shown.seen.says("Sessions", "Pain before 6", "Treatment plan")
    await shown.closes()

    await asked.presses("Stop sharing")
    assert asked.seen.says("is no longer shared with", "as Dr. Ana Rivera decided")
    assert told.seen.says("no longer share their case", "it says nothing about you")
    assert not told.seen.buttons
    await presses_from_memory(told, see)
    assert okafor.form().seen.says("This case is not available to you")
    assert "share this case with you" not in await home(okafor)


@begins(two_pairs)
async def test_refusing_is_kind_and_final_and_repeated_clicks_change_nothing(
    clinic: Clinic, case: Case
) -> None:
    okafor = clinic.covering_surgeon
    form = await begins_to_refer(okafor, clinic)
    ask = form.seen.button("Ask them to share")
    await asks(form)
    for_surgeon, for_therapist = await both_are_asked(clinic, case)
    agree = for_therapist.seen.button("Choose what to share")
    rather_not = for_surgeon.seen.button("Rather not")
    await for_surgeon.presses("Rather not")
    told = await okafor.gets_message("would rather not share", "it says nothing about you")
    assert not told.seen.says("Rivera")
    assert not told.seen.says(case.code)
    assert for_therapist.seen.says("is not shared with", "as Dr. Ana Rivera decided")

    # Whoever kept the buttons as they were: nothing changes, and nobody is told again.
    await presses_from_memory(for_surgeon, rather_not)
    dm = for_surgeon.channel_id
    await clinic.surgeon.is_told_privately(dm, "This was answered")
    await presses_from_memory(for_therapist, agree)
    assert clinic.therapist.form().seen.says("This was answered")
    assert ask.text not in [one.text for one in okafor.form().seen.buttons]
    await okafor.form().closes()
    again = await okafor.opens_refer_form()
    again = await again.presses("Go on with it")
    assert again.seen.says("They would rather not share it", "can go on all the same")
    assert "Ask them to share" not in [one.text for one in again.seen.buttons]
    assert await audited(clinic, "ask_to_share") == ["done"]


@begins(two_pairs)
async def test_nobody_else_can_answer_or_look(clinic: Clinic, case: Case) -> None:
    okafor = clinic.covering_surgeon
    noor = clinic.other_therapist
    other = await okafor.refers(noor, name="Robin Vance")
    hers = await noor.gets_message(other.code)
    await asks(await begins_to_refer(okafor, clinic))
    asked, _ = await both_are_asked(clinic, case)
    agree, rather_not = asked.seen.buttons
    for button in (agree, rather_not):
        await presses_from_memory(hers, button)
    assert noor.form().seen.says("This case is not available to you")
    await noor.is_told_privately(hers.channel_id, "This case is not available to you")

    await asked.clicks("Choose what to share")
    await clinic.surgeon.form().submits()
    await case.thread_shows("shares this case with", okafor.name)
    told = await okafor.gets_message("share their case")
    await presses_from_memory(hers, told.seen.button("See what they share"))
    assert noor.form().seen.says("This case is not available to you")
    assert sorted(await audited(clinic, "answer_share")) == ["done", "refused"]
    assert sorted(await audited(clinic, "see_share_asked")) == ["done", "refused"]
    assert await audited(clinic, "see_shared") == ["refused"]


@pytest.mark.one_store
async def test_for_whom_somebody_looked_is_forgotten_after_a_day_or_two(clinic: Clinic) -> None:
    form = steps(await clinic.surgeon.opens_refer_form())
    await form.goes_on_to("Reason and findings", **PATIENT)
    assert await looks(clinic) == 1
    await form.closes()
    await clinic.passes(days=2)
    assert await looks(clinic) == 0


async def looks(clinic: Clinic) -> int:
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        async with database.reading() as session:
            return len((await session.exec(select(PatientLook))).all())
    finally:
        await database.close()
