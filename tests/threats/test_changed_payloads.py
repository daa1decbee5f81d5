"""Whatever a client sends back, changed at will: no failure, and nothing that is not theirs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case
from bot.sandbox import AppMode, PersonKind
from tests.journeys.test_the_loop import treatment_under_way
from tests.threats.attacker import (
    Attacker,
    Recorded,
    as_user,
    carried_otherwise,
    recorded,
    state_of,
)


@dataclass
class UnderAttack:
    """A clinic with two cases of different pairs, and what its people sent."""

    clinic: Clinic
    attacker: Attacker
    seen: list[Recorded]
    foreign_ids: list[str]

    async def failures(self) -> list[str]:
        """What the bot counted as unforeseen, which stands in the metrics."""
        assert self.clinic.bot is not None
        metrics = (await self.clinic.bot.auditor.metrics()).decode()
        return [line for line in metrics.splitlines() if line.startswith("careloop_errors_total")]


@asynccontextmanager
async def under_attack(sqlite_url: str, mode: AppMode) -> AsyncIterator[UnderAttack]:
    async with open_clinic(sqlite_url, MovableClock(), mode=mode) as clinic:
        theirs = await clinic.surgeon.refers(clinic.other_therapist, name="Robin Vance")
        value = theirs.card.button("Patient details").value
        await work(clinic)
        seen = recorded(clinic)
        assert len(seen) > 12
        ids = [value, value.partition('referral_id":"')[2][:24], theirs.ts, theirs.channel_id]
        yield UnderAttack(clinic, Attacker(clinic), seen, ids)


async def work(clinic: Clinic) -> Case:
    """A little of everything that people do in a case."""
    case = await treatment_under_way(clinic)
    form = await clinic.therapist.opens(case, "Patient details")
    await form.closes()
    ts = await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 6 -> 3")
    await clinic.therapist.edits(case, ts, "Session 1, 60 min MLD abdomen, pain 6 -> 2")
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="at noon")
    await clinic.surgeon.opens_home()
    for command in ("/careloop", "/network", "/refer"):
        await clinic.surgeon.person.runs(command, "", clinic.channel_id)
        await clinic.settled()
        if clinic.surgeon.person.modal is not None:
            await clinic.surgeon.form().closes()
    await clinic.settled()
    return case


def of_others(state: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """What none of those who are attacked with may change: who is who, and what is append-only."""
    kept = {name: state[name] for name in ("people", "patients", "rooms", "data_keys")}
    # Whoever may refer begins a draft of their own, under a key of its own.
    drafted = {value for draft in state["referral_drafts"] for value in draft}
    kept["data_keys"] = [key for key in kept["data_keys"] if key[0] not in drafted]
    return kept


async def test_every_value_and_metadata_changed_field_by_field_opens_nothing_of_others(
    sqlite_url: str,
) -> None:
    async with under_attack(sqlite_url, AppMode.HTTP) as attack:
        before = of_others(await state_of(attack.clinic))
        tried = 0
        for one in attack.seen:
            for payload in carried_otherwise(one.payload, attack.foreign_ids[:2]):
                assert await attack.attacker.over_http(one.but(payload)) < 500
                tried += 1
        await attack.clinic.settled()
        assert tried > 100
        assert await attack.failures() == []
        assert of_others(await state_of(attack.clinic)) == before
        shown = [str(call.arguments) for call in attack.clinic.slack.record.calls]
        assert [one for one in shown if "Robin Vance" in one] == []


@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_whatever_others_do_with_it_changes_nothing(sqlite_url: str, mode: AppMode) -> None:
    async with under_attack(sqlite_url, mode) as attack:
        clinic = attack.clinic
        guest = clinic.joins("gus.guest", "Gus Guest", PersonKind.GUEST)
        stranger = clinic.joins("pat.stranger", "Pat Stranger")
        await clinic.settled()
        before = await state_of(clinic)
        calls = len(clinic.slack.record.calls)
        for user_id, team_id in [
            (clinic.other_therapist.user_id, None),  # registered, and of another case
            (stranger.user_id, None),
            (guest.user_id, None),
            (clinic.surgeon.user_id, "T0FOREIGN"),  # the same id, of another organisation
            ("U0NOBODY00", None),
            ("' OR 1=1 --", None),
        ]:
            if mode is AppMode.SOCKET and not user_id.startswith("U"):
                continue  # Slack's own socket carries only Slack's own ids
            for one in attack.seen:
                sent = as_user(one, user_id, team_id)
                if mode is AppMode.HTTP:
                    assert await attack.attacker.over_http(sent) < 500
                else:
                    await attack.attacker.over_the_socket(sent)
        await clinic.settled()
        assert await attack.failures() == []
        assert await state_of(clinic) == before
        shown = [str(call.arguments) for call in list(clinic.slack.record.calls)[calls:]]
        assert [one for one in shown if "Jordan Ellis" in one or "Robin Vance" in one] == []
