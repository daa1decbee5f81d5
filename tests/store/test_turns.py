"""Whose turn it is to write: in order, but for those whom Slack waits for."""

import asyncio

import pytest

from bot.store.turns import Turns


async def test_who_is_let_ahead_writes_before_all_who_wait() -> None:
    turns, wrote = Turns(), []

    async def writes(name: str, *, ahead: bool = False) -> None:
        async with turns.mine(5, ahead=ahead):
            wrote.append(name)
            await asyncio.sleep(0)

    async with turns.mine(5):
        waiting = [asyncio.create_task(writes(name)) for name in ("first", "second")]
        await asyncio.sleep(0)
        waiting.append(asyncio.create_task(writes("whom Slack waits for", ahead=True)))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert wrote == ["whom Slack waits for", "first", "second"]


async def test_one_at_a_time_writes_whatever_is_cancelled_meanwhile() -> None:
    turns, inside = Turns(), 0

    async def writes() -> None:
        nonlocal inside
        async with turns.mine(5):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            inside -= 1

    tasks = [asyncio.create_task(writes()) for _ in range(30)]
    for step in range(30):
        await asyncio.sleep(0)
        if step % 3 == 1:
            tasks[(step + 7) % 30].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(one is None or isinstance(one, asyncio.CancelledError) for one in done)
    async with turns.mine(0.01):
        assert inside == 0


async def test_who_waits_for_too_long_gives_up_and_the_next_one_writes() -> None:
    turns = Turns()
    async with turns.mine(5):
        with pytest.raises(TimeoutError):
            async with turns.mine(0.01):
                raise AssertionError("the turn is somebody else's")
    async with turns.mine(0.01):
        pass
