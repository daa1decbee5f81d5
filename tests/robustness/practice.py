"""A busy practice: many therapists, many referrals under way, and what Slack shows of them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.care.credentials import UsState
from bot.care.people import Role, Standing
from bot.demo.clinic import LICENSED, Clinic
from bot.demo.people import Case, Someone
from bot.demo.seen import StoryBroken
from bot.sandbox import Message
from bot.sandbox.state.happenings import Happening
from bot.sandbox.wire import JsonObject
from bot.services.people import Account, VerifiedLicence

_PATIENCE: Final = 300
_TRIES: Final = 5


@dataclass
class Practice:
    """Therapists with their referrals, each accepted and waiting for session updates."""

    clinic: Clinic
    cases: list[Case] = field(default_factory=list)

    def replies_shown(self, case: Case) -> list[Message]:
        """What the bot has said in a thread below its card, in the order of Slack."""
        return [message for message in _thread(case) if message.bot_id]

    def said(self, case: Case) -> list[Message]:
        """What people have said in a thread, in the order of Slack."""
        return [message for message in _thread(case) if not message.bot_id]

    @property
    def confirmations(self) -> int:
        """How many replies the bot has confirmed: all of its words but the acceptance."""
        return sum(len(self.replies_shown(case)) - 1 for case in self.cases)


async def open_practice(clinic: Clinic, therapists: int, referrals_each: int) -> Practice:
    """Register `therapists`, refer `referrals_each` patients to each, and accept them all."""
    practice = Practice(clinic)
    for number in range(therapists):
        therapist = await _joins(clinic, number)
        for turn in range(referrals_each):
            case = await refers_until_taken(
                clinic.surgeon,
                therapist,
                name=f"Patient {number} {turn}",
                surgery_date=_lately(clinic),
            )
            await accepts(case)
            practice.cases.append(case)
    return practice


async def treatment_under_way(clinic: Clinic) -> Case:
    """A referral that was accepted a moment ago; what was said of it so far was looked at."""
    case = await clinic.surgeon.refers(clinic.therapist, surgery_date=_lately(clinic))
    await clinic.therapist.gets_message(case.code)
    await accepts(case)
    await case.thread_shows("accepted")
    return case


async def accepts(case: Case) -> None:
    """The therapist accepts; who is told that it did not work, as on a machine that is busy with
    other things, tries again, as a person does."""
    for _ in range(_TRIES):
        await case.therapist.presses(case, "Accept")
        if any(message.bot_id for message in _thread(case)):
            return
    raise StoryBroken(f"{case.code} is not accepted after {_TRIES} tries")


async def refers_until_taken(surgeon: Someone, to: Someone, **fields: str) -> Case:
    """Refer; who is told that nothing was saved, as on a busy machine, sends the form again."""
    for _ in range(_TRIES - 1):
        with suppress(StoryBroken):
            return await surgeon.refers(to, **fields)
        for modal in list(surgeon.person.modals):
            await surgeon.person.closes(modal.id)
    return await surgeon.refers(to, **fields)


async def _joins(clinic: Clinic, number: int) -> Someone:
    someone = clinic.joins(f"therapist.{number}", f"Therapist {number}")
    if clinic.bot is None:
        raise RuntimeError("people are registered by a running bot")
    account = Account(
        clinic.bot.workspace.team_id, someone.user_id, Standing.MEMBER, "America/New_York"
    )
    licence = VerifiedLicence(f"LMT {number}", UsState.NY, LICENSED)
    await clinic.bot.people.register(account, Role.THERAPIST, licence=licence)
    return someone


def _lately(clinic: Clinic) -> str:
    return (clinic.clock.now() - timedelta(days=12)).date().isoformat()


def _thread(case: Case) -> list[Message]:
    channel = case.clinic.slack.workspace.state.channels[case.channel_id]
    return [channel.messages[ts] for ts in channel.threads.get(case.ts, [])]


def row_id_of(message: Message) -> str:
    """The outbox row that a message of the bot was posted for."""
    metadata: JsonObject = message.metadata or {}
    payload = metadata.get("event_payload")
    return str(payload["id"]) if isinstance(payload, dict) else ""


async def happens(
    clinic: Clinic, condition: Callable[[], bool], patience: float = _PATIENCE
) -> None:
    """Wait until `condition` holds; looked at whenever something happens in Slack."""
    something = asyncio.Event()

    def hear(_: Happening) -> None:
        something.set()

    forget = clinic.slack.workspace.listen(hear)
    try:
        async with asyncio.timeout(patience):
            while not condition():
                await something.wait()
                something.clear()
    finally:
        forget()


async def slack_has_told_everything(clinic: Clinic) -> None:
    """Slack tries again a minute and five minutes after; let those minutes pass."""
    told = asyncio.create_task(clinic.slack.quiet())
    while not (await asyncio.wait({told}, timeout=4))[0]:
        clinic.clock.advance(timedelta(minutes=5))
