"""What lies where nothing would come of it is found: mended, or told to a coordinator once."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot.care.oversight import Finding
from bot.clockwork.auditor import Auditor, ClockworkStandsStill
from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.sandbox import Fault, FaultKind
from bot.store.database import Database
from tests.journeys.test_checkins import until


async def _damage(clinic: Clinic, *statements: str) -> None:
    """What a bug, a hand in the database or a half-restored copy could have left behind."""
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    async with database.transaction() as session:
        for statement in statements:
            done = await (await session.connection()).execute(text(statement))
            assert done.rowcount > 0
    await database.close()


def _auditor(clinic: Clinic) -> Auditor:
    assert clinic.bot is not None
    return clinic.bot.auditor


async def _looks(clinic: Clinic) -> tuple[dict[Finding, int], dict[Finding, int]]:
    """One look of the auditor's: what it found, and what of it is right again. Monitoring reads
    of each what is left, and that it was mended."""
    before = await _mended(clinic)
    looked = await _auditor(clinic).look()
    await clinic.settled()
    found, mended = dict(looked.found), {kind: n for kind, n in looked.mended.items() if n}
    left = {kind: found.get(kind, 0) - mended.get(kind, 0) for kind in Finding}
    assert await _metric(clinic, "careloop_findings") == left
    after = await _mended(clinic)
    assert {kind: n - before[kind] for kind, n in after.items() if n > before[kind]} == mended
    return found, mended


async def _metric(clinic: Clinic, name: str) -> dict[Finding, int]:
    text = (await _auditor(clinic).metrics()).decode()
    return {
        Finding(sample.labels["finding"]): int(sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


async def _value(clinic: Clinic, name: str, **labels: str) -> float:
    """What monitoring reads now under a name and these labels; 0 if it never happened."""
    text = (await _auditor(clinic).metrics()).decode()
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


async def _mended(clinic: Clinic) -> dict[Finding, int]:
    return dict.fromkeys(Finding, 0) | await _metric(clinic, "careloop_mended_total")


async def test_a_clinic_where_all_is_well_gives_nothing_to_find(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    await case.thread_shows("Urgent concern")
    assert await _looks(clinic) == ({}, {})
    await _auditor(clinic).is_well()


async def test_a_ladder_that_lost_its_timer_climbs_again(clinic: Clinic, case: Case) -> None:
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    await clinic.surgeon.gets_message("Urgent concern", case.code)
    await case.thread_shows("Urgent concern")
    await _damage(clinic, "UPDATE timers SET state = 'cleared' WHERE kind = 'ladder_rung'")

    lost = {Finding.CONCERN_WITHOUT_TIMER: 1}
    assert await _looks(clinic) == (lost, lost)
    assert await _looks(clinic) == ({}, {})

    await clinic.passes(minutes=15)
    told = await clinic.covering_surgeon.gets_message("Urgent concern", case.code)
    form = await told.clicks("Acknowledge")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="at noon")
    await case.thread_shows("will see the patient")


async def test_an_acknowledged_concern_that_lost_its_time_climbs_again_when_it_is_not_resolved(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    await case.thread_shows("Urgent concern")
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="at noon")
    await case.thread_shows("will see the patient")
    await _damage(clinic, "DELETE FROM timers WHERE kind = 'concern_unresolved'")

    lost = {Finding.CONCERN_WITHOUT_TIMER: 1}
    assert await _looks(clinic) == (lost, lost)
    assert await _looks(clinic) == ({}, {})
    await clinic.passes(hours=26)  # three hours to the visit, and a day
    assert not clinic.surgeon.unexpected()
    await clinic.passes(hours=1)
    again = await clinic.surgeon.gets_message("not resolved in time", case.code)
    form = await again.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("hold treatment")


async def test_a_next_step_that_lost_its_timer_is_asked_for_all_the_same(
    clinic: Clinic, case: Case
) -> None:
    await _damage(clinic, "DELETE FROM timers WHERE kind = 'step_due' AND state = 'waiting'")
    lost = {Finding.STEP_WITHOUT_TIMER: 1}
    assert await _looks(clinic) == (lost, lost)
    assert await _looks(clinic) == ({}, {})
    await clinic.passes(days=4)
    await clinic.therapist.gets_message(case.code)
    assert await _looks(clinic) == ({}, {})  # what was asked for once is not lost


@pytest.mark.one_store
async def test_what_is_to_be_asked_in_no_digest_is_asked_all_the_same(
    clinic: Clinic, case: Case
) -> None:
    await _damage(clinic, "DELETE FROM timers WHERE kind = 'digest' AND state = 'waiting'")
    lost = {Finding.CHECKIN_WITHOUT_DIGEST: 1}
    assert await _looks(clinic) == (lost, lost)
    assert await _looks(clinic) == ({}, {})
    for day in (25, 28):
        await until(clinic, day)
        await clinic.therapist.reports(case, f"Session on the {day}th, 60 min MLD abdomen")
    await until(clinic, 30)
    await clinic.passes(days=1)
    await clinic.surgeon.gets_message(case.code, "is all well?")
    assert await _looks(clinic) == ({}, {})


async def test_a_referral_that_waits_for_nobody_gets_its_next_step(
    clinic: Clinic, case: Case
) -> None:
    await _damage(
        clinic,
        "UPDATE referrals SET next_step = NULL, next_due = NULL, next_owner = NULL",
        "UPDATE timers SET state = 'cleared' WHERE kind = 'step_due'",
    )
    lost = {Finding.REFERRAL_WITHOUT_STEP: 1}
    assert await _looks(clinic) == (lost, lost)
    assert await _looks(clinic) == ({}, {})
    assert case.card.says("Post the first session update")


async def test_what_only_a_person_can_mend_is_told_to_a_coordinator_once(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.reports(case, "Session 1, 60 min MLD abdomen")
    await _damage(
        clinic,
        "UPDATE inbox SET state = 'failed' WHERE seq = (SELECT min(seq) FROM inbox)",
        "UPDATE outbox SET state = 'parked', error = 'is_archived' WHERE kind = 'update_kept'",
    )
    found = {Finding.PARKED_EVENT: 1, Finding.PARKED_MESSAGE: 1}
    assert await _looks(clinic) == (found, {})
    await clinic.coordinator.gets_message("could not be read", "write it once more")
    await clinic.coordinator.gets_message("could not be posted", "Unarchive it")
    assert await _looks(clinic) == (found, {})  # and nobody is told a second time
    assert await _value(clinic, "careloop_inbox_parked") == 1
    assert await _value(clinic, "careloop_outbox_parked") == 1
    await _auditor(clinic).is_well()  # another process could not mend it either


async def test_a_bot_that_carries_out_nothing_says_that_it_is_not_ready(
    clinic: Clinic, case: Case
) -> None:
    await clinic.passes(hours=2)  # forms that were left open are closed: an update is due next
    auditor = _auditor(clinic)
    timers = next(tick for tick in auditor.ticks if tick.name == "timers")
    await timers.stop()
    due = await clinic.next_due()
    assert due is not None
    clinic.clock.advance(due - clinic.clock.now() + timedelta(minutes=3))
    assert await _value(clinic, "careloop_timer_lag_seconds") == pytest.approx(180, abs=5)
    assert await _value(clinic, "careloop_timers_due") >= 1
    assert (await auditor.look()).found == {}  # it may be about to
    assert (await auditor.look()).found == {Finding.OVERDUE_TIMER: 1}
    with pytest.raises(ClockworkStandsStill):
        await auditor.is_well()

    await clinic.stop_bot()
    await clinic.start_bot()
    await clinic.passes(days=2)  # what was due is carried out, and told in the next digest
    await clinic.therapist.gets_message(case.code)
    await _looks(clinic)
    await _auditor(clinic).is_well()


@pytest.mark.one_store
async def test_what_fails_each_time_that_it_is_tried_is_told_to_a_coordinator_once(
    clinic: Clinic, case: Case
) -> None:
    await clinic.passes(hours=2)  # forms that were left open are closed: an update is due next
    auditor = _auditor(clinic)
    await next(tick for tick in auditor.ticks if tick.name == "timers").stop()
    await _damage(clinic, "UPDATE timers SET attempts = 5 WHERE state = 'waiting'")
    due = await clinic.next_due()
    assert due is not None
    clinic.clock.advance(due - clinic.clock.now() + timedelta(minutes=3))
    for found in ({}, {Finding.OVERDUE_TIMER: 1}, {Finding.OVERDUE_TIMER: 1}):
        assert (await auditor.look()).found == found
    assert (await _metric(clinic, "careloop_findings"))[Finding.OVERDUE_TIMER] == 1

    await clinic.stop_bot()
    await clinic.start_bot()
    await clinic.coordinator.gets_message("can't be carried out", "look at the open concerns")
    await clinic.passes(days=2)
    await clinic.therapist.gets_message(case.code)


async def test_monitoring_reads_how_long_things_wait_and_how_long_people_take(
    clinic: Clinic, case: Case
) -> None:
    clinic.slack.faults.add(Fault(FaultKind.SERVER_ERROR, method="chat.*", times=None))
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    await clinic.passes(minutes=5)
    assert await _value(clinic, "careloop_outbox_waiting", priority="urgent") >= 2
    for name, labels in (
        ("careloop_outbox_oldest_seconds", {"priority": "urgent"}),
        ("careloop_open_concern_oldest_seconds", {"severity": "urgent"}),
    ):
        assert await _value(clinic, name, **labels) == pytest.approx(300, abs=10)
    assert await _value(clinic, "careloop_open_concerns", severity="urgent") == 1
    assert await _value(clinic, "careloop_delivery_retries_total", operation="post") >= 1
    sent = await _value(clinic, "careloop_deliveries_total", operation="post", fate="sent")

    clinic.slack.faults.clear()
    await clinic.passes(minutes=5)
    await case.thread_shows("Urgent concern")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    now = await _value(clinic, "careloop_deliveries_total", operation="post", fate="sent")
    assert now >= sent + 2
    assert await _value(clinic, "careloop_outbox_oldest_seconds", priority="urgent") == 0

    taken = "careloop_concern_acknowledgement_seconds"
    for seconds in (600, 600):  # what is not resolved in time is taken a second time, a day later
        form = await alert.clicks("Acknowledge")
        await form.submits(decision="hold", note="")
        await case.thread_shows("Dr. Ana Rivera", "hold treatment")
        await _auditor(clinic).look()
        assert await _value(clinic, f"{taken}_count", severity="urgent") == 1
        total = await _value(clinic, f"{taken}_sum", severity="urgent")
        assert total == pytest.approx(seconds, abs=20)
        await clinic.passes(hours=24)
        alert = await clinic.surgeon.gets_message("not resolved in time", case.code)
