"""What each guard of the outbox is for, one story each; the machine mixes them."""

import asyncio
from datetime import timedelta

from bot.notices import Priority
from bot.services.outbox import LEASE, LONGEST_CALL, SETTLE
from tests.clockwork.processes import Fate, Process, World, everything_goes_out

A_MOMENT = timedelta(milliseconds=500)
SOON = timedelta(seconds=1)
LATER = timedelta(seconds=8)


async def test_a_call_is_not_begun_with_less_lease_than_it_may_take(world: World) -> None:
    sleeper, other = Process(world), Process(world)
    await world.owes("a", "one")
    sleeper.stops_moving()
    await sleeper.sends()
    world.passes(LEASE - LONGEST_CALL)
    await sleeper.goes_on()
    assert world.calls == [], "its answer might come when another one has looked already"
    await everything_goes_out(world, [sleeper, other])
    assert world.said == ["one v1"]


async def test_who_slept_over_a_lease_says_nothing_that_another_one_said(world: World) -> None:
    sleeper, other = Process(world), Process(world)
    await world.owes("a", "one")
    sleeper.stops_moving()
    await sleeper.sends()
    world.passes(LEASE)
    await other.sends()
    world.passes(SETTLE)
    await other.sends()
    world.decides(world.calls[0], Fate.ANSWERED)
    await other.settles()
    await sleeper.goes_on()
    assert world.calls == []
    await everything_goes_out(world, [sleeper, other])
    assert world.said == ["one v1"]


async def test_a_first_attempt_does_not_settle_a_second_one_of_the_same_process(
    world: World,
) -> None:
    sleeper, other = Process(world), Process(world)
    await world.owes("a", "one")
    sleeper.stops_moving()
    await sleeper.sends()
    world.passes(LEASE)
    await other.sends()  # lets go of the row
    world.passes(SETTLE)
    await sleeper.goes_on(claims_first=True)
    assert len(world.calls) == 1
    await other.sends()
    assert len(world.calls) == 1, "the first attempt has let go of what the second one is at"
    await everything_goes_out(world, [sleeper, other])
    assert world.said == ["one v1"]


async def test_a_post_that_arrives_after_its_answer_was_lost_is_found(world: World) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await process.sends()
    world.decides(world.calls[0], Fate.LATE, SETTLE - A_MOMENT)
    await process.settles()
    for _ in range(6):
        world.passes(A_MOMENT)
        await process.sends()
    assert world.calls == []
    await everything_goes_out(world, [process])
    assert world.said == ["one v1"]


async def test_what_a_dead_process_had_sent_is_looked_for_once_it_had_time_to_arrive(
    world: World,
) -> None:
    dead, other = Process(world), Process(world)
    await world.owes("a", "one")
    await dead.sends()
    call = world.calls[0]
    dead.dies(arrives=False)
    world.passes(LEASE)
    world.under_way.append((world.seconds + 1, call))  # the net kept it for as long as this
    await other.sends()
    assert world.calls == []
    world.passes(SOON)
    await everything_goes_out(world, [other])
    assert world.said == ["one v1"]


async def test_a_row_whose_fate_was_not_written_down_does_not_wait_for_another_process(
    world: World,
) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await process.sends()
    process.forgets(world.calls[0])
    world.passes(LEASE)
    await process.sends()
    world.passes(SETTLE)
    await process.sends()
    await everything_goes_out(world, [process])
    assert world.said == ["one v1"]


async def test_messages_of_one_lane_keep_their_order_when_the_first_has_to_wait(
    world: World,
) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await world.owes("a", "two")
    await process.sends()
    world.decides(world.calls[0], Fate.RATE_LIMITED)
    await process.settles()
    await process.sends()
    assert world.calls == []
    await everything_goes_out(world, [process])
    assert world.said == ["one v1", "two v1"]


async def test_a_change_that_broke_off_does_not_arrive_after_a_newer_one(world: World) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await process.sends()
    world.decides(world.calls[0], Fate.ANSWERED)
    await world.changes("one")
    await process.settles()
    await process.sends()
    world.decides(world.calls[0], Fate.LATE, SETTLE - A_MOMENT)
    await world.changes("one")
    await process.settles()
    for _ in range(5):
        world.passes(A_MOMENT)
        await process.sends()
        assert world.calls == []
    await everything_goes_out(world, [process])
    assert list(world.shows.values()) == ["one v3"]


async def test_a_change_that_waited_for_its_message_goes_out_as_soon_as_that_is_there(
    world: World,
) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await process.sends()
    (post,) = world.calls
    await world.changes("one")
    await process.sends()
    assert world.calls == [post], "there is nothing yet that could be changed"
    world.decides(post, Fate.ANSWERED)
    await process.settles()
    await process.sends()
    assert [one.method for one in world.calls] == ["chat.update"], "it need not wait any longer"
    await everything_goes_out(world, [process])
    assert list(world.shows.values()) == ["one v2"]


async def test_what_may_have_been_posted_is_still_looked_for_after_a_refusal(
    world: World,
) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await process.sends()
    world.decides(world.calls[0], Fate.BROKEN_AFTER)
    await process.settles()
    world.passes(SETTLE)
    process.look_ups_are_refused = 1
    await process.sends()
    assert world.calls == []
    await everything_goes_out(world, [process])
    assert world.said == ["one v1"]


async def test_a_429_holds_for_ordinary_messages_and_an_urgent_one_still_goes(
    world: World,
) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await process.sends()
    world.decides(world.calls[0], Fate.RATE_LIMITED)
    await process.settles()
    await world.owes("b", "two")
    await process.sends()
    assert world.calls == [], "Slack named a time"
    world.passes(LATER)
    await process.sends()
    assert sorted(one.text for one in world.calls) == ["one v1", "two v1"]
    world.decides(world.calls[0], Fate.RATE_LIMITED)
    await process.settles()
    await world.owes("elsewhere", "help", Priority.URGENT)
    await process.sends()
    urgent = [one for one in world.calls if one.text == "help v1"]
    assert len(urgent) == 1, "what holds for ordinary messages must not delay a concern elsewhere"
    await everything_goes_out(world, [process])


async def test_a_timer_is_carried_out_once_by_whoever_holds_it(world: World) -> None:
    sleeper, other = Process(world), Process(world)
    await world.sets_timer("due", timedelta())
    await sleeper.claims_timers()
    world.passes(LEASE)
    await other.claims_timers()
    await asyncio.gather(other.carries_out())
    await sleeper.carries_out()
    await everything_goes_out(world, [sleeper, other])
    assert world.said == ["timer due v1"]


async def test_what_changed_while_it_was_posted_is_drawn_anew_as_soon_as_it_is_there(
    world: World,
) -> None:
    process = Process(world)
    await world.owes("a", "one")
    await process.sends()
    await world.changes("one")
    await process.sends()  # there is nothing yet that could be drawn anew
    (post,) = world.calls
    world.decides(post, Fate.ANSWERED)
    await process.settles()
    await process.sends()
    assert [call.text for call in world.calls] == ["one v2"], "it waits without need"
    await everything_goes_out(world, [process])
