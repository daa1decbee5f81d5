"""Slack is answered in the moment in which a listener acknowledges."""

import asyncio

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.sandbox import InstalledApp, LocalSlack
from bot.settings import Settings
from bot.transport.prompt import answer_promptly
from bot.transport.socket_mode import SocketMode
from tests.transport.test_socket_mode import Greetings


async def test_the_answer_leaves_before_the_listener_goes_on(
    slack: LocalSlack, installed: InstalledApp, settings: Settings, bolt: AsyncApp
) -> None:
    answered = asyncio.Event()
    saw: list[bool] = []
    answer_promptly(bolt)

    @bolt.command("/refer")
    async def listen(ack: AsyncAck) -> None:
        await ack("Here you are")
        await asyncio.wait_for(answered.wait(), 5)  # it runs on, for as long as it likes
        saw.append(True)

    mode = SocketMode(bolt, settings, Greetings())
    await mode.start()
    person = slack.person(slack.add_person(name="ana", real_name="Ana"))
    channel = slack.add_channel("clinic", members=[person.id])
    outcome = await person.runs("/refer", "", channel)
    assert outcome.acknowledged
    assert outcome.text == "Here you are"
    assert not saw
    answered.set()
    await mode.close()
    assert saw


async def test_a_listener_that_fails_before_it_answers_is_handed_to_the_error_handler(
    slack: LocalSlack, installed: InstalledApp, settings: Settings, bolt: AsyncApp
) -> None:
    told: list[Exception] = []
    answer_promptly(bolt)

    @bolt.command("/refer")
    async def listen() -> None:
        raise LookupError("nothing there")

    @bolt.error
    async def tell(error: Exception) -> None:
        told.append(error)

    mode = SocketMode(bolt, settings, Greetings())
    await mode.start()
    person = slack.person(slack.add_person(name="ana", real_name="Ana"))
    channel = slack.add_channel("clinic", members=[person.id])
    outcome = await person.runs("/refer", "", channel)
    await mode.close()
    assert not outcome.acknowledged
    assert [type(error) for error in told] == [LookupError]
