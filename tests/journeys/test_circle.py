"""Who else may read a case: a colleague whom one of the two lets in, and who covers."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Form, Received, Someone
from tests.founded import begins
from tests.journeys.test_course import in_treatment
from tests.journeys.test_directory import form_button, home

pytestmark = pytest.mark.one_store


async def lets_in(someone: Someone, case: Case, colleague: Someone) -> Form:
    await someone.opens(case, "More")
    form = await someone.form().presses("Who may read this")
    done = await form.submits(colleague=colleague.user_id)
    assert not done.errors, done.errors
    return someone.form()


def channels_of(someone: Someone) -> set[str]:
    return {channel.id for channel in someone.person.channels()}


async def reads(told: Received) -> Form:
    return await told.clicks("Read the case")


@begins(in_treatment)
async def test_a_colleague_is_let_into_a_case_reads_it_and_is_out_again(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    form = await lets_in(clinic.surgeon, case, noor)
    assert form.seen.says("Noor Haddad, let in by Dr. Ana Rivera")
    await case.thread_shows("lets Noor Haddad read this case")
    told = await noor.gets_message("lets you read case", case.code, "not who the patient is")

    # The channel holds nothing but this case, so they may sit in it.
    assert case.channel_id in channels_of(noor)
    shown = await reads(told)
    assert shown.seen.says(case.code, "Treatment is under way")
    assert [one.text for one in shown.seen.buttons] == ["Plan", "What was done"]
    assert (await shown.presses("What was done")).seen.says("accepts the case")
    refused = await noor.opens(case, "Patient details")
    assert refused.seen.says("somebody else on the case")

    await form_button(form, "take_back_invitation")
    assert clinic.surgeon.form().seen.says("can no longer read")
    assert told.seen.says("You can no longer read")
    assert case.channel_id not in channels_of(noor)
    assert "You may read these" not in await home(noor)


async def test_where_the_channel_holds_other_patients_a_colleague_reads_through_the_bot(
    clinic: Clinic,
) -> None:
    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    case = await in_treatment(clinic)
    noor = clinic.other_therapist
    await lets_in(clinic.therapist, case, noor)
    await case.thread_shows("lets Noor Haddad read this case")
    told = await noor.gets_message("lets you read case", case.code)

    assert case.channel_id not in channels_of(noor)
    assert "You may read these" in await home(noor)
    assert (await reads(told)).seen.says(case.code)

    await clinic.surgeon.opens(case, "More")
    form = await clinic.surgeon.form().presses("Ask to end the treatment")
    await form.submits(move_reason="not_needed")
    await case.thread_shows("asks to end the treatment")
    await clinic.therapist.gets_message(case.code, "asks to end")
    form = await clinic.therapist.opens(case, "Confirm the end")
    await form.submits()
    await case.thread_shows("the treatment has ended")
    await clinic.surgeon.gets_message(case.code, "has ended")
    assert told.seen.says("You can no longer read")


@begins(in_treatment)
async def test_a_new_patient_is_not_shown_to_who_was_let_into_another_case(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    await lets_in(clinic.surgeon, case, noor)
    await case.thread_shows("lets Noor Haddad read this case")
    await noor.gets_message("lets you read case", case.code)
    assert case.channel_id in channels_of(noor)

    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    assert case.channel_id not in channels_of(noor)
    assert "You may read these" in await home(noor)


@begins(in_treatment)
async def test_only_another_who_treats_here_can_be_let_in(clinic: Clinic, case: Case) -> None:
    await clinic.surgeon.opens(case, "More")
    form = await clinic.surgeon.form().presses("Who may read this")
    for who, why in (
        (clinic.coordinator, "Coordinators do not read cases"),
        (clinic.therapist, "one of the two of you"),
        (clinic.joins("kim.guest", "Kim Guest"), "not registered"),
    ):
        done = await form.submits(colleague=who.user_id)
        assert why in done.errors["colleague"]


@begins(in_treatment)
async def test_a_therapist_who_covers_finds_the_case_on_their_home_tab_and_acts(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    await clinic.therapist.person.runs("/careloop", "away", clinic.channel_id)
    await clinic.settled()
    day = clinic.clock.now().date().isoformat()
    done = await clinic.therapist.form().submits(first=day, last=day, cover=noor.user_id)
    assert not done.errors, done.errors
    await noor.gets_message("You cover for Sam Lee")

    tab = await noor.opens_home()
    assert tab.seen.says("You cover for these", case.code)
    await tab.presses("Read the case")
    form = await noor.form().presses("Log a session")
    assert form.seen.says(case.code)

    await clinic.passes(days=1)
    assert "You cover for these" not in await home(noor)
