"""Somebody who does not treat a patient opens the case in an emergency, and everybody knows it."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import SharedClock
from bot.commands.audit import _draw
from bot.demo.clinic import Clinic
from bot.demo.people import Case, Form, Received, Someone
from bot.sandbox import PersonKind
from bot.store.database import Database
from tests.founded import begins
from tests.journeys.commands import careloop
from tests.journeys.test_course import in_treatment
from tests.journeys.test_directory import form_button, home

WHY = "Brought to the ER unconscious, we need the drains and the drugs"
NAME = "Jordan Ellis"


@dataclass(frozen=True)
class Audited:
    deed: str
    outcome: str
    facts: dict[str, str]


async def audited(clinic: Clinic) -> list[Audited]:
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        async with database.reading() as session:
            connection = await session.connection()
            wanted = text("SELECT deed, outcome, facts FROM audit_entries ORDER BY seq")
            rows = (await connection.execute(wanted)).all()
            return [Audited(deed, outcome, json.loads(facts)) for deed, outcome, facts in rows]
    finally:
        await database.close()


async def runs_emergency(someone: Someone) -> Form:
    outcome = await someone.person.runs("/careloop", "emergency", someone.clinic.channel_id)
    assert outcome.ok
    await someone.clinic.settled()
    return someone.form()


async def names(clinic: Clinic, someone: Someone) -> None:
    """A coordinator takes somebody into the group."""
    form = await runs_emergency(clinic.coordinator)
    done = await form.submits(person=someone.user_id)
    assert not done.errors, done.errors
    assert clinic.coordinator.form().seen.says(someone.name, "since")
    await clinic.coordinator.form().closes()


async def opens(someone: Someone, case: Case) -> Form:
    """By the slash command, with the code as one would type it."""
    form = await runs_emergency(someone)
    assert form.seen.says("told at once", "4 hours")
    done = await form.submits(case_code=case.code.lower().replace("-", " "), reason=WHY)
    assert not done.errors, done.errors
    return someone.form()


async def everybody_hears(clinic: Clinic, case: Case, holder: Someone) -> list[Received]:
    told = [
        await one.gets_message(holder.name, f"opened case {case.code} by emergency access")
        for one in (clinic.surgeon, clinic.therapist, clinic.coordinator)
    ]
    assert not any(one.seen.says("drains") or one.seen.says(NAME) for one in told)
    return told


async def holder_hears(case: Case, holder: Someone) -> Received:
    return await holder.gets_message(f"You can read case {case.code} until")


@begins(in_treatment)
async def test_a_case_is_opened_in_an_emergency_read_and_closed_by_itself(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    await names(clinic, noor)

    shown = await opens(noor, case)
    assert shown.seen.says("by emergency access, until", case.code, "Treatment is under way")
    assert [one.text for one in shown.seen.buttons] == [
        *("Patient details", "Plan", "What was done", "Give it back"),
    ]
    assert (await shown.presses("Patient details")).seen.says(NAME)

    told = await everybody_hears(clinic, case, noor)
    for one in told:
        notice = one.message
        assert case.code in notice.text
        assert "drains" not in notice.text + str(notice.blocks)
    why = await told[0].clicks("Read why")
    assert why.seen.says("we need the drains", noor.name)
    own = await holder_hears(case, noor)
    tab = await noor.opens_home()
    assert tab.seen.says("You have emergency access to these", case.code)

    await clinic.passes(hours=4)
    assert own.seen.says("has ended")
    assert own.seen.buttons == []
    assert all(one.seen.says("It ended") for one in told)
    await tab.presses("Patient details")  # of the Home tab as it was
    assert noor.form().seen.says("not available to you")
    assert "You have emergency access" not in await home(noor)

    entries = await audited(clinic)
    opened = [one for one in entries if one.deed == "emergency_access"]
    assert [one.outcome for one in opened] == ["done"]
    looks = [one for one in entries if "emergency" in one.facts]
    assert {one.deed for one in looks} >= {"read_case", "see_patient"}
    assert [one.facts["ended"] for one in entries if one.deed == "end_emergency_access"] == [
        "lapsed"
    ]


@begins(in_treatment)
async def test_it_is_given_back_early_and_can_be_asked_for_again(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    await names(clinic, noor)
    await opens(noor, case)
    told = await everybody_hears(clinic, case, noor)
    own = await holder_hears(case, noor)
    back = own.seen.button("Give it back")
    tab = await noor.opens_home()

    # Twice at once: what a client does that is impatient.
    await asyncio.gather(
        *(
            noor.person.clicks(own.channel_id, own.ts, back.action_id, block_id=back.block_id)
            for _ in range(2)
        )
    )
    await clinic.settled()
    assert noor.form().seen.says("You can no longer read this case")
    assert own.seen.says("has ended")
    assert all(one.seen.says("It ended") for one in told)
    await tab.presses("Read the case")  # of the Home tab as it was
    assert noor.form().seen.says("not available to you")
    ended = [one for one in await audited(clinic) if one.deed == "end_emergency_access"]
    assert [one.facts.get("ended") for one in ended] == ["given_back"]

    shown = await opens(noor, case)
    await everybody_hears(clinic, case, noor)
    await holder_hears(case, noor)
    await form_button(shown, "end_emergency")
    assert noor.form().seen.says("You can no longer read this case")


@begins(in_treatment)
async def test_the_same_form_sent_twice_opens_the_case_once(clinic: Clinic, case: Case) -> None:
    noor = clinic.other_therapist
    await names(clinic, noor)
    form = await runs_emergency(noor)
    await asyncio.gather(*(form.sends(case_code=case.code, reason=WHY) for _ in range(2)))
    await everybody_hears(clinic, case, noor)
    await holder_hears(case, noor)
    # Asked for again while it lasts, it is the same one, and nobody is told anew.
    shown = await opens(noor, case)
    assert shown.seen.says("by emergency access, until", case.code)


@pytest.mark.one_store
@begins(in_treatment)
async def test_only_who_was_named_is_let_in_and_everybody_else_is_refused_kindly(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    guest = clinic.joins("gus.guest", "Gus Guest", PersonKind.GUEST)
    await clinic.coordinator.person.invites(clinic.channel_id, guest.user_id)
    for someone, word in (
        (noor, "those whom a coordinator has named"),
        (clinic.surgeon, "those whom a coordinator has named"),
        (guest, "does not know you"),
    ):
        assert (await runs_emergency(someone)).seen.says(word)
        await someone.form().closes()

    await names(clinic, noor)
    await names(clinic, clinic.surgeon)
    form = await runs_emergency(noor)
    for code, reason, field, why in (
        ("QQQQ-QQ", WHY, "case_code", "no case of that code"),
        ("' OR 1=1 --", WHY, "case_code", "no case of that code"),
        (case.code, "because", "reason", "in a few words"),
    ):
        done = await form.submits(case_code=code, reason=reason)
        assert why in done.errors[field]
    own = await runs_emergency(clinic.surgeon)
    done = await own.submits(case_code=case.code, reason=WHY)
    assert "You treat this patient" in done.errors["case_code"]

    # A form kept from before they were taken out opens nothing.
    group = await runs_emergency(clinic.coordinator)
    await form_button(group, "leave_emergency_group")
    done = await form.submits(case_code=case.code, reason=WHY)
    assert "a coordinator has named" in done.errors["reason"]
    refusals = [one for one in await audited(clinic) if one.deed == "emergency_access"]
    assert {one.outcome for one in refusals} == {"refused"}


@pytest.mark.one_store
@begins(in_treatment)
async def test_who_is_taken_out_of_the_group_is_out_of_the_case_at_once(
    clinic: Clinic, case: Case
) -> None:
    noor = clinic.other_therapist
    await names(clinic, noor)
    shown = await opens(noor, case)
    told = await everybody_hears(clinic, case, noor)
    own = await holder_hears(case, noor)

    group = await runs_emergency(clinic.coordinator)
    await form_button(group, "leave_emergency_group")
    assert clinic.coordinator.form().seen.says("Nobody is in it yet")
    assert own.seen.says("has ended")
    assert all(one.seen.says("It ended") for one in told)
    refused = await shown.presses("Patient details")
    assert refused.seen.says("not available to you")


@pytest.mark.one_store
@begins(in_treatment)
async def test_a_coordinator_does_not_name_themselves_and_reads_what_they_are_named_for(
    clinic: Clinic, case: Case
) -> None:
    form = await runs_emergency(clinic.coordinator)
    done = await form.submits(person=clinic.coordinator.user_id)
    assert "Nobody names themselves" in done.errors["person"]
    assert clinic.bot is not None
    someone = clinic.joins("rae.cho", "Rae Cho")
    done = await form.submits(person=someone.user_id)
    assert "not registered" in done.errors["person"]
    tab = await clinic.coordinator.opens_home()
    await tab.presses("Emergency group")
    assert clinic.coordinator.form().seen.says("Nobody names themselves")
    buttons = [one.text for one in (await clinic.therapist.opens_home()).seen.buttons]
    assert "Emergency access" not in buttons
    assert case.card.says("Treatment is under way")


async def test_the_reason_is_kept_without_who_the_patient_is(
    clinic: Clinic, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    await names(clinic, clinic.other_therapist)
    form = await runs_emergency(clinic.other_therapist)
    await form.submits(case_code=case.code, reason="Jordan Ellis lies in our ER")
    told = await everybody_hears(clinic, case, clinic.other_therapist)
    await holder_hears(case, clinic.other_therapist)

    async def as_it_is_kept(*kept: object) -> str:
        return str(kept[-1])

    monkeypatch.setattr("bot.services.emergencies.unnamed_words", as_it_is_kept)
    assert (await told[0].clicks("Read why")).seen.says("[name] lies in our ER")


def test_entries_of_an_emergency_are_drawn_in_red(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as terminal:
        terminal.setenv("FORCE_COLOR", "1")
        terminal.setenv("TERM", "xterm")
        _draw(("Did",), [("see patient",), ("see case",)], [True, False])
    first, second = [line for line in capsys.readouterr().out.splitlines() if "see " in line]
    assert "\x1b[1;31m" in first
    assert "\x1b[1;31m" not in second


@pytest.mark.one_store
class TestByCommand:
    @pytest.fixture
    def clock_file(self, tmp_path: Path) -> Path:
        return tmp_path / "clock"

    @pytest.fixture
    def clock(self, clock_file: Path) -> Iterator[SharedClock]:
        """A Monday morning in New York that is still to come: it can't be turned back."""
        shared = SharedClock(clock_file)
        ahead = timedelta(days=7 - shared.now().weekday())
        shared.set((shared.now() + ahead).replace(hour=15, minute=30))
        yield shared
        shared.close()

    async def test_the_operator_names_a_coordinator_and_the_audit_shows_what_they_did(
        self, clinic: Clinic, clock_file: Path
    ) -> None:
        case = await in_treatment(clinic)
        kit = clinic.coordinator
        done = await careloop(clinic, clock_file, "people", "emergency", "U0NOBODY00")
        assert done.exit_code == 1
        done = await careloop(clinic, clock_file, "people", "emergency", kit.user_id)
        assert "now in the emergency group" in done.stdout

        shown = await opens(kit, case)
        for one in (clinic.surgeon, clinic.therapist):
            await one.gets_message(kit.name, "by emergency access")
        own = await holder_hears(case, kit)
        assert (await shown.presses("Patient details")).seen.says(NAME)

        done = await careloop(clinic, clock_file, "audit", "who-looked", case.code)
        assert "used emergency access to your record" in done.stdout
        assert "by emergency access, opened who you are" in done.stdout
        listed = await careloop(clinic, clock_file, "audit", "show", "--emergency")
        lines = listed.stdout.splitlines()[1:]
        assert len(lines) >= 3
        assert all("emergency" in line for line in lines)
        assert any("see patient" in line for line in lines)
        done = await careloop(clinic, clock_file, "audit", "export", "--case", case.code)
        events = [one["resource"] for one in json.loads(done.stdout)["entry"]]
        broken = [one for one in events if "purposeOfEvent" in one]
        assert len(broken) >= 3
        assert {one["purposeOfEvent"][0]["coding"][0]["code"] for one in broken} == {"BTG"}
        assert len(broken) < len(events)
        done = await careloop(clinic, clock_file, "people", "emergency", kit.user_id, "--out")
        assert "no longer in the emergency group" in done.stdout
        assert own.seen.says("has ended")
