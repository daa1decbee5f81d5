"""One deed, one transaction: what every use case is written in.

A deed opens a transaction, asks the gate, writes the new state, the audit entry, the timers and the
messages owed, and commits all of it or nothing. After the commit the clockwork is kicked. No Slack
call happens inside.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Part, Role, Standing
from bot.care.permissions import Deed, may
from bot.care.working_time import WorkingHours
from bot.clock import Clock
from bot.notices import CaseCard, Notice, Place, Priority
from bot.services.actor import OPERATOR, Actor, Surface
from bot.services.errors import (
    AccountCannotTreat,
    DeedRefused,
    NotRegistered,
    NotYourPart,
    NotYours,
    RecordIsErased,
)
from bot.store.audit import AuditLog
from bot.store.database import Database, on_commit
from bot.store.queries import (
    circle,
    emergencies,
    inbox,
    outbox,
    people,
    sharing,
    timers,
    working_time,
)
from bot.store.queries.referrals import patient, referral_to_change
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.work import OutboxOperation, OutboxRow, TimerKind
from bot.store.vault import Cell, KeyOwner, Vault

CLOCKWORK = "clockwork"
# Seconds; Slack waits for an acknowledgement no longer than one transaction takes.
_LONGEST_TOGETHER: Final = 0.25


@dataclass(frozen=True)
class Receipt:
    """The inbox row that a deed works off; it is settled in the deed's own transaction."""

    event_key: str


@dataclass(frozen=True)
class Lease:
    """A timer that was claimed; the deed that it causes ends the claim."""

    timer_id: str
    owner: str


class Together:
    """Timers to be carried out in one transaction, in order, as many as there is time for.

    On SQLite everybody else waits to write meanwhile.
    """

    def __init__(self, held: Sequence[Lease]) -> None:
        self._held = held
        self._until = monotonic() + _LONGEST_TOGETHER
        self.done: list[Lease] = []

    def __iter__(self) -> Iterator[Lease]:
        while self.left and not (self.done and monotonic() >= self._until):
            self.done.append(self.left[0])
            yield self.done[-1]

    @property
    def left(self) -> Sequence[Lease]:
        """Those that were not handed out; they are still held."""
        return self._held[len(self.done) :]


