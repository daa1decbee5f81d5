"""Ladders in the clinic: who can't hear is passed over, what is not resolved climbs again."""

from datetime import timedelta

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Form
from bot.demo.seen import Seen, see


async def worried(case: Case, severity: str = "urgent", **more: str) -> None:
    form = await case.therapist.opens(case, "Raise a concern")
    await form.submits(severity=severity, **{"words": "She looks pale to me", **more})
    await case.thread_shows(f"{severity.capitalize()} concern")


def in_clinic_channel(clinic: Clinic) -> Seen:
    """The newest message there, as it reads now."""
    return see(clinic.slack, list(clinic.coordinator.person.messages(clinic.channel_id))[-1])


async def opens_ladders(clinic: Clinic) -> Form:
    await clinic.coordinator.person.runs("/careloop", "ladders", clinic.channel_id)
    await clinic.settled()
    return clinic.coordinator.form()


async def set_telephone(clinic: Clinic) -> None:
    overview = await opens_ladders(clinic)
    form = await overview.presses("Change")
    await form.submits(telephone="+1 212 555 0100")
    assert overview.seen.says("+1 212 555 0100")
    await overview.closes()


@pytest.mark.one_store
async def test_who_does_not_want_to_be_disturbed_is_told_and_passed_over_at_once(
    clinic: Clinic, case: Case
) -> None:
    await clinic.surgeon.person.rests_until(clinic.clock.now() + timedelta(hours=2))
    await worried(case)
    first = await clinic.surgeon.gets_message("Urgent concern", case.code)
    told = await clinic.covering_surgeon.gets_message("Urgent concern", case.code)
    assert told.seen.says("Told Dr. Ana Rivera", "does not want to be disturbed")
    for alert in (first, told):  # what was promised to the first is what is so now
        assert alert.seen.says("If nobody acknowledges, Kit Moreau is told")

    form = await told.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("Dr. Chidi Okafor", "hold treatment")
    await clinic.passes(hours=2)


@pytest.mark.one_store
async def test_when_nobody_can_hear_the_telephone_is_named_at_once(
    clinic: Clinic, case: Case
) -> None:
    await set_telephone(clinic)
    for someone in (clinic.surgeon, clinic.covering_surgeon, clinic.coordinator):
        await someone.person.rests_until(clinic.clock.now() + timedelta(hours=12))
    await worried(case, "emergent")
    for someone in (clinic.surgeon, clinic.covering_surgeon, clinic.coordinator):
        await someone.gets_message("Emergent concern", case.code)
    await case.thread_shows("Use the telephone now", "+1 212 555 0100")
    await clinic.coordinator.sees_in_clinic_channel(case.code, "+1 212 555 0100")

    await clinic.passes(minutes=10)
    alert = await clinic.surgeon.gets_message("Nobody has answered", "+1 212 555 0100")
    for someone in (clinic.covering_surgeon, clinic.coordinator):
        await someone.gets_message("Nobody has answered")
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="emergency", note="")
    await case.thread_shows("Dr. Ana Rivera", "emergency")


async def test_what_is_acknowledged_and_not_resolved_climbs_again(
    clinic: Clinic, case: Case
) -> None:
    await worried(case)
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    refused = await form.submits(decision="see_patient", note="")
    assert "Choose when" in refused.errors["visit"]
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="")
    posted = await case.thread_shows("Dr. Ana Rivera", "will see the patient")
    late = await alert.clicks("Read")
    assert late.seen.says("acknowledged", "She looks pale")
    await late.closes()

    await clinic.passes(hours=27)  # a day after the visit
    await clinic.surgeon.gets_message("not resolved in time")
    await clinic.passes(minutes=15)
    told = await clinic.covering_surgeon.gets_message("not resolved in time", "Dr. Ana Rivera")
    form = await told.clicks("Acknowledge")
    await form.submits(decision="continue", note="Seen by me")
    await case.thread_shows("Dr. Chidi Okafor", "treatment continues")
    assert posted.seen.says("Dr. Ana Rivera", "will see the patient")

    assert "Withdraw" not in [button.text for button in told.seen.buttons]  # it is not theirs
    form = await told.clicks("Resolve")
    await form.submits(resolution="All well")
    await case.thread_shows("resolved")
    await clinic.passes(days=1)


@pytest.mark.one_store
async def test_where_the_clinic_looks_the_first_round_is_over_when_the_second_begins(
    clinic: Clinic, case: Case
) -> None:
    await worried(case)
    told = await clinic.surgeon.gets_message("Urgent concern", case.code)
    await clinic.passes(hours=1)
    for someone in (clinic.covering_surgeon, clinic.coordinator):
        await someone.gets_message("Urgent concern", case.code)
        await someone.gets_message("Nobody has answered")
    await clinic.surgeon.gets_message("Nobody has answered")
    await case.thread_shows("Use the telephone now")
    await clinic.coordinator.sees_in_clinic_channel(case.code, "telephone")
    form = await told.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("Dr. Ana Rivera", "hold treatment")
    assert in_clinic_channel(clinic).says(case.code, "Dr. Ana Rivera acknowledged it")

    await clinic.passes(hours=24)
    alert = await clinic.surgeon.gets_message("not resolved in time")
    assert in_clinic_channel(clinic).says(case.code, "not resolved in time", "Dr. Ana Rivera")
    assert not in_clinic_channel(clinic).says("telephone")
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("Dr. Ana Rivera", "hold treatment")
    form = await alert.clicks("Resolve")
    await form.submits(resolution="All well")
    await case.thread_shows("resolved")


