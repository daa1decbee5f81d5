"""What the deeds of a concern leave behind: who is told next and when, and who is left in peace.

One story for each promise that a small slip would break; `test_concern_lives` mixes them at random.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from bot.care.concern import ConcernState, Decision, Severity
from bot.care.escalation import Way
from bot.care.ladder import DEFAULT_LADDERS, Ladder, Rung, Tell
from bot.clock import MovableClock
from bot.notices import TO_CLINIC
from bot.services.absences import Planned
from bot.services.concerns import ReadBack, WrittenConcern
from bot.services.deeds import Deeds
from bot.services.errors import NotYours, OwnConcern
from bot.services.ladders import Ladders
from bot.services.passing_on import PassingOn
from bot.services.timers import Timers
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.queries import people, timers
from bot.store.tables.concerns import Acknowledgement, Concern, Told
from bot.store.tables.work import OutboxRow, Timer, TimerKind, TimerState
from bot.store.vault import Vault
from tests.databases import copy_of_template
from tests.services.test_who_may_do_what import TEAM, Practice, user_id

MONDAY = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
QUICK = Ladder(
    rungs=(
        Rung(tell=Tell.SURGEON, after_minutes=0),
        Rung(tell=Tell.COVERING_SURGEON, after_minutes=5),
        Rung(tell=Tell.EVERYBODY, after_minutes=10),
    ),
    repeat_minutes=20,
    resolve_hours=6,
)
ASLEEP: frozenset[str] = frozenset()


class Resting:
    """Slack's word on who does not want to be disturbed."""

    def __init__(self) -> None:
        self.who = ASLEEP

    async def resting(self, slack_user_ids: Sequence[str]) -> frozenset[str] | None:
        return self.who & set(slack_user_ids)


class Ward:
    """A practice whose clock is moved, and whose timers are carried out as it goes."""

    def __init__(self, practice: Practice, clock: MovableClock) -> None:
        self.practice = practice
        self.clock = clock
        self.rests = Resting()
        self.timers: Timers = practice.timers(clock, self.rests)
        self.passing_on = PassingOn(practice.deeds)

    async def raises(self, who: str = "therapist", severity: Severity = Severity.URGENT) -> str:
        found = await self.practice.concerns.raise_from_form(
            self.practice.actor(who),
            self.practice.referral_id,
            WrittenConcern(severity, "Warm"),
            uuid4().hex,
        )
        await self.passes()
        return found

    async def acknowledges(
        self, who: str, concern_id: str, decision: Decision = Decision.HOLD
    ) -> ConcernState:
        actor = self.practice.actor(who)
        return await self.practice.concerns.acknowledge(actor, concern_id, ReadBack(decision))

    async def until(self, when: datetime) -> None:
        """Let the time come, and stop wherever something is due."""
        while (due := await self.timers.next_due()) is not None and due <= when:
            self.clock.set(max(due, self.clock.now()))
            await self.passes()
        self.clock.set(when)

    async def passes(self, **span: float) -> None:
        """Let time pass in one leap, as over an outage."""
        self.clock.advance(timedelta(**span))
        while claimed := await self.timers.claim():
            for timer in claimed:
                await self.timers.carry_out(timer)

    async def concern(self, concern_id: str) -> Concern:
        async with self.practice.database.reading() as session:
            return (await session.exec(select(Concern).where(Concern.id == concern_id))).one()

    async def waits(self, concern_id: str) -> dict[TimerKind, datetime]:
        """What the concern waits for, and until when."""
        wanted = select(Timer).where(Timer.subject == concern_id, Timer.state == TimerState.WAITING)
        async with self.practice.database.reading() as session:
            found = (await session.exec(wanted)).all()
        assert len({one.kind for one in found}) == len(found), "two of one kind wait"
        return {one.kind: one.due_at for one in found}

    async def told(self, concern_id: str) -> list[tuple[int, str]]:
        """Who was told, as minutes since Monday, 14:30, and Slack user."""
        wanted = select(Told).where(Told.concern_id == concern_id)
        async with self.practice.database.reading() as session:
            users = await people.slack_user_ids(session, TEAM)
            return sorted(
                (round((one.at - MONDAY) / timedelta(minutes=1)), users[one.person_id])
                for one in (await session.exec(wanted)).all()
                if one.person_id
            )

    async def takings(self, concern_id: str) -> list[tuple[int, str]]:
        """Each acknowledgement's number, and whose it is."""
        wanted = select(Acknowledgement).where(Acknowledgement.concern_id == concern_id)
        async with self.practice.database.reading() as session:
            users = await people.slack_user_ids(session, TEAM)
            found = (await session.exec(wanted)).all()
        return sorted((one.number, users[one.by_id]) for one in found)

    async def owed(self) -> int:
        """How many messages were ever owed."""
        async with self.practice.database.reading() as session:
            return len((await session.exec(select(OutboxRow.id))).all())


