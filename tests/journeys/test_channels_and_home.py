"""A channel that a coordinator names for a pair, and the Home tab."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Form
from bot.demo.seen import see

pytestmark = pytest.mark.one_store


async def channel_form(clinic: Clinic) -> Form:
    outcome = await clinic.coordinator.person.runs("/careloop", "channel", clinic.channel_id)
    assert outcome.ok
    await clinic.settled()
    return clinic.coordinator.form()


async def private_channel(clinic: Clinic, name: str, *, with_bot: bool = True) -> str:
    """A private channel of the pair, which the surgeon made."""
    channel_id = await clinic.surgeon.person.creates_channel(name, private=True)
    await clinic.surgeon.person.invites(channel_id, clinic.therapist.user_id)
    if with_bot:
        await clinic.surgeon.person.invites(channel_id, clinic.app.bot_user_id)
    return channel_id


async def names(clinic: Clinic, channel_id: str) -> dict[str, str]:
    form = await channel_form(clinic)
    outcome = await form.submits(
        surgeon=clinic.surgeon.user_id,
        therapist=clinic.therapist.user_id,
        channel=channel_id,
    )
    return outcome.errors


async def test_referrals_go_to_the_channel_that_a_coordinator_named(clinic: Clinic) -> None:
    channel_id = await private_channel(clinic, "rivera-lee")

    assert await names(clinic, channel_id) == {}

    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    assert case.channel_id == channel_id


async def test_a_channel_with_others_in_it_is_refused(clinic: Clinic) -> None:
    channel_id = await private_channel(clinic, "rivera-lee")
    await clinic.surgeon.person.invites(channel_id, clinic.other_therapist.user_id)
    errors = await names(clinic, channel_id)
    assert "Others are in this channel" in errors["channel"]


async def test_a_channel_without_the_bot_is_refused(clinic: Clinic) -> None:
    channel_id = await private_channel(clinic, "rivera-lee", with_bot=False)
    errors = await names(clinic, channel_id)
    assert "Careloop" in errors["channel"]


async def test_a_public_channel_is_refused(clinic: Clinic) -> None:
    channel_id = await clinic.surgeon.person.creates_channel("rivera-lee")
    await clinic.surgeon.person.invites(channel_id, clinic.therapist.user_id)
    await clinic.surgeon.person.invites(channel_id, clinic.app.bot_user_id)
    errors = await names(clinic, channel_id)
    assert "private" in errors["channel"]


async def test_only_a_coordinator_names_channels(clinic: Clinic) -> None:
    await clinic.surgeon.person.runs("/careloop", "channel", clinic.channel_id)
    await clinic.settled()
    assert clinic.surgeon.form().seen.says("coordinators", "not registered as one")


async def test_the_command_alone_says_what_can_be_typed(clinic: Clinic) -> None:
    await clinic.therapist.person.runs("/careloop", "", clinic.channel_id)
    await clinic.settled()
    await clinic.therapist.is_told_privately(
        clinic.channel_id, "/refer", "/network", "/careloop away", "Home tab"
    )


async def test_home_shows_what_is_open_and_whose_turn_it_is(clinic: Clinic, case: Case) -> None:
    for someone in (clinic.surgeon, clinic.therapist, clinic.coordinator):
        await someone.person.opens_home(clinic.app.app.id)
        await clinic.settled()
        home = someone.person.home(clinic.app.app.id)
        assert home is not None
        seen = see(clinic.slack, home)
        assert seen.says(case.code, "Post the first session update")
        assert not seen.says("Jordan")


async def test_home_tells_a_stranger_how_to_begin(clinic: Clinic) -> None:
    stranger = clinic.joins("pat.stranger", "Pat Stranger")
    await stranger.person.opens_home(clinic.app.app.id)
    await clinic.settled()
    home = stranger.person.home(clinic.app.app.id)
    assert home is not None
    assert see(clinic.slack, home).says("coordinator")


async def test_who_covers_reads_and_resolves_from_the_direct_message(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "concern: left calf hot")
    await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message(case.code)
    await clinic.passes(minutes=15)
    alert = await clinic.covering_surgeon.gets_message(case.code)
    assert [button.text for button in alert.seen.buttons] == ["Acknowledge", "Pass on"]

    form = await alert.clicks("Acknowledge")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="now")
    await case.thread_shows("will see the patient")

    form = await alert.clicks("Resolve")
    await form.submits(resolution="Seen; no thrombosis")
    await case.thread_shows("resolved")
    assert alert.seen.buttons == []
