"""A pair's channel that others can read: nothing more is said there until that is settled."""

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Received
from bot.demo.seen import see
from bot.sandbox import PersonKind

STOPPED = "stopped posting in the channel of"


async def everybody_is_told(clinic: Clinic, *parts: str) -> list[Received]:
    people = (clinic.surgeon, clinic.therapist, clinic.coordinator)
    return [await one.gets_message(STOPPED, *parts) for one in people]


def said_by_the_bot_in(clinic: Clinic, case: Case) -> list[str]:
    channel = clinic.slack.workspace.state.channels[case.channel_id]
    return [see(clinic.slack, one).words for one in channel.messages.values() if one.bot_id]


async def is_shared_with_another_organisation(clinic: Clinic, case: Case) -> None:
    stranger = clinic.joins("alex.elsewhere", "Alex Elsewhere", PersonKind.FOREIGN)
    await clinic.surgeon.person.invites(case.channel_id, stranger.user_id)
    await clinic.settled()


async def test_nothing_is_posted_in_a_channel_that_another_organisation_shares(
    clinic: Clinic, case: Case
) -> None:
    before = said_by_the_bot_in(clinic, case)
    await is_shared_with_another_organisation(clinic, case)
    told = await everybody_is_told(clinic, "shared with another organization", "End the sharing")
    assert not any(one.seen.says(case.code) for one in told)

    await clinic.therapist.replies(case, "Session 1 today, 60 min MLD abdomen, pain 6 -> 3")
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    assert said_by_the_bot_in(clinic, case) == before
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="today")
    await clinic.passes(minutes=20)
    assert said_by_the_bot_in(clinic, case) == before

    clinic.slack.unshare(case.channel_id)
    await clinic.settled()
    await case.thread_shows("session update", "kept")
    await case.thread_shows("Urgent concern")
    await case.thread_shows("will see the patient")
    await clinic.passes(seconds=10)  # a change of a message waits until that has been posted
    assert all(one.seen.says("posts in", "again") for one in told)


async def test_a_channel_that_was_made_public_is_found_out_before_anything_is_said(
    clinic: Clinic, case: Case
) -> None:
    before = said_by_the_bot_in(clinic, case)
    await clinic.surgeon.person.makes_public(case.channel_id)
    assert clinic.bot is not None
    clinic.bot.rooms.forget()

    form = await clinic.therapist.opens(case, "Raise a concern")
    await form.submits(severity="urgent", words="left calf hot and swollen")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    await everybody_is_told(clinic, "anybody in the workspace can read it", "telephone")
    assert said_by_the_bot_in(clinic, case) == before

    await clinic.surgeon.person.makes_private(case.channel_id)
    await clinic.settled()
    await case.thread_shows("Urgent concern")


async def test_a_channel_that_was_made_public_is_noticed_though_nobody_says_anything(
    clinic: Clinic, case: Case
) -> None:
    other = await clinic.surgeon.refers(clinic.other_therapist, name="Robin Vance")
    await clinic.other_therapist.gets_message(other.code)
    await clinic.surgeon.person.makes_public(case.channel_id)
    assert clinic.bot is not None
    clinic.bot.rooms.forget()
    await clinic.stop_bot()
    await clinic.other_therapist.person.posts(other.channel_id, "Thank you", other.ts, False)

    await clinic.start_bot()
    await clinic.settled()

    await everybody_is_told(clinic, "anybody in the workspace can read it")


async def test_somebody_added_by_hand_is_noticed_and_nothing_is_posted_until_it_is_settled(
    clinic: Clinic, case: Case
) -> None:
    before = said_by_the_bot_in(clinic, case)
    nurse = clinic.joins("robin.nurse", "Robin Nurse")
    await clinic.therapist.person.invites(case.channel_id, nurse.user_id)
    await clinic.settled()
    told = await everybody_is_told(clinic, "Not part of these referrals: Robin Nurse")
    assert not any(one.seen.says(case.code) for one in told)

    await clinic.therapist.replies(case, "Session 1 today, 60 min MLD abdomen, pain 6 -> 3")
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    assert said_by_the_bot_in(clinic, case) == before

    await clinic.therapist.person.removes(case.channel_id, nurse.user_id)
    await clinic.settled()
    await case.thread_shows("session update", "kept")
    await clinic.therapist.is_asked(case, "pain 6 → 3")
    await case.thread_shows("Urgent concern")
    await clinic.passes(seconds=10)  # a change of a message waits until that has been posted
    assert all(one.seen.says("posts in", "again") for one in told)


async def test_a_colleague_added_by_hand_stays_once_the_pair_lets_them_in(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    await clinic.surgeon.person.invites(case.channel_id, noor.user_id)
    await clinic.settled()
    told = await everybody_is_told(clinic, "Not part of these referrals: Noor Haddad")

    await clinic.surgeon.opens(case, "More")
    form = await clinic.surgeon.form().presses("Who may read this")
    await form.submits(colleague=noor.user_id)
    await noor.gets_message("lets you read case", case.code)
    await case.thread_shows("lets Noor Haddad read this case")
    await clinic.passes(seconds=10)  # a change of a message waits until that has been posted
    assert all(one.seen.says("posts in", "again") for one in told)
