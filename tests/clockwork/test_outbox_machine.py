"""Two processes on one store, any mishap: each message once, in order, none missing."""

import asyncio
import tempfile
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

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

from bot.notices import Priority
from bot.store.migrations import migrate
from tests.clockwork.processes import (
    Fate,
    Process,
    World,
    everything_goes_out,
    open_world,
)

LANES = ("a", "b")
WHO = st.sampled_from((0, 1))
T = TypeVar("T")


class Clockwork(RuleBasedStateMachine):
    """What may happen to the outbox and the timers."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self.owed: dict[str, list[str]] = {lane: [] for lane in LANES}
        self.urgent: list[str] = []
        self.timers: list[str] = []

    def run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self._runner.run(awaited())

    @initialize()
    def begin(self) -> None:
        self.world: World = self.run(open_world(self.template, Path(self._folder.name)))

        async def two() -> list[Process]:
            return [Process(self.world), Process(self.world)]

        self.processes = self.run(two())

    @rule(lane=st.sampled_from(LANES), is_urgent=st.booleans())
    def something_is_owed(self, lane: str, is_urgent: bool) -> None:
        name = f"{lane}{len(self.world.versions)}"
        priority = Priority.URGENT if is_urgent else Priority.NORMAL
        self.run(self.world.owes(lane, name, priority))
        (self.urgent if is_urgent else self.owed[lane]).append(name)

    @precondition(lambda self: any(self.owed.values()))
    @rule(data=st.data())
    def what_was_told_changes(self, data: st.DataObject) -> None:
        names = [name for lane in self.owed.values() for name in lane]
        self.run(self.world.changes(data.draw(st.sampled_from(names))))

    @rule(after=st.sampled_from((0, 5)))
    def a_timer_is_set(self, after: int) -> None:
        name = str(len(self.timers))
        self.run(self.world.sets_timer(name, timedelta(seconds=after)))
        self.timers.append(f"timer {name}")

    @rule(who=WHO)
    def a_process_sends(self, who: int) -> None:
        if not self.processes[who].stands_still:
            self.run(self.processes[who].sends())

    @rule(who=WHO)
    def a_process_claims_timers(self, who: int) -> None:
        if not self.processes[who].stands_still:
            self.run(self.processes[who].claims_timers())

    @rule(who=WHO)
    def a_process_carries_timers_out(self, who: int) -> None:
        if not self.processes[who].stands_still:
            self.run(self.processes[who].carries_out())

    @precondition(lambda self: self.world.calls)
    @rule(data=st.data(), fate=st.sampled_from(Fate), late=st.sampled_from((0.5, 2.5)))
    def slack_decides(self, data: st.DataObject, fate: Fate, late: float) -> None:
        call = data.draw(st.sampled_from(self.world.calls), label="call")

        async def decides() -> None:
            self.world.decides(call, fate, timedelta(seconds=late))
            await call.process.settles()

        self.run(decides())

    @rule(seconds=st.sampled_from((1, 3, 8, 20, 31)))
    def time_passes(self, seconds: int) -> None:
        async def passes() -> None:
            self.world.passes(timedelta(seconds=seconds))
            for process in self.processes:
                await process.settles()

        self.run(passes())

    @rule(who=WHO)
    def a_process_stands_still(self, who: int) -> None:
        self.processes[who].stops_moving()

    @rule(who=WHO, claims_first=st.booleans())
    def a_process_wakes(self, who: int, claims_first: bool) -> None:
        self.run(self.processes[who].goes_on(claims_first=claims_first))

    @rule(who=WHO, seconds=st.sampled_from((8, 20, 28, 31)), claims_first=st.booleans())
    def a_process_sleeps_over_its_work(self, who: int, seconds: int, claims_first: bool) -> None:
        """Stopped in the middle, while the other one goes on; then it goes on where it was."""
        sleeper, other = self.processes[who], self.processes[1 - who]
        sleeper.stops_moving()

        async def meanwhile() -> None:
            await sleeper.sends()
            await sleeper.claims_timers()
            self.world.passes(timedelta(seconds=seconds))
            await other.settles()
            if not other.stands_still:
                await other.claims_timers()
                await other.carries_out()
                await other.sends()
            await sleeper.goes_on(claims_first=claims_first)
            await sleeper.carries_out()

        self.run(meanwhile())

    @rule(who=WHO, arrives=st.booleans())
    def a_process_dies_and_another_takes_its_place(self, who: int, arrives: bool) -> None:
        async def dies() -> None:
            self.processes[who].dies(arrives=arrives)
            self.processes[who] = Process(self.world)

        self.run(dies())

    @invariant()
    def nothing_is_said_twice(self) -> None:
        twice = [row for row, times in self.world.posted.items() if times > 1]
        assert not twice, self.world.said

    def teardown(self) -> None:
        try:
            self.run(everything_goes_out(self.world, self.processes))
            self._everything_was_said_once_and_in_order()
        finally:
            self.run(self.world.database.close())
            self._runner.close()
            self._folder.cleanup()

    def _everything_was_said_once_and_in_order(self) -> None:
        said = [text.rpartition(" v")[0] for text in self.world.said]
        wanted = [name for lane in self.owed.values() for name in lane]
        assert sorted(said) == sorted(wanted + self.urgent + self.timers)
        for lane in self.owed.values():
            assert [name for name in said if name in lane] == lane
        shown = dict(text.rsplit(" v", 1) for text in self.world.shows.values())
        for name, version in self.world.versions.items():
            assert shown[name] == str(version), f"{name} shows an older state"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("machine") / "template.db"
    asyncio.run(migrate(f"sqlite:///{file}"))
    return file


def test_whatever_happens_each_message_is_said_once_and_in_order(template: Path) -> None:
    Clockwork.template = template
    run_state_machine_as_test(
        Clockwork,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