class OpenDeed:
    """A deed under way, inside its transaction."""

    def __init__(
        self,
        session: AsyncSession,
        vault: Vault,
        audit: AuditLog,
        mailbox_key: str,
        kind: Deed,
        actor: Actor | None,
        now: datetime,
        region: str = "",
        *,
        tells_together: bool = False,
    ) -> None:
        """With `tells_together` what is told is written at the end, all at once."""
        self._tells_together = tells_together
        self._told: list[dict[str, object]] = []
        self.session = session
        self.now = now
        self.region = region
        self.kind = kind
        self.actor = actor
        self.about: str | None = None
        self._person: Person | None = None
        self._covered: str | None = None
        self._emergency: str | None = None
        self._vault = vault
        self._audit = audit
        self._mailbox_key = mailbox_key

    # -- who -------------------------------------------------------------------------------

    async def somebody(self, role: Role | None = None) -> Person:
        """The registered person who acts. Raises `NotRegistered`, `AccountCannotTreat`."""
        if self.actor is None:
            raise NotRegistered(role)
        found = await people.person_in_slack(
            self.session, self.actor.team_id, self.actor.slack_user_id
        )
        if found is None or (role is not None and found.role is not role):
            raise NotRegistered(role)
        if found.standing is not Standing.MEMBER:
            raise AccountCannotTreat(found.standing)
        self._person = found
        return found

    @property
    def person(self) -> Person:
        """Whoever acts, once they are known: after `somebody`, `referral` or `allow`."""
        if self._person is None:
            raise NotRegistered
        return self._person

    async def referral(self, referral_id: str) -> Referral:
        """The referral, if whoever acts may do this deed in it; locked. Raises `NotYours`."""
        found = await referral_to_change(self.session, referral_id)
        if found is None:
            raise NotYours
        await self.allow(found)
        return found

    async def allow(self, referral: Referral) -> Part:
        """The gate. Raises `NotYours` to outsiders, `NotYourPart` within the case."""
        self.about = referral.id
        if self.actor is None or self.actor.team_id != referral.team_id:
            raise NotYours
        try:
            who = await self.somebody()
        except NotRegistered:
            raise NotYours from None
        part, self._covered = await self._part_and_covered(who, referral)
        if not may(part, self.kind):
            part = await self._in_emergency(who, referral, part)
        if part is Part.OUTSIDER:
            raise NotYours
        await refuse_erased(self.session, referral)
        if not may(part, self.kind):
            raise NotYourPart
        return part

    async def _in_emergency(self, who: Person, referral: Referral, part: Part) -> Part:
        """EMERGENCY for one of the emergency group who holds access to the case at this moment, or
        asks for it now; `part` for everybody else."""
        if who.emergency_since is None or part.is_surgeons_side or part.is_therapists_side:
            return part
        access = await emergencies.held_by(self.session, who.id, referral.id)
        if access is not None and access.ends_at > self.now:
            self._emergency = access.id
            return Part.EMERGENCY
        return Part.EMERGENCY if self.kind is Deed.EMERGENCY_ACCESS else part

    async def part_of(self, who: Person, referral: Referral) -> Part:
        """What somebody is to a referral now."""
        return (await self._part_and_covered(who, referral))[0]

    async def _part_and_covered(self, who: Person, referral: Referral) -> tuple[Part, str | None]:
        """What somebody is to a referral now; and for whom, where they stand in for one side."""
        if who.id == referral.surgeon_id:
            return Part.SURGEON, None
        if who.id == referral.therapist_id:
            return Part.THERAPIST, None
        if who.role is Role.COORDINATOR:
            return Part.COORDINATOR, None
        side = referral.surgeon_id if who.role is Role.SURGEON else referral.therapist_id
        covered = await people.person(self.session, side)
        if covered.role is who.role and await self._covers(who, covered):
            is_surgeon = who.role is Role.SURGEON
            part = Part.COVERING_SURGEON if is_surgeon else Part.COVERING_THERAPIST
            return part, covered.id
        if await circle.invitation(self.session, referral.id, who.id) is not None:
            return Part.INVITED, None
        if not referral.state.is_final and await sharing.is_shared_with(
            self.session, referral.id, who.id
        ):
            return Part.SHARED_WITH, None
        return Part.OUTSIDER, None

    async def _covers(self, who: Person, absent: Person) -> bool:
        """Whether somebody stands in now: by the operator's rule, or in an absence."""
        if absent.covered_by_id == who.id:
            return True
        away = (await self.hours_of(absent)).away_at(self.now)
        return away is not None and away.covered_by == who.id

    # -- what is owed ----------------------------------------------------------------------

    async def tell(
        self,
        place: Place,
        notice: Notice,
        key: str,
        priority: Priority = Priority.NORMAL,
        operation: OutboxOperation = OutboxOperation.POST,
    ) -> None:
        """Owe a message. The same `key` is owed once, however often it is asked."""
        row = await outbox.row_to_owe(
            self.session,
            self._vault,
            self._mailbox_key,
            now=self.now,
            lane=place.lane,
            notice=notice,
            dedupe_key=key,
            priority=priority,
            operation=operation,
        )
        self._told.append(row)
        if not self._tells_together:
            await self.say_all()

    async def say_all(self) -> None:
        """Write down what was told and is not written yet."""
        told, self._told = self._told, []
        await outbox.owe_all(self.session, told)

    async def whisper(self, place: Place, notice: Notice, key: str) -> None:
        """Owe a word that one person sees: said at most once, and nothing waits on it."""
        await self.tell(place, notice, key, operation=OutboxOperation.WHISPER)

    async def redraw(self, notice: Notice, key: str) -> None:
        """Owe that the message posted under `key` is drawn anew. Several at once become one."""
        await outbox.owe_redraw(
            self.session,
            self._vault,
            self._mailbox_key,
            now=self.now,
            notice=notice,
            target_key=key,
        )

    async def take_down(self, notice: Notice, key: str, posted: OutboxRow) -> None:
        """Owe that a message which was posted, or may have been, is deleted in Slack."""
        await outbox.owe(
            self.session,
            self._vault,
            self._mailbox_key,
            now=self.now,
            lane=key,
            notice=notice,
            dedupe_key=key,
            priority=Priority.NORMAL,
            operation=OutboxOperation.TAKE_DOWN,
            target_key=posted.dedupe_key,
        )

    async def redraw_card(self, referral: Referral) -> None:
        """Owe that the case card shows the state of now."""
        await self.redraw(CaseCard(referral_id=referral.id), card_key(referral.id))

    # -- when ------------------------------------------------------------------------------

    async def set_timer(self, kind: TimerKind, subject: str, step: int, due_at: datetime) -> None:
        await timers.set_timer(self.session, kind, subject, step, due_at)

    async def clear_timers(self, subject: str, *kinds: TimerKind) -> None:
        """What was to come of `subject` no longer comes."""
        await timers.clear_timers(self.session, subject, kinds)

    async def hours_of(self, person: Person) -> WorkingHours:
        """When somebody works, with their holidays and absences."""
        return await working_time.hours_of(self.session, person, self.now, self.region)

    # -- secrets and traces ----------------------------------------------------------------

    @property
    def vault(self) -> Vault:
        """For queries that open what they give."""
        return self._vault

    @property
    def mailbox_key(self) -> str:
        """The tenant's own key, for what names no patient."""
        return self._mailbox_key

    async def new_patient_key(self, patient_id: str) -> str:
        return await self._vault.new_key(self.session, KeyOwner.PATIENT, patient_id)

    async def seal(self, key_id: str, cell: Cell, words: str) -> bytes:
        return await self._vault.seal(self.session, key_id, cell, words)

    async def open(self, key_id: str, cell: Cell, sealed: bytes) -> str:
        return await self._vault.open(self.session, key_id, cell, sealed)

    def blind_index(self, purpose: str, normalised: str) -> bytes:
        return self._vault.blind_index(purpose, normalised)

    def _name(self) -> str:
        if self._person is not None:
            return self._person.id
        is_operator = self.actor is not None and self.actor.surface is Surface.CLI
        return OPERATOR if is_operator else CLOCKWORK

    async def note(self, subject_kind: str, subject_id: str, **facts: str) -> None:
        """Write the deed into the audit; for whom it is done by who covers, and by which access in
        an emergency, is written too.

        Ids and closed words only.
        """
        if self._covered is not None:
            facts["covering_for"] = self._covered
        if self._emergency is not None:
            facts["emergency"] = self._emergency
        await self._audit.append(
            self.session,
            at=self.now,
            actor=self._name(),
            deed=self.kind.value,
            subject_kind=subject_kind,
            subject_id=subject_id,
            outcome="done",
            surface=(self.actor.surface if self.actor else Surface.CLOCKWORK).value,
            facts=facts,
        )


