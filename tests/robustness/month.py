"""A month at a clinic, told once in peace and once with deaths and a Slack in trouble.

The script says what people do and when; both tellings start from the same saved moment, so that
what people are told can be compared word for word. Times of day are left out of the words, as a bot
that was away for a moment says everything a moment later; how much later is compared apart.
"""

import asyncio
import random
import re
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import psycopg

from bot.demo.clinic import Clinic
from bot.demo.people import Case, Form, Someone
from bot.demo.seen import StoryBroken, see
from bot.sandbox import Channel, Fault, FaultKind, Message
from bot.store.database import Database
from bot.store.queries import inbox, outbox, timers
from tests.robustness.practice import happens
from tests.robustness.warm import WarmBots

# The last day ends in the minute in which digests go out: what Slack refused in it comes after.
_LEFT_OVER: Final = timedelta(minutes=30)
_LONGEST: Final = 300
_TOLD_EVERY: Final = 100
_TRIES: Final = 5
_TIME_OF_DAY: Final = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?\b")
_TROUBLE: Final = (
    (FaultKind.RATE_LIMITED, 2.0),
    (FaultKind.SERVER_ERROR, 0.0),
    (FaultKind.RESET_BEFORE, 0.0),
    (FaultKind.RESET_AFTER, 0.0),
    (FaultKind.ACCEPTED_THEN_SILENT, 0.3),
)


@dataclass(frozen=True)
class Planned:
    """Something that somebody does: `after` the start, in the case of that number."""

    after: timedelta
    case: int
    what: str


@dataclass(frozen=True)
class Rhythm:
    """How likely an update and a concern of a case are on a day; on the others it is silent."""

    updates: float
    concerns: float


BUSY: Final = Rhythm(0.4, 0.1)
# A session or so a week, and a concern in a hundred days.
AS_AT_A_CLINIC: Final = Rhythm(0.15, 0.01)


def plan(cases: int, days: int, seed: int, rhythm: Rhythm = BUSY) -> list[Planned]:
    """Updates, silences and concerns, some taken at once and some only after the ladder's end."""
    chance = random.Random(seed)  # noqa: S311 - to be drawn again
    planned: list[Planned] = []
    for case in range(cases):
        for day in range(days):
            at = timedelta(days=day, minutes=chance.randrange(0, 7 * 60))
            roll = chance.random()
            if roll < rhythm.updates:
                planned.append(Planned(at, case, "update"))
            elif roll < rhythm.updates + rhythm.concerns:
                planned.append(Planned(at, case, "concern"))
                taken = chance.choice((2, 20, 40, 100))
                planned.append(Planned(at + timedelta(minutes=taken), case, "take"))
    # Nobody does two things in the same two minutes: what comes of each can be told apart.
    planned.sort(key=lambda one: (one.after, one.case))
    spread: list[Planned] = []
    for one in planned:
        earliest = spread[-1].after + timedelta(minutes=2) if spread else timedelta()
        spread.append(Planned(max(one.after, earliest), one.case, one.what))
    return spread


