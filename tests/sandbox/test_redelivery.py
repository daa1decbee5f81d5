"""What happens to an event that nobody acknowledges."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.sandbox import AppMode, DisconnectReason, InstalledApp, LocalSlack
from bot.sandbox.delivery import parcel, socket_mode
from tests.sandbox.conftest import Clinic
from tests.sandbox.manifest import manifest


class BareSocket:
    """A Socket Mode connection without a library, so that it can keep silent."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> dict[str, object]:
        async with asyncio.timeout(5):
            frame = await self.socket.receive_json()
        assert isinstance(frame, dict)
        return frame

    async def acknowledge(self, frame: dict[str, object]) -> None:
        await self.socket.send_str(json.dumps({"envelope_id": frame["envelope_id"]}))


class Phone:
    """Opens such connections."""

    def __init__(
        self, slack: LocalSlack, app: InstalledApp, session: aiohttp.ClientSession
    ) -> None:
        self.slack, self.app, self.session = slack, app, session
        self.sockets: list[BareSocket] = []

    async def connects(self) -> BareSocket:
        headers = {"Authorization": f"Bearer {self.app.app_token}"}
        url = f"{self.slack.url}/api/apps.connections.open"
        async with self.session.post(url, headers=headers) as response:
            address = (await response.json())["url"]
        self.sockets.append(BareSocket(await self.session.ws_connect(address)))
        return self.sockets[-1]