class Deeds:
    """Opens deeds. Holds what they are made of."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        audit: AuditLog,
        clock: Clock,
        mailbox_key: str,
        kick: Callable[[], None],
        region: str = "",
    ) -> None:
        """`region` is whose holidays hold for those who chose none; `""` for no holidays."""
        self.database = database
        self.vault = vault
        self.clock = clock
        self.mailbox_key = mailbox_key
        self.region = region
        self._audit = audit
        self._kick = kick

    @asynccontextmanager
    async def begin(
        self,
        actor: Actor | None,
        kind: Deed,
        *,
        receipt: Receipt | None = None,
        lease: Lease | None = None,
    ) -> AsyncIterator[OpenDeed]:
        """Open a deed; commit it at a clean end, with the inbox row or timer that it worked off.

        A refusal changes nothing but the audit, and is raised again.
        """
        deed: OpenDeed | None = None
        try:
            async with self.database.transaction() as session:
                deed = self._open(session, kind, actor)
                if lease is not None:
                    await _require_held(session, lease)
                yield deed
                if receipt is not None:
                    await inbox.settle(session, receipt.event_key)
                if lease is not None:
                    await _finish(session, [lease])
                on_commit(session, self._kick)
        except DeedRefused as refused:
            about = deed.about if deed is not None else None
            told = await self._note_refusal(actor, kind, refused, receipt, about)
            if told is not None:
                raise told from None
            raise

    @asynccontextmanager
    async def begin_together(
        self, kind: Deed, leases: Collection[Lease]
    ) -> AsyncIterator[tuple[OpenDeed, Together]]:
        """One transaction for many timers: gives the deed and those that are still held.

        At a clean end those that were handed out are done; otherwise nothing has happened. Raises
        `LeaseLost` at the end if another process took one of them over meanwhile.
        """
        async with self.database.transaction() as session:
            known = await timers.are_held(session, _owners(leases))
            together = Together([one for one in leases if one.timer_id in known])
            deed = self._open(session, kind, None, tells_together=True)
            yield deed, together
            await deed.say_all()
            await _finish(session, together.done)
            on_commit(session, self._kick)

    @asynccontextmanager
    async def look(self, actor: Actor, kind: Deed) -> AsyncIterator[OpenDeed]:
        """A look at protected things: as `begin`, so that it is recorded before it is shown."""
        async with self.begin(actor, kind) as deed:
            yield deed

    def _open(
        self,
        session: AsyncSession,
        kind: Deed,
        actor: Actor | None,
        *,
        tells_together: bool = False,
    ) -> OpenDeed:
        return OpenDeed(
            session,
            self.vault,
            self._audit,
            self.mailbox_key,
            kind,
            actor,
            self.clock.now(),
            self.region,
            tells_together=tells_together,
        )

    async def _note_refusal(
        self,
        actor: Actor | None,
        kind: Deed,
        refused: DeedRefused,
        receipt: Receipt | None,
        about: str | None,
    ) -> DeedRefused | None:
        """`about` is the referral that was asked for, if there is one.

        Gives what is said instead: to an account that can't treat the same, whether what it asked
        for is there or not.
        """
        told: DeedRefused | None = None
        async with self.database.transaction() as session:
            if actor is not None and isinstance(refused, NotYours):
                who = await people.person_in_slack(session, actor.team_id, actor.slack_user_id)
                if who is not None and who.standing is not Standing.MEMBER:
                    told = AccountCannotTreat(who.standing)
            await self._audit.append(
                session,
                at=self.clock.now(),
                actor=actor.name if actor else CLOCKWORK,
                deed=kind.value,
                subject_kind="refusal",
                subject_id=type(told or refused).__name__,
                outcome="refused",
                surface=(actor.surface if actor else Surface.CLOCKWORK).value,
                facts={"referral": about} if about else {},
            )
            if receipt is not None:
                await inbox.settle(session, receipt.event_key)
        return told


class LeaseLost(Exception):
    """Another process holds the timer by now: what was begun is rolled back."""


def _owners(leases: Collection[Lease]) -> dict[str, str]:
    return {one.timer_id: one.owner for one in leases}


async def _require_held(session: AsyncSession, lease: Lease) -> None:
    if not await timers.are_held(session, _owners([lease])):
        raise LeaseLost(lease.timer_id)


async def _finish(session: AsyncSession, leases: Collection[Lease]) -> None:
    if leases and not await timers.finish(session, _owners(leases)):
        raise LeaseLost(", ".join(sorted(one.timer_id for one in leases)))


async def refuse_erased(session: AsyncSession, referral: Referral) -> None:
    """Raises `RecordIsErased` if nothing of the case can be read any more."""
    if not referral.state.is_final:
        return  # Erasing ends a case, so that an open one need not be asked about.
    erased_at = (await patient(session, referral.patient_id)).erased_at
    if erased_at is not None:
        raise RecordIsErased(referral.case_code, erased_at)


def card_key(referral_id: str) -> str:
    """The outbox key of a referral's case card."""
    return f"card:{referral_id}"
