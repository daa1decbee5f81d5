"""The outbox: what is owed, claimed in order, and settled with its fate."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.ids import new_id
from bot.notices import (
    CaseCard,
    DeliveryFailed,
    Notice,
    OpenRoom,
    Place,
    PlaceKind,
    Priority,
    ReferralReceived,
    SeatInRoom,
    referral_of,
    to_ear,
    to_person,
    to_thread,
)
from bot.services.fates import Fates
from bot.services.seats import may_sit_in
from bot.services.told_fates import note_fate
from bot.store.database import Database
from bot.store.queries import outbox as stored
from bot.store.queries import people
from bot.store.queries.referrals import referral, thread_of
from bot.store.queries.working_time import hours_of
from bot.store.tables.people import RoomState
from bot.store.tables.referrals import Referral
from bot.store.tables.work import OutboxOperation, OutboxRow, OutboxState
from bot.store.vault import Vault

# Leases tell whether a process lives, so they go by the machine's time and not by the clock that
# the demo and the tests move. Long enough for a wait, a look-up and a call.
LEASE: Final = timedelta(seconds=30)
# Longer than any call to Slack may take.
LONGEST_CALL: Final = timedelta(seconds=10)
# How long a post that timed out may still land in Slack; after it a look is final. Measured with
# late posts: with a settle window there were no duplicates and no losses in 20,000 sends.
SETTLE: Final = timedelta(seconds=3)
MOST_AT_ONCE: Final = 16
# A whisper answers what somebody has just done.
FRESH: Final = timedelta(minutes=15)
# What a call needs of a lease, so that it has arrived, or never will, when the lease ends and
# somebody else looks for what it posted.
LEASE_FOR_A_CALL: Final = LONGEST_CALL + SETTLE
_LOOK_FOR_THE_DEAD_EVERY: Final = timedelta(seconds=2)
# While two versions of the bot run, one may not know what the other owes.
_READ_AGAIN_AFTER: Final = timedelta(seconds=5)
_MOST_READINGS: Final = 5


# A redraw goes where its message is; nobody asks for its place.
_REDRAWN: Final = Place(kind=PlaceKind.THREAD)


_ON_THE_WAY: Final = {OutboxState.PENDING, OutboxState.SENDING, OutboxState.AMBIGUOUS}
_FILES: Final = {"trend", "progress_report"}
UNREADABLE: Final = "unreadable"
# The kind of `DeliveryFailed`.
FAILURE_TO_TELL: Final = "delivery_failed"


@dataclass(frozen=True)
class Owed:
    """A claimed row: what to send, where, and what is known of earlier tries."""

    id: str
    key: str
    operation: OutboxOperation
    notice: Notice
    place: Place
    target_key: str | None
    attempts: int
    is_urgent: bool
    may_be_posted: bool
    owed_at: datetime
    lease_until: datetime

    def has_time_for_a_call(self, alive: datetime) -> bool:
        """Whether a call that begins at `alive`, the machine's time, ends within the lease."""
        return alive + LEASE_FOR_A_CALL <= self.lease_until


@dataclass(frozen=True)
class Destination:
    """Where in Slack: a channel, perhaps a thread; or a person, whose channel is not known yet."""

    channel_id: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None
    slack_user_id: str | None = None
    person_id: str | None = None


@dataclass(frozen=True)
class RoomToOpen:
    """A pair's channel to be made: how to call it and whom to invite."""

    room_id: str
    channel_name: str
    channel_id: str | None
    slack_user_ids: tuple[str, str]


@dataclass(frozen=True)
class Target:
    """A message that is to be deleted: what is known of where it is."""

    row_id: str
    is_on_its_way: bool
    is_file: bool
    channel_id: str | None
    message_ts: str | None
    place: Destination | None
    owed_at: datetime


@dataclass(frozen=True)
class Seat:
    """Somebody's place in a pair's channel; None where there is no channel yet."""

    channel_id: str | None
    slack_user_id: str
    is_theirs: bool


def _owed(row: OutboxRow, notice: Notice, lease_until: datetime, *, ambiguous: bool) -> Owed:
    return Owed(
        id=row.id,
        key=row.dedupe_key,
        operation=row.operation,
        notice=notice,
        place=Place.of_lane(row.lane) if row.target_key is None else _REDRAWN,
        target_key=row.target_key,
        attempts=row.attempts,
        is_urgent=row.priority == Priority.URGENT,
        may_be_posted=ambiguous,
        owed_at=row.owed_at,
        lease_until=lease_until,
    )


def machine_time() -> datetime:
    """The machine's own time, which nobody moves."""
    return datetime.now(UTC)


