"""One digest in the morning, each line settled in its place, and nobody is asked twice in a day."""

from datetime import date, timedelta

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Someone
from tests.journeys.nudges import too_many, unasked
from tests.journeys.test_working_time import asks_careloop, goes_away


async def another_case(clinic: Clinic, name: str = "Robin Vance", **fields: str) -> Case:
    case = await clinic.surgeon.refers(clinic.therapist, name=name, **fields)
    await clinic.therapist.gets_message(case.code)
    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")
    return case


async def until(clinic: Clinic, day: int, hour: int = 14, minute: int = 30) -> None:
    """Let time pass until a day of November 2026, UTC; 14:00 UTC is 9 in New York."""
    end = clinic.clock.now().replace(day=day, hour=hour, minute=minute)
    await clinic.passes(seconds=(end - clinic.clock.now()) / timedelta(seconds=1))


async def two_sessions_are_reported(clinic: Clinic, case: Case) -> None:
    """In the week up to Monday the 30th, so that nobody owes a word by then."""
    for day in (25, 28):
        await until(clinic, day)
        await clinic.therapist.reports(case, f"Session on the {day}th, 60 min MLD abdomen")
    await until(clinic, 30)


async def test_it_is_counted_who_is_told_unasked_and_how_often(clinic: Clinic, case: Case) -> None:
    assert not unasked(clinic)  # what another person has done is no nudge of the bot's
    await until(clinic, 26)
    await clinic.therapist.gets_message(case.code)
    counted = unasked(clinic)
    assert counted == {("Sam Lee", date(2026, 11, 26)): 1}
    assert too_many(counted + counted) == ["Sam Lee, 2026-11-26: 2"]


async def test_two_cases_come_in_one_digest_and_are_settled_in_their_place(
    clinic: Clinic, case: Case
) -> None:
    first = case
    second = await another_case(clinic)

    await until(clinic, 26, 13, 59)  # due on Wednesday evening; a minute to nine on Thursday
    await until(clinic, 26, 14)
    digest = await clinic.therapist.gets_message("2 things wait for you", first.code, second.code)
    assert not digest.seen.says("Jordan")
    assert not digest.seen.says("liposuction")

    # Both were due at the same time: which comes first is chance.
    missed, given = sorted((first, second), key=lambda one: digest.seen.words.index(one.code))
    await digest.presses("No-show")
    await missed.thread_shows("Session update 1", "Missed visit")
    assert digest.seen.says("1 thing waits for you, 1 done", "no-show logged by Sam Lee")
    assert missed.card.says("0 of 10")

    form = await digest.clicks("Log session")
    sent = await form.submits(none_observed="yes", duration_min="60", regions="abdomen")
    assert not sent.errors
    await given.thread_shows("Session update 1", "logged by Sam Lee")
    assert digest.seen.says("All done", "session logged by Sam Lee")
    assert digest.seen.buttons == []


@pytest.mark.one_store
async def test_a_late_click_is_answered_kindly_and_changes_nothing(
    clinic: Clinic, case: Case
) -> None:
    await until(clinic, 26)
    digest = await clinic.therapist.gets_message(case.code)
    kept = digest.message.blocks
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen, pain 6 -> 3")
    assert digest.seen.says("session logged")

    shown = digest.message.blocks
    for button in ("No-show", "Tomorrow"):
        digest.message.blocks = kept
        await digest.presses(button)
        digest.message.blocks = shown
        await clinic.therapist.is_told_privately(digest.channel_id, "settled already")
    for button in ("Log session", "Later", "Change plan"):
        digest.message.blocks = kept
        form = await digest.clicks(button)
        digest.message.blocks = shown
        assert form.seen.says("settled already")
        await form.closes()
    assert case.card.says("1 of 10")


@pytest.mark.one_store
async def test_the_surgeon_is_asked_weekly_and_says_that_all_is_well(
    clinic: Clinic, case: Case
) -> None:
    await two_sessions_are_reported(clinic, case)
    assert not clinic.surgeon.unexpected()  # a week is over at half past nine
    await clinic.passes(days=1)
    digest = await clinic.surgeon.gets_message(case.code, "is all well?")
    await digest.presses("All well")
    await case.thread_shows("Dr. Ana Rivera looked at this case", "all well")
    assert digest.seen.says("All done", "all well by Dr. Ana Rivera")


