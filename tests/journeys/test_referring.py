"""Referring a patient step by step, from a first word to a template for the next time."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import PATIENT, Form, ReferralSteps
from tests.journeys.test_circle import lets_in
from tests.journeys.test_directory import form_button

pytestmark = pytest.mark.one_store


def steps(form: Form) -> ReferralSteps:
    assert isinstance(form, ReferralSteps), form.seen.words
    return form


async def test_a_hold_stops_the_referral_and_a_clearance_is_read_by_the_therapist(
    clinic: Clinic,
) -> None:
    form = steps(await clinic.surgeon.opens_refer_form())
    await form.goes_on_to("Contraindications", **PATIENT)

    held = await form.fills_step(holds="acute_infection", screened="screened")
    assert "Massage is held: acute infection" in held.errors["holds"]
    unclear = await form.fills_step(holds="", clearances="anticoagulants", screened="screened")
    assert unclear.errors == {"clearance": "Write your clearance for: anticoagulants."}
    sent = await form.submits(
        **{**PATIENT, "clearance": "Light drainage only until day 14", "files": "F0NOTE1,F0PHOTO1"},
        therapist=clinic.therapist.user_id,
    )
    assert sent.ok

    code = clinic.surgeon.reads_code()
    await clinic.therapist.gets_message(code)
    case = clinic.surgeon.looks_at_the_card(code, clinic.therapist)
    assert not case.card.says("Anticoagulants")
    details = await clinic.therapist.opens(case, "Patient details")
    assert details.seen.says("Anticoagulants", "Light drainage only until day 14")
    assert details.seen.says("The patient pays", "The patient, November 20, 2026")
    files = f"/files/{clinic.surgeon.user_id}"
    links = (f"{files}/F0NOTE1|File 1>", f"{files}/F0PHOTO1|File 2>")
    assert details.seen.says(*links)
    assert case.card.says(*links)
    circle = await lets_in(clinic.surgeon, case, clinic.other_therapist)
    await case.thread_shows("lets Noor Haddad read this case")
    told = await clinic.other_therapist.gets_message("lets you read case")
    assert case.card.says("2 files of the referral: see _Patient details_")
    assert not case.card.says("F0NOTE1")
    assert (await told.clicks("Read the case")).seen.says("2 files of the referral")
    await form_button(circle, "take_back_invitation")
    assert case.card.says(*links)


async def test_back_and_a_lost_form_keep_what_was_typed(clinic: Clinic) -> None:
    form = steps(await clinic.surgeon.opens_refer_form())
    await form.goes_on_to("Reason and findings", **PATIENT)
    back = await form.presses("Back")
    assert back.seen.says("Patient and consent")
    assert "Jordan Ellis" in str(back.view.body)
    await back.closes()

    again = await clinic.surgeon.opens_refer_form()
    assert again.seen.says("A referral that you began is not sent")
    assert "Jordan" not in str(again.view.body)
    kept = steps(await again.presses("Go on with it"))
    assert "Jordan Ellis" in str(kept.view.body)

    gone = await kept.presses("Put away")
    assert gone.seen.says("The draft is erased")
    await gone.closes()
    fresh = await clinic.surgeon.opens_refer_form()
    assert not fresh.seen.says("A referral that you began")
    await fresh.closes()


async def test_a_draft_that_nobody_comes_back_to_is_erased_after_three_days(
    clinic: Clinic,
) -> None:
    form = steps(await clinic.surgeon.opens_refer_form())
    await form.goes_on_to("Treatment plan", **PATIENT)
    await clinic.passes(days=3, hours=1)

    assert clinic.surgeon.form().seen.says("left open for a while")
    await form.closes()
    fresh = await clinic.surgeon.opens_refer_form()
    assert not fresh.seen.says("A referral that you began")
    await fresh.closes()


async def test_with_a_template_three_steps_are_left(clinic: Clinic) -> None:
    form = await clinic.surgeon.opens_refer_form()
    await form.submits(**PATIENT, therapist=clinic.therapist.user_id, save_as="my liposuction 360")
    await clinic.therapist.gets_message(clinic.surgeon.reads_code())
    clinic.surgeon.looks_at_the_card(clinic.surgeon.reads_code(), clinic.therapist)
    await clinic.surgeon.form().closes()

    short = steps(await clinic.surgeon.opens_refer_form())
    template = short.value_of("template", "my liposuction 360")
    who = {key: PATIENT[key] for key in ("birth_date", "consent_by", "consent_on")}
    await short.fills_step(template=template, name="Robin Vance", **who)
    assert short.seen.says("Reason and findings")
    await short.fills_step(surgery_date="2026-11-12")
    assert short.seen.says("Contraindications")
    await short.fills_step(screened="screened")
    assert short.seen.says("Summary", "Robin Vance", "10 sessions, 2 times a week")
    assert not short.seen.says("Jordan")
    await short.submits()
    await clinic.therapist.gets_message(clinic.surgeon.reads_code())
    clinic.surgeon.looks_at_the_card(clinic.surgeon.reads_code(), clinic.therapist)


async def test_a_therapist_can_be_named_with_the_command(clinic: Clinic) -> None:
    form = steps(await clinic.surgeon.opens_refer_form(f"<@{clinic.therapist.user_id}>"))
    sent = await form.submits(**PATIENT)
    assert sent.ok
    await clinic.therapist.gets_message(clinic.surgeon.reads_code())
    clinic.surgeon.looks_at_the_card(clinic.surgeon.reads_code(), clinic.therapist)


async def test_the_form_is_opened_with_the_shortcut_from_anywhere(clinic: Clinic) -> None:
    await clinic.surgeon.person.uses_shortcut("refer_a_patient")
    await clinic.settled()
    assert clinic.surgeon.form().seen.says("Patient and consent", "Step 1 of 7")
    await clinic.surgeon.form().closes()


async def test_a_name_that_is_nobody_s_is_answered_kindly(clinic: Clinic) -> None:
    form = await clinic.surgeon.opens_refer_form("sam the masseur")
    assert form.seen.says("There is nobody here of the name that you typed", "step 6")
    await form.closes()
    oneself = await clinic.surgeon.opens_refer_form(f"<@{clinic.surgeon.user_id}>")
    assert oneself.seen.says("This is you")
    await oneself.closes()


async def keeps_a_template(clinic: Clinic, name: str) -> None:
    form = await clinic.surgeon.opens_refer_form()
    await form.submits(**PATIENT, therapist=clinic.therapist.user_id, save_as=name)
    await clinic.therapist.gets_message(clinic.surgeon.reads_code())
    clinic.surgeon.looks_at_the_card(clinic.surgeon.reads_code(), clinic.therapist)
    await clinic.surgeon.form().closes()


async def test_a_template_is_renamed_and_deleted(clinic: Clinic) -> None:
    await keeps_a_template(clinic, "my liposuction 360")
    form = await clinic.surgeon.opens_refer_form()
    listed = await form.presses("Your templates")
    assert listed.seen.says("my liposuction 360")
    rename = await listed.presses("Rename")
    empty = await rename.submits(save_as="  ")
    assert empty.errors == {"save_as": "Write a name for the template."}
    assert not (await rename.submits(save_as="Lipo, first weeks")).errors
    listed = clinic.surgeon.form()
    assert listed.seen.says("Lipo, first weeks")
    assert not listed.seen.says("360")

    gone = await listed.presses("Delete")
    assert gone.seen.says("You have none")
    await gone.closes()
    await clinic.surgeon.form().closes()
    fresh = await clinic.surgeon.opens_refer_form()
    assert "Your templates" not in [one.text for one in fresh.seen.buttons]
    await fresh.closes()
