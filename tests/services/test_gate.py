"""The gate by itself: what somebody is to a case at this moment, and what the audit says of it."""

import json
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.care.erasing import ErasureReason
from bot.care.people import Part, Role, Standing
from bot.care.permissions import Deed
from bot.care.plan import Frequency
from bot.care.referral import ReferralState
from bot.care.sharing import ShareState
from bot.clock import MovableClock
from bot.services.actor import Actor, Surface, operator
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import (
    AccountCannotTreat,
    DeedRefused,
    NotRegistered,
    NotYourPart,
    NotYours,
    RecordIsErased,
)
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.tables.audit import AuditEntry
from bot.store.tables.circle import Invitation
from bot.store.tables.people import Person, Room, RoomState
from bot.store.tables.privacy import EmergencyAccess
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.referring import ShareRequest
from bot.store.tables.working_time import Absence
from bot.store.vault import KeyOwner, Vault

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CASE = "r1"
S, T, C = Role.SURGEON, Role.THERAPIST, Role.COORDINATOR
PEOPLE = {
    **{"surgeon": S, "therapist": T, "coordinator": C, "ruled": S, "covers": T, "invited": T},
    **{"shared": S, "group": T, "opened": T, "late": T, "other_surgeon": S, "other_therapist": T},
    **{"guest": T, "was_invited": T, "asks": S},
}
PARTS = {
    "surgeon": Part.SURGEON,
    "therapist": Part.THERAPIST,
    "coordinator": Part.COORDINATOR,
    "ruled": Part.COVERING_SURGEON,
    "covers": Part.COVERING_THERAPIST,
    "invited": Part.INVITED,
    "shared": Part.SHARED_WITH,
    "opened": Part.EMERGENCY,
}


@dataclass
class Gate:
    """A case and those around it, without anything else that happens in a clinic."""

    deeds: Deeds
    clock: MovableClock

    async def part(self, who: str, deed: Deed = Deed.READ_CASE, team: str = "T1") -> Part | str:
        """What the gate lets them in as, or the name of its refusal."""
        try:
            async with self.deeds.begin(acts(who, team), deed) as opened:
                return await opened.allow(await _case(opened))
        except DeedRefused as refused:
            return type(refused).__name__

    async def asked(self, who: str, case: str, deed: Deed = Deed.READ_CASE) -> str:
        try:
            async with self.deeds.look(acts(who), deed) as opened:
                await opened.referral(case)
                return "let in"
        except DeedRefused as refused:
            return type(refused).__name__

    async def change(self, **fields: object) -> None:
        async with self.deeds.begin(None, Deed.NUDGE) as opened:
            case = await _case(opened)
            for name, value in fields.items():
                setattr(case, name, value)
            opened.session.add(case)

    async def entries(self) -> list[AuditEntry]:
        async with self.deeds.database.reading() as session:
            return list(await session.exec(select(AuditEntry).order_by(col(AuditEntry.seq))))


def acts(who: str, team: str = "T1") -> Actor:
    return Actor(team, f"U{who.upper()}", Surface.BUTTON)


async def _case(opened: OpenDeed) -> Referral:
    return (await opened.session.exec(select(Referral).where(Referral.id == CASE))).one()


def _person(name: str, role: Role) -> Person:
    return Person(
        id=name,
        team_id="T1",
        slack_user_id=f"U{name.upper()}",
        role=role,
        standing=Standing.GUEST if name == "guest" else Standing.MEMBER,
        time_zone="UTC",
        registered_at=NOON,
        covered_by_id=None,
        emergency_since=NOON if name in {"group", "opened", "late", "surgeon"} else None,
    )


@pytest.fixture
async def gate(sqlite_url: str) -> AsyncIterator[Gate]:
    clock = MovableClock(NOON)
    database = await Database.open(sqlite_url)
    vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")), clock=clock)
    async with database.transaction() as session:
        key_id = await vault.new_key(session, KeyOwner.PATIENT, "p1")
        session.add_all([_person(name, role) for name, role in PEOPLE.items()])
        await session.flush()
        surgeon = await session.get_one(Person, "surgeon")
        surgeon.covered_by_id = "ruled"
        session.add(
            Patient(
                id="p1",
                team_id="T1",
                key_id=key_id,
                identifiers_sealed=b"\x01",
                identity_index=bytes(32),
                created_at=NOON,
            )
        )
        session.add(
            Room(
                id="room",
                team_id="T1",
                surgeon_id="surgeon",
                therapist_id="therapist",
                channel_name="pair",
                state=RoomState.WANTED,
                created_at=NOON,
            )
        )
        await session.flush()
        session.add(
            Referral(
                id=CASE,
                team_id="T1",
                case_code="K7QF-3M",
                patient_id="p1",
                surgeon_id="surgeon",
                therapist_id="therapist",
                room_id="room",
                state=ReferralState.IN_PROGRESS,
                moved_at=NOON,
                step_number=0,
                sessions=6,
                frequency=Frequency.WEEKLY,
                request_sealed=b"\x01",
                created_at=NOON,
            )
        )
        await session.flush()
        session.add_all(_around())
    yield Gate(
        Deeds(database, vault, AuditLog(vault.audit_key()), clock, vault.mailbox_key, lambda: None),
        clock,
    )
    await database.close()