@pytest.fixture
async def ward(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Ward]:
    database = await Database.open(await copy_of_template(sqlite_template, tmp_path))
    clock = MovableClock(MONDAY, ticking=False)
    vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")), clock=clock)
    audit = AuditLog(vault.audit_key())
    practice = Practice(
        database, Deeds(database, vault, audit, clock, vault.mailbox_key, lambda: None)
    )
    await practice.open()
    await practice.deed("accept")(practice.actor("therapist"))
    yield Ward(practice, clock)
    await database.close()


async def test_once_acknowledged_the_next_rung_is_called_off(ward: Ward) -> None:
    concern_id = await ward.raises()
    assert await ward.waits(concern_id) == {TimerKind.LADDER_RUNG: MONDAY + timedelta(minutes=15)}
    await ward.passes(minutes=5)
    await ward.acknowledges("surgeon", concern_id)
    resolve_by = MONDAY + timedelta(minutes=5, hours=24)
    assert await ward.waits(concern_id) == {TimerKind.CONCERN_UNRESOLVED: resolve_by}
    await ward.passes(hours=3)
    assert await ward.told(concern_id) == [(0, user_id("surgeon"))]


async def test_what_is_acknowledged_before_anybody_looked_who_hears_is_looked_at_no_more(
    ward: Ward,
) -> None:
    concern_id = await ward.practice.concerns.raise_from_form(
        ward.practice.actor("therapist"),
        ward.practice.referral_id,
        WrittenConcern(Severity.URGENT, "Warm"),
        uuid4().hex,
    )
    assert TimerKind.LADDER_HEARING in await ward.waits(concern_id)
    await ward.acknowledges("surgeon", concern_id)
    assert set(await ward.waits(concern_id)) == {TimerKind.CONCERN_UNRESOLVED}


async def test_a_running_concern_climbs_the_ladder_that_it_was_raised_under(ward: Ward) -> None:
    before = await ward.raises()
    coordinator = ward.practice.actor("coordinator")
    ladders = Ladders(ward.practice.deeds, ())
    await ladders.save(coordinator, Severity.URGENT, QUICK)
    after = await ward.raises()
    slow = DEFAULT_LADDERS[Severity.URGENT].model_copy(update={"version": 1})
    await ladders.save(coordinator, Severity.URGENT, slow)
    assert await ward.waits(before) == {TimerKind.LADDER_RUNG: MONDAY + timedelta(minutes=15)}
    assert await ward.waits(after) == {TimerKind.LADDER_RUNG: MONDAY + timedelta(minutes=5)}
    await ward.passes(minutes=5)
    await ward.passes(minutes=5)
    assert await ward.told(before) == [(0, user_id("surgeon"))]
    assert (10, user_id("coordinator")) in await ward.told(after)
    assert await ward.waits(after) == {TimerKind.LADDER_RUNG: MONDAY + timedelta(minutes=30)}
    await ward.acknowledges("surgeon", after)
    six_hours = MONDAY + timedelta(minutes=10, hours=6)
    assert await ward.waits(after) == {TimerKind.CONCERN_UNRESOLVED: six_hours}