async def test_a_concern_is_passed_on_to_a_surgeon_who_has_to_accept(
    clinic: Clinic, case: Case
) -> None:
    other = await clinic.registers_a_surgeon("maya.singh", "Dr. Maya Singh")
    await worried(case)
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Pass on")
    refused = await form.submits(to=clinic.therapist.user_id)
    assert "surgeon" in refused.errors["to"]
    await form.submits(to=other.user_id)
    asked = await other.gets_message("asks you to take a concern", case.code)
    assert not asked.seen.says("pale")

    await clinic.passes(minutes=15)  # and the ladder goes on
    cover = await clinic.covering_surgeon.gets_message("Urgent concern", case.code)
    await asked.presses("I can't")
    await clinic.surgeon.gets_message("Dr. Maya Singh", "can't take")
    assert [button.text for button in asked.seen.buttons] == []

    form = await cover.clicks("Pass on")
    await form.submits(to=other.user_id)
    asked = await other.gets_message("asks you to take a concern", case.code)
    form = await asked.clicks("Accept")
    assert form.seen.says("She looks pale")
    await form.submits(decision="hold", note="I call her now")
    await case.thread_shows("Dr. Maya Singh", "hold treatment")
    form = await asked.clicks("Resolve")
    await form.submits(resolution="Spoke with her, she had not eaten")
    await case.thread_shows("resolved")


async def test_who_covers_and_who_is_asked_find_the_concern_on_their_home_tab(
    clinic: Clinic, case: Case
) -> None:
    other = await clinic.registers_a_surgeon("maya.singh", "Dr. Maya Singh")
    cover = clinic.covering_surgeon
    await worried(case)
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    tab = await cover.opens_home()
    assert not tab.seen.says(case.code)  # nobody has told them

    await clinic.passes(minutes=15)
    await cover.gets_message("Urgent concern", case.code)
    tab = await cover.opens_home()
    assert tab.seen.says("Concerns that wait for you", case.code, "Kit Moreau is told")
    assert not tab.seen.says("pale")
    await tab.presses("Pass on")
    await cover.form().submits(to=other.user_id)
    await other.gets_message("asks you to take a concern", case.code)

    theirs = await other.opens_home()
    assert theirs.seen.says("Concerns that wait for you", case.code)
    await theirs.presses("Accept")
    assert other.form().seen.says("She looks pale")
    await other.form().submits(decision="hold", note="")
    await case.thread_shows("Dr. Maya Singh", "hold treatment")
    tab = await cover.opens_home()
    assert not tab.seen.says(case.code)  # another has it

    theirs = await other.opens_home()
    await theirs.presses("Resolve")
    await other.form().submits(resolution="All well")
    await case.thread_shows("resolved")
    theirs = await other.opens_home()
    assert not theirs.seen.says(case.code)


@pytest.mark.one_store
async def test_what_is_soon_waits_for_the_surgeons_next_working_hour(
    clinic: Clinic, case: Case
) -> None:
    await clinic.passes(hours=9)  # Monday evening
    form = await clinic.therapist.opens(case, "Raise a concern")
    await form.submits(severity="soon", words="She looks pale to me")
    posted = await case.thread_shows("Concern to be seen soon", "Dr. Ana Rivera", "is told")
    await clinic.passes(hours=15)
    alert = await clinic.surgeon.gets_message("Concern to be seen soon", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="continue", note="")
    await case.thread_shows("Dr. Ana Rivera", "treatment continues")
    posted.reader = clinic.therapist
    assert posted.seen.says("acknowledged")


@pytest.mark.one_store
async def test_a_coordinator_edits_a_ladder_and_a_running_concern_keeps_its_own(
    clinic: Clinic, case: Case
) -> None:
    await worried(case)
    await clinic.surgeon.gets_message("Urgent concern", case.code)

    overview = await opens_ladders(clinic)
    assert overview.seen.says(case.code, "Dr. Chidi Okafor", "This is the default")
    ladder = await overview.presses("Edit", nth=2)
    rung = await ladder.presses("Change", nth=4)
    await rung.submits(after="90")
    assert ladder.seen.says("After 1 h 30 min", "urgent allows 30 min")
    refused = await ladder.submits()
    assert "Nobody is told for 1 h" in refused.errors["repeat"]
    rung = await ladder.presses("Change", nth=4)
    await rung.submits(remove="remove")
    rung = await ladder.presses("Change", nth=3)
    await rung.submits(remove="remove")
    rung = await ladder.presses("Change", nth=2)
    await rung.submits(who="everybody", after="5")
    await ladder.submits(repeat="20")
    saved = clinic.coordinator.form()
    assert saved.seen.says("Version 1")
    await saved.closes()
    assert overview.seen.says("After 5 min", "Version 1, changed by Kit Moreau")

    await clinic.passes(minutes=15)  # as it was when the concern was raised
    alert = await clinic.covering_surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("Dr. Chidi Okafor", "hold treatment")

    await clinic.therapist.replies(case, "concern: and now she is dizzy as well")
    await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    await clinic.passes(minutes=5)
    for someone in (clinic.surgeon, clinic.covering_surgeon, clinic.coordinator):
        told = await someone.gets_message("Urgent concern", case.code)
    await case.thread_shows("Use the telephone now")
    await clinic.coordinator.sees_in_clinic_channel(case.code, "telephone")
    form = await told.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("Kit Moreau", "hold treatment")


@pytest.mark.one_store
async def test_only_coordinators_see_and_edit_the_ladders(clinic: Clinic) -> None:
    await clinic.surgeon.person.runs("/careloop", "ladders", clinic.channel_id)
    await clinic.settled()
    assert clinic.surgeon.form().seen.says("coordinators")
