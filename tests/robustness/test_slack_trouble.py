"""Slack answers slowly, wrongly, late or not at all: nothing is lost and nothing is said twice."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case
from bot.sandbox import DisconnectReason, Fault, FaultKind
from tests.robustness.practice import happens, row_id_of, treatment_under_way

# What Slack does is the same to both databases.
pytestmark = [pytest.mark.soak, pytest.mark.one_store]

# What a lost connection swallowed, Slack brings again at once, a minute and five minutes later.
_LAST_TRY = timedelta(minutes=6, seconds=1)


@pytest.fixture
def clock() -> MovableClock:
    """Monday, 23 November 2026, 9:30 in New York."""
    return MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))


@pytest.fixture
async def clinic(database_url: str, clock: MovableClock) -> AsyncIterator[Clinic]:
    """The clinic at work. Fails the story on any message that nobody expected."""
    async with open_clinic(database_url, clock) as opened:
        yield opened
        await opened.settled()
        unexpected = [
            words for someone in opened.everybody for words in someone.unexpected(questions=False)
        ]
    assert unexpected == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.RATE_LIMITED, seconds=1),
        Fault(FaultKind.SERVER_ERROR, status=500),
        Fault(FaultKind.SERVER_ERROR, status=503, times=3),
        Fault(FaultKind.RESET_BEFORE),
        Fault(FaultKind.RESET_AFTER),
        Fault(FaultKind.ACCEPTED_THEN_SILENT, seconds=0.5),
        Fault(FaultKind.LATE_THEN_DONE, seconds=0.5),
        Fault(FaultKind.SLOW, seconds=0.5),
        Fault(FaultKind.REFUSED, error="internal_error"),
        Fault(FaultKind.REFUSED, error="token_revoked"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.error}",
)
async def test_whatever_becomes_of_a_post_the_reply_is_confirmed_once(
    clinic: Clinic, fault: Fault
) -> None:
    case = await treatment_under_way(clinic)
    fault.method, fault.channel = "chat.postMessage", case.channel_id
    clinic.slack.faults.add(fault)

    await clinic.therapist.person.posts(case.channel_id, "Session 1 went well", case.ts)
    if fault.error == "token_revoked":
        await happens(clinic, lambda: _was_refused(clinic))
        await clinic.settled()  # it is written down when it is tried again
        clinic.clock.advance(timedelta(seconds=30))  # an operator mends it
    await happens(clinic, lambda: _confirmations(case) == 1)

    await case.thread_shows("session update 1")
    await clinic.passes(minutes=3)
    assert _confirmations(case) == 1
    assert fault.struck >= 1


@pytest.mark.parametrize("method", ["chat.update", "conversations.replies", "conversations.*"])
async def test_trouble_with_another_method_loses_and_repeats_nothing(
    clinic: Clinic, method: str
) -> None:
    case = await treatment_under_way(clinic)
    clinic.slack.faults.add(Fault(FaultKind.RESET_AFTER, method="chat.postMessage"))
    clinic.slack.faults.add(Fault(FaultKind.SERVER_ERROR, method=method, times=2))

    await clinic.therapist.person.posts(case.channel_id, "Session 1 went well", case.ts)
    await happens(clinic, lambda: _confirmations(case) == 1)
    await case.thread_shows("session update 1")
    for _ in range(3):  # each try is further away from the last one
        await clinic.passes(minutes=1)
    assert _confirmations(case) == 1
    assert case.card.says("1 of 10")


async def test_slack_answers_500_for_a_minute_and_the_concern_still_reaches_the_surgeon_once(
    clinic: Clinic,
) -> None:
    case = await treatment_under_way(clinic)
    over = clinic.clock.now() + timedelta(minutes=1)
    clinic.slack.faults.add(Fault(FaultKind.SERVER_ERROR, times=None, until=over))

    await clinic.therapist.person.posts(case.channel_id, "Session 1 went well", case.ts)
    words = "concern: left calf hot and swollen"
    await clinic.therapist.person.posts(case.channel_id, words, case.ts)
    pressed = await clinic.surgeon.person.runs("/refer", "", clinic.channel_id)
    assert pressed.acknowledged
    await clinic.settled()
    assert clinic.surgeon.person.modal is None

    await clinic.passes(minutes=2)
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    await case.thread_shows("Urgent concern")
    await case.thread_shows("session update 1")
    await clinic.surgeon.opens_refer_form()
    await clinic.surgeon.form().closes()


async def test_a_bot_that_starts_while_slack_is_in_trouble_waits_for_it(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    await clinic.stop_bot()
    await clinic.therapist.person.posts(case.channel_id, "Session 1 went well", case.ts)
    clinic.slack.faults.add(Fault(FaultKind.SERVER_ERROR, method="auth.test", times=1))
    clinic.slack.faults.add(Fault(FaultKind.RESET_BEFORE, method="auth.test", times=1))

    await clinic.start_bot()
    await clinic.settled()
    await case.thread_shows("session update 1")


async def test_an_event_that_comes_twice_is_answered_once(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    clinic.slack.faults.add(Fault(FaultKind.REPEATED, event="message", times=3))

    await clinic.therapist.replies(case, "Session 1 went well")
    await case.thread_shows("session update 1")
    await clinic.therapist.replies(case, "concern: fever 38.9")
    await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    assert len(clinic.slack.record.deliveries_of("message", channel=case.channel_id)) > 2


async def test_an_event_that_is_late_or_overtaken_is_kept_all_the_same(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    clinic.slack.faults.add(Fault(FaultKind.REORDERED, event="message"))
    clinic.slack.faults.add(Fault(FaultKind.DELAYED, event="message", after=1, seconds=0.3))

    for number in (1, 2, 3):
        words = f"Session {number} went well"
        await clinic.therapist.person.posts(case.channel_id, words, case.ts)
    await happens(clinic, lambda: _confirmations(case) == 3)
    for number in (1, 2, 3):
        await case.thread_shows(f"session update {number}")


async def test_lost_events_are_found_when_the_bot_connects_again(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    first = await clinic.therapist.replies(case, "Session 1 went well")
    kept = await case.thread_shows("session update 1")
    clinic.slack.faults.add(Fault(FaultKind.LOST, event="message", times=3))

    await clinic.therapist.replies(case, "Session 2 went well")
    await clinic.therapist.edits(case, first, "Session 1 went very well")
    gone = await clinic.therapist.replies(case, "Not meant for here")
    await clinic.therapist.deletes(case, gone)
    assert _confirmations(case) == 1

    await _connects_again(clinic)
    await happens(clinic, lambda: _confirmations(case) == 2)
    await case.thread_shows("session update 2")
    await clinic.settled()
    assert kept.seen.says("version 2")


@pytest.mark.parametrize("reason", list(DisconnectReason))
async def test_what_is_said_while_slack_sends_the_bot_away_is_kept(
    clinic: Clinic, reason: DisconnectReason
) -> None:
    case = await treatment_under_way(clinic)
    for number in (1, 2, 3):
        await clinic.slack.disconnect(clinic.app, reason)
        words = f"Session {number} went well"
        await clinic.therapist.person.posts(case.channel_id, words, case.ts)
        await _is_confirmed(case, number)
        clinic.clock.advance(_LAST_TRY)
        await case.thread_shows(f"session update {number}")


async def test_after_an_hour_without_any_delivery_the_bot_catches_up(clinic: Clinic) -> None:
    case = await treatment_under_way(clinic)
    over = clinic.clock.now() + timedelta(hours=1)
    clinic.slack.faults.add(Fault(FaultKind.OUTAGE, until=over))

    await clinic.therapist.replies(case, "Session 1 went well")
    await clinic.therapist.replies(case, "concern: the incision gapes")
    assert _confirmations(case) == 0

    await clinic.passes(hours=1)
    await _connects_again(clinic)
    await happens(clinic, lambda: _confirmations(case) == 2)
    await case.thread_shows("session update 1")
    await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message("Urgent concern", case.code)


async def _is_confirmed(case: Case, number: int) -> None:
    await happens(case.clinic, lambda: _confirmations(case) == number)


async def _connects_again(clinic: Clinic) -> None:
    await clinic.slack.disconnect(clinic.app)
    await clinic.app.connected()


def _was_refused(clinic: Clinic) -> bool:
    return any(call.error == "token_revoked" for call in clinic.slack.record.calls)


def _confirmations(case: Case) -> int:
    """What the bot has said in the thread after the acceptance; each for a row of its own."""
    channel = case.clinic.slack.workspace.state.channels[case.channel_id]
    replies = [channel.messages[ts] for ts in channel.threads.get(case.ts, [])]
    rows = [row_id_of(message) for message in replies if message.bot_id]
    assert len(set(rows)) == len(rows)
    return len(rows) - 1