@pytest.mark.one_store
async def test_a_surgeon_who_has_just_written_is_not_asked(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen")
    await until(clinic, 27)
    await clinic.therapist.reports(case, "Session 2, 60 min MLD abdomen")
    await clinic.surgeon.replies(case, "Thank you, go on like this.")
    await clinic.passes(days=4)  # Tuesday: a week after the start, and the surgeon wrote on Friday
    await clinic.therapist.reports(case, "Session 3, 60 min MLD abdomen")
    await clinic.passes(days=6)  # a week after their words it was Friday, half past nine
    await clinic.surgeon.gets_message(case.code, "is all well?")


@pytest.mark.one_store
async def test_a_surgeon_who_was_asked_in_vain_and_then_writes_is_waited_for_no_longer(
    clinic: Clinic, case: Case
) -> None:
    await two_sessions_are_reported(clinic, case)
    await clinic.passes(days=1)
    await clinic.surgeon.gets_message(case.code, "is all well?")
    await clinic.therapist.reports(case, "Session 3 today, 60 min MLD abdomen")
    await clinic.passes(days=2)
    again = await clinic.surgeon.gets_message(case.code, "is all well?")
    await clinic.passes(days=1)
    told = await clinic.coordinator.gets_message("no answer yet", "Dr. Ana Rivera was asked")

    await clinic.surgeon.replies(case, "It looks fine to me, go on.")
    assert told.seen.says(case.code, "No longer needed")
    assert again.seen.says("Put off until December 11")
    assert "All well" not in [button.text for button in again.seen.buttons]


async def test_no_answer_is_asked_once_more_and_then_a_coordinator_is_told(
    clinic: Clinic, case: Case
) -> None:
    await until(clinic, 26)
    first = await clinic.therapist.gets_message(case.code, "first session update")
    await until(clinic, 27)  # told: nothing more on Friday
    await clinic.passes(days=3)
    again = await clinic.therapist.gets_message(case.code, "first session update")
    assert again.seen.says("Asked for the second time")
    # Monday: what is overdue, with whom, since when.
    week = await clinic.coordinator.gets_message("Overdue this week", case.code, "Sam Lee")
    await clinic.passes(days=1)
    told = await clinic.coordinator.gets_message("no answer yet", "Sam Lee was asked")
    await clinic.surgeon.gets_message(case.code, "is all well?")
    await told.presses("I take care of it")
    assert told.seen.says("taken care of by Kit Moreau")

    await clinic.therapist.reports(case, "Session 1 was last week, all fine, pain 6 -> 3")
    for digest in (first, again):
        assert digest.seen.says("session logged")
    assert week.seen.says("Done:", case.code)


@pytest.mark.one_store
async def test_a_line_is_put_off_for_a_day_and_until_a_date(clinic: Clinic, case: Case) -> None:
    await until(clinic, 26)
    digest = await clinic.therapist.gets_message(case.code)
    await digest.presses("Tomorrow")
    assert digest.seen.says("Put off until November 27, 2026")
    await until(clinic, 27)
    digest = await clinic.therapist.gets_message(case.code)
    form = await digest.clicks("Later")
    refused = await form.submits(until="2026-11-27")
    assert "after today" in refused.errors["until"]
    await form.submits(until="2026-12-04")
    assert digest.seen.says("Put off until December 4, 2026")
    await until(clinic, 30)
    week = await clinic.coordinator.gets_message("Overdue this week", "put off until December 4")
    await clinic.passes(days=1)
    look = await clinic.surgeon.gets_message(case.code, "is all well?")
    await look.presses("All well")
    await case.thread_shows("looked at this case")
    await clinic.passes(days=2, hours=23, minutes=29)
    assert not clinic.therapist.unexpected()
    await clinic.passes(minutes=30)
    await clinic.therapist.gets_message(case.code, "first session update")
    assert week.seen.says(case.code)


@pytest.mark.one_store
async def test_who_covers_gets_what_is_due_for_a_surgeon_on_leave(
    clinic: Clinic, case: Case
) -> None:
    surgeon, cover = clinic.surgeon, clinic.covering_surgeon
    await goes_away(surgeon, "2026-11-24", "2026-12-04", cover)
    await cover.gets_message("You cover for Dr. Ana Rivera")
    await two_sessions_are_reported(clinic, case)
    await clinic.passes(days=1)
    digest = await cover.gets_message(case.code, "is all well?", "For Dr. Ana Rivera")
    await digest.presses("All well")
    await case.thread_shows("Dr. Chidi Okafor looked at this case", "all well")


@pytest.mark.one_store
async def test_a_therapist_who_is_ill_is_not_asked_until_they_are_back(
    clinic: Clinic, case: Case
) -> None:
    await goes_away(clinic.therapist, "2026-11-24", "2026-11-27")
    await until(clinic, 28)
    assert not clinic.therapist.unexpected()
    await until(clinic, 30)
    await clinic.therapist.gets_message(case.code, "first session update")
    await clinic.coordinator.gets_message("Overdue this week", case.code)


@pytest.mark.one_store
async def test_a_digest_follows_who_moves_to_another_time_zone(clinic: Clinic, case: Case) -> None:
    await until(clinic, 25)
    clinic.slack.change_person(clinic.therapist.user_id, tz="America/Los_Angeles")
    await clinic.settled()
    await until(clinic, 26, 16, 59)  # a minute to nine in Los Angeles
    assert not clinic.therapist.unexpected()
    await until(clinic, 26, 17, 0)
    await clinic.therapist.gets_message(case.code, "first session update")


async def test_a_digest_that_the_bot_missed_comes_late_once_and_not_at_night(
    clinic: Clinic, case: Case
) -> None:
    await clinic.stop_bot()
    clinic.clock.advance(timedelta(days=4, hours=13))  # Friday, half past ten in the evening
    await clinic.start_bot()
    await clinic.settled()
    assert not clinic.therapist.unexpected()
    await clinic.stop_bot()
    clinic.clock.advance(timedelta(days=2, hours=13))  # Monday, half past eleven
    await clinic.start_bot()
    digest = await clinic.therapist.gets_message(case.code, "first session update")
    await clinic.coordinator.gets_message("Overdue this week", case.code)
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen")
    assert digest.seen.says("session logged")


@pytest.mark.one_store
async def test_change_plan_opens_the_plan_and_words_are_taken_while_a_proposal_waits(
    clinic: Clinic, case: Case
) -> None:
    await until(clinic, 26)
    digest = await clinic.therapist.gets_message(case.code)
    form = await digest.clicks("Change plan")
    sent = await form.submits(frequency="weekly", reason="Swelling is nearly gone.")
    assert not sent.errors
    await case.thread_shows("Change of plan proposed", "Frequency: Once a week")

    form = await digest.clicks("Change plan")
    sent = await form.submits(words="Once a week is enough: swelling is nearly gone.")
    assert not sent.errors
    await case.thread_shows("Sam Lee asks to change the plan", "Once a week is enough")
    assert digest.seen.says("Put off until")

    await until(clinic, 27)
    told = await clinic.surgeon.gets_message(case.code, "a change of plan is asked for")
    assert not told.seen.says("swelling")
    await told.presses("Dealt with")
    await case.thread_shows("has dealt with the wish")
    assert told.seen.says("taken care of by Dr. Ana Rivera")


@pytest.mark.one_store
async def test_the_pair_chooses_how_often_they_are_asked(clinic: Clinic, case: Case) -> None:
    form = await clinic.surgeon.opens(case, "Check-ins")
    sent = await form.submits(therapist="week", surgeon="never", joint="")
    assert not sent.errors
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen")
    for day in (26, 29):
        await until(clinic, day)
        await clinic.therapist.reports(case, f"Session on the {day}th, 60 min MLD abdomen")
    await clinic.passes(days=2)


@pytest.mark.one_store
async def test_both_look_at_the_plan_at_half_of_it_and_at_its_end(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(clinic.therapist, sessions="2")
    await clinic.therapist.gets_message(case.code)
    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen")
    await until(clinic, 24)
    for side in (clinic.surgeon, clinic.therapist):
        digest = await side.gets_message("look at the plan together", "Half of the planned")
        await digest.presses("All well")
        await case.thread_shows("looked at the plan", side.name)
    await clinic.therapist.reports(case, "Session 2, 60 min MLD abdomen")
    await until(clinic, 25)
    for side in (clinic.surgeon, clinic.therapist):
        await side.gets_message("look at the plan together", "All planned sessions are given")


@pytest.mark.one_store
async def test_whoever_pauses_their_digest_is_left_alone_but_not_for_urgent_things(
    clinic: Clinic, case: Case
) -> None:
    await pauses(clinic.therapist, "2026-12-03")
    await pauses(clinic.surgeon, "2026-12-03")
    await until(clinic, 28)
    assert not clinic.therapist.unexpected()
    await clinic.therapist.replies(case, "concern: left calf hot and swollen, right is fine")
    await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)


async def pauses(someone: Someone, day: str) -> None:
    form = await asks_careloop(someone, "hours")
    sent = await form.submits(pause=day)
    assert not sent.errors, sent
    await someone.form().closes()


@pytest.mark.one_store
async def test_a_proposed_change_that_nobody_answers_is_a_line_of_the_digest(
    clinic: Clinic, case: Case
) -> None:
    form = await clinic.therapist.opens(case, "Plan")
    assert not (await form.submits(sessions="12", reason="More would help")).errors
    await case.thread_shows("Change of plan proposed")

    await until(clinic, 26, 13, 59)  # two working days to answer are over since last evening
    await until(clinic, 26, 14)
    await clinic.therapist.gets_message(case.code)  # the first session is due, too
    digest = await clinic.surgeon.gets_message(case.code, "change of plan waits for an answer")
    assert not digest.seen.says("12")
    shown = await digest.clicks("See and answer")
    assert shown.seen.says("Sessions: 12 (was: 10)", "More would help")
    signed = await shown.presses("Countersign")
    await case.thread_shows("Plan version 2 is in force", "Dr. Ana Rivera")
    assert signed.seen.says("Plan version 2 is in force")
    assert digest.seen.says("All done", case.code, "answered by Dr. Ana Rivera")
    assert digest.seen.buttons == []