@dataclass
class Trouble:
    """When the bot dies and how Slack misbehaves, by one seed."""

    seed: int
    kills: int = 0
    steps: int = 1
    cut: Callable[[], None] | None = None
    died: list[tuple[datetime, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - to be drawn again
        chosen = range(self.steps * 9 // 10)  # a telling in trouble may take fewer steps
        self._at = set(self._chance.sample(chosen, min(self.kills, len(chosen))))
        self._step = -1

    async def strikes(self, telling: "Telling") -> None:
        """At some steps: let Slack misbehave, wait for a moment, and kill a bot."""
        self._step += 1
        if not self.kills:
            return
        if self._chance.random() < 0.3:
            kind, seconds = self._chance.choice(_TROUBLE)
            method = self._chance.choice(("chat.postMessage", "chat.update", "conversations.*"))
            telling.clinic.slack.faults.add(Fault(kind, method=method, seconds=seconds))
        if self._step in self._at:
            await asyncio.sleep(self._chance.uniform(0, 0.3))
            if self.cut is not None and self._chance.random() < 0.5:
                self.cut()
            loop = asyncio.get_running_loop()
            began = loop.time()
            began_with = telling.bots.times_read_back
            await telling.bots.kill(self._chance.choice(telling.bots.running))
            await telling.bots.start()
            await telling.clinic.app.connected(len(telling.bots.running), timeout=_LONGEST)
            await telling.bots.have_read_back(began_with + 1)
            self.died.append((telling.clinic.clock.now(), loop.time() - began))


def cut_connections(url: str, name: str) -> None:
    """Every connection to a PostgreSQL database breaks; new ones are let in."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )


@dataclass
class Said:
    """What was said somewhere, and when it was posted."""

    where: str
    words: str
    at: datetime


class Telling:
    """The month, told once."""

    def __init__(
        self,
        clinic: Clinic,
        bots: WarmBots,
        cases: list[Case],
        database: Database,
        trouble: Trouble,
    ) -> None:
        self.clinic = clinic
        self.bots = bots
        self.steps = 0
        self._cases = cases
        self._database = database
        self._trouble = trouble
        self._turns: dict[int, int] = defaultdict(int)

    async def tell(self, start: datetime, planned: list[Planned], end: timedelta) -> None:
        for one in planned:
            await self._until(start + one.after)
            await self._does(one)
            await self._step()
        await self._until(start + end + _LEFT_OVER)

    async def _does(self, one: Planned) -> None:
        case = self._cases[one.case]
        if one.what == "update":
            self._turns[one.case] += 1
            words = f"Session {self._turns[one.case]} went well, pain 3/10"
            await case.therapist.person.posts(case.channel_id, words, case.ts)
        elif one.what == "concern":
            words = "concern: the left calf is a little swollen"
            await case.therapist.person.posts(case.channel_id, words, case.ts)
        else:
            await self._insists(lambda: self._takes(case))

    async def _insists(self, deed: Callable[[], Awaitable[None]]) -> None:
        """A person whose click came to nothing clicks again."""
        for left in reversed(range(_TRIES)):
            try:
                await deed()
            except (StoryBroken, TimeoutError):
                if not left:
                    raise
                await self._quiet()
            else:
                return

    async def _takes(self, case: Case) -> None:
        """The surgeon acknowledges the newest concern of a case, if nobody has."""
        surgeon = self.clinic.surgeon
        alert = self._unanswered(surgeon, case)
        if alert is None:
            return
        found = see(self.clinic.slack, alert).button("Acknowledge")
        clicked = await surgeon.person.clicks(
            alert.channel, alert.ts, found.action_id, block_id=found.block_id
        )
        if not clicked.acknowledged:
            raise StoryBroken("nobody heard the click")
        await happens(self.clinic, lambda: _can_decide(surgeon), patience=10)
        sent = await _form(surgeon).sends(decision="continue", note="seen, go on")
        for modal in list(surgeon.person.modals):
            await surgeon.person.closes(modal.id)
        if not sent.ok:
            raise StoryBroken(f"not taken: {sent.text} {sent.errors}")

    def _unanswered(self, who: Someone, case: Case) -> Message | None:
        bot = self.clinic.app.bot_user_id
        for message in reversed(who.person.direct_messages_with(bot)):
            seen = see(self.clinic.slack, message)
            if case.code in seen.words and any(one.text == "Acknowledge" for one in seen.buttons):
                return message
        return None

    # -- time ------------------------------------------------------------------------------

    async def _until(self, when: datetime) -> None:
        """Let the time come, and stop wherever the bot has something to do."""
        clock = self.clinic.clock
        await self._quiet()
        while (due := await self._next_due()) is not None and due <= when:
            if due > clock.now():
                clock.set(due)
            await self._step()
        if when > clock.now():
            clock.set(when)
        await self._quiet()

    async def _step(self) -> None:
        self.steps += 1
        if self.steps % _TOLD_EVERY == 0:  # for whoever watches the long form
            day = self.clinic.clock.now().date()
            dead = len(self._trouble.died)
            sys.stdout.write(f"{day}: {self.steps} steps, {dead} kills\n")
            sys.stdout.flush()
        await self._trouble.strikes(self)
        await self._quiet()

    async def _quiet(self) -> None:
        """Wait until all that came in is worked off, and all that is due is done and sent."""
        async with asyncio.timeout(_LONGEST):
            while True:
                await self.clinic.slack.courier.settled()
                if not await self._is_at_work():
                    return
                await asyncio.sleep(0.02)

    async def _is_at_work(self) -> bool:
        now = self.clinic.clock.now()
        async with self._database.reading() as session:
            due = await timers.next_due(session)
            return bool(
                (due is not None and due <= now)
                or await outbox.count_unfinished(session, now)
                or await inbox.count_unfinished(session)
            )

    async def _next_due(self) -> datetime | None:
        async with self._database.reading() as session:
            dues = (
                await timers.next_due(session),
                await outbox.next_due(session),
                await inbox.next_due(session),
            )
        return min((due for due in dues if due is not None), default=None)

    # -- what people see -------------------------------------------------------------------

    def said(self) -> list[Said]:
        """Everything that the bot has said that stays: to each person, and in each thread."""
        found: list[Said] = []
        for channel in self.clinic.slack.workspace.state.channels.values():
            for message in channel.messages.values():
                if message.bot_id:
                    words = see(self.clinic.slack, message).words
                    lines = sorted(_TIME_OF_DAY.sub("T", words).splitlines())
                    at = datetime.fromtimestamp(
                        float(message.ts), tz=self.clinic.clock.now().tzinfo
                    )
                    where = f"{_place(channel)} {message.thread_ts or ''}"
                    found.append(Said(where, "\n".join(lines), at))
        return found


def _place(channel: Channel) -> str:
    """A direct message by whose it is: which one is opened first differs from run to run."""
    return " and ".join(sorted(channel.members)) if channel.is_direct else channel.id


def _can_decide(someone: Someone) -> bool:
    modal = someone.person.modal
    return modal is not None and "decision" in str(modal.body.get("blocks"))


def _form(someone: Someone) -> Form:
    return someone.form()


def differences(told: list[Said], wanted: list[Said]) -> list[str]:
    """What is missing, and what is there that should not be; each with its place."""

    def counted(all_said: list[Said]) -> dict[tuple[str, str], int]:
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for one in all_said:
            counts[one.where, one.words] += 1
        return counts

    ours, theirs = counted(told), counted(wanted)
    return [
        f"{ours[key]} instead of {theirs[key]} in {key[0]}: {key[1]}"
        for key in sorted(ours.keys() | theirs.keys())
        if ours[key] != theirs[key]
    ]


def too_late(told: list[Said], wanted: list[Said], died: list[tuple[datetime, float]]) -> list[str]:
    """What came later than in peace by more than the outages of that day and a minute.

    What was not said in peace at all is among the differences, and not looked at here.
    """
    by_key: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in wanted:
        by_key[one.where, one.words].append(one.at)
    late: list[str] = []
    for one in sorted(told, key=lambda each: each.at):
        if not by_key[one.where, one.words]:
            continue
        meant = by_key[one.where, one.words].pop(0)
        day = timedelta(days=1)
        away = sum(seconds for at, seconds in died if one.at - day <= at <= one.at)
        if one.at - meant > timedelta(seconds=away + 60):
            late.append(f"{one.at - meant} late in {one.where}: {one.words}")
    return late
