"""Channels outside Slack: their setting is checked, their secrets stay, and calls arrive."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.transport.outside import OutsideChannels, OutsideInvalid


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("mailto://user:hunter2@example.org", "number 1 must be name=address"),
        ("pager=json://127.0.0.1 Pager=json://127.0.0.1", "number 2 must be name=address"),
        ("pager=json://127.0.0.1 pager=json://127.0.0.1", "pager is there twice"),
        ("pager=nonsense:hunter2", "the address of pager is none that Apprise knows"),
    ],
)
def test_what_can_not_be_used_is_refused_without_showing_it(setting: str, says: str) -> None:
    with pytest.raises(OutsideInvalid, match=says) as refused:
        OutsideChannels.of(SecretStr(setting))
    assert "hunter2" not in str(refused.value)


class Provider:
    """A provider of messages on this machine, which keeps what it was sent."""

    def __init__(self) -> None:
        self.got: list[dict[str, str]] = []
        self.status = 200

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        return web.Response(status=self.status)


@pytest.fixture
async def provider() -> AsyncIterator[tuple[Provider, str]]:
    taken = Provider()
    app = web.Application()
    app.router.add_post("/", taken.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield taken, f"pager=json://127.0.0.1:{port}/"
    await runner.cleanup()


async def test_a_call_arrives_and_the_loop_goes_on_meanwhile(
    provider: tuple[Provider, str],
) -> None:
    taken, setting = provider
    channels = OutsideChannels.of(SecretStr(setting))
    assert await channels.send("pager", "Careloop: urgent concern", "Please open Slack")
    assert taken.got[0]["title"] == "Careloop: urgent concern"
    assert taken.got[0]["message"] == "Please open Slack"
    channels.close()


async def test_a_call_that_is_refused_or_goes_nowhere_is_known_to_have_failed(
    provider: tuple[Provider, str],
) -> None:
    taken, setting = provider
    taken.status = 500
    channels = OutsideChannels.of(SecretStr(setting))
    assert not await channels.send("pager", "t", "b")
    assert not await channels.send("nobody", "t", "b")
    channels.close()


async def test_a_pager_that_hangs_does_not_hold_the_loop_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.transport.outside.LONGEST_SECONDS", 0.05)
    let_go = asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await let_go.wait()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        channels = OutsideChannels.of(SecretStr(f"pager=json://127.0.0.1:{port}/"))
        assert not await channels.send("pager", "t", "b")
        let_go.set()
    channels.close()