async def test_a_rung_is_told_as_often_as_it_says_and_the_clinic_channel_is_called(
    ward: Ward,
) -> None:
    ladder = Ladder(
        rungs=(
            Rung(tell=Tell.SURGEON, after_minutes=0, times=2, every_minutes=5),
            Rung(tell=Tell.CLINIC_CHANNEL, after_minutes=10),
            Rung(tell=Tell.EVERYBODY, after_minutes=15),
        ),
        repeat_minutes=20,
        resolve_hours=6,
    )
    coordinator = ward.practice.actor("coordinator")
    await Ladders(ward.practice.deeds, ()).save(coordinator, Severity.URGENT, ladder)
    concern_id = await ward.raises()
    await ward.until(MONDAY + timedelta(minutes=14))
    assert await ward.told(concern_id) == [(0, user_id("surgeon")), (5, user_id("surgeon"))]
    async with ward.practice.database.reading() as session:
        called = select(Told).where(Told.concern_id == concern_id, Told.way == Way.CLINIC_CHANNEL)
        assert (await session.exec(called)).one().at == MONDAY + timedelta(minutes=10)
        owed = select(OutboxRow.lane).where(OutboxRow.kind == "concern_called")
        assert (await session.exec(owed)).all() == [TO_CLINIC.lane]
    await ward.until(MONDAY + timedelta(minutes=36))
    assert [
        minute for minute, user in await ward.told(concern_id) if user == user_id("coordinator")
    ] == [
        15,
        35,
    ]


@pytest.mark.parametrize("how", ["resolved", "withdrawn", "withdrawn at once"])
async def test_what_is_settled_waits_for_nothing(ward: Ward, how: str) -> None:
    concern_id = await ward.raises()
    concerns = ward.practice.concerns
    if how != "withdrawn at once":
        await ward.acknowledges("surgeon", concern_id)
    if how == "resolved":
        await concerns.resolve(ward.practice.actor("surgeon"), concern_id, "All well")
    else:
        await concerns.withdraw(ward.practice.actor("therapist"), concern_id, "Other patient")
    assert await ward.waits(concern_id) == {}
    state, told = (await ward.concern(concern_id)).state, await ward.told(concern_id)
    await ward.passes(days=4)
    assert (await ward.concern(concern_id)).state is state
    assert await ward.told(concern_id) == told


@pytest.mark.parametrize("again", ["surgeon", "covering", "coordinator"])
async def test_a_second_acknowledgement_is_answered_kindly_and_changes_nothing(
    ward: Ward, again: str
) -> None:
    concern_id = await ward.raises()
    assert await ward.acknowledges("surgeon", concern_id) is ConcernState.OPEN
    kept, waits, owed = (
        await ward.concern(concern_id),
        await ward.waits(concern_id),
        await ward.owed(),
    )
    await ward.passes(hours=1)
    late = await ward.acknowledges(again, concern_id, Decision.EMERGENCY)
    assert late is ConcernState.ACKNOWLEDGED
    assert await ward.concern(concern_id) == kept
    assert await ward.waits(concern_id) == waits
    assert await ward.takings(concern_id) == [(1, user_id("surgeon"))]
    assert await ward.owed() == owed


@pytest.mark.parametrize("who", ["surgeon", "covering"])
async def test_what_is_resolved_is_not_reopened_by_whoever_comes_late(ward: Ward, who: str) -> None:
    concern_id = await ward.raises()
    await ward.acknowledges("surgeon", concern_id)
    surgeon = ward.practice.actor("surgeon")
    await ward.passing_on.ask(surgeon, concern_id, user_id("covering"))
    await ward.practice.concerns.resolve(surgeon, concern_id, "All well")
    kept, owed = await ward.concern(concern_id), await ward.owed()
    assert await ward.acknowledges(who, concern_id) is ConcernState.RESOLVED
    again = await ward.practice.concerns.resolve(ward.practice.actor(who), concern_id, "Once more")
    assert again is ConcernState.RESOLVED
    assert await ward.concern(concern_id) == kept
    assert await ward.owed() == owed


@pytest.mark.parametrize(
    ("raiser", "others"),
    [
        ("surgeon", ["therapist", "covering", "coordinator"]),
        ("covering", ["surgeon", "coordinator"]),
    ],
)
async def test_nobody_is_told_of_the_concern_that_they_raised(
    ward: Ward, raiser: str, others: list[str]
) -> None:
    concern_id = await ward.raises(raiser)
    for _ in range(4):
        await ward.passes(minutes=30)
    told = {user for _, user in await ward.told(concern_id)}
    assert told >= {user_id(one) for one in others}
    assert user_id(raiser) not in told
    with pytest.raises(OwnConcern):
        await ward.acknowledges(raiser, concern_id)


