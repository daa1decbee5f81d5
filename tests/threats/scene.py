"""A clinic with a row of every kind about one case, for whoever has a pen of their own."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import text

from bot.app import default_rules
from bot.care.codes import Region
from bot.care.permissions import Deed
from bot.care.plan import Frequency
from bot.care.referral_form import FormStep, PatientPart
from bot.care.request import ConsentBy
from bot.care.treatment_plan import PlanDraft
from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case
from bot.sandbox import AppMode
from bot.services.absences import Absences, Planned
from bot.services.actor import Actor, Surface
from bot.services.circle import Circle
from bot.services.deeds import Deeds
from bot.services.drafts import Drafts
from bot.services.emergencies import Emergencies
from bot.services.emergency_group import EmergencyGroup
from bot.services.plans import Plans
from bot.services.progress import Progresses
from bot.services.shared_cases import SharedCases
from bot.services.templates import keep_template
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.vault import Vault
from tests.services.test_who_may_do_what import FORM
from tests.threats.attacker import Attacker, state_of
from tests.threats.everything import Asked, everything, rows
from tests.threats.test_changed_payloads import work

OF_THE_SAME: Final = PatientPart(
    name=FORM.name,
    birth_date=FORM.birth_date,
    consent_by=ConsentBy.PATIENT,
    consent_on=date(2026, 11, 20),
)
NAMES: Final = ("Jordan Ellis", "MRN-204418", "555 0142")


@dataclass
class Tried:
    """What came of something that was sent."""

    refused: bool
    read: str
    failed: bool = False

    def shows_anything_of(self, case: Case) -> bool:
        return any(secret in self.read for secret in (*NAMES, case.code))


@dataclass
class Scene:
    """A clinic with one case, a row of every kind about it, and somebody with a pen."""

    clinic: Clinic
    case: Case
    ids: Mapping[str, str]
    attacker: Attacker
    database: Database
    number: int = 0

    async def refusals(self) -> int:
        async with self.database.reading() as session:
            wanted = text("SELECT count(*) FROM audit_entries WHERE outcome = 'refused'")
            return int(await (await session.connection()).scalar(wanted) or 0)

    async def sends(self, one: Asked, user_id: str, team_id: str = "") -> Tried:
        self.number += 1
        self.clinic.slack.workspace.state.modals.pop(user_id, None)  # they closed what was open
        team = team_id or self.clinic.slack.workspace.state.team.id
        before, calls = await self.refusals(), len(self.clinic.slack.record.calls)
        status, answer = await self.attacker.answer_over_http(one.by(user_id, team, self.number))
        await self.clinic.settled()
        said = [
            json.dumps([call.method, {k: v for k, v in call.arguments.items() if k in _SHOWN}])
            for call in list(self.clinic.slack.record.calls)[calls:]
        ]
        refused = await self.refusals() > before
        return Tried(refused, _opaque(" ".join([str(status), answer, *said])), status >= 500)

    def asked(self, ids: Mapping[str, str] | None = None) -> list[Asked]:
        return everything(ids or self.ids, self.case.channel_id, self.case.ts)

    async def of_others(self, user_id: str) -> dict[str, list[tuple[object, ...]]]:
        """Every row of care that is not about who has this account."""
        async with self.database.reading() as session:
            wanted = text("SELECT id FROM people WHERE slack_user_id = :user")
            own = await (await session.connection()).scalar(wanted, {"user": user_id})
        everything = await state_of(self.clinic)
        return {name: [row for row in some if own not in row] for name, some in everything.items()}

    async def errors(self) -> list[str]:
        assert self.clinic.bot is not None
        metrics = (await self.clinic.bot.auditor.metrics()).decode()
        return [line for line in metrics.splitlines() if line.startswith("careloop_errors_total")]


_SHOWN: Final = frozenset({"view", "text", "blocks", "user", "channel"})


def _opaque(said: str) -> str:
    """Without what is another each time: ids, and the times of views."""
    return re.sub(r"V0[A-Z0-9]+|\b[0-9a-f]{24}\b", "#", said)


@asynccontextmanager
async def scene_of(url: str, mode: AppMode = AppMode.HTTP) -> AsyncIterator[Scene]:
    """Open for as long as it is needed; `url` is of a fresh SQLite file."""
    clock = MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    async with open_clinic(url, clock, mode=mode) as clinic:
        case = await work(clinic)
        await clinic.nobody_covers(clinic.surgeon)
        own_url = clinic.settings.database_url.get_secret_value()
        database = await Database.open(own_url, lock=False)
        vault = await Vault.start(database, clinic.settings.master_keys, clock=clock)
        audit = AuditLog(vault.audit_key())
        assert clinic.bot is not None
        deeds = Deeds(database, vault, audit, clock, vault.mailbox_key, clinic.bot.kick)
        await _furnish(clinic, deeds, case)
        await clinic.settled()
        ids = {**await rows(clinic), "user": clinic.other_therapist.user_id}
        yield Scene(clinic, case, ids, Attacker(clinic), database)
        await database.close()


async def _furnish(clinic: Clinic, deeds: Deeds, case: Case) -> None:
    """A row of every kind that somebody's click can be about; each is of the pair's."""
    team = clinic.slack.workspace.state.team.id
    surgeon, therapist, coordinator, colleague = (
        Actor(team, one.user_id, Surface.BUTTON)
        for one in (clinic.surgeon, clinic.therapist, clinic.coordinator, clinic.covering_surgeon)
    )
    async with deeds.database.reading() as session:
        wanted = text("SELECT id FROM referrals")
        referral_id = str(await (await session.connection()).scalar(wanted))
    away = Planned(date(2026, 12, 21), date(2026, 12, 22), None)
    await Absences(deeds).enter(therapist, away, uuid4().hex)
    newcomer = await clinic.registers_a_surgeon("mo.bell", "Dr. Mo Bell")
    await Circle(deeds).invite(surgeon, referral_id, newcomer.user_id, uuid4().hex)
    await EmergencyGroup(deeds).name(coordinator, colleague.slack_user_id)
    await Emergencies(deeds, timedelta(hours=4)).open(
        colleague, case.code, "Brought in unconscious, nobody answers", uuid4().hex
    )
    drafts = Drafts(deeds, default_rules())
    await drafts.go_on(surgeon, "", FormStep.PATIENT, OF_THE_SAME, uuid4().hex)
    theirs = await drafts.go_on(colleague, "", FormStep.PATIENT, OF_THE_SAME, uuid4().hex)
    await SharedCases(deeds, Progresses(deeds, default_rules())).ask(colleague, theirs.draft_id)
    async with deeds.begin(surgeon, Deed.KEEP_TEMPLATE) as deed:
        await deed.somebody()
        await keep_template(deed, FORM, "mine")
    await Plans(deeds).propose(
        surgeon,
        referral_id,
        PlanDraft(
            sessions=12, frequency=Frequency.WEEKLY, areas=(Region.ABDOMEN,), reason="quixotic"
        ),
        uuid4().hex,
    )
