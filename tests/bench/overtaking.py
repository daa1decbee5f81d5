"""A concern while ten thousand ordinary messages wait: how soon Slack is called.

A concern written in the thread is urgent; an emergent one goes the same way, as early.
"""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

from rich.console import Console
from sqlmodel import select

from bot.care.people import Role
from bot.clock import SharedClock
from bot.demo.clinic import Clinic, open_clinic
from bot.notices import Priority, ReferralReceived, to_person
from bot.sandbox.record import CallMade
from bot.store.database import Database
from bot.store.queries import outbox
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.work import OutboxOperation
from bot.store.vault import Vault
from tests.robustness.bot_process import bot_process
from tests.robustness.practice import happens, open_practice

_WAITING: Final = int(os.environ.get("BENCH_DIGESTS", "10000"))
_PEOPLE: Final = 20
_CONCERNS: Final = 5


async def measure(folder: Path, console: Console) -> None:
    """Print from the concern's arrival in Slack to the call that tells its surgeon."""
    clock = SharedClock(folder / "clock")
    # The pace of a real workspace: one message a second in each channel.
    settings = {"CARELOOP_CLOCK_FILE": str(folder / "clock"), "CARELOOP_SENDS_PER_SECOND": "1"}
    url = f"sqlite:///{folder / 'careloop.db'}"
    async with open_clinic(url, clock, more_settings=settings) as clinic:
        practice = await open_practice(clinic, _PEOPLE, 1)
        await clinic.settled()
        await clinic.stop_bot()
        await _let_wait(clinic)
        async with bot_process(clinic.settings, folder):
            await clinic.app.connected(timeout=60)
            await happens(clinic, lambda: len(_posts(clinic)) >= 3 * _PEOPLE)
            seconds = []
            for case in practice.cases[:_CONCERNS]:
                more_alerts = partial(_has_more_alerts, clinic, len(_alerts(clinic)))
                began = monotonic()
                words = "concern: she can't breathe, emergency"
                await case.therapist.person.posts(case.channel_id, words, case.ts)
                await happens(clinic, more_alerts)
                seconds.append(monotonic() - began)
            sent = len(_posts(clinic))
    clock.close()
    told = ", ".join(f"{one:.2f}" for one in seconds)
    console.print(
        f"{_WAITING:,} messages wait ({sent} sent meanwhile, one a second to each): a concern "
        f"reached its surgeon after {told} s (aim: < 2)"
    )


async def _let_wait(clinic: Clinic) -> None:
    database = await Database.open(clinic.settings.database_url.get_secret_value())
    vault = await Vault.start(database, clinic.settings.master_keys)
    now = datetime.now(UTC)
    async with database.transaction() as session:
        wanted = select(Person.id).where(Person.role == Role.THERAPIST).limit(_PEOPLE)
        therapists = (await session.exec(wanted)).all()
        referral_ids = (await session.exec(select(Referral.id))).all()
        for number in range(_WAITING):
            person_id = therapists[number % len(therapists)]
            await outbox.owe(
                session,
                vault,
                vault.mailbox_key,
                now=now,
                lane=to_person(person_id).lane,
                notice=ReferralReceived(referral_id=referral_ids[number % len(referral_ids)]),
                dedupe_key=f"digest:{number}",
                priority=Priority.NORMAL,
                operation=OutboxOperation.POST,
            )
    await database.close()


def _posts(clinic: Clinic) -> list[CallMade]:
    return clinic.slack.record.calls_of("chat.postMessage")


def _has_more_alerts(clinic: Clinic, before: int) -> bool:
    return len(_alerts(clinic)) > before


def _alerts(clinic: Clinic) -> list[CallMade]:
    """What was said to the surgeon about concerns."""
    surgeon = clinic.surgeon.person.direct_messages_with(clinic.app.bot_user_id)
    channels = {message.channel for message in surgeon}
    return [
        one
        for one in _posts(clinic)
        if one.arguments.get("channel") in channels and "oncern" in str(one.arguments.get("text"))
    ]