def _around() -> list[Absence | Invitation | ShareRequest | EmergencyAccess]:
    today = date(2026, 11, 23)
    return [
        Absence(
            id="a1",
            person_id="therapist",
            first_day=today,
            last_day=today,
            covered_by_id="covers",
            entered_by_id="therapist",
            entered_at=NOON,
        ),
        Invitation(
            id="i1", referral_id=CASE, person_id="invited", invited_by_id="surgeon", invited_at=NOON
        ),
        ShareRequest(
            id="s1",
            referral_id=CASE,
            asked_by_id="shared",
            state=ShareState.AGREED,
            asked_at=NOON,
            answered_at=NOON,
            answered_by_id="surgeon",
        ),
        ShareRequest(
            id="s2", referral_id=CASE, asked_by_id="asks", state=ShareState.ASKED, asked_at=NOON
        ),
        *(
            EmergencyAccess(
                id=f"e_{who}",
                referral_id=CASE,
                person_id=who,
                began_at=NOON - timedelta(hours=4),
                ends_at=ends,
                reason_sealed=b"\x01",
            )
            for who, ends in {"opened": NOON + timedelta(hours=1), "late": NOON}.items()
        ),
    ]


async def test_each_is_let_in_as_what_they_are_and_all_others_not(gate: Gate) -> None:
    for who in PEOPLE:
        may_read = who in PARTS and who not in {"coordinator", "shared"}
        found = await gate.part(who)
        if may_read:
            assert found == PARTS[who], who
        elif who == "guest":
            assert found == AccountCannotTreat.__name__
        else:
            known = who in PARTS
            assert found == (NotYourPart if known else NotYours).__name__, who
    assert await gate.part("coordinator", Deed.SEE_CASE) is Part.COORDINATOR
    assert await gate.part("shared", Deed.SEE_SHARED) is Part.SHARED_WITH
    assert await gate.part("nobody") == "NotYours"
    assert await gate.part("surgeon", team="T2") == "NotYours"


async def test_the_case_of_another_workspace_is_not_there(gate: Gate) -> None:
    await gate.change(team_id="T2")
    assert await gate.part("surgeon") == "NotYours"
    assert await gate.part("surgeon", team="T2") == "NotYours"


async def test_what_is_shared_ends_with_the_case_and_what_was_invited_stays_readable(
    gate: Gate,
) -> None:
    await gate.change(state=ReferralState.CLOSED)
    assert await gate.part("shared", Deed.SEE_SHARED) == "NotYours"
    assert await gate.part("invited") is Part.INVITED
    assert await gate.part("surgeon") is Part.SURGEON


async def test_who_covers_is_so_while_the_absence_lasts_and_the_rule_always(gate: Gate) -> None:
    gate.clock.advance(timedelta(hours=11, minutes=59))
    assert await gate.part("covers") is Part.COVERING_THERAPIST
    gate.clock.advance(timedelta(minutes=1))
    assert await gate.part("covers") == "NotYours"
    assert await gate.part("ruled") is Part.COVERING_SURGEON


async def test_an_emergency_opens_the_case_to_the_group_alone_until_its_time_is_over(
    gate: Gate,
) -> None:
    opens = Deed.EMERGENCY_ACCESS
    assert await gate.part("group", opens) is Part.EMERGENCY
    assert await gate.part("late", opens) is Part.EMERGENCY
    assert await gate.part("other_therapist", opens) == "NotYours"
    # Who treats needs none, though they are of the group.
    assert await gate.part("surgeon", opens) == "NotYourPart"
    assert await gate.part("covers", opens) == "NotYourPart"
    assert await gate.part("opened", Deed.RAISE_CONCERN) == "NotYourPart"
    gate.clock.advance(timedelta(hours=1))
    assert await gate.part("opened") == "NotYours"


