"""What goes wrong in a clinic: slips of the finger, tricks, the wrong person, twice, too late."""

import asyncio

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import PATIENT, Case, Form
from bot.sandbox import Outcome, PersonKind
from bot.services.actor import Actor, Surface
from tests.journeys.test_the_loop import treatment_under_way

pytestmark = pytest.mark.one_store


async def fill(form: Form, clinic: Clinic, **fields: str) -> Outcome:
    return await form.submits(**{**PATIENT, "therapist": clinic.therapist.user_id, **fields})


@pytest.mark.parametrize("day", ["1920-01-01", "2027-11-23"])
async def test_a_surgery_date_that_can_not_be_is_pointed_out(clinic: Clinic, day: str) -> None:
    form = await clinic.surgeon.opens_refer_form()

    outcome = await fill(form, clinic, surgery_date=day)

    assert "check the year" in outcome.errors["surgery_date"]
    outcome = await fill(form, clinic, surgery_date="2026-11-10")
    assert outcome.ok
    await clinic.therapist.gets_message(clinic.surgeon.reads_code())
    clinic.surgeon.looks_at_the_card(clinic.surgeon.reads_code(), clinic.therapist)


async def test_a_birth_date_in_the_future_is_pointed_out(clinic: Clinic) -> None:
    form = await clinic.surgeon.opens_refer_form()
    outcome = await fill(form, clinic, birth_date="2027-01-01")
    assert "future" in outcome.errors["birth_date"]


async def test_text_of_all_the_worlds_writings_is_kept_and_does_no_harm(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(
        clinic.therapist,
        name="Zoë \u202egnirts\u202c Äpfel \u200b\u200b👩\u200d⚕️ שלום",
        note="<!channel> <@U000> *bold* <https://evil.example|here> & <b>",
    )
    await clinic.therapist.gets_message(case.code)

    form = await clinic.therapist.opens(case, "Patient details")

    assert "Zoë gnirts Äpfel 👩\u200d⚕️ שלום" in form.seen.words
    assert "!channel" in form.seen.words  # as letters: it calls nobody
    assert "<!channel>" not in str(form.view.body)
    assert "\u202e" not in str(form.view.body)
    assert "\u200b" not in str(form.view.body)


async def test_a_reply_of_5000_characters_with_mentions_is_kept_word_for_word(
    clinic: Clinic, case: Case
) -> None:
    words = "Session 1 <3 & pain 6 > 3 <!channel> 🙂 \u202e" + "very long " * 500
    ts = await clinic.therapist.replies(case, words)
    await case.thread_shows("session update 1")
    await clinic.therapist.is_asked(case)

    assert clinic.bot is not None
    surgeon = Actor(clinic.bot.workspace.team_id, clinic.surgeon.user_id, Surface.THREAD)
    kept = await clinic.bot.reading.wordings(surgeon, case.channel_id, ts)
    assert kept == (words,)


async def test_a_therapist_who_is_a_guest_can_not_be_chosen(clinic: Clinic) -> None:
    guest = clinic.joins("gus.guest", "Gus Guest", PersonKind.GUEST)
    form = await clinic.surgeon.opens_refer_form()
    outcome = await fill(form, clinic, therapist=guest.user_id)
    assert "guest" in outcome.errors["therapist"]


async def test_a_therapist_who_is_not_registered_can_not_be_chosen(clinic: Clinic) -> None:
    stranger = clinic.joins("pat.stranger", "Pat Stranger")
    form = await clinic.surgeon.opens_refer_form()
    outcome = await fill(form, clinic, therapist=stranger.user_id)
    assert "not registered" in outcome.errors["therapist"]


async def test_a_therapist_whose_account_was_deactivated_can_not_be_chosen(
    clinic: Clinic,
) -> None:
    await clinic.leaves(clinic.therapist)
    form = await clinic.surgeon.opens_refer_form()
    outcome = await fill(form, clinic)
    assert "deactivated" in outcome.errors["therapist"]


async def test_a_surgeon_can_not_refer_to_themselves(clinic: Clinic) -> None:
    form = await clinic.surgeon.opens_refer_form()
    outcome = await fill(form, clinic, therapist=clinic.surgeon.user_id)
    assert "This is you" in outcome.errors["therapist"]


async def test_only_a_surgeon_can_refer(clinic: Clinic) -> None:
    form = await clinic.therapist.opens_refer_form()
    assert form.seen.says("surgeons", "not registered as one")


async def test_the_same_patient_is_not_referred_twice_to_the_same_therapist(
    clinic: Clinic,
) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    form = await clinic.surgeon.opens_refer_form()
    outcome = await fill(form, clinic, name="  jordan ÉLLIS ")

    assert any(case.code in words for words in outcome.errors.values())


async def test_the_same_form_sent_twice_refers_once(clinic: Clinic) -> None:
    form = await clinic.surgeon.opens_refer_form()
    once, twice = await asyncio.gather(fill(form, clinic), fill(form, clinic))
    assert once.acknowledged
    assert twice.acknowledged

    code = clinic.surgeon.reads_code()
    await clinic.therapist.gets_message(code)
    clinic.surgeon.looks_at_the_card(code, clinic.therapist)


async def test_a_button_pressed_twice_at_once_does_its_deed_once(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    card = case.card_for(clinic.therapist)
    await asyncio.gather(card.presses("Accept"), card.presses("Accept"))
    await case.thread_shows("accepted")


async def test_somebody_else_in_the_case_is_told_that_it_is_not_theirs_to_do(
    clinic: Clinic,
) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    await clinic.surgeon.presses(case, "Accept")

    await clinic.surgeon.is_told_privately(case.channel_id, "Nothing was changed")
    assert case.card.says("Waiting for an answer")


async def test_a_button_pressed_a_year_later_changes_nothing(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    received = await clinic.therapist.gets_message(case.code)
    old_accept = case.card.button("Accept")
    form = await clinic.therapist.opens(case, "Decline")
    await form.submits(reason="On leave")
    await clinic.surgeon.gets_message(case.code, "declined")
    await case.thread_shows("declined")
    await clinic.surgeon.presses(case, "Close")
    await clinic.passes(days=365)

    await clinic.therapist.presses_from_memory(case, old_accept)

    await clinic.therapist.is_told_privately(case.channel_id, "moved on")
    assert case.card.says("closed")
    assert received.seen.words


async def test_a_value_that_was_tampered_with_is_refused(clinic: Clinic, case: Case) -> None:
    button = case.card.button("Patient details")
    for value in ('{"v":1,"referral_id":"\' OR 1=1 --"}', "{}", "", "x" * 1000):
        await clinic.therapist.presses_from_memory(case, button, value)
        assert clinic.therapist.form().seen.says("out of date")
        await clinic.therapist.form().closes()


async def test_the_id_of_a_case_of_others_in_a_button_opens_nothing(clinic: Clinic) -> None:
    mine = await treatment_under_way(clinic)
    theirs = await clinic.surgeon.refers(clinic.other_therapist, name="Robin Vance")
    await clinic.other_therapist.gets_message(theirs.code)
    value = theirs.card.button("Patient details").value

    await clinic.therapist.presses_from_memory(mine, mine.card.button("Patient details"), value)

    assert clinic.therapist.form().seen.says("not available to you")
    assert not clinic.therapist.form().seen.says("Robin")


async def test_a_reply_in_a_thread_that_is_no_referral_s_gets_no_answer(clinic: Clinic) -> None:
    root = await clinic.therapist.person.posts(clinic.channel_id, "Lunch on Friday?")
    await clinic.surgeon.person.posts(clinic.channel_id, "concern: the soup", root)
    await clinic.settled()
