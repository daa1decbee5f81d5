"""The auditor's deeds: what lies where nothing will come of it is mended, or told to a person.

Each is safe to do twice and by two processes at once: it looks again under a lock, a timer is set
once for its subject and step, and a coordinator is told once of each finding.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.checkins import NOT_ON_HOLD, CheckInState
from bot.care.concern import ConcernState
from bot.care.oversight import LATE_AFTER, STATES_WITH_A_STEP, Finding, needs_a_person
from bot.care.permissions import Deed
from bot.notices import DeliveryFailed, SomethingStuck, referral_of, to_person
from bot.services.asking import arm
from bot.services.deeds import Deeds, OpenDeed
from bot.services.escalation import next_rung_due
from bot.services.ladder_reach import resolve_by
from bot.services.outbox import FAILURE_TO_TELL
from bot.services.referrals import enter
from bot.store.queries import checkins, concerns, outbox, people
from bot.store.queries import oversight as stored
from bot.store.queries import referrals as referrals_stored
from bot.store.queries.oversight import WorkNow
from bot.store.tables.work import OutboxRow, TimerKind


@dataclass(frozen=True)
class Looked:
    """What one look found, by kind; `mended` of them are right again."""

    at: datetime
    found: Mapping[Finding, int]
    mended: Mapping[Finding, int]
    # Timers that nobody has claimed: late only if they still are at the next look.
    unclaimed: frozenset[str] = frozenset()


class Oversight:
    """Looks for what should have happened and did not."""

    def __init__(self, deeds: Deeds, team_id: str) -> None:
        self._deeds = deeds
        self._team_id = team_id

    async def look(self, before: Looked | None = None) -> Looked:
        """One look. `before` is the last one: a timer counts as late when two looks found it
        unclaimed, so that a clock that was moved, or an outage, is no finding."""
        found: Counter[Finding] = Counter()
        mended: Counter[Finding] = Counter()
        now = self._deeds.clock.now()
        async with self._deeds.database.reading() as session:
            late = await stored.unclaimed_timers(
                session, due_before=now - LATE_AFTER, alive=datetime.now(UTC)
            )
            ladders = await stored.concerns_without_timer(session)
            stepless = await stored.referrals_without_step(session, STATES_WITH_A_STEP)
            untimed = await stored.steps_without_timer(session)
            unasked = await stored.checkins_without_digest(session, NOT_ON_HOLD)
            messages = await stored.parked_messages(session)
            events = await stored.parked_events(session)
        for concern_id in ladders:
            found[Finding.CONCERN_WITHOUT_TIMER] += 1
            mended[Finding.CONCERN_WITHOUT_TIMER] += await self._set_ladder_going(concern_id)
        for referral_id in stepless:
            found[Finding.REFERRAL_WITHOUT_STEP] += 1
            mended[Finding.REFERRAL_WITHOUT_STEP] += await self._give_step(referral_id)
        for referral_id in untimed:
            found[Finding.STEP_WITHOUT_TIMER] += 1
            mended[Finding.STEP_WITHOUT_TIMER] += await self._time_step(referral_id)
        for checkin_id in unasked:
            found[Finding.CHECKIN_WITHOUT_DIGEST] += 1
            mended[Finding.CHECKIN_WITHOUT_DIGEST] += await self._set_digest(checkin_id)
        known = before.unclaimed if before else frozenset()
        for timer in late:
            if timer.id in known:
                found[Finding.OVERDUE_TIMER] += 1
                if needs_a_person(timer.attempts):
                    await self._tell(Finding.OVERDUE_TIMER, timer.id)
        for message in messages:
            found[Finding.PARKED_MESSAGE] += 1
            await self._tell_of_message(message)
        for event in events:
            found[Finding.PARKED_EVENT] += 1
            await self._tell(Finding.PARKED_EVENT, event.event_key)
        return Looked(now, found, mended, frozenset(timer.id for timer in late))

    async def work_now(self) -> WorkNow:
        """How much waits, and since when."""
        async with self._deeds.database.reading() as session:
            return await stored.work_now(session, self._deeds.clock.now())

    async def acknowledged_since(self, since: datetime) -> list[tuple[str, float, datetime]]:
        """Of each concern acknowledged after `since`: its severity, how many seconds that took,
        and when."""
        async with self._deeds.database.reading() as session:
            return [
                (severity.value, (at - raised).total_seconds(), at)
                for severity, raised, at in await stored.acknowledged_since(session, since)
            ]

    # -- mending ---------------------------------------------------------------------------

    async def _set_ladder_going(self, concern_id: str) -> bool:
        async with self._deeds.begin(None, Deed.MEND) as deed:
            glimpse = await concerns.concern(deed.session, concern_id)
            if glimpse is None:
                return False
            # The referral first, as everywhere, so that deeds that meet never wait for each other.
            referral = await referrals_stored.referral_to_change(deed.session, glimpse.referral_id)
            concern = await concerns.concern_to_change(deed.session, concern_id)
            if referral is None or concern is None or concern.state.is_settled:
                return False
            if await stored.has_waiting_timer(deed.session, concern_id):
                return True
            if concern.state is ConcernState.OPEN:
                kind, step = TimerKind.LADDER_RUNG, concern.step
                due = await next_rung_due(deed, referral, concern)
            else:
                kind = TimerKind.CONCERN_UNRESOLVED
                step = await concerns.times_acknowledged(deed.session, concern_id)
                due = resolve_by(concern, deed.now)
            await stored.restore_timer(deed.session, kind, concern_id, step, max(due, deed.now))
            await _note(deed, "concern", concern_id, Finding.CONCERN_WITHOUT_TIMER)
            return True

    async def _give_step(self, referral_id: str) -> bool:
        async with self._deeds.begin(None, Deed.MEND) as deed:
            referral = await referrals_stored.referral_to_change(deed.session, referral_id)
            if referral is None or referral.next_step is not None:
                return referral is not None
            # A step is written whole: its owner is not stored before its kind and its time.
            with deed.session.no_autoflush:
                await enter(deed, referral, referral.state)
            await deed.redraw_card(referral)
            await _note(deed, "referral", referral_id, Finding.REFERRAL_WITHOUT_STEP)
            return True

    async def _time_step(self, referral_id: str) -> bool:
        async with self._deeds.begin(None, Deed.MEND) as deed:
            referral = await referrals_stored.referral_to_change(deed.session, referral_id)
            if referral is None or referral.next_due is None:
                return False
            if await stored.step_has_timer(deed.session, referral):
                return True
            await stored.restore_timer(
                deed.session,
                TimerKind.STEP_DUE,
                referral_id,
                referral.step_number,
                referral.next_due,
            )
            await _note(deed, "referral", referral_id, Finding.STEP_WITHOUT_TIMER)
            return True

    async def _set_digest(self, checkin_id: str) -> bool:
        async with self._deeds.begin(None, Deed.MEND) as deed:
            glimpse = await checkins.checkin(deed.session, checkin_id)
            if glimpse is None:
                return False
            referral = await referrals_stored.referral_to_change(deed.session, glimpse.referral_id)
            row = await checkins.checkin_anew(deed.session, checkin_id)
            if referral is None or row.state is not CheckInState.OPEN:
                return False
            if not await stored.has_digest_to_come(deed.session, row.person_id):
                await arm(deed, referral, row)
                await _note(deed, "checkin", checkin_id, Finding.CHECKIN_WITHOUT_DIGEST)
            return await stored.has_digest_to_come(deed.session, row.person_id)

    # -- telling ---------------------------------------------------------------------------

    async def _tell(self, finding: Finding, subject: str) -> None:
        keys = await self._keys_of_the_untold(f"stuck:{finding.value}:{subject}")
        if not keys:
            return
        async with self._deeds.begin(None, Deed.MEND) as deed:
            for person_id, key in keys.items():
                await deed.tell(to_person(person_id), SomethingStuck(finding=finding), key)
            await deed.note("finding", finding.value, told="coordinators")

    async def _tell_of_message(self, row: OutboxRow) -> None:
        """Whoever parked it told the coordinators; those whom that has not reached are told now."""
        keys = await self._keys_of_the_untold(f"failed:{row.id}")
        if not keys or row.kind == FAILURE_TO_TELL:
            return
        async with self._deeds.begin(None, Deed.MEND) as deed:
            notice = await outbox.read(deed.session, deed.vault, row)
            failed = DeliveryFailed(
                failed_row=row.id,
                failed_kind=row.kind,
                error=row.error or "unknown",
                referral_id=referral_of(notice) if notice is not None else "",
            )
            for person_id, key in keys.items():
                await deed.tell(to_person(person_id), failed, key)

    async def _keys_of_the_untold(self, key: str) -> dict[str, str]:
        """The outbox key for each coordinator who was not told of this yet."""
        async with self._deeds.database.reading() as session:
            keys = await self._keys(session, key)
            told = await stored.owed_under(session, list(keys.values()))
        return {person: one for person, one in keys.items() if one not in told}

    async def _keys(self, session: AsyncSession, key: str) -> dict[str, str]:
        return {
            coordinator.id: f"{key}:{coordinator.id}"
            for coordinator in await people.coordinators(session, self._team_id)
        }


async def _note(deed: OpenDeed, kind: str, subject: str, finding: Finding) -> None:
    await deed.note(kind, subject, mended=finding.value)
