"""The policy as a model: random acknowledgements, edits, absences and rest, by the real services.

Whatever is done, by whomever and in whatever order, after every step: a concern is settled, and no
timer waits for it, or it has exactly one next rung, in the future and within its ladder's limits;
its ladder is the one that it was raised under; what is settled stays settled; whoever took it is
not replaced by a click that comes late; nobody is told twice at one step.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import select

from bot.care.concern import ConcernState, Decision, Severity
from bot.care.ladder import Ladder, RungHours
from bot.care.ladder_limits import problems
from bot.clock import MovableClock
from bot.services.absences import Planned
from bot.services.concerns import ReadBack, WrittenConcern
from bot.services.deeds import Deeds
from bot.services.errors import DeedRefused
from bot.services.ladders import Ladders, clinics_ladder
from bot.services.passing_on import PassingOn
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.tables.concerns import Concern, Told
from bot.store.tables.work import Timer, TimerKind, TimerState
from bot.store.vault import Vault
from tests.care.test_ladders import ladders
from tests.databases import copy_of_template
from tests.services.test_who_may_do_what import TEAM, Practice, user_id

Answer = TypeVar("Answer")
RAISERS = ["therapist", "surgeon", "covering"]
TAKERS = ["surgeon", "covering", "coordinator", "other_surgeon", "therapist"]
SURGEONS = ["surgeon", "covering", "other_surgeon"]
CLIMBING = {TimerKind.LADDER_RUNG, TimerKind.LADDER_HEARING, TimerKind.CONCERN_UNRESOLVED}
MOST_CONCERNS = 3


class Resting:
    """Slack's word on who does not want to be disturbed; None while it does not answer."""

    def __init__(self) -> None:
        self.who: frozenset[str] | None = frozenset()

    async def resting(self, slack_user_ids: Sequence[str]) -> frozenset[str] | None:
        return None if self.who is None else self.who & set(slack_user_ids)


