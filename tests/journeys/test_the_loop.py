"""The loop of one referral, as the people in it live it."""

from bot.demo.clinic import Clinic
from bot.demo.people import Case


async def treatment_under_way(clinic: Clinic) -> Case:
    """A referral that was accepted a moment ago."""
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")
    return case


async def test_a_surgeon_refers_and_the_therapist_accepts(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)

    await clinic.therapist.gets_message(case.code)
    assert case.card.says(case.code, "After liposuction", "Dr. Ana Rivera", "Sam Lee")

    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("Sam Lee", "accepted")
    assert "Accept" not in [button.text for button in case.card.buttons]


async def test_the_pair_gets_one_private_channel_for_all_their_referrals(clinic: Clinic) -> None:
    first = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(first.code)
    second = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(second.code)

    assert first.channel_id == second.channel_id
    room = clinic.surgeon.person.channel(first.channel_id)
    assert room.is_private
    assert room.name.startswith("rivera-lee-")
    assert set(room.members) == {
        clinic.surgeon.user_id,
        clinic.therapist.user_id,
        clinic.app.bot_user_id,
    }


async def test_a_therapist_declines_with_a_reason_and_the_surgeon_is_told(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    form = await clinic.therapist.opens(case, "Decline")
    await form.submits(reason="No free appointments before December")

    await clinic.surgeon.gets_message(case.code, "declined")
    await case.thread_shows("declined")

    await clinic.surgeon.presses(case, "Close")
    assert case.card.says("closed")


async def test_a_reply_is_kept_as_a_session_update_and_confirmed(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 6 -> 3")

    await case.thread_shows("session update 1", "60 min MLD abdomen", "pain 6 → 3")
    await clinic.therapist.is_asked(case, "pain 6 → 3")
    assert case.card.says("1 of 10")


async def test_an_edit_makes_a_revision_and_a_deletion_is_noted(clinic: Clinic, case: Case) -> None:
    ts = await clinic.therapist.replies(case, "Session 1, pain 6 -> 3")
    kept = await case.thread_shows("session update 1")
    await clinic.therapist.is_asked(case, "pain 6 → 3")

    await clinic.therapist.edits(case, ts, "Session 1, pain 6 -> 2")
    await clinic.therapist.is_asked(case, "pain 6 → 2")
    assert kept.seen.says("session update 1", "version 2")

    await clinic.therapist.deletes(case, ts)
    assert kept.seen.says("withdrawn")
    assert case.card.says("0 of 10")


async def test_what_the_surgeon_writes_in_the_thread_is_kept_without_a_word(
    clinic: Clinic, case: Case
) -> None:
    await clinic.surgeon.replies(case, "Thank you. Drain comes out on Friday.")


async def test_when_no_update_comes_the_therapist_is_nudged_once(
    clinic: Clinic, case: Case
) -> None:
    await clinic.passes(days=3)
    nudge = await clinic.therapist.gets_message(case.code, "first session update")
    assert not nudge.seen.says("Jordan")
    assert case.card.says("overdue")

    await clinic.passes(days=3)  # a weekend; what follows on Monday is told in test_checkins


async def test_an_update_in_time_needs_no_nudge(clinic: Clinic, case: Case) -> None:
    await clinic.passes(days=1)
    await clinic.therapist.reports(case, "Session 1 went well")

    await clinic.passes(days=2)


async def test_when_the_therapist_does_not_answer_they_are_nudged(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    await clinic.passes(days=2)
    await clinic.therapist.gets_message(case.code, "Accept or decline")


async def test_the_patient_is_seen_by_the_pair_in_a_form_that_they_open(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Patient details")
    assert form.seen.says("Jordan Ellis", "MRN-204418", "Drain left side until day 14")


async def test_an_outsider_who_presses_a_button_learns_nothing(clinic: Clinic, case: Case) -> None:
    stranger = clinic.joins("pat.stranger", "Pat Stranger")
    await clinic.surgeon.person.invites(case.channel_id, stranger.user_id)
    for one in (clinic.surgeon, clinic.therapist, clinic.coordinator):
        await one.gets_message("Not part of these referrals: Pat Stranger")

    form = await stranger.opens(case, "Patient details")
    assert form.seen.says("not available to you")
    assert not form.seen.says("Jordan")
    await stranger.replies(case, "I am just looking")


async def test_the_bot_goes_on_where_it_was_stopped(clinic: Clinic, case: Case) -> None:
    await clinic.stop_bot()

    ts = await clinic.therapist.replies(case, "Session 1, written while the bot was away")
    gone = await clinic.therapist.replies(case, "and this one was taken back")
    await clinic.therapist.deletes(case, gone)
    await clinic.start_bot()

    kept = await case.thread_shows("session update 1")
    await clinic.therapist.is_asked(case)
    await clinic.stop_bot()
    await clinic.therapist.edits(case, ts, "Session 1, edited while the bot was away")
    await clinic.start_bot()
    await clinic.settled()
    assert kept.seen.says("version 2")
    await clinic.therapist.is_asked(case)
