"""Many timers due at one minute: one transaction, each once, and none lost to another's failure."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Update
from sqlmodel import col, select, update

from bot.care.permissions import Deed
from bot.clock import MovableClock
from bot.clockwork.timers import MOST_TOGETHER, TimerTick
from bot.ids import new_id
from bot.services.deeds import Lease, LeaseLost
from bot.store.queries import timers
from bot.store.tables.work import Timer, TimerKind, TimerState
from tests.clockwork.processes import Process as BotProcess
from tests.clockwork.processes import World, everything_goes_out, notice, place

LEASE = timedelta(seconds=30)


async def _claimed(world: World, owner: str) -> Sequence[Timer]:
    now = world.clock.now()
    async with world.database.transaction() as session:
        return await timers.claim_due(
            session, now=now, alive=now, owner=owner, lease_until=now + LEASE, most=10
        )


def _now_anothers(timer_id: str) -> Update:
    return update(Timer).where(col(Timer.id) == timer_id).values(lease_owner="another")


async def _is_taken_over(world: World, timer_id: str) -> None:
    async with world.database.transaction() as session:
        await session.exec(_now_anothers(timer_id))


async def _waiting(world: World) -> dict[str, str | None]:
    """Who holds what waits, by its subject."""
    async with world.database.reading() as session:
        found = await session.exec(select(Timer).where(Timer.state == TimerState.WAITING))
        return {one.subject: one.lease_owner for one in found.all()}


async def test_what_another_process_holds_by_now_is_left_to_it(world: World) -> None:
    for name in ("1", "2"):
        await world.sets_timer(name, timedelta())
    mine = await _claimed(world, "me")
    leases = {Lease(one.id, "me"): one for one in mine}
    await _is_taken_over(world, next(one.id for one in mine if one.subject == "2"))
    async with world.deeds().begin_together(Deed.NUDGE, leases) as (deed, held):
        for lease in held:
            await deed.tell(place("timers"), notice(f"timer {leases[lease].subject}"), new_id())
    assert [leases[one].subject for one in held.done] == ["1"]
    assert await _waiting(world) == {"2": "another"}


async def test_what_another_process_takes_over_meanwhile_undoes_all_of_it(world: World) -> None:
    for name in ("1", "2"):
        await world.sets_timer(name, timedelta())
    mine = await _claimed(world, "me")
    leases = {Lease(one.id, "me"): one for one in mine}
    with pytest.raises(LeaseLost):
        async with world.deeds().begin_together(Deed.NUDGE, leases) as (deed, held):
            assert len(list(held)) == 2
            await deed.tell(place("timers"), notice("timer 1"), new_id())
            await deed.session.exec(_now_anothers(mine[0].id))
    assert await _waiting(world) == {"1": "me", "2": "me"}


async def test_a_failure_undoes_all_of_it(world: World) -> None:
    await world.sets_timer("1", timedelta())
    mine = await _claimed(world, "me")
    leases = {Lease(one.id, "me"): one for one in mine}
    with pytest.raises(ZeroDivisionError):
        async with world.deeds().begin_together(Deed.NUDGE, leases) as (deed, _):
            await deed.tell(place("timers"), notice("timer 1"), new_id())
            raise ZeroDivisionError
    process = BotProcess(world)
    await everything_goes_out(world, [process])
    assert world.said == ["timer 1 v1"]


def _timer(name: str, kind: TimerKind) -> Timer:
    return Timer(id=name, kind=kind, subject=name, step=1, due_at=NOW, state=TimerState.WAITING)


class _Scripted:
    """Timers whose deed fails for some, alone or together with others."""

    def __init__(
        self, broken: set[str], kinds: Sequence[TimerKind], room: int = MOST_TOGETHER
    ) -> None:
        """At most `room` have time in one transaction."""
        self._broken = broken
        self._room = room
        self._due = [_timer(str(one), kind) for one, kind in enumerate(kinds)]
        self.rings_after: list[str] = []
        self.together: list[int] = []
        self.done: list[str] = []

    async def next_free(self) -> datetime | None:
        return NOW if self._due else None

    async def claim(self) -> list[Timer]:
        due, self._due = self._due, []
        return due

    async def claim_alarms(self) -> list[Timer]:
        """One comes due whenever something was done that is in `rings_after`."""
        rings = [one for one in self.rings_after if one in self.done]
        self.rings_after = [one for one in self.rings_after if one not in rings]
        return [_timer(f"alarm after {one}", TimerKind.LADDER_RUNG) for one in rings]

    async def carry_out_together(self, group: Sequence[Timer]) -> Sequence[Timer]:
        if any(one.subject in self._broken for one in group):
            raise ZeroDivisionError
        carried_out, left = group[: self._room], group[self._room :]
        self.together.append(len(carried_out))
        self.done += [one.subject for one in carried_out]
        return left

    async def carry_out(self, timer: Timer) -> None:
        if timer.subject in self._broken:
            raise ZeroDivisionError
        self.done.append(timer.subject)


CLOCK = MovableClock(ticking=False)
NOW = CLOCK.now()


async def test_one_that_fails_does_not_keep_the_others_back() -> None:
    scripted = _Scripted({"3"}, [TimerKind.DIGEST] * 10)
    await TimerTick(scripted, CLOCK)()
    assert scripted.done == [str(one) for one in range(10) if one != 3]


async def test_digests_go_together_and_what_asks_slack_goes_alone() -> None:
    many = [TimerKind.DIGEST] * (MOST_TOGETHER + 2) + [TimerKind.LADDER_RUNG] * 3
    scripted = _Scripted(set(), many)
    await TimerTick(scripted, CLOCK)()
    assert scripted.together == [MOST_TOGETHER, 2]
    assert scripted.done == [str(one) for one in range(len(many))]


async def test_what_one_transaction_is_too_short_for_goes_in_the_next() -> None:
    scripted = _Scripted(set(), [TimerKind.DIGEST] * 7, room=3)
    await TimerTick(scripted, CLOCK)()
    assert scripted.together == [3, 3]
    assert scripted.done == [str(one) for one in range(7)]


async def test_an_alarm_waits_for_no_more_than_what_is_under_way() -> None:
    kinds = [TimerKind.DIGEST] * 6 + [TimerKind.LICENCE_ENDS] * 2
    scripted = _Scripted(set(), kinds, room=3)
    scripted.rings_after = ["0", "6"]
    await TimerTick(scripted, CLOCK)()
    assert scripted.done == [*"012", "alarm after 0", *"3456", "alarm after 6", "7"]


async def test_a_rung_is_claimed_before_reminders_that_were_due_long_before_it(
    world: World,
) -> None:
    for name in range(12):
        await world.sets_timer(f"reminder {name}", timedelta(hours=-1))
    async with world.database.transaction() as session:
        due = world.clock.now()
        await timers.set_timer(session, TimerKind.LADDER_RUNG, "concern", 1, due)
    now = world.clock.now()
    async with world.database.transaction() as session:
        assert await timers.alarm_is_due(session, now=now, alive=now)
        claimed = await timers.claim_due(
            session,
            now=now,
            alive=now,
            owner="me",
            lease_until=now + LEASE,
            most=10,
            kinds=timers.ALARMS,
        )
        assert [one.subject for one in claimed] == ["concern"]
        assert not await timers.alarm_is_due(session, now=now, alive=now)


async def test_a_transaction_that_has_taken_long_enough_leaves_the_rest_held(world: World) -> None:
    for name in ("1", "2", "3"):
        await world.sets_timer(name, timedelta())
    leases = [Lease(one.id, "me") for one in await _claimed(world, "me")]
    async with world.deeds().begin_together(Deed.NUDGE, leases) as (_, together):
        turns = iter(together)
        next(turns)
        await asyncio.sleep(0.3)  # real time is what others wait by
        assert list(turns) == []
    assert len(together.left) == 2
    assert list((await _waiting(world)).values()) == ["me", "me"]
