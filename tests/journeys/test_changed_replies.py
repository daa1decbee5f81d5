"""A message is edited, deleted in part or moved: what was read follows its words, no others."""

import pytest

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Received
from bot.sandbox import Fault, FaultKind

pytestmark = pytest.mark.one_store

FIRST = "Session 1: 60 min MLD abdomen, pain 6 -> 4"
SECOND = "Session 2: 45 min MLD flanks, pain 4 -> 2"
CLOT = "left calf hot and swollen"


async def other_case(clinic: Clinic) -> Case:
    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    await clinic.therapist.presses(other, "Accept")
    await other.thread_shows("accepted")
    return other


async def moves(asked: Received, other: Case) -> None:
    form = await asked.clicks("Other case")
    await form.submits(target=form.value_of("target", other.code))


async def test_a_sign_that_is_written_into_a_message_later_acts_at_once(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.replies(case, "Thanks!")

    await clinic.therapist.edits(case, ts, f"Thanks! By the way her {CLOT}")

    await case.thread_shows("Session update 1", "red flag")
    await clinic.therapist.is_asked(case, "red flag")
    await case.thread_shows("Urgent concern", "on hold")
    await clinic.surgeon.gets_message("Urgent concern", case.code)


async def test_half_of_a_note_stays_when_the_other_is_deleted(clinic: Clinic, case: Case) -> None:
    gone = await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen")
    first = await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case)
    left = await clinic.therapist.replies(case, f"pain 6 -> 3, {CLOT}")
    await clinic.therapist.is_asked(case, "red flag")
    posted = await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)

    await clinic.therapist.deletes(case, gone)
    assert first.seen.says("withdrawn")
    kept = await case.thread_shows("Session update 2: kept", "pain 6 → 3", "red flag")
    await clinic.therapist.is_asked(case, "pain 6 → 3")
    assert case.card.says("1 of 10")
    assert not posted.seen.says("changed or deleted since")

    await clinic.therapist.edits(case, left, "pain 6 -> 4")
    await clinic.therapist.is_asked(case, "pain 6 → 4")
    assert kept.seen.says("pain 6 → 4")
    assert posted.seen.says("changed or deleted since. The concern stays")


async def test_the_second_half_of_a_note_that_was_moved_is_revised_where_it_is_now(
    clinic: Clinic, case: Case
) -> None:
    other = await other_case(clinic)
    head = await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen")
    await case.thread_shows("Session update 1")
    await clinic.therapist.is_asked(case)
    more = await clinic.therapist.replies(case, "pain 6 -> 3")
    asked = await clinic.therapist.is_asked(case, "pain 6 → 3")
    await moves(asked, other)
    await case.thread_shows("belongs to", other.code)
    kept = await other.thread_shows("moved here by Sam Lee", case.code, "pain 6 → 3")

    await clinic.therapist.edits(case, more, f"pain 6 -> 4, {CLOT}")
    await clinic.therapist.is_asked(other, "60 min MLD abdomen", "pain 6 → 4")
    await other.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", other.code)
    assert other.card.says("On hold")
    assert not case.card.says("On hold")

    await clinic.therapist.deletes(case, more)
    await clinic.therapist.deletes(case, head)
    assert kept.seen.says("60 min MLD abdomen", "pain 6 → 4", "red flag")
    assert other.card.says("1 of 10")


async def test_of_two_notes_the_moved_one_is_taken_out_of_the_message(
    clinic: Clinic, case: Case
) -> None:
    other = await other_case(clinic)
    ts = await clinic.therapist.replies(case, f"{FIRST}\n{SECOND}")
    await case.thread_shows("Session update 1")
    stays = await case.thread_shows("Session update 2")
    asked = await clinic.therapist.is_asked(case, "pain 6 → 4")
    question = await clinic.therapist.is_asked(case, "pain 4 → 2")
    await question.presses("Save")
    await moves(asked, other)
    await case.thread_shows("belongs to", "edit your message here and take its words out")
    kept = await other.thread_shows("Session update 1", "pain 6 → 4", "Confirmed by Sam Lee")

    await clinic.therapist.edits(case, ts, SECOND)
    assert kept.seen.says("60 min MLD abdomen", "pain 6 → 4", "Confirmed by Sam Lee")
    assert stays.seen.says("pain 4 → 2", "Confirmed by Sam Lee")

    await clinic.passes(seconds=2)
    await clinic.therapist.edits(case, ts, SECOND.replace("4 -> 2", "4 -> 1"))
    await clinic.therapist.is_asked(case, "45 min MLD flanks", "pain 4 → 1")
    assert kept.seen.says("pain 6 → 4", "Confirmed by Sam Lee")

    await clinic.therapist.deletes(case, ts)
    assert stays.seen.says("withdrawn", "It was deleted here")
    assert (case.card.says("0 of 10"), other.card.says("1 of 10")) == (True, True)


async def test_a_note_whose_words_stay_is_not_asked_about_again(clinic: Clinic, case: Case) -> None:
    ts = await clinic.therapist.replies(case, f"{FIRST}\n{SECOND}")
    first = await case.thread_shows("Session update 1")
    second = await case.thread_shows("Session update 2")
    for pain in ("6 → 4", "4 → 2"):
        question = await clinic.therapist.is_asked(case, f"pain {pain}")
        await question.presses("Save")

    await clinic.therapist.edits(case, ts, f"{FIRST}\n{SECOND}".replace("4 -> 2", "4 -> 1"))
    await clinic.therapist.is_asked(case, "pain 4 → 1")
    assert first.seen.says("Confirmed by Sam Lee")

    await clinic.passes(seconds=2)
    await clinic.therapist.edits(case, ts, SECOND.replace("4 -> 2", "4 -> 1"))
    assert first.seen.says("not counted as a session")
    assert second.seen.says("45 min MLD flanks", "pain 4 → 1")
    assert case.card.says("1 of 10")

    await clinic.passes(seconds=2)
    await clinic.therapist.edits(case, ts, f"{FIRST}\n{SECOND}".replace("4 -> 2", "4 -> 1"))
    await clinic.therapist.is_asked(case, "pain 6 → 4")
    assert case.card.says("2 of 10")


async def test_an_older_wording_that_comes_late_does_not_hold(clinic: Clinic, case: Case) -> None:
    clinic.slack.faults.add(Fault(FaultKind.REORDERED, event="message"))
    ts = await clinic.therapist.person.posts(case.channel_id, "Session 1, pain 6 -> 3", case.ts)
    await clinic.therapist.edits(case, ts, "Session 1, pain 6 -> 2")

    kept = await case.thread_shows("Session update 1", "pain 6 → 2")
    await clinic.therapist.is_asked(case, "pain 6 → 2")
    await clinic.therapist.edits(case, ts, "Session 1, pain 6 -> 1")
    await clinic.therapist.is_asked(case, "pain 6 → 1")
    assert kept.seen.says("pain 6 → 1")
