"""A patient's record is erased: nothing of it can be read any more, and nobody is left puzzled."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.clock import SharedClock
from bot.demo.clinic import Clinic
from bot.demo.people import Case, Someone
from bot.demo.seen import see
from bot.sandbox.faults import Fault, FaultKind
from bot.store.database import Database
from tests.journeys.commands import careloop

NAME = "Jordan"
TWO_YEARS = {"CARELOOP_RETENTION_YEARS": "2"}


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    return tmp_path / "clock"


@pytest.fixture
def clock(clock_file: Path) -> Iterator[SharedClock]:
    """A Monday morning in New York, which the commands go by, too. It can't be turned back, so it
    is one that is still to come."""
    shared = SharedClock(clock_file)
    ahead = timedelta(days=7 - shared.now().weekday())
    shared.set((shared.now() + ahead).replace(hour=15, minute=30))
    yield shared
    shared.close()


def said_by_the_bot(clinic: Clinic, code: str = "") -> list[str]:
    """Everything of the bot that anybody can still see, anywhere, with this code in it."""
    words = [
        see(clinic.slack, message).words
        for channel in clinic.slack.workspace.state.channels.values()
        for message in channel.messages.values()
        if message.bot_id
    ]
    return [one for one in words if code in one]


async def everything_happens(case: Case) -> None:
    """Updates, a concern that was taken and resolved, a changed plan, files in the thread."""
    clinic = case.clinic
    await clinic.therapist.reports(case, "Session 1 today, 60 min MLD abdomen, pain 6 -> 3")
    await clinic.therapist.reports(case, "Session 2 today, 60 min MLD abdomen, pain 5 -> 2")
    await clinic.therapist.presses(case, "Trend")
    await clinic.therapist.is_told_privately(case.channel_id, "trend is being drawn")
    await case.thread_shows("Trend")
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    await case.thread_shows("Urgent concern")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="today")
    await case.thread_shows("will see the patient")
    form = await clinic.therapist.opens(case, "Plan")
    await form.submits(sessions="12", areas="abdomen", techniques="mld", reason="Two more")
    await case.thread_shows("Change of plan proposed")


async def erases(
    clinic: Clinic, clock_file: Path, case: Case, *more: str, alone: bool = False
) -> str:
    done = await careloop(
        clinic,
        clock_file,
        *("patients", "erase", case.code.lower(), "--reason", "patient_asked", "--yes"),
        *more,
        alone=alone,
    )
    assert done.exit_code == 0, done.stderr
    return done.stdout


async def is_told(who: Someone, code: str) -> None:
    await who.gets_message(f"record of case {code} was erased", "The patient asked", "delete it")


async def test_nothing_of_an_erased_patient_is_left_in_slack_or_in_the_store(
    clinic: Clinic, clock_file: Path, case: Case
) -> None:
    await everything_happens(case)
    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    assert case.files()

    told = await erases(clinic, clock_file, case, alone=True)

    assert f"{case.code}: erased (patient_asked)" in told
    assert "messages of Careloop are being deleted" in told
    for side in (clinic.surgeon, clinic.therapist):
        await is_told(side, case.code)
    assert case.card.says(f"record of case {case.code} was erased", "The patient asked")
    assert case.card.buttons == []
    assert case.files() == []
    assert clinic.slack.workspace.state.files == {}
    left = said_by_the_bot(clinic, case.code)
    assert [words for words in left if "was erased" not in words] == []
    assert said_by_the_bot(clinic, other.code)

    form = await clinic.therapist.opens(other, "Patient details")
    assert form.seen.says("Robin Vance")
    await no_cell_opens(clinic.settings.database_url.get_secret_value())
    verified = await careloop(clinic, clock_file, "audit", "verify")
    assert verified.exit_code == 0, verified.stdout + verified.stderr

    again = await erases(clinic, clock_file, case)
    assert "erased already" in again


async def no_cell_opens(database_url: str) -> None:
    """No living key of the erased patient; the timers of the case wait for nothing."""
    database = await Database.open(database_url, lock=False)
    async with database.reading() as session:
        connection = await session.connection()
        keys = await connection.execute(
            text(
                "SELECT count(*) FROM patients JOIN data_keys ON data_keys.id = patients.key_id"
                " WHERE patients.erased_at IS NOT NULL AND data_keys.wrapped IS NOT NULL"
            )
        )
        assert keys.scalar() == 0
        timers = await connection.execute(
            text(
                "SELECT count(*) FROM timers JOIN referrals ON referrals.id = timers.subject"
                " JOIN patients ON patients.id = referrals.patient_id"
                " WHERE patients.erased_at IS NOT NULL AND timers.state = 'waiting'"
            )
        )
        assert timers.scalar() == 0
    await database.close()


@pytest.mark.one_store
async def test_who_clicks_or_writes_later_is_told_plainly(
    clinic: Clinic, case: Case, clock_file: Path
) -> None:
    buttons = {button.text: button for button in case.card.buttons}
    kept = await clinic.therapist.replies(case, "Session 1, pain 6 -> 3")
    await case.thread_shows("session update")
    await clinic.therapist.is_asked(case)
    await erases(clinic, clock_file, case)
    for side in (clinic.surgeon, clinic.therapist):
        await is_told(side, case.code)

    for text_of_button in ("Patient details", "Plan", "Raise a concern"):
        await clinic.therapist.presses_from_memory(case, buttons[text_of_button])
        form = clinic.therapist.form()
        assert form.seen.says("The record of this case was erased"), text_of_button
        await form.closes()
    await clinic.therapist.deletes(case, kept)
    await clinic.therapist.replies(case, "concern: he has a fever")
    await clinic.therapist.is_told_privately(
        case.channel_id, "was erased", "nothing new is kept", "telephone"
    )
    await clinic.therapist.opens_home()
    home = clinic.therapist.person.home(clinic.app.app.id)
    assert home is not None
    assert case.code not in json.dumps(home.body)
    exported = await careloop(clinic, clock_file, "plans", "export", case.code)
    assert exported.exit_code == 1
    assert "erased" in exported.stderr
    assert "Traceback" not in exported.stderr


@pytest.mark.one_store
async def test_all_cases_of_the_same_person_are_erased(
    clinic: Clinic, clock_file: Path, case: Case
) -> None:
    first = case
    second = await clinic.surgeon.refers(clinic.other_therapist)
    await clinic.other_therapist.gets_message(second.code)

    told = await erases(clinic, clock_file, second)

    assert first.code in told
    assert second.code in told
    await is_told(clinic.surgeon, first.code)
    await is_told(clinic.surgeon, second.code)
    await is_told(clinic.therapist, first.code)
    await is_told(clinic.other_therapist, second.code)
    await clinic.passes(days=8)  # and nobody is asked anything more


@pytest.mark.one_store
async def test_a_concern_that_nobody_has_taken_keeps_the_record(
    clinic: Clinic, case: Case, clock_file: Path
) -> None:
    await clinic.therapist.replies(case, "concern: left calf hot")
    await case.thread_shows("Urgent concern")
    await clinic.surgeon.gets_message(case.code)

    refused = await careloop(
        clinic,
        clock_file,
        *("patients", "erase", case.code, "--reason", "patient_asked", "--yes"),
    )

    assert refused.exit_code == 1
    assert f"a concern in {case.code} waits for an answer" in refused.stderr
    asked = await careloop(clinic, clock_file, "audit", "show", "--case", case.code)
    assert "erase patient\trefusal ErasingRefused\trefused" in asked.stdout
    form = await clinic.therapist.opens(case, "Patient details")
    assert form.seen.says(NAME)


async def test_what_is_on_its_way_while_the_record_is_erased_does_not_stay(
    clinic: Clinic, case: Case, clock_file: Path
) -> None:
    """Slack has posted a message, but the bot has not heard that it did."""
    clinic.slack.faults.add(Fault(FaultKind.RESET_AFTER, method="chat.postMessage"))
    await clinic.therapist.person.posts(case.channel_id, "Session 1, pain 6 -> 3", case.ts, False)
    await clinic.settled()

    await clinic.therapist.is_asked(case)
    await erases(clinic, clock_file, case, alone=True)
    await clinic.passes(minutes=1)  # the message is given up as one to send
    await clinic.passes(seconds=10)  # and looked for, to be deleted

    for side in (clinic.surgeon, clinic.therapist):
        await is_told(side, case.code)
    left = said_by_the_bot(clinic, "update")
    assert left == []


async def closed_case(clinic: Clinic, **fields: str) -> Case:
    """A case that the therapist declined and the surgeon closed."""
    case = await clinic.surgeon.refers(clinic.therapist, **fields)
    await clinic.therapist.gets_message(case.code)
    form = await clinic.therapist.opens(case, "Decline")
    await form.submits(reason="No free appointments before December")
    await clinic.surgeon.gets_message(case.code, "declined")
    await case.thread_shows("declined")
    await clinic.surgeon.presses(case, "Close")
    await clinic.settled()
    return case


@pytest.mark.one_store
async def test_old_records_go_by_the_rule_and_a_legal_hold_keeps_one(
    clinic: Clinic, clock_file: Path
) -> None:
    old = await closed_case(clinic)
    held = await closed_case(clinic, name="Robin Vance")
    said = await careloop(clinic, clock_file, "patients", "hold", held.code, "--reason", "A claim")
    assert f"{held.code}: under a legal hold" in said.stdout, said.stderr
    refused = await careloop(
        clinic, clock_file, *("patients", "erase", held.code, "--reason", "test_record", "--yes")
    )
    assert refused.exit_code == 1
    assert "is under a legal hold and stays" in refused.stderr
    report = await careloop(clinic, clock_file, "retention", "report", more=TWO_YEARS)
    lines = {code: line for line in report.stdout.splitlines() for code in codes_in(line)}
    assert "kept until then, and under a legal hold" in lines[held.code]
    assert "legal hold" not in lines[old.code]

    await clinic.passes(days=366)
    young = await closed_case(clinic, name="Kim Osei")
    early = await careloop(clinic, clock_file, "retention", "apply", "--yes", more=TWO_YEARS)
    assert "0 records erased" in early.stdout, early.stderr
    await clinic.passes(days=366)
    report = await careloop(clinic, clock_file, "retention", "report", more=TWO_YEARS)

    lines = {code: line for line in report.stdout.splitlines() for code in codes_in(line)}
    assert "goes with the next" in lines[old.code]
    assert "kept by a legal hold" in lines[held.code]
    assert "kept until then" in lines[young.code]
    assert "1 go now, 1 are kept by a legal hold, 1 are kept by the rule" in report.stdout

    applied = await careloop(clinic, clock_file, "retention", "apply", "--yes", more=TWO_YEARS)
    assert f"{old.code}: erased (retention)" in applied.stdout, applied.stderr
    assert "1 records erased" in applied.stdout
    assert old.card.says("was erased", "The time for which records are kept is over")
    assert not held.card.says("erased")

    lifted = await careloop(
        clinic, clock_file, *("patients", "release", held.code, "--reason", "The claim is settled")
    )
    assert "no longer under a legal hold" in lifted.stdout, lifted.stderr
    applied = await careloop(clinic, clock_file, "retention", "apply", "--yes", more=TWO_YEARS)
    assert f"{held.code}: erased (retention)" in applied.stdout
    assert not young.card.says("erased")


def codes_in(line: str) -> list[str]:
    return re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{2}\b", line)
