"""The digest: one message a person and working day, with what waits for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.care.checkins import (
    CheckInKind,
    Need,
    calls_a_coordinator,
    guards,
    in_order,
    is_carried_along,
    is_for_the_week,
)
from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.care.working_time import WorkingHours
from bot.notices import DigestDue, to_digest
from bot.services.asking import (
    arm,
    arm_overview,
    arm_overviews,
    asked_of,
    call_coordinators,
    digest_key,
    plan_looks,
    set_digest,
    start_anew,
    step_fell_due,
)
from bot.services.deeds import Deeds, Lease, OpenDeed
from bot.services.licence_lines import MOST_LICENCES, lines_to_tell, tell_lines
from bot.services.referrals import owner_of_step
from bot.store.queries import checkins as stored
from bot.store.queries import concerns, outbox, people, working_time
from bot.store.queries.referrals import referral_to_change
from bot.store.tables.checkins import CheckIn, Digest
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.work import OutboxState

# A message has 50 blocks at most, and nobody reads more on a telephone.
MOST_LINES = 20
MOST_IN_OVERVIEW = 30
# How long a digest is put off for a step that fell due before it.
_A_MOMENT: Final = timedelta(seconds=15)
_MOST_ATTEMPTS: Final = 3
_NEVER_WENT_OUT: Final = {OutboxState.PENDING, OutboxState.DROPPED}


@dataclass(frozen=True)
class _Waiting:
    """What waits for one reader: the new, what is told with it, and the rest."""

    new: tuple[tuple[CheckIn, Referral], ...]
    known: tuple[tuple[CheckIn, Referral], ...]
    others: tuple[tuple[CheckIn, Referral], ...]

    @property
    def all(self) -> tuple[tuple[CheckIn, Referral], ...]:
        return (*self.new, *self.known, *self.others)


class Digests:
    """What the clockwork does when a digest is due."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def send(self, lease: Lease, person_id: str) -> None:
        """Tell somebody what waits for them, if something does and they work now.

        Once a day: what comes too late for it, or outside their hours, comes with the next one.
        """
        async with self._deeds.begin(None, Deed.NUDGE, lease=lease) as deed:
            await _send(deed, person_id)

    async def send_together(self, of_whom: Mapping[Lease, str]) -> Sequence[Lease]:
        """As `send` for many people, in one transaction; gives those for whom it was too short."""
        async with self._deeds.begin_together(Deed.NUDGE, of_whom.keys()) as (deed, together):
            for lease in together:
                await _send(deed, of_whom[lease])
        return together.left

    async def catch_up(self) -> None:
        """At the start: ask what an older version, or a restored copy, has never asked."""
        async with self._deeds.database.reading() as session:
            behind = await stored.never_asked(session, self._deeds.clock.now())
        for referral_id in behind:
            async with self._deeds.begin(None, Deed.NUDGE) as deed:
                referral = await referral_to_change(deed.session, referral_id)
                if referral is None:
                    continue
                if referral.next_due is not None and referral.next_due <= deed.now:
                    owner = await owner_of_step(deed, referral)
                    await step_fell_due(deed, referral, owner)
                if referral.state.is_treatment_under_way:
                    await plan_looks(deed, referral)


async def _send(deed: OpenDeed, person_id: str) -> None:
    person = await people.person(deed.session, person_id)
    if person.standing is not Standing.MEMBER:
        return
    hours = await deed.hours_of(person)
    today = hours.day_of(deed.now)
    may_be_told = hours.is_open(deed.now) and not hours.is_paused(today)
    if not may_be_told or deed.now < hours.digest_on(today):
        await set_digest(deed, person, hours, hours.next_digest(deed.now))
        return
    covered = await working_time.covered_now(deed.session, person, deed.now)
    asked = [person.id, *(one.id for one in covered)]
    if await _a_step_comes_first(deed, person, asked):
        await set_digest(deed, person, hours, deed.now + _A_MOMENT)
        return
    waiting = await _waiting_for(deed, asked, hours)
    if not await _has_been_told(deed, person, hours, today):
        await _tell(deed, person, hours, today, waiting)
    for row, referral in waiting.all:
        await arm(deed, referral, row, after=hours.closing(today))
    if await lines_to_tell(deed, person, None):
        await set_digest(deed, person, hours, hours.next_digest(hours.closing(today)))


