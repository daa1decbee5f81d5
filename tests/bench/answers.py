"""Our bot beside a bare Bolt app, and one that stores a row, each as a process, in one run.

Nothing is asserted and the status is 0: figures of a busy machine are no verdict. Ratios of one
run are: what slows one down slows the other down too, as they take turns.

Twenty people type in twenty channels, and the bot's own pace is set to a hundred messages a second
in each: Slack takes one, so that what is measured is the bot's work and nobody's waiting.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bot.clock import SharedClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case
from bot.sandbox import InstalledApp
from bot.sandbox.record import Acknowledgement
from bot.sandbox.wire import JsonObject
from tests.bench.bare_app import COMMAND, MANIFEST, MANIFEST_OF_STORING
from tests.bench.figures import Waits, quantile, waits_table
from tests.robustness.bot_process import BotProcess, bot_process
from tests.robustness.practice import Practice, happens, open_practice, slack_has_told_everything

_PEOPLE: Final = 20

Deed = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    turns: int = 100
    replies_each: int = 25
    cold_starts: int = 5


LONG: Final = Size()
SHORT: Final = Size(turns=20, replies_each=5, cold_starts=2)


class Bench:
    """The clinic, a practice with twenty therapists in it, and a bare app with its own channel."""

    def __init__(self, practice: Practice, bare: "Bare", storing: "Bare", size: Size) -> None:
        self.practice = practice
        self.size = size
        self.clinic = practice.clinic
        self.bare, self.bare_channel = bare.app, bare.channel
        self.storing = storing
        self._surgeon = self.clinic.surgeon.person

    async def take_turns(self) -> dict[str, Waits]:
        """One deed at a time, ours and the bare app's in turn, each worked off before the next."""
        root = await self._surgeon.posts(self.bare_channel, "A thread")
        other_root = await self._surgeon.posts(self.storing.channel, "A thread")
        waits = {"/command": Waits(), "reply, stored": Waits()}
        for turn in range(self.size.turns):
            # Each case counts its own sessions: two notes of one number within a minute are one.
            session, place = divmod(turn, len(self.practice.cases))
            case = self.practice.cases[place]
            both = [
                (waits["/command"].bare, self.bare, self._bare_command),
                (waits["/command"].ours, self.clinic.app, self._our_command),
                (
                    waits["reply, stored"].bare,
                    self.bare,
                    self._bare_reply(self.bare_channel, root, session),
                ),
                (
                    waits["reply, stored"].storing,
                    self.storing.app,
                    self._bare_reply(self.storing.channel, other_root, session),
                ),
                (waits["reply, stored"].ours, self.clinic.app, self._our_reply(case, session)),
            ]
            for measured, app, deed in both if turn % 2 else reversed(both):
                measured.append(await self._seconds(app, deed))
        return waits

    async def _seconds(self, app: InstalledApp, deed: Deed) -> float:
        """Until that very thing was acknowledged: what the bot itself said comes back as an event,
        too, and its acknowledgement is no answer to anybody."""
        record = self.clinic.slack.record
        record.clear()
        await deed()
        return next(
            one.seconds
            for one in record.acknowledgements
            if one.delivery.app_id == app.app_id and one.ok and _is_of_a_person(one)
        )

    async def _bare_command(self) -> None:
        await self._surgeon.runs(COMMAND, "", self.bare_channel)

    async def _our_command(self) -> None:
        await self._surgeon.runs("/refer", "", self.clinic.channel_id)
        await happens(self.clinic, self._form_is_there)
        form = self._surgeon.modal
        if form is not None:
            await self._surgeon.closes(form.id)
            await self.clinic.slack.quiet()

    def _form_is_there(self) -> bool:
        return self._surgeon.modal is not None and "submit" in self._surgeon.modal.body

    def _bare_reply(self, channel: str, root: str, turn: int) -> Deed:
        async def reply() -> None:
            await self._surgeon.posts(channel, _words(turn), root)
            await self.clinic.slack.quiet()

        return reply

    def _our_reply(self, case: Case, turn: int) -> Deed:
        async def reply() -> None:
            wanted = self.practice.confirmations + 1
            await case.therapist.person.posts(case.channel_id, _words(turn), case.ts)
            await self.clinic.slack.quiet()
            await happens(self.clinic, lambda: self.practice.confirmations >= wanted)

        return reply

    async def all_at_once(self, bot: BotProcess) -> Table:
        """Twenty people type at once, each in a channel of their own: how many replies a second
        are stored, and answered, and how much of a processor the bot takes for one."""
        each = self.size.replies_each
        table = Table(title=f"{_PEOPLE} people typing at once, {each} replies each")
        for name in ("", "acknowledged a second"):
            table.add_column(name)
        record = self.clinic.slack.record
        for name, app, typing in (
            ("bare", self.bare, self._everybody_types_to_the_bare_app),
            ("ours", self.clinic.app, self._everybody_types_to_us),
        ):
            record.clear()
            worked_before = bot.processor_seconds
            began = time.monotonic()
            await typing()
            await self.clinic.slack.quiet()
            took = time.monotonic() - began
            done = [one for one in record.acknowledgements if one.delivery.app_id == app.app_id]
            table.add_row(name, f"{sum(one.ok for one in done) / took:.0f}")
        replies = _PEOPLE * each
        wanted = self.size.turns + replies
        await happens(self.clinic, lambda: self.practice.confirmations >= wanted)
        table.add_row("ours, all confirmed", f"{replies / (time.monotonic() - began):.1f}")
        worked = bot.processor_seconds - worked_before
        table.caption = f"The bot's processor time: {worked / replies * 1000:.0f} ms a reply"
        return table

    async def _everybody_types_to_us(self) -> None:
        async def types(case: Case) -> None:
            for number in range(self.size.replies_each):
                words = _words(self.size.turns + number)
                await case.therapist.person.posts(case.channel_id, words, case.ts)
                await asyncio.sleep(0)

        await asyncio.gather(*(types(case) for case in self.practice.cases))

    async def _everybody_types_to_the_bare_app(self) -> None:
        async def types(number: int) -> None:
            root = await self._surgeon.posts(self.bare_channel, f"Thread {number}")
            for reply in range(self.size.replies_each):
                await self._surgeon.posts(self.bare_channel, _words(reply), root)
                await asyncio.sleep(0)

        await asyncio.gather(*(types(number) for number in range(_PEOPLE)))

    async def cold_starts(self, bot: BotProcess) -> Table:
        """From no process to the first acknowledged command."""
        seconds = []
        for _ in range(self.size.cold_starts):
            await bot.stops()
            await self.clinic.app.connected(0)
            began = time.monotonic()
            await bot.start()
            await self.clinic.app.connected(timeout=60)
            await self._surgeon.runs("/refer", "", self.clinic.channel_id)
            seconds.append(time.monotonic() - began)
            await happens(self.clinic, self._form_is_there)
            form = self._surgeon.modal
            if form is not None:
                await self._surgeon.closes(form.id)
        table = Table(title="From a cold process to the first acknowledged command, in seconds")
        for name in ("n", "fastest", "median", "slowest", "aim"):
            table.add_column(name, justify="right")
        table.add_row(
            str(len(seconds)),
            *(f"{quantile(seconds, share):.2f}" for share in (0.0, 0.5, 1.0)),
            "< 3",
        )
        return table