async def test_who_may_already_is_let_in_as_what_they_are_and_not_by_emergency(
    gate: Gate,
) -> None:
    async with gate.deeds.begin(None, Deed.NUDGE) as opened:
        invited = Invitation(
            id="i2", referral_id=CASE, person_id="opened", invited_by_id="surgeon", invited_at=NOON
        )
        opened.session.add(invited)
    assert await gate.part("opened") is Part.INVITED
    assert await gate.part("opened", Deed.SEE_PATIENT) is Part.EMERGENCY


async def test_of_an_erased_record_nothing_is_read(gate: Gate) -> None:
    async with gate.deeds.begin(None, Deed.NUDGE) as opened:
        person = await opened.session.get_one(Patient, "p1")
        person.erased_at, person.erased_because = NOON, next(iter(ErasureReason))
    assert await gate.part("surgeon") is Part.SURGEON  # an open case is not erased
    await gate.change(state=ReferralState.CLOSED)
    assert await gate.part("surgeon") == RecordIsErased.__name__
    assert await gate.part("coordinator") == RecordIsErased.__name__
    assert await gate.part("other_surgeon") == "NotYours"


async def test_whether_there_is_such_a_case_makes_no_difference_to_who_is_not_of_it(
    gate: Gate,
) -> None:
    for who in sorted({*PEOPLE, "nobody"} - set(PARTS)):
        there, not_there = [await gate.asked(who, case) for case in (CASE, "r2")]
        assert there == not_there != "let in", who
    assert await gate.asked("surgeon", CASE) == "let in"
    assert await gate.asked("surgeon", "r2") == "NotYours"


async def test_a_refusal_names_who_asked_for_what_of_which_case(gate: Gate) -> None:
    await gate.part("other_surgeon", Deed.SEE_PATIENT)
    await gate.asked("surgeon", "r2", Deed.SEE_PATIENT)
    about, nothing = await gate.entries()
    assert _words(about) == (
        *("slack:UOTHER_SURGEON", "see_patient", "refusal", "NotYours", "refused", "button"),
        {"referral": CASE},
    )
    assert _words(nothing)[-1] == {}
    assert NOON <= about.at < NOON + timedelta(minutes=1)


async def test_the_audit_names_whom_they_cover_for_and_by_which_emergency(gate: Gate) -> None:
    for who in ("surgeon", "covers", "opened"):
        async with gate.deeds.look(acts(who), Deed.SEE_PATIENT) as opened:
            await opened.allow(await _case(opened))
            assert opened.person.id == who
            await opened.note("referral", CASE, seen="all")
    async with gate.deeds.begin(operator("T1"), Deed.ERASE_PATIENT) as opened:
        await opened.note("patient", "p1")
    async with gate.deeds.begin(None, Deed.NUDGE) as opened:
        await opened.note("referral", CASE)
    done = ("see_patient", "referral", CASE, "done", "button")
    assert [_words(one) for one in await gate.entries()] == [
        ("surgeon", *done, {"seen": "all"}),
        ("covers", *done, {"seen": "all", "covering_for": "therapist"}),
        ("opened", *done, {"seen": "all", "emergency": "e_opened"}),
        ("operator", "erase_patient", "patient", "p1", "done", "cli", {}),
        ("clockwork", "nudge", "referral", CASE, "done", "clockwork", {}),
    ]


async def test_whoever_acts_is_known_in_the_role_that_is_needed(gate: Gate) -> None:
    async def known(who: str | None, role: Role | None) -> str:
        actor = None if who is None else acts(who)
        async with gate.deeds.begin(actor, Deed.REFER) as opened:
            return (await opened.somebody(role)).id

    assert await known("surgeon", Role.SURGEON) == "surgeon"
    assert await known("therapist", None) == "therapist"
    for who, role in _wrong(("therapist", Role.SURGEON), ("nobody", None), (None, Role.SURGEON)):
        with pytest.raises(NotRegistered) as refused:
            await known(who, role)
        assert refused.value.needed is role
    with pytest.raises(AccountCannotTreat) as gone:
        await known("guest", None)
    assert gone.value.standing is Standing.GUEST
    async with gate.deeds.begin(acts("surgeon"), Deed.REFER) as opened:
        with pytest.raises(NotRegistered):
            _ = opened.person
        assert await opened.part_of(await opened.somebody(), await _case(opened)) is Part.SURGEON


def _wrong(*some: tuple[str | None, Role | None]) -> Collection[tuple[str | None, Role | None]]:
    return some


def _words(entry: AuditEntry) -> tuple[object, ...]:
    return (
        *(entry.actor, entry.deed, entry.subject_kind, entry.subject_id),
        *(entry.outcome, entry.surface, json.loads(entry.facts)),
    )
