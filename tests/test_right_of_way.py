"""What the bot does by itself lets those pass whom Slack waits for, and never for long."""

import asyncio

from bot.right_of_way import RightOfWay


async def test_work_begins_once_slack_has_its_answer() -> None:
    way, order = RightOfWay(), []

    async def works() -> None:
        await way.give_way()
        order.append("work")

    with way.passing("command"):
        await way.give_way()  # who passes does not wait for itself
        inside = asyncio.create_task(way.give_way())  # nor does what it starts
        await inside
        order.append("answer")
    working = asyncio.create_task(works())
    await working
    assert order == ["answer", "work"]


async def test_work_that_began_before_waits_for_the_answer() -> None:
    way, order = RightOfWay(), []
    arrived = asyncio.Event()

    async def works() -> None:
        await arrived.wait()
        await way.give_way()
        order.append("work")

    working = asyncio.create_task(works())
    await asyncio.sleep(0)
    with way.passing("command"):
        arrived.set()
        for _ in range(5):
            await asyncio.sleep(0)
        order.append("answer")
    await working
    assert order == ["answer", "work"]


async def test_an_answer_that_takes_long_does_not_hold_up_the_work() -> None:
    way = RightOfWay()
    begins = asyncio.Event()

    async def works() -> None:
        await begins.wait()
        await way.give_way()

    working = asyncio.create_task(works())
    await asyncio.sleep(0)
    with way.passing("command"):
        begins.set()
        async with asyncio.timeout(5):
            await working