async def test_who_is_away_is_told_and_nobody_waits_for_them(ward: Ward) -> None:
    away = Planned(MONDAY.date(), MONDAY.date() + timedelta(days=1), user_id("other_surgeon"))
    await ward.practice.absences.enter(ward.practice.actor("surgeon"), away, uuid4().hex)
    concern_id = await ward.raises()
    at_once = {user for minute, user in await ward.told(concern_id) if minute == 0}
    assert at_once == {user_id("surgeon"), user_id("other_surgeon"), user_id("covering")}


async def test_whoever_was_told_may_answer_though_they_no_longer_cover(ward: Ward) -> None:
    """They were asked, at five to midnight; their click comes when the absence is over."""
    today = MONDAY.date()
    away = Planned(today, today, user_id("other_surgeon"))
    practice = ward.practice
    await practice.absences.enter(practice.actor("surgeon"), away, uuid4().hex)
    theirs = await ward.raises(severity=Severity.SOON)
    await ward.passes(hours=15)  # Tuesday, half past midnight in New York
    later = await ward.raises()
    other = practice.actor("other_surgeon")
    with pytest.raises(NotYours):  # nobody has asked them
        await practice.reading.concerns.to_acknowledge(other, later)
    with pytest.raises(NotYours):
        await practice.reading.patient(other, practice.referral_id)
    read = await practice.reading.concerns.to_acknowledge(other, theirs)
    assert read.words == "Warm"
    await ward.acknowledges("other_surgeon", theirs)
    assert await ward.takings(theirs) == [(1, user_id("other_surgeon"))]
    await practice.concerns.resolve(other, theirs, "All well")
    with pytest.raises(NotYours):  # and it is over with it
        await practice.reading.concerns.words(other, theirs)


async def test_whoever_was_told_has_nothing_to_look_at_once_another_has_it(ward: Ward) -> None:
    today = MONDAY.date()
    away = Planned(today, today, user_id("other_surgeon"))
    practice = ward.practice
    await practice.absences.enter(practice.actor("surgeon"), away, uuid4().hex)
    concern_id = await ward.raises()
    await ward.acknowledges("covering", concern_id)
    await ward.passes(hours=15)
    with pytest.raises(NotYours):
        await practice.reading.concerns.words(practice.actor("other_surgeon"), concern_id)


async def test_who_rests_is_told_and_nobody_waits_for_them_nor_tells_them_twice(
    ward: Ward,
) -> None:
    ward.rests.who = frozenset({user_id("surgeon"), user_id("covering")})
    concern_id = await ward.raises()
    assert await ward.told(concern_id) == sorted(
        (0, user_id(who)) for who in ("surgeon", "covering", "coordinator")
    )
    await ward.passes(minutes=16)
    assert len(await ward.told(concern_id)) == 3, "their rungs are not climbed a second time"


async def test_each_acknowledgement_has_its_number_and_its_own_time(ward: Ward) -> None:
    concern_id = await ward.raises()
    await ward.acknowledges("coordinator", concern_id)
    await ward.passes(hours=24)
    assert (await ward.concern(concern_id)).state is ConcernState.OPEN, "it was not resolved"
    whoever_had_it_and_the_first = [user_id("coordinator"), user_id("surgeon")]
    assert (await ward.told(concern_id))[1:] == [
        (24 * 60, user) for user in whoever_had_it_and_the_first
    ]
    await ward.acknowledges("covering", concern_id)
    covering = ward.practice.actor("covering")
    await ward.passing_on.ask(covering, concern_id, user_id("other_surgeon"))
    await ward.passes(hours=1)
    await ward.acknowledges("other_surgeon", concern_id)
    assert await ward.takings(concern_id) == [
        (1, user_id("coordinator")),
        (2, user_id("covering")),
        (3, user_id("other_surgeon")),
    ]
    asked_for = MONDAY + timedelta(hours=24 + 1 + 24)
    assert await ward.waits(concern_id) == {TimerKind.CONCERN_UNRESOLVED: asked_for}
    await ward.passes(hours=23)  # a day after the second one took it
    assert (await ward.concern(concern_id)).state is ConcernState.ACKNOWLEDGED
    await ward.passes(hours=1)
    assert (await ward.concern(concern_id)).state is ConcernState.OPEN