@pytest.fixture
async def phone(clinic: Clinic) -> AsyncIterator[Phone]:
    async with aiohttp.ClientSession() as session:
        yield Phone(clinic.slack, clinic.app, session)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three seconds are real ones; these tests wait for a tenth of them."""
    for module in (parcel, socket_mode):
        monkeypatch.setattr(module, "ACKNOWLEDGE_WITHIN_SECONDS", 0.3)


async def test_hello_says_how_many_connections_there_are(phone: Phone) -> None:
    first = await (await phone.connects()).next()
    assert first["type"] == "hello"
    assert first["num_connections"] == 1
    assert first["connection_info"] == {"app_id": phone.app.app_id}
    assert set(first["debug_info"]) == {  # type: ignore[call-overload]
        "host",
        "build_number",
        "approximate_connection_time",
    }
    second = await (await phone.connects()).next()
    assert second["num_connections"] == 2


async def test_an_eleventh_connection_is_sent_away(phone: Phone) -> None:
    for _ in range(10):
        await (await phone.connects()).next()
    goodbye = await (await phone.connects()).next()
    assert goodbye["type"] == "disconnect"
    assert phone.app.connections == 10


async def test_each_envelope_goes_to_one_of_the_connections(clinic: Clinic, phone: Phone) -> None:
    sockets = [await phone.connects() for _ in range(3)]
    for socket in sockets:
        await socket.next()
    wanted = {await clinic.ana.posts(clinic.channel, f"note {number}") for number in range(6)}
    came: list[str] = []
    for socket in sockets:
        for _ in range(2):
            frame = await socket.next()
            await socket.acknowledge(frame)
            came.append(frame["payload"]["event"]["ts"])  # type: ignore[index]
    assert sorted(came) == sorted(wanted)


@pytest.mark.usefixtures("impatient")
async def test_a_silent_app_is_told_at_once_again_then_after_one_and_five_minutes(
    clinic: Clinic, phone: Phone, clock: MovableClock
) -> None:
    socket = await phone.connects()
    await socket.next()
    await clinic.ana.posts(clinic.channel, "anybody there")
    frames = [await socket.next(), await socket.next()]
    await clinic.slack.record.until(lambda record: len(record.acknowledgements) == 2)
    clock.advance(timedelta(seconds=59))
    assert len(clinic.slack.record.deliveries) == 2
    clock.advance(timedelta(seconds=1))
    frames.append(await socket.next())
    await clinic.slack.record.until(lambda record: len(record.acknowledgements) == 3)
    clock.advance(timedelta(minutes=5))
    frames.append(await socket.next())
    await clinic.slack.record.until(lambda record: len(record.acknowledgements) == 4)
    clock.advance(timedelta(hours=3))

    assert [frame["retry_attempt"] for frame in frames] == [0, 1, 2, 3]
    assert [frame["retry_reason"] for frame in frames] == ["", "timeout", "timeout", "timeout"]
    ids = {frame["payload"]["event_id"] for frame in frames}  # type: ignore[index]
    assert len(ids) == 1
    assert len({str(frame["envelope_id"]) for frame in frames}) == 4
    assert len(clinic.slack.record.deliveries) == 4


async def test_an_envelope_on_a_connection_that_breaks_comes_again_on_another(
    clinic: Clinic, phone: Phone
) -> None:
    first, second = await phone.connects(), await phone.connects()
    await first.next()
    await second.next()
    await clinic.ana.posts(clinic.channel, "note")
    await clinic.slack.record.until(lambda record: len(record.deliveries) == 1)
    asking = {asyncio.ensure_future(socket.next()): socket for socket in (first, second)}
    done, waiting = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    await asking[done.pop()].socket.close()
    again = await waiting.pop()
    assert again["retry_attempt"] == 1
    assert again["payload"]["event"]["text"] == "note"  # type: ignore[index]


async def test_nothing_is_delivered_or_kept_while_no_connection_is_up(
    clinic: Clinic, phone: Phone, clock: MovableClock
) -> None:
    await clinic.ana.posts(clinic.channel, "into the void")
    await clinic.slack.record.until(lambda record: len(record.deliveries) == 1)
    assert clinic.slack.record.deliveries[0].fault == "no_connection"
    socket = await phone.connects()
    await socket.next()
    clock.advance(timedelta(minutes=10))
    await clinic.ana.posts(clinic.channel, "and now")
    assert (await socket.next())["payload"]["event"]["text"] == "and now"  # type: ignore[index]


@pytest.mark.parametrize("reason", list(DisconnectReason))
async def test_slack_says_why_it_ends_a_connection(
    clinic: Clinic, phone: Phone, reason: DisconnectReason
) -> None:
    socket = await phone.connects()
    await socket.next()
    await clinic.slack.disconnect(clinic.app, reason)
    goodbye = await socket.next()
    assert goodbye["type"] == "disconnect"
    assert goodbye["reason"] == reason.value
    assert (await socket.socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_after_a_warning_the_connection_still_serves(clinic: Clinic, phone: Phone) -> None:
    socket = await phone.connects()
    await socket.next()
    await clinic.slack.disconnect(clinic.app, DisconnectReason.WARNING, close=False)
    await clinic.ana.posts(clinic.channel, "still there")
    assert (await socket.next())["type"] == "disconnect"
    assert (await socket.next())["type"] == "events_api"


async def test_a_connection_can_break_without_a_word(clinic: Clinic, phone: Phone) -> None:
    socket = await phone.connects()
    await socket.next()
    clinic.slack.cut(clinic.app)
    async with asyncio.timeout(5):
        gone = await socket.socket.receive()
    assert gone.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    await clinic.app.connected(0)


async def test_a_ticket_opens_one_connection_only(phone: Phone) -> None:
    headers = {"Authorization": f"Bearer {phone.app.app_token}"}
    url = f"{phone.slack.url}/api/apps.connections.open"
    async with phone.session.post(url, headers=headers) as response:
        address = (await response.json())["url"]
    await phone.session.ws_connect(address)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await phone.session.ws_connect(address)


async def test_an_app_over_http_has_no_socket_mode(slack: LocalSlack) -> None:
    app = slack.install_app(manifest(), mode=AppMode.HTTP, request_url="http://127.0.0.1:9/")
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {app.app_token}"}
        url = f"{slack.url}/api/apps.connections.open"
        async with session.post(url, headers=headers) as response:
            assert (await response.json())["ok"] is False
