"""Over Socket Mode the bot hears everything, comes back at once, and leaves nothing half done."""

import asyncio

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.sandbox import InstalledApp, LocalSlack
from bot.settings import Settings
from bot.transport.socket_mode import SocketMode


class Greetings:
    """Counts how often Slack said hello."""

    def __init__(self) -> None:
        self.count = 0
        self._came = asyncio.Condition()

    async def __call__(self) -> None:
        async with self._came:
            self.count += 1
            self._came.notify_all()

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(10), self._came:
            await self._came.wait_for(lambda: self.count >= count)


async def test_a_command_is_heard_and_answered(
    slack: LocalSlack, bolt: AsyncApp, settings: Settings
) -> None:
    @bolt.command("/refer")
    async def refer(ack: AsyncAck) -> None:
        await ack("a form opens")

    transport = SocketMode(bolt, settings, Greetings())
    await transport.start()
    assert await transport.is_connected()
    ana = slack.add_person(name="ana", real_name="Ana")
    channel = slack.add_channel(name="clinic", members=[ana])
    outcome = await slack.person(ana).runs("/refer", "", channel)
    assert outcome.acknowledged
    assert outcome.text == "a form opens"
    await transport.close()
    assert not await transport.is_connected()


async def test_each_new_connection_is_told_so_that_gaps_are_read_back(
    slack: LocalSlack, bolt: AsyncApp, settings: Settings, installed: InstalledApp
) -> None:
    greetings = Greetings()
    transport = SocketMode(bolt, settings, greetings, ping_seconds=0.2)
    await transport.start()
    await greetings.reach(1)
    await slack.disconnect(installed)
    await greetings.reach(2)
    await slack.sockets.drop(installed.app_id)
    await greetings.reach(3)
    await transport.close()


async def test_reading_back_that_fails_does_not_stop_the_next_time(
    slack: LocalSlack, bolt: AsyncApp, settings: Settings, installed: InstalledApp
) -> None:
    greetings = Greetings()

    async def read_back() -> None:
        await greetings()
        raise LookupError

    transport = SocketMode(bolt, settings, read_back)
    await transport.start()
    await greetings.reach(1)
    await slack.disconnect(installed)
    await greetings.reach(2)
    await transport.close()


async def test_what_was_received_is_finished_and_answered_before_leaving(
    slack: LocalSlack, bolt: AsyncApp, settings: Settings
) -> None:
    received, go_on, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @bolt.command("/refer")
    async def refer(ack: AsyncAck) -> None:
        received.set()
        await go_on.wait()
        await ack("saved")
        await asyncio.sleep(0)
        finished.set()

    transport = SocketMode(bolt, settings, Greetings())
    await transport.start()
    ana = slack.add_person(name="ana", real_name="Ana")
    channel = slack.add_channel(name="clinic", members=[ana])
    asking = asyncio.create_task(slack.person(ana).runs("/refer", "", channel))
    await received.wait()
    closing = asyncio.create_task(transport.close())
    await asyncio.sleep(0)
    assert not closing.done()
    go_on.set()
    await closing
    assert finished.is_set()
    assert (await asking).text == "saved"


async def test_a_listener_that_runs_on_after_its_answer_is_finished_too(
    slack: LocalSlack, bolt: AsyncApp, settings: Settings, installed: InstalledApp
) -> None:
    received, go_on, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @bolt.event("message")
    async def message() -> None:  # Bolt has acknowledged the event before this runs
        received.set()
        await go_on.wait()
        finished.set()

    transport = SocketMode(bolt, settings, Greetings())
    await transport.start()
    ana = slack.add_person(name="ana", real_name="Ana")
    channel = slack.add_channel(name="clinic", members=[ana, installed.bot_user_id])
    await slack.person(ana).posts(channel, "hello")
    await received.wait()
    closing = asyncio.create_task(transport.close())
    await asyncio.sleep(0)
    assert not closing.done()
    go_on.set()
    await closing
    assert finished.is_set()


async def test_a_listener_that_hangs_does_not_keep_the_bot_for_ever(
    slack: LocalSlack, bolt: AsyncApp, settings: Settings, installed: InstalledApp
) -> None:
    received, never = asyncio.Event(), asyncio.Event()

    @bolt.event("message")
    async def message() -> None:
        received.set()
        await never.wait()

    transport = SocketMode(bolt, settings, Greetings())
    await transport.start()
    ana = slack.add_person(name="ana", real_name="Ana")
    channel = slack.add_channel(name="clinic", members=[ana, installed.bot_user_id])
    await slack.person(ana).posts(channel, "hello")
    await received.wait()
    await asyncio.wait_for(transport.close(within_seconds=0.05), 5)
    never.set()