async def _has_been_told(deed: OpenDeed, person: Person, hours: WorkingHours, today: date) -> bool:
    """Whether somebody has today's digest, or one of an earlier day that went out only today.

    One that still waits to go out is held until this deed has committed: another one takes its
    place.
    """
    newest = await stored.newest_digest(deed.session, person.id)
    if newest is None:
        return False
    if newest.day >= today:
        return True
    owed = await outbox.posted_to_change(deed.session, digest_key(newest.id))
    if owed is None or owed.state in _NEVER_WENT_OUT:
        return False
    if owed.state in {OutboxState.SENDING, OutboxState.AMBIGUOUS}:
        return True
    return owed.sent_at is not None and hours.day_of(owed.sent_at) == today


async def _unsent(deed: OpenDeed, newest: Digest | None) -> str | None:
    """The digest that another one takes the place of, as it never went out."""
    if newest is None:
        return None
    owed = await outbox.posted_to_change(deed.session, digest_key(newest.id))
    return newest.id if owed is None or owed.state in _NEVER_WENT_OUT else None


async def _a_step_comes_first(deed: OpenDeed, person: Person, asked: Sequence[str]) -> bool:
    """Whether a step has fallen due that belongs into this digest and is not asked about yet.

    Another process is at it, or died at it. One that has failed time and again is not waited for.
    """
    team_id = person.team_id if person.role is Role.COORDINATOR else None
    return await stored.step_is_to_be_asked(
        deed.session, asked, team_id, deed.now, most_attempts=_MOST_ATTEMPTS
    )


async def _waiting_for(deed: OpenDeed, asked: Sequence[str], hours: WorkingHours) -> _Waiting:
    await stored.lock_referrals_asked_about(deed.session, asked)
    new: list[tuple[CheckIn, Referral]] = []
    known: list[tuple[CheckIn, Referral]] = []
    others: list[tuple[CheckIn, Referral]] = []
    for row, referral in await stored.open_of_people(deed.session, asked):
        await start_anew(deed, referral, row)
        as_asked = await asked_of(deed, referral, row)
        if not guards(as_asked, hours, deed.now):
            new.append((row, referral))
        elif is_carried_along(as_asked, deed.now):
            known.append((row, referral))
        else:
            others.append((row, referral))
    return _Waiting(tuple(new), tuple(known), tuple(others))


async def _tell(
    deed: OpenDeed, person: Person, hours: WorkingHours, today: date, waiting: _Waiting
) -> None:
    """Write the digest, unless there is nothing new to say."""
    overview = await _overview(deed, person, hours, today)
    before = await stored.newest_digest(deed.session, person.id)
    licences = await lines_to_tell(deed, person, await _unsent(deed, before))
    if not waiting.new and not overview and not licences:
        return
    lines = await _by_need(deed, [*waiting.new, *waiting.known])
    asked = set(lines[:MOST_LINES])  # the rest comes the next morning
    told = [(one, False) for one in lines[:MOST_LINES]]
    about = {row.about_id for row, _ in (*waiting.new, *waiting.known)}
    told += [(one, True) for one in overview if one not in lines and one not in about]
    digest_id = await stored.add_digest(deed.session, person.id, today, deed.now, told)
    await tell_lines(deed, digest_id, licences)
    for row, referral in waiting.new:
        if row.id not in asked:
            continue
        row.told += 1
        row.told_at = deed.now
        deed.session.add(row)
        if row.kind is not CheckInKind.SILENT:
            await arm_overviews(deed, referral.team_id, deed.now)
            if calls_a_coordinator(row.told):
                await call_coordinators(deed, referral, row)
    await deed.tell(to_digest(person.id), DigestDue(digest_id=digest_id), digest_key(digest_id))
    lines_told = len(told) + min(len(licences), MOST_LICENCES)
    await deed.note("digest", digest_id, told=person.id, lines=str(lines_told))


async def _by_need(deed: OpenDeed, rows: list[tuple[CheckIn, Referral]]) -> list[str]:
    worried = await concerns.with_unsettled(deed.session, {one.id for _, one in rows})
    return in_order(
        (
            Need(row.kind, row.due_at, row.step, referral.id in worried, referral.case_code),
            row.id,
        )
        for row, referral in rows
    )


async def _overview(deed: OpenDeed, person: Person, hours: WorkingHours, today: date) -> list[str]:
    """On a coordinator's first working day of the week: all that is overdue, the oldest first."""
    if person.role is not Role.COORDINATOR:
        return []
    found = await stored.unanswered_in_team(deed.session, person.team_id, deed.now)
    if found:
        await arm_overview(deed, person, hours.closing(today))
    if not hours.first_of_the_week(today):
        return []
    listed = [row for row, _ in found if is_for_the_week(row.due_at, row.told_at, deed.now)]
    return [row.id for row in listed[:MOST_IN_OVERVIEW]]