class Outbox:
    """Hands out what is owed and records what became of it."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        mailbox_key: str,
        clock: Clock,
        team_id: str,
        clinic_channel: str | None,
        region: str = "",
        alive: Callable[[], datetime] = machine_time,
    ) -> None:
        """`alive` is the machine's time, by which leases go."""
        self.alive = alive
        self._database = database
        self._fates = Fates(database)
        self._vault = vault
        self._mailbox_key = mailbox_key
        self._clock = clock
        self._team_id = team_id
        self._clinic_channel = clinic_channel
        self._region = region
        self._owner = new_id()
        self._look_for_the_dead_at = alive()

    async def claim(self, *, only_urgent: bool = False) -> list[Owed]:
        """What may go out now. Rows that a dead process held are looked for first."""
        now = self._clock.now()
        if self.alive() < self._look_for_the_dead_at:
            async with self._database.reading() as session:
                if not await stored.has_claimable(session, now, only_urgent=only_urgent):
                    return []
        async with self._database.transaction() as session:
            alive = self.alive()
            if alive >= self._look_for_the_dead_at:
                await stored.release(session, alive=alive, look_at=now + SETTLE)
                self._look_for_the_dead_at = alive + _LOOK_FOR_THE_DEAD_EVERY
            claimed = await stored.claim(
                session,
                now=now,
                owner=self._owner,
                lease_until=alive + LEASE,
                most=MOST_AT_ONCE,
                only_urgent=only_urgent,
            )
            found: list[Owed] = []
            for row, ambiguous in claimed:
                notice = await stored.read(session, self._vault, row)
                if notice is None:
                    await self._could_not_be_read(session, row, ambiguous=ambiguous)
                else:
                    found.append(_owed(row, notice, alive + LEASE, ambiguous=ambiguous))
            return found

    async def _could_not_be_read(
        self, session: AsyncSession, row: OutboxRow, *, ambiguous: bool
    ) -> None:
        """Let go of a claimed row that can't be read, so that the others go out; after some tries
        it is put aside, and the coordinators are told."""
        row.lease_owner = row.lease_until = None
        row.error = UNREADABLE
        row.not_before = self._clock.now() + _READ_AGAIN_AFTER
        row.state = OutboxState.AMBIGUOUS if ambiguous else OutboxState.PENDING
        if row.attempts >= _MOST_READINGS:
            row.state = OutboxState.PARKED
            await self._tell_coordinators(session, row, None, UNREADABLE)
        session.add(row)

    async def release_all(self) -> None:
        """At the start of the only process: what a crash left in the air is looked for soon."""
        async with self._database.transaction() as session:
            await stored.release(session, alive=None, look_at=self._clock.now() + SETTLE)

    @asynccontextmanager
    async def one_look(self) -> AsyncIterator[None]:
        """Where something goes and what it says, read as of one moment; see `Database`."""
        async with self._database.one_look():
            yield

    async def destination(self, owed: Owed) -> Destination | None:
        """Where it goes; None while that place does not exist yet."""
        async with self._database.reading() as session:
            if owed.operation is OutboxOperation.REDRAW:
                return await self._posted(session, owed)
            return await self._place(session, owed.place)

    async def _posted(self, session: AsyncSession, owed: Owed) -> Destination | None:
        target = await stored.posted(session, owed.target_key or "")
        if target is None or target.channel_id is None or target.message_ts is None:
            return None
        return Destination(channel_id=target.channel_id, message_ts=target.message_ts)

    async def _place(self, session: AsyncSession, place: Place) -> Destination | None:
        if place.kind in {PlaceKind.PERSON, PlaceKind.DIGEST}:
            person = await people.person(session, place.subject)
            return Destination(
                channel_id=person.direct_channel_id,
                slack_user_id=person.slack_user_id,
                person_id=person.id,
            )
        if place.kind is PlaceKind.ROOM:
            room = await people.room(session, place.subject)
            is_open = room.state is RoomState.OPEN
            return Destination(channel_id=room.channel_id) if is_open else None
        if place.kind is PlaceKind.THREAD:
            return await self._thread(session, place.subject)
        if place.kind is PlaceKind.EAR:
            referral_id, _, person_id = place.subject.partition(":")
            thread = await self._thread(session, referral_id)
            listener = await people.person(session, person_id)
            return replace(thread, slack_user_id=listener.slack_user_id) if thread else None
        return Destination(channel_id=self._clinic_channel) if self._clinic_channel else None

    async def _thread(self, session: AsyncSession, referral_id: str) -> Destination | None:
        found = await thread_of(session, referral_id)
        if found is None:
            return None
        channel_id, thread_ts = found
        return Destination(channel_id=channel_id, thread_ts=thread_ts)

    async def quiet_for(self, owed: Owed) -> timedelta | None:
        """How long a digest waits for its reader's working hours; None for everything else.

        It was owed within them, but Slack, or the bot, was away for a while.
        """
        if owed.place.kind is not PlaceKind.DIGEST or owed.operation is not OutboxOperation.POST:
            return None
        now = self._clock.now()
        async with self._database.reading() as session:
            reader = await people.person(session, owed.place.subject)
            hours = await hours_of(session, reader, now, self._region)
        return None if hours.is_open(now) else hours.next_digest(now) - now

    async def target_is_gone(self, owed: Owed) -> bool:
        """Whether a redraw has nothing to redraw: its post still waits, or will never come."""
        async with self._database.reading() as session:
            target = await stored.posted(session, owed.target_key or "")
        return target is None or target.state in {
            OutboxState.PENDING,
            OutboxState.DROPPED,
            OutboxState.PARKED,
        }

    async def target_of(self, owed: Owed) -> Target | None:
        """The message that is to be deleted; None if it was never owed."""
        async with self._database.reading() as session:
            row = await stored.posted(session, owed.target_key or "")
            if row is None:
                return None
            return Target(
                row_id=row.id,
                is_on_its_way=row.state in _ON_THE_WAY,
                is_file=row.kind in _FILES,
                channel_id=row.channel_id,
                message_ts=row.message_ts,
                place=await self._place(session, Place.of_lane(row.lane)),
                owed_at=row.owed_at,
            )

    async def give_up_taking_down(self, owed: Owed, error: str) -> None:
        """Slack does not let it be deleted: the coordinators are told, once for each case."""

        async def settle(session: AsyncSession, row: OutboxRow) -> None:
            row.state = OutboxState.DROPPED
            row.error = error
            about = referral_of(owed.notice) or owed.id
            await self._tell_coordinators(session, row, owed.notice, error, f"take_down:{about}")

        await self._settle(owed, settle)

    def has_no_clinic_channel(self, owed: Owed) -> bool:
        return owed.place.kind is PlaceKind.CLINIC and self._clinic_channel is None

    async def room_to_open(self, notice: OpenRoom) -> RoomToOpen:
        async with self._database.reading() as session:
            room = await people.room(session, notice.room_id)
            surgeon = await people.person(session, room.surgeon_id)
            therapist = await people.person(session, room.therapist_id)
            return RoomToOpen(
                room.id,
                room.channel_name,
                room.channel_id,
                (surgeon.slack_user_id, therapist.slack_user_id),
            )

    async def seat(self, notice: SeatInRoom) -> Seat:
        """Whose place in which channel it is, and whether it is theirs now."""
        async with self._database.reading() as session:
            room = await people.room(session, notice.room_id)
            person = await people.person(session, notice.person_id)
            is_theirs = await may_sit_in(session, room, person, self._clock.now())
            return Seat(room.channel_id, person.slack_user_id, is_theirs)

    # -- fates -----------------------------------------------------------------------------

    async def sent(self, owed: Owed, channel_id: str, message_ts: str | None) -> None:
        """It is in Slack; what waited for it may go. Of a shared file Slack tells no timestamp."""

        async def settle(session: AsyncSession, row: OutboxRow) -> None:
            row.state = OutboxState.SENT
            row.sent_at = self._clock.now()
            row.channel_id = channel_id
            row.message_ts = message_ts
            row.error = None
            if isinstance(owed.notice, CaseCard) and owed.operation is OutboxOperation.POST:
                case = await referral(session, owed.notice.referral_id)
                if case is not None:
                    case.thread_ts = message_ts
                    session.add(case)
                    await stored.wake_lane(session, to_thread(case.id).lane, self._clock.now())
                    ear = to_ear(case.id, case.surgeon_id)
                    await stored.wake_lane(session, ear.lane, self._clock.now())
                    await self._tell_therapist(session, case)
            if owed.operation is OutboxOperation.POST:
                await stored.wake_redraw(session, owed.key, self._clock.now())

        await self._settle(owed, settle)

    async def _tell_therapist(self, session: AsyncSession, case: Referral) -> None:
        """Once there is a thread to go to, the therapist is told of the referral."""
        await stored.owe(
            session,
            self._vault,
            self._mailbox_key,
            now=self._clock.now(),
            lane=to_person(case.therapist_id).lane,
            notice=ReferralReceived(referral_id=case.id),
            dedupe_key=f"received:{case.id}",
            priority=Priority.NORMAL,
            operation=OutboxOperation.POST,
        )

    async def room_opened(self, owed: Owed, room_id: str, channel_id: str) -> None:
        """The pair's channel is there and both are in it."""

        async def settle(session: AsyncSession, row: OutboxRow) -> None:
            row.state = OutboxState.SENT
            row.sent_at = self._clock.now()
            row.channel_id = channel_id
            room = await people.room(session, room_id)
            room.channel_id = channel_id
            room.state = RoomState.OPEN
            session.add(room)

        await self._settle(owed, settle)

    async def name_room(self, room_id: str, name: str) -> None:
        """How the channel will be called; known before it is made, to find it after a crash."""
        async with self._database.transaction() as session:
            room = await people.room(session, room_id)
            room.channel_name = name
            session.add(room)

    async def know_direct_channel(self, person_id: str, channel_id: str) -> None:
        async with self._database.transaction() as session:
            person = await people.person(session, person_id)
            person.direct_channel_id = channel_id
            session.add(person)

    async def whispered(self, owed: Owed) -> None:
        """It was said, or may have been: it is over either way."""

        async def settle(_: AsyncSession, row: OutboxRow) -> None:
            row.state = OutboxState.SENT
            row.sent_at = self._clock.now()

        await self._settle(owed, settle)

    def is_stale(self, owed: Owed) -> bool:
        """Whether a whisper comes too late to be of use: what it says is in the thread."""
        return self._clock.now() - owed.owed_at > FRESH

    async def drop(self, owed: Owed) -> None:
        """It is no longer needed."""

        async def settle(_: AsyncSession, row: OutboxRow) -> None:
            row.state = OutboxState.DROPPED

        await self._settle(owed, settle)

    async def later(self, owed: Owed, wait: timedelta, error: str | None = None) -> None:
        """This try certainly did not go out; make another one after `wait`.

        If an earlier one may have, it is looked for once more then.
        """
        nothing_to_look_for = not (owed.may_be_posted and owed.operation is OutboxOperation.POST)
        state = OutboxState.PENDING if nothing_to_look_for else OutboxState.AMBIGUOUS
        await self._put_back(owed, state, wait, error)

    async def unknown(self, owed: Owed, wait: timedelta, error: str) -> None:
        """It may have gone out or not; look for it after `wait`, at least the settle window."""

        await self._put_back(owed, OutboxState.AMBIGUOUS, max(wait, SETTLE), error)

    async def _put_back(
        self, owed: Owed, state: OutboxState, wait: timedelta, error: str | None
    ) -> None:
        async def settle(_: AsyncSession, row: OutboxRow) -> None:
            row.state = state
            row.not_before = self._clock.now() + wait
            row.error = error

        await self._settle(owed, settle)

    async def hold_posts(self, wait: timedelta) -> None:
        """Slack takes no ordinary posts for a while: those that wait are not tried before."""
        async with self._database.transaction() as session:
            await stored.hold_posts(session, self._clock.now() + wait)

    async def park(self, owed: Owed, error: str) -> None:
        """Slack refuses it for good: put it aside and tell the coordinators."""

        async def settle(session: AsyncSession, row: OutboxRow) -> None:
            row.state = OutboxState.PARKED
            row.error = error
            await self._tell_coordinators(session, row, owed.notice, error)

        await self._settle(owed, settle)

    async def _tell_coordinators(
        self,
        session: AsyncSession,
        row: OutboxRow,
        notice: Notice | None,
        error: str,
        about: str = "",
    ) -> None:
        """`notice` is what the row says, if it can be read. What is told once is not told again
        under the same `about`."""
        if row.kind == FAILURE_TO_TELL:
            return  # Nobody is told of the failure to tell: the log and `/readyz` know.
        failed = DeliveryFailed(
            failed_row=row.id,
            failed_kind=row.kind,
            error=error,
            referral_id=referral_of(notice) if notice is not None else "",
        )
        is_urgent = row.priority == Priority.URGENT
        for coordinator in await people.coordinators(session, self._team_id):
            await stored.owe(
                session,
                self._vault,
                self._mailbox_key,
                now=self._clock.now(),
                lane=to_person(coordinator.id).lane,
                notice=failed,
                dedupe_key=f"failed:{about or row.id}:{coordinator.id}",
                priority=Priority.URGENT if is_urgent else Priority.NORMAL,
                operation=OutboxOperation.POST,
            )

    async def _settle(
        self, owed: Owed, settle: Callable[[AsyncSession, OutboxRow], Awaitable[None]]
    ) -> None:
        """Record a fate, unless another process has taken the row over meanwhile."""

        async def write(session: AsyncSession) -> None:
            row = await stored.hold(session, owed.id, self._owner, owed.attempts)
            if row is None:
                return
            row.lease_owner = None
            row.lease_until = None
            await settle(session, row)
            session.add(row)
            await note_fate(session, owed.notice, row, self._clock.now())

        await self._fates.write(write)

    def now(self) -> datetime:
        """The time by which rows are due."""
        return self._clock.now()

    async def has_work(self, now: datetime) -> bool:
        """Whether something is on its way or may go out now."""
        async with self._database.reading() as session:
            return await stored.count_unfinished(session, now) > 0

    async def next_due(self) -> datetime | None:
        async with self._database.reading() as session:
            return await stored.next_due(session)
