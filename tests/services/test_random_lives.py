"""Random deeds, time, departures and restarts against the real services on a real store.

Whatever is done, by whomever and in whatever order, after every step: an open referral has exactly
one next step, with an owner who can act and a due time that something watches; what has ended stays
ended; the card shows what the store holds; the versions of a plan only grow.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from uuid import uuid4

import pytest
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

from bot.app import default_rules
from bot.care.checkins import CheckInKind
from bot.care.people import Part, Standing
from bot.care.plan import Frequency
from bot.care.referral import ReferralState
from bot.care.session_form import FilledSession
from bot.care.treatment_plan import PlanAnswer, PlanDraft
from bot.clock import MovableClock
from bot.services.deeds import Deeds
from bot.services.errors import DeedRefused
from bot.services.handover import stand_in
from bot.services.people import Account
from bot.services.plans import Plans
from bot.services.updates import Updates
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.queries import people, plans
from bot.store.tables.checkins import CheckIn
from bot.store.tables.referrals import Referral
from bot.store.tables.work import Timer, TimerKind, TimerState
from bot.store.url import DatabaseKind
from bot.store.vault import Vault
from bot.views import case_words
from bot.views.case_card import draw_case_card
from tests.databases import PostgresServer, copy_of_template
from tests.services.test_who_may_do_what import FORM, TEAM, Practice, user_id

Answer = TypeVar("Answer")
WHO = ["surgeon", "therapist", "covering", "covering_therapist", "coordinator", "other_therapist"]
DEEDS = [
    *("accept", "decline", "close", "ask_information", "give_information", "book", "hold"),
    *("clear_hold", "cancel", "take_back_cancel", "confirm_cancel", "complete", "cannot_finish"),
    *("ask_about_outcome", "answer_outcome", "review", "refer_on", "refer_again"),
    *("name_another", "close_for_absent"),
]
LATE = ["accept", "hold", "clear_hold", "cancel", "complete", "review"]
# The likely way of a case, so that its late states are reached in few steps.
WAY = [
    ("therapist", "accept"),
    ("therapist", "book"),
    ("therapist", "complete"),
    ("surgeon", "review"),
]
MOST_REFERRALS = 4
PATIENTS = ["Jordan Ellis", "Robin Vance", "Sasha Quinn"]


class NobodyRests:
    """Slack says that everybody may be told now."""

    async def resting(self, slack_user_ids: Sequence[str]) -> frozenset[str] | None:
        del slack_user_ids
        return frozenset()


class Lives(RuleBasedStateMachine):
    """A practice at which anything may be done at any time."""

    address: Callable[[Path], str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.url = type(self).address(Path(self.folder.name))
        self.keys = new_master_key("1")
        self.clock = MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
        self.ended: dict[str, ReferralState] = {}
        self.plans_seen: dict[str, tuple[int, int]] = {}
        self.started(first=True)

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

    def started(self, *, first: bool = False) -> None:
        async def start() -> None:
            self.database = await Database.open(self.url)
            vault = await Vault.start(self.database, MasterKeys.parse(self.keys), clock=self.clock)
            deeds = Deeds(
                self.database,
                vault,
                AuditLog(vault.audit_key()),
                self.clock,
                vault.mailbox_key,
                lambda: None,
            )
            self.practice = Practice(self.database, deeds)
            self.plans, self.updates = Plans(deeds), Updates(deeds, default_rules())
            self.timers = self.practice.timers(self.clock, NobodyRests())
            await self.timers.release_all()
            if first:
                await self.practice.open()
                self.known = [self.practice.referral_id]
                self.next_therapist = self.practice.next_therapist
            self.practice.next_therapist = self.next_therapist

        self.runs(start())

    def teardown(self) -> None:
        self.runs(self.database.close())
        self.loop.close()
        self.folder.cleanup()

    # -- what may happen -------------------------------------------------------------------

    @initialize(steps=st.integers(0, len(WAY)))
    def has_come_some_way(self, steps: int) -> None:
        for who, deed in WAY[:steps]:
            if deed == "complete":
                self.logs_a_session("therapist", 0, came=True)
            self.does(who, deed, 0)

    @rule(who=st.sampled_from(WHO), deed=st.sampled_from(DEEDS), which=st.integers(0, 3))
    def does(self, who: str, deed: str, which: int) -> None:
        self.practice.referral_id = self.known[which % len(self.known)]
        self.tries(self.practice.deed(deed)(self.practice.actor(who)))  # type: ignore[arg-type]

    @rule(
        name=st.sampled_from(PATIENTS), therapist=st.sampled_from(["therapist", "other_therapist"])
    )
    def refers(self, name: str, therapist: str) -> None:
        if len(self.known) < MOST_REFERRALS:
            form = FORM.model_copy(update={"name": name})
            surgeon = self.practice.actor("surgeon")
            self.tries(
                self.practice.referrals.refer(surgeon, form, user_id(therapist), uuid4().hex)
            )

    @rule(who=st.sampled_from(WHO), which=st.integers(0, 3), came=st.booleans())
    def logs_a_session(self, who: str, which: int, *, came: bool) -> None:
        filled = FilledSession(
            no_show=not came, session_date=self.clock.now().date() if came else None
        )
        if came:
            filled = replace(filled, none_observed=True)
        case = self.known[which % len(self.known)]
        self.tries(self.updates.log(self.practice.actor(who), case, filled, uuid4().hex))

    @rule(who=st.sampled_from(WHO), which=st.integers(0, 3), sessions=st.integers(1, 12))
    def proposes_a_plan(self, who: str, which: int, sessions: int) -> None:
        draft = PlanDraft(sessions=sessions, frequency=Frequency.THREE_A_WEEK, areas=FORM.areas)
        case = self.known[which % len(self.known)]
        self.tries(self.plans.propose(self.practice.actor(who), case, draft, uuid4().hex))

    @rule(
        who=st.sampled_from(WHO),
        which=st.integers(0, 3),
        answer=st.sampled_from([PlanAnswer.COUNTERSIGN, PlanAnswer.TAKE_BACK]),
    )
    def answers_a_plan(self, who: str, which: int, answer: PlanAnswer) -> None:
        waiting = self.runs(self._waiting_plan(self.known[which % len(self.known)]))
        if waiting is not None:
            self.tries(self.plans.answer(self.practice.actor(who), waiting, answer))

    @rule(who=st.sampled_from(["surgeon", "therapist", "covering"]), comes_back=st.booleans())
    def leaves_or_comes_back(self, who: str, *, comes_back: bool) -> None:
        standing = Standing.MEMBER if comes_back else Standing.DEACTIVATED
        account = Account(TEAM, user_id(who), standing, "America/New_York")
        self.tries(self.practice.people.account_changed(account))

    @precondition(lambda self: self.ended)
    @rule(who=st.sampled_from(["surgeon", "therapist", "covering"]))
    def clicks_all_that_an_old_card_offers(self, who: str) -> None:
        """Late clicks: whatever they ask for, what has ended stays ended."""
        which = self.known.index(min(self.ended))
        for deed in LATE:
            self.does(who, deed, which)

    @rule(hours=st.sampled_from([1, 20, 75, 200]))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))

        async def tick() -> None:
            while claimed := await self.timers.claim():
                for timer in claimed:
                    await self.timers.carry_out(timer)

        self.runs(tick())

    @rule()
    def is_started_anew(self) -> None:
        self.runs(self.database.close())
        self.started()

    # -- what holds ------------------------------------------------------------------------

    @invariant()
    def all_holds(self) -> None:
        self.runs(self._all_holds())

    async def _all_holds(self) -> None:
        async with self.database.reading() as session:
            rows = list((await session.exec(select(Referral).order_by(Referral.id))).all())
            timers = list((await session.exec(select(Timer))).all())
            asked = {
                (one.referral_id, one.number)
                for one in (await session.exec(select(CheckIn))).all()
                if one.kind is CheckInKind.STEP
            }
            self.known += [row.id for row in rows if row.id not in self.known]
            for row in rows:
                waiting = [
                    one
                    for one in timers
                    if one.kind is TimerKind.STEP_DUE
                    and one.subject == row.id
                    and one.state is TimerState.WAITING
                ]
                self._next_step_is_watched(row, waiting, asked)
                if row.next_owner is not None:
                    is_surgeons = row.next_owner is Part.SURGEON
                    side = row.surgeon_id if is_surgeons else row.therapist_id
                    owner = await stand_in(session, await people.person(session, side))
                    assert owner.standing is Standing.MEMBER, "its owner can't act"
                versions = await plans.versions_of(session, row.id)
                grown = (len(versions), row.plan_number)
                before = self.plans_seen.get(row.id, (0, 0))
                assert grown[0] >= before[0], "a version is gone"
                assert grown[1] >= before[1], "an older version holds"
                assert [one.number for one in versions] == list(range(1, len(versions) + 1))
                self.plans_seen[row.id] = grown
        for row in rows:
            self._stays_ended(row)
            await self._card_says_so(row)

    def _next_step_is_watched(
        self, row: Referral, waiting: list[Timer], asked: set[tuple[str, int]]
    ) -> None:
        owed = (row.next_step, row.next_owner, row.next_due)
        if row.state.is_final:
            assert owed == (None, None, None), "something is due in what has ended"
            assert not waiting, "a timer waits for what has ended"
            return
        assert None not in owed, f"{row.state} waits for nobody"
        if row.next_due is not None and row.next_due > self.clock.now():
            assert [(one.step, one.due_at) for one in waiting] == [(row.step_number, row.next_due)]
        else:
            assert not waiting or waiting[0].step == row.step_number
            assert waiting or (row.id, row.step_number) in asked, "nobody is asked"

    def _stays_ended(self, row: Referral) -> None:
        before = self.ended.get(row.id)
        assert before is None or row.state is before, f"{before} was left again"
        if row.state.is_final:
            self.ended[row.id] = row.state

    async def _card_says_so(self, row: Referral) -> None:
        shown = await self.practice.reading.case(row.id)
        assert shown is not None
        card = json.dumps([block.to_dict() for block in draw_case_card(shown).blocks])
        assert case_words.STANDS[row.state] in card
        assert (shown.state, shown.updates, shown.sessions, shown.plan_number) == (
            row.state,
            row.updates,
            row.sessions,
            row.plan_number,
        )
        due = shown.next_step.due if shown.next_step else None
        step = shown.next_step.step if shown.next_step else None
        assert (step, due) == (row.next_step, row.next_due)

    async def _waiting_plan(self, referral_id: str) -> str | None:
        async with self.database.reading() as session:
            found = await plans.proposed(session, referral_id)
            return found.id if found else None


def live(address: Callable[[Path], str], examples: int, steps: int) -> None:
    class Here(Lives):
        pass

    Here.address = staticmethod(address)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_whatever_is_done_nothing_waits_for_nobody(sqlite_template: Path) -> None:
    live(_copies(sqlite_template), examples=4, steps=16)


@pytest.mark.soak
@pytest.mark.parametrize("kind", list(DatabaseKind))
def test_whatever_is_done_for_long_nothing_waits_for_nobody(
    sqlite_template: Path, kind: DatabaseKind, request: pytest.FixtureRequest
) -> None:
    if kind is DatabaseKind.SQLITE:
        live(_copies(sqlite_template), examples=60, steps=60)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template = asyncio.run(server.template())
    opened = []

    def address(_: Path) -> str:
        opened.append(server.database(template))
        return opened[-1].__enter__()

    live(address, examples=25, steps=50)
    for one in opened:
        one.__exit__(None, None, None)


def _copies(template: Path) -> Callable[[Path], str]:
    def address(folder: Path) -> str:
        return asyncio.run(copy_of_template(template, folder))

    return address