def _is_of_a_person(acknowledgement: Acknowledgement) -> bool:
    delivery = acknowledgement.delivery
    event = delivery.payload.get("event")
    return "command" in delivery.payload or (
        isinstance(event, dict) and event.get("type") == "message" and "bot_id" not in event
    )


def _words(number: int) -> str:
    """What a therapist writes, so that it counts as a session update."""
    return f"Session {number + 1} went well, pain 3/10"


@dataclass(frozen=True)
class Bare:
    """A bare app, and the channel that it hears."""

    app: InstalledApp
    channel: str


def _install(clinic: Clinic, name: str, manifest: JsonObject) -> Bare:
    app = clinic.slack.install_app(manifest)
    members = [clinic.surgeon.user_id, app.bot_user_id]
    return Bare(app, clinic.slack.add_channel(name, private=True, members=members))


@asynccontextmanager
async def _bare_process(
    clinic: Clinic, app: InstalledApp, stores: Path | None = None
) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.bare_app"),
        env={
            **os.environ,
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_API_URL": f"{clinic.slack.url}/api/",
            "BARE_STORES": str(stores or ""),
        },
    )
    try:
        await app.connected(timeout=60)
        yield
    finally:
        process.terminate()
        await process.wait()


async def measure_short(folder: Path, console: Console) -> None:
    """As `measure`, with a fifth of the replies: whether something has changed much."""
    await measure(folder, console, SHORT)


async def measure(folder: Path, console: Console, size: Size = LONG) -> None:
    """Print how long people wait for an answer, one at a time and all at once."""
    settings = {"CARELOOP_CLOCK_FILE": str(folder / "clock")}
    clock = SharedClock(folder / "clock")
    address = f"sqlite:///{folder / 'careloop.db'}"
    async with open_clinic(address, clock, more_settings=settings) as clinic:
        console.print("A practice opens: twenty therapists, a referral each …")
        practice = await open_practice(clinic, _PEOPLE, 1)
        await clinic.stop_bot()
        bare = _install(clinic, "bare", MANIFEST)
        storing = _install(clinic, "storing", MANIFEST_OF_STORING)
        bench = Bench(practice, bare, storing, size)
        async with (
            bot_process(clinic.settings, folder) as bot,
            _bare_process(clinic, bare.app),
            _bare_process(clinic, storing.app, folder / "bare.db"),
        ):
            await clinic.app.connected(timeout=60)
            await slack_has_told_everything(clinic)
            console.print(f"{size.turns} turns …")
            console.print(waits_table(await bench.take_turns()))
            console.print(await bench.all_at_once(bot))
            console.print(await bench.cold_starts(bot))
    clock.close()
