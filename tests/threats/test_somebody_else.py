"""Everything that a client can send, sent by somebody whose case it is not.

Found by enumeration: what is registered and not here fails. Whoever asks is refused, the refusal is
in the audit, nothing has changed, and they read the same as if there were no such thing.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import uuid4

import pytest
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
from bot.sandbox import AppMode, PersonKind
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
from bot.views.carried import Action
from tests.services.test_who_may_do_what import FORM
from tests.threats.attacker import Attacker, Recorded, carried_otherwise, state_of
from tests.threats.canaries import forms
from tests.threats.everything import NOT_THERE, ROWS, Asked, everything, rows
from tests.threats.test_changed_payloads import work

OF_THE_SAME: Final = PatientPart(
    name=FORM.name,
    birth_date=FORM.birth_date,
    consent_by=ConsentBy.PATIENT,
    consent_on=date(2026, 11, 20),
)
_AT_ONCE: Final = 50
CLOSED: Final = " closed"
NAMES: Final = ("Jordan Ellis", "MRN-204418", "555 0142")
# What each who is registered may do of their own, or what tells them nothing of a case: all else is
# refused to whoever is not of the case. Who adds a button to it says why.
OWN: Final[Mapping[str, str]] = {
    "/careloop": "says which commands there are",
    "/network": "the directory, which is about colleagues",
    "/network emergency": "the same, with a word that it does not know",
    **dict.fromkeys(("find_colleague", "see_colleague"), "the directory"),
    **dict.fromkeys(("own_entry", "enter_work", "enter_licence", "enter_practice"), "their entry"),
    **dict.fromkeys(("entry_work", "entry_licence", "entry_practice"), "the forms of their entry"),
    **dict.fromkeys(("enter_absence", "working_time"), "their own time"),
    "raise_a_concern": "asks which of their own cases, of which they have none",
    "open_thread": "a link: Slack opens it, or does not",
}
# Colleagues are no secret among colleagues: who is there may be told from who is not.
OF_THE_DIRECTORY: Final = frozenset({"refer_to"})
# What coordination needs, none of which shows who the patient is, or what was said of them.
COORDINATION: Final[Mapping[str, str]] = {
    **{name: why for name, why in OWN.items() if name != "raise_a_concern"},
    **dict.fromkeys(("acknowledge_concern", "hand_on_concern"), "that somebody answers"),
    **dict.fromkeys(("ladders", "edit_ladder", "add_rung", "change_rung"), "who is told when"),
    "edit_telephone": "which telephone to use when nobody answers",
    **dict.fromkeys(("emergency_group", "leave_emergency_group"), "who is in the group"),
    **dict.fromkeys(("/careloop emergency", "emergency_access"), "opens the group for them"),
    "why_emergency": "why a case was opened",
    "end_absence": "somebody came back early",
    "more": "what is next, with whom",
    "name_room": "which channel a pair uses",
}
# What each who has a Slack account may press without being registered.
HARMLESS: Final = frozenset({"/careloop", "open_thread", "raise_a_concern"})


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


@pytest.fixture
async def scene(sqlite_url: str) -> AsyncIterator[Scene]:
    clock = MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))
    async with open_clinic(sqlite_url, clock, mode=AppMode.HTTP) as clinic:
        case = await work(clinic)
        await clinic.nobody_covers(clinic.surgeon)
        url = clinic.settings.database_url.get_secret_value()
        database = await Database.open(url, lock=False)
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


def _place(one: Asked) -> tuple[str, ...]:
    """Where it is pressed or sent from."""
    return one.name, str(one.payload.get("text")), str(sorted(one.payload))


async def test_whoever_is_not_of_the_case_is_refused_in_the_same_words_as_if_there_were_none(
    scene: Scene,
) -> None:
    outsider = scene.clinic.other_therapist.user_id
    before = await scene.of_others(outsider)
    not_refused, told_apart, shown = set(), set(), set()
    ids = {**dict.fromkeys(ROWS, NOT_THERE), "user": outsider}
    nothing = {_place(one): one for one in scene.asked(ids)}
    for one in scene.asked():
        found = await scene.sends(one, outsider)
        assert not found.failed, one.name
        if found.shows_anything_of(scene.case):
            shown.add(one.name)
        if not found.refused:
            not_refused.add(one.name)
        elif (await scene.sends(nothing[_place(one)], outsider)).read != found.read:
            told_apart.add(one.name)
    assert shown == set()
    assert told_apart == OF_THE_DIRECTORY
    assert {name for name in not_refused if not name.endswith(CLOSED)} == OWN.keys()
    assert await scene.of_others(outsider) == before
    assert await scene.errors() == []


async def test_strangers_guests_others_and_coordinators_change_and_see_nothing_of_it(
    scene: Scene,
) -> None:
    clinic = scene.clinic
    stranger = clinic.joins("pat.stranger", "Pat Stranger").user_id
    guest = clinic.joins("gus.guest", "Gus Guest", PersonKind.GUEST).user_id
    await clinic.settled()
    open_to: dict[str, set[str]] = {}
    before = await state_of(clinic)
    for who, user_id, team in (
        ("stranger", stranger, ""),
        ("guest", guest, ""),
        ("of another organisation", clinic.surgeon.user_id, "T0FOREIGN"),
        ("coordinator", clinic.coordinator.user_id, ""),
    ):
        if who == "coordinator":  # who may do something; up to here nothing has changed
            assert await state_of(clinic) == before
        open_to[who] = set()
        for one in (asked for asked in scene.asked() if not asked.name.endswith(CLOSED)):
            found = await scene.sends(one, user_id, team)
            assert not found.failed, (who, one.name)
            secrets = NAMES if who == "coordinator" else (*NAMES, scene.case.code)
            assert not any(secret in found.read for secret in secrets), (who, one.name)
            if not found.refused:
                open_to[who].add(one.name)
    assert open_to.pop("coordinator") == COORDINATION.keys()
    assert set().union(*open_to.values()) == HARMLESS
    assert await scene.errors() == []


async def test_each_field_that_comes_back_is_read_strictly(scene: Scene) -> None:
    """Sent by those whose case it is: each field in turn, in one of ten ways."""
    await _change_fields(scene, every=10)


@pytest.mark.soak
async def test_each_field_is_read_strictly_however_it_is_changed(scene: Scene) -> None:
    await _change_fields(scene, every=1)


async def _change_fields(scene: Scene, every: int) -> None:
    team = scene.clinic.slack.workspace.state.team.id
    some: list[Recorded] = []
    pair = scene.clinic.surgeon.user_id, scene.clinic.therapist.user_id
    for number, one in enumerate(scene.asked()):
        sent = one.by(pair[number % 2], team, number)
        changed = list(carried_otherwise(sent.payload, [NOT_THERE]))
        some += [sent.but(payload) for payload in changed[number % every :: every]]
    assert len(some) > 1500 / every
    for start in range(0, len(some), _AT_ONCE):
        together = some[start : start + _AT_ONCE]
        statuses = await asyncio.gather(*(scene.attacker.over_http(one) for one in together))
        assert [status for status in statuses if status >= 500] == []
        await scene.clinic.settled()
    assert await scene.errors() == []


def test_everything_that_is_registered_is_tried() -> None:
    ids = {**dict.fromkeys(ROWS, NOT_THERE), "user": "U1"}
    names = {one.name for one in everything(ids, "C1", "1.000001")}
    assert {action.value for action in Action} - names == set()
    assert set(forms()) - names == set()