class ConcernLives(RuleBasedStateMachine):
    """One case whose people raise, take, pass on, leave and settle concerns in any order."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.clock = MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC), ticking=False)
        self.rests = Resting()
        # What each concern was raised under, how it ended, and who has it.
        self.raised_under: dict[str, str] = {}
        self.raised_by: dict[str, str] = {}
        self.ended: dict[str, ConcernState] = {}
        self.runs(self._start())

    async def _start(self) -> None:
        url = await copy_of_template(type(self).template, Path(self.folder.name))
        self.database = await Database.open(url)
        vault = await Vault.start(
            self.database, MasterKeys.parse(new_master_key("1")), clock=self.clock
        )
        audit = AuditLog(vault.audit_key())
        deeds = Deeds(self.database, vault, audit, self.clock, vault.mailbox_key, lambda: None)
        self.practice = Practice(self.database, deeds)
        self.ladders, self.passing_on = Ladders(deeds, ()), PassingOn(deeds)
        self.timers = self.practice.timers(self.clock, self.rests)
        await self.practice.open()
        await self.practice.deed("accept")(self.practice.actor("therapist"))

    def runs(self, work: Coroutine[None, None, Answer]) -> Answer:
        return self.loop.run_until_complete(work)

    def tries(self, work: Coroutine[None, None, object]) -> None:
        """A refusal is an answer; anything else that goes wrong is a defect."""

        async def tried() -> None:
            try:
                await work
            except DeedRefused:
                return

        self.runs(tried())

    def teardown(self) -> None:
        self.runs(self.database.close())
        self.loop.close()
        self.folder.cleanup()

    def _one(self, which: int) -> str:
        return list(self.raised_under)[which % len(self.raised_under)]

    # -- what may happen -------------------------------------------------------------------

    @initialize(severity=st.sampled_from(Severity))
    def somebody_is_worried(self, severity: Severity) -> None:
        self.raises("therapist", severity)

    @rule(who=st.sampled_from(RAISERS), severity=st.sampled_from(Severity))
    def raises(self, who: str, severity: Severity) -> None:
        if len(self.raised_under) >= MOST_CONCERNS:
            return

        async def raised() -> None:
            async with self.database.reading() as session:
                ladder = await clinics_ladder(session, TEAM, severity)
            concern_id = await self.practice.concerns.raise_from_form(
                self.practice.actor(who),
                self.practice.referral_id,
                WrittenConcern(severity, "Warm"),
                uuid4().hex,
            )
            self.raised_under[concern_id] = ladder.model_dump_json()
            self.raised_by[concern_id] = who

        self.tries(raised())

    @rule(severity=st.sampled_from(Severity), wanted=ladders)
    def a_coordinator_edits_the_policy(self, severity: Severity, wanted: Ladder) -> None:
        if problems(wanted, severity, frozenset()):
            return

        async def edited() -> None:
            async with self.database.reading() as session:
                held = await clinics_ladder(session, TEAM, severity)
            draft = wanted.model_copy(update={"version": held.version})
            await self.ladders.save(self.practice.actor("coordinator"), severity, draft)

        self.tries(edited())

    @precondition(lambda self: self.raised_under)
    @rule(
        who=st.sampled_from(TAKERS),
        which=st.integers(0, 2),
        decision=st.sampled_from([Decision.CONTINUE, Decision.HOLD, Decision.EMERGENCY]),
        times=st.integers(1, 2),
    )
    def takes(self, who: str, which: int, decision: Decision, times: int) -> None:
        concern_id = self._one(which)
        before = self.runs(self._concern(concern_id))
        for _ in range(times):
            self.tries(
                self.practice.concerns.acknowledge(
                    self.practice.actor(who), concern_id, ReadBack(decision, "seen")
                )
            )
        after = self.runs(self._concern(concern_id))
        asked = self.asked.get(concern_id, set())
        if before.state is ConcernState.ACKNOWLEDGED and who not in asked:
            kept = (before.acknowledged_by_id, before.acknowledged_at, before.decision)
            assert kept == (after.acknowledged_by_id, after.acknowledged_at, after.decision)

    @property
    def asked(self) -> dict[str, set[str]]:
        """Who was ever asked to take which concern."""
        found: dict[str, set[str]] = self.__dict__.setdefault("_asked", {})
        return found

    @precondition(lambda self: self.raised_under)
    @rule(who=st.sampled_from(TAKERS), to=st.sampled_from(SURGEONS), which=st.integers(0, 2))
    def passes_on(self, who: str, to: str, which: int) -> None:
        concern_id = self._one(which)
        self.asked.setdefault(concern_id, set()).add(to)
        self.tries(self.passing_on.ask(self.practice.actor(who), concern_id, user_id(to)))

    @precondition(lambda self: self.raised_under)
    @rule(who=st.sampled_from(SURGEONS), which=st.integers(0, 2))
    def can_not_take_it(self, who: str, which: int) -> None:
        self.tries(self.passing_on.decline(self.practice.actor(who), self._one(which)))

    @precondition(lambda self: self.raised_under)
    @rule(who=st.sampled_from(TAKERS), which=st.integers(0, 2))
    def resolves(self, who: str, which: int) -> None:
        concern_id = self._one(which)
        self.tries(self.practice.concerns.resolve(self.practice.actor(who), concern_id, "all well"))

    @precondition(lambda self: self.raised_under)
    @rule(which=st.integers(0, 2))
    def whoever_raised_it_withdraws(self, which: int) -> None:
        concern_id = self._one(which)
        before = self.runs(self._concern(concern_id))
        actor = self.practice.actor(self.raised_by[concern_id])
        self.tries(self.practice.concerns.withdraw(actor, concern_id, "all well"))
        after = self.runs(self._concern(concern_id))
        kept = before.state if before.state.is_settled else ConcernState.WITHDRAWN
        assert after.state is kept

    @rule(who=st.sampled_from(["surgeon", "covering"]), days=st.integers(0, 3))
    def goes_away(self, who: str, days: int) -> None:
        today = self.clock.now().date()
        cover = user_id("other_surgeon")
        self.tries(
            self.practice.absences.enter(
                self.practice.actor(who),
                Planned(today, today + timedelta(days=days), cover),
                uuid4().hex,
            )
        )

    @rule(who=st.none() | st.lists(st.sampled_from(TAKERS), unique=True))
    def do_not_disturb(self, who: Collection[str] | None) -> None:
        self.rests.who = None if who is None else frozenset(map(user_id, who))

    @rule(minutes=st.sampled_from([0, 1, 3, 10, 31, 65, 300, 1500, 5000]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    # -- what holds ------------------------------------------------------------------------

    @invariant()
    def settled_or_a_next_rung_in_the_future(self) -> None:
        self.runs(self._holds())

    async def _concern(self, concern_id: str) -> Concern:
        async with self.database.reading() as session:
            return (await session.exec(select(Concern).where(Concern.id == concern_id))).one()

    async def _holds(self) -> None:
        while claimed := await self.timers.claim():
            for timer in claimed:
                await self.timers.carry_out(timer)
        now = self.clock.now()
        async with self.database.reading() as session:
            concerns = (await session.exec(select(Concern))).all()
            waits = [
                one
                for one in (await session.exec(select(Timer))).all()
                if one.state is TimerState.WAITING and one.kind in CLIMBING
            ]
            told = (await session.exec(select(Told))).all()
        twice = Counter((one.concern_id, one.step, one.person_id) for one in told if one.person_id)
        assert all(times == 1 for times in twice.values()), "told twice at one step"
        for one in concerns:
            mine = [timer for timer in waits if timer.subject == one.id]
            self._stays_as_it_was(one)
            assert all(timer.due_at > now for timer in mine), "due, and not carried out"
            # A rung told at once, past those who rest, has its timer still: that changes nothing.
            ahead = [
                timer.kind
                for timer in mine
                if timer.kind is not TimerKind.LADDER_RUNG or timer.step >= one.step
            ]
            assert ahead == _expected(one), one.state
            self._waits_as_it_was_raised(one, mine)

    def _waits_as_it_was_raised(self, one: Concern, mine: Sequence[Timer]) -> None:
        """The next rung, and the time to resolve it, are of the ladder that it was raised under."""
        ladder = Ladder.model_validate_json(self.raised_under[one.id])
        if one.state is ConcernState.ACKNOWLEDGED and one.acknowledged_at is not None:
            due = ladder.resolve_by(max(one.acknowledged_at, one.visit_at or one.acknowledged_at))
            assert [timer.due_at for timer in mine] == [due], "not asked for when it should be"
        if one.state is not ConcernState.OPEN or one.climbs_from is None:
            return
        ladder = ladder.again() if one.round else ladder
        step = one.step - (one.round_step or 0)
        rung = ladder.moments[min(step, len(ladder.moments) - 1)].rung
        if rung.hours is RungHours.AROUND_THE_CLOCK:
            dues = [timer.due_at for timer in mine if timer.step == one.step]
            assert dues == [one.climbs_from + ladder.until(step)], "not the rung that was promised"

    def _stays_as_it_was(self, one: Concern) -> None:
        assert one.ladder == self.raised_under[one.id], "an edit has changed a running concern"
        before = self.ended.get(one.id)
        assert before is None or one.state is before, "what was settled is not"
        if one.state.is_settled:
            self.ended[one.id] = one.state


def _expected(concern: Concern) -> list[TimerKind]:
    if concern.state is ConcernState.OPEN:
        return [TimerKind.LADDER_RUNG]
    return [TimerKind.CONCERN_UNRESOLVED] if concern.state is ConcernState.ACKNOWLEDGED else []


def test_whatever_is_done_a_concern_is_settled_or_somebody_is_told_next(
    sqlite_template: Path, tmp_path: Path
) -> None:
    asyncio.run(copy_of_template(sqlite_template, tmp_path))

    class Here(ConcernLives):
        template = sqlite_template

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
