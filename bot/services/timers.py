"""Timers that are due, claimed and handed to the deed that they cause."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.ids import new_id
from bot.services.deeds import Lease
from bot.services.digests import Digests
from bot.services.drafts import Drafts
from bot.services.emergencies import Emergencies
from bot.services.escalation import Escalation
from bot.services.every import Services
from bot.services.licences import Licences
from bot.services.open_views import OpenViews
from bot.services.referrals import Referrals
from bot.services.shared_cases import SharedCases
from bot.store.database import Database
from bot.store.queries import timers as stored
from bot.store.tables.work import Timer, TimerKind

# Leases tell whether a process lives: they go by the machine's time, not by the movable clock.
LEASE: Final = timedelta(seconds=30)
_MOST_AT_ONCE: Final = 100
# Kinds whose deed asks nobody outside the store, and which fall due by the thousand at one minute:
# many are carried out in one transaction.
TOGETHER: Final = frozenset({TimerKind.DIGEST, TimerKind.STEP_DUE})


class Timers:
    """Claims what is due and has it done, each in a transaction that ends the claim."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        referrals: Referrals,
        escalation: Escalation,
        licences: Licences,
        digests: Digests,
        drafts: Drafts,
        emergencies: Emergencies,
        shared_cases: SharedCases,
        open_views: OpenViews,
    ) -> None:
        self._database = database
        self._clock = clock
        self._referrals = referrals
        self._escalation = escalation
        self._licences = licences
        self._digests = digests
        self._drafts = drafts
        self._emergencies = emergencies
        self._shared_cases = shared_cases
        self._open_views = open_views
        self._owner = new_id()

    @classmethod
    def of(cls, database: Database, clock: Clock, services: Services) -> "Timers":
        return cls(
            database,
            clock,
            services.referrals,
            services.escalation,
            services.licences,
            services.digests,
            services.drafts,
            services.emergencies,
            services.shared_cases,
            services.open_views,
        )

    async def claim(self) -> Sequence[Timer]:
        """What is due now, the earliest first."""
        return await self._claim(tuple(TimerKind))

    async def claim_alarms(self) -> Sequence[Timer]:
        """What is due now of what a concern waits for. To find none costs a look."""
        async with self._database.reading() as session:
            now, alive = self._clock.now(), datetime.now(UTC)
            if not await stored.alarm_is_due(session, now=now, alive=alive):
                return []
        return await self._claim(stored.ALARMS)

    async def _claim(self, kinds: Sequence[TimerKind]) -> Sequence[Timer]:
        alive = datetime.now(UTC)
        async with self._database.transaction() as session:
            return await stored.claim_due(
                session,
                now=self._clock.now(),
                alive=alive,
                owner=self._owner,
                lease_until=alive + LEASE,
                most=_MOST_AT_ONCE,
                kinds=kinds,
            )

    async def carry_out(self, timer: Timer) -> None:
        """Do what the timer stands for. Raises `LeaseLost` if another process has it by now."""
        lease = Lease(timer.id, self._owner)
        match timer.kind:
            case TimerKind.STEP_DUE:
                await self._referrals.remind(lease, timer.subject, timer.step)
            case TimerKind.LADDER_RUNG:
                await self._escalation.climb(lease, timer.subject, timer.step)
            case TimerKind.DIGEST:
                await self._digests.send(lease, timer.subject)
            case TimerKind.CONCERN_UNRESOLVED:
                await self._escalation.climb_again(lease, timer.subject, timer.step)
            case TimerKind.LADDER_HEARING:
                await self._escalation.look_who_hears(lease, timer.subject, timer.step)
            case TimerKind.DRAFT_ENDS:
                await self._drafts.end(lease, timer.subject)
            case TimerKind.CLOSE_VIEW:
                await self._open_views.close(lease, timer.subject)
            case TimerKind.EMERGENCY_ENDS:
                await self._emergencies.lapse(lease, timer.subject)
            case TimerKind.SHARE_ENDS:
                await self._shared_cases.lapse(lease, timer.subject)
            case TimerKind.LOOKS_END:
                await self._shared_cases.forget_looks(lease, timer.subject)
            case TimerKind.LICENCE_ENDS:
                await self._licences.say_that_it_ends(lease, timer.subject, timer.step)

    async def carry_out_together(self, timers: Sequence[Timer]) -> Sequence[Timer]:
        """Do what many timers of one kind in `TOGETHER` stand for, in one transaction; gives those
        for which it was too short.

        Those that another process has by now are left to it. If one fails, nothing has happened.
        Raises `LeaseLost` if another process took one over meanwhile.
        """
        leases = {Lease(timer.id, self._owner): timer for timer in timers}
        if timers[0].kind is TimerKind.DIGEST:
            of_whom = {lease: timer.subject for lease, timer in leases.items()}
            left = await self._digests.send_together(of_whom)
        else:
            steps = {lease: (timer.subject, timer.step) for lease, timer in leases.items()}
            left = await self._referrals.remind_together(steps)
        return [leases[one] for one in left]

    async def next_due(self) -> datetime | None:
        """When the next timer is due, also one that a process is at."""
        async with self._database.reading() as session:
            return await stored.next_due(session)

    async def next_free(self) -> datetime | None:
        """When there is something to claim: what a process is at, or has failed at a moment ago, is
        nobody else's until its lease ends, and who asked at once again would ask without end."""
        async with self._database.reading() as session:
            return await stored.next_free(session, datetime.now(UTC))

    async def release_all(self) -> None:
        """At the start of the only process: nobody else holds anything."""
        async with self._database.transaction() as session:
            await stored.release_all(session)