async def test_what_climbs_again_at_night_waits_for_the_morning_and_has_its_timer(
    ward: Ward,
) -> None:
    """The rung that an acknowledgement called off is not the one that is next in the new round."""
    concern_id = await ward.raises(severity=Severity.SOON)
    await ward.acknowledges("surgeon", concern_id)
    night = MONDAY + timedelta(hours=84)  # half past nine in the evening, in New York
    await ward.passes(hours=84)
    told = await ward.told(concern_id)
    assert told == [(0, user_id("surgeon")), (84 * 60, user_id("surgeon"))]
    morning = night + timedelta(hours=11, minutes=30)
    assert await ward.waits(concern_id) == {TimerKind.LADDER_RUNG: morning}
    await ward.until(morning + timedelta(hours=4))
    assert {user for _, user in await ward.told(concern_id)} == {
        user_id("surgeon"),
        user_id("covering"),
    }


async def test_when_everybody_rests_each_is_told_once_and_it_is_said_that_nobody_hears(
    ward: Ward,
) -> None:
    everybody = ("surgeon", "covering", "coordinator")
    ward.rests.who = frozenset(map(user_id, everybody))
    concern_id = await ward.raises()
    assert await ward.told(concern_id) == sorted((0, user_id(who)) for who in everybody)
    assert (await ward.concern(concern_id)).unanswered_at == MONDAY


async def test_the_time_of_an_earlier_acknowledgement_is_nobody_elses(ward: Ward) -> None:
    """As after a hand in the database: the timer of the first one is there again."""
    concern_id = await ward.raises()
    await ward.acknowledges("surgeon", concern_id)
    surgeon = ward.practice.actor("surgeon")
    await ward.passing_on.ask(surgeon, concern_id, user_id("other_surgeon"))
    await ward.passes(hours=1)
    await ward.acknowledges("other_surgeon", concern_id)
    async with ward.practice.database.transaction() as session:
        due = MONDAY + timedelta(hours=2)
        await timers.set_anew(session, TimerKind.CONCERN_UNRESOLVED, concern_id, 1, due)
    await ward.passes(hours=2)
    assert (await ward.concern(concern_id)).state is ConcernState.ACKNOWLEDGED


async def test_a_promised_visit_is_waited_for_before_it_counts_as_unresolved(ward: Ward) -> None:
    concern_id = await ward.raises()
    at_noon = MONDAY + timedelta(hours=20)
    seen = ReadBack(Decision.SEE_PATIENT, visit_at=at_noon)
    await ward.practice.concerns.acknowledge(ward.practice.actor("surgeon"), concern_id, seen)
    resolve_by = at_noon + timedelta(hours=24)
    assert await ward.waits(concern_id) == {TimerKind.CONCERN_UNRESOLVED: resolve_by}


async def test_in_a_later_round_everybody_is_called_only_as_often_as_there_is_time(
    ward: Ward,
) -> None:
    concern_id = await ward.raises()
    await ward.acknowledges("surgeon", concern_id)
    await ward.passes(hours=24)
    for _ in range(4):
        await ward.passes(minutes=15)  # the top
    told = len(await ward.told(concern_id))
    for _ in range(20):
        await ward.passes(hours=1)
    assert len(await ward.told(concern_id)) == told
    await ward.passes(hours=4)
    assert len(await ward.told(concern_id)) == told + 3


async def test_a_night_without_the_bot_is_made_up_for_by_one_call(ward: Ward) -> None:
    concern_id = await ward.raises(severity=Severity.EMERGENT)
    await ward.passes(hours=9)
    assert [
        minute for minute, user in await ward.told(concern_id) if user == user_id("surgeon")
    ] == [
        0,
        9 * 60,
    ]
    assert (await ward.waits(concern_id))[TimerKind.LADDER_RUNG] > ward.clock.now()
