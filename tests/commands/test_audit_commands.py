"""The audit answers who did, saw and was refused what, in forms that people and programs read."""

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from aiohttp import web
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.clock import MovableClock
from bot.commands.audit import audit_app
from bot.commands.audit_formats import harmless
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case
from bot.services.actor import Actor, Surface
from bot.services.errors import NotYourPart
from bot.store.database import Database
from bot.store.queries.audit import referrals_coded
from bot.store.url import DatabaseKind
from tests.founded import Foundings
from tests.journeys.test_the_loop import treatment_under_way
from tests.store.test_audit import tamper

WORKED = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


async def careloop(*words: str, **environment: str) -> Result:
    """The command starts an event loop of its own, as it does at a terminal."""
    app = typer.Typer()
    app.add_typer(audit_app)
    return await asyncio.to_thread(CliRunner().invoke, app, ["audit", *words], env=environment)


@dataclass
class Kept:
    """A record that was worked with, of which the bot has gone home."""

    at: dict[str, str]
    database_url: str
    case: str
    other_case: str
    surgeon: str
    therapist: str
    coordinator: str


async def _work(clinic: Clinic) -> list[Case]:
    """Somebody refers, accepts, looks, and is refused a look."""
    case = await treatment_under_way(clinic)
    form = await clinic.therapist.opens(case, "Patient details")
    await form.closes()
    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    await _is_refused(clinic, case)
    return [case, other]


@pytest.fixture
async def kept(
    foundings: Foundings,
    database_kind: DatabaseKind,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Kept]:
    monkeypatch.chdir(tmp_path)
    clock = MovableClock(WORKED)
    before = foundings.clinic(database_kind, clock, tmp_path, _work, with_bot=False)
    async with before as opened:
        clinic, (case, other) = opened.clinic, opened.cases
        settings = clinic.settings
        url = settings.database_url.get_secret_value()
        yield Kept(
            {
                "DATABASE_URL": url,
                "CARELOOP_KEYS": settings.keys.get_secret_value(),
                "SLACK_API_URL": settings.slack_api_url,
                "SLACK_BOT_TOKEN": settings.slack_bot_token.get_secret_value(),
                "SLACK_APP_TOKEN": settings.slack_app_token.get_secret_value(),
            },
            url,
            case.code,
            other.code,
            clinic.surgeon.user_id,
            clinic.therapist.user_id,
            clinic.coordinator.user_id,
        )


async def _is_refused(clinic: Clinic, case: Case) -> None:
    """The coordinator asks for what only the pair may see."""
    assert clinic.bot is not None
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    async with database.reading() as session:
        (referral,) = await referrals_coded(session, case.code)
    await database.close()
    actor = Actor(clinic.bot.workspace.team_id, clinic.coordinator.user_id, Surface.BUTTON)
    with pytest.raises(NotYourPart):
        await clinic.bot.reading.patient(actor, referral.id)


async def test_the_audit_is_shown_by_case_person_and_time(kept: Kept) -> None:
    everything = await careloop("show", **kept.at)
    assert everything.exit_code == 0, everything.output
    heads, *rows = [line.split("\t") for line in everything.stdout.splitlines()]
    assert heads[:4] == ["#", "When (UTC)", "Who", "Did"]
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))

    assert {row[2] for row in rows if row[3] == "register person"} == {"the operator"}

    of_case = await careloop("show", "--case", kept.case.lower(), **kept.at)
    did = [line.split("\t")[3] for line in of_case.stdout.splitlines()[1:]]
    assert "refer" in did
    assert "accept" in did
    assert "see patient" in did
    assert len(did) < len(rows)

    by_therapist = await careloop("show", "--person", kept.therapist, **kept.at)
    who = {line.split("\t")[2] for line in by_therapist.stdout.splitlines()[1:]}
    assert who == {f"{kept.therapist}, massage therapist"}

    refused = await careloop("show", "--person", kept.coordinator, **kept.at)
    assert "refused" in refused.stdout

    newest = rows[-1][1]
    day = newest.partition(" ")[0]
    assert len((await careloop("show", "--until", day, **kept.at)).stdout.splitlines()) > 1
    later = await careloop("show", "--since", "2199-01-01", **kept.at)
    assert len(later.stdout.splitlines()) == 1
    two = await careloop("show", "--last", "2", **kept.at)
    assert len(two.stdout.splitlines()) == 3


@pytest.mark.one_store
async def test_what_there_is_not_is_said_plainly(kept: Kept) -> None:
    for words, told in [
        (("show", "--case", "ZZZZ-ZZ"), "there is no case ZZZZ-ZZ"),
        (("show", "--since", "yesterday"), "yesterday is no time"),
        (("show", "--zone", "Mars/North"), "there is no time zone Mars/North"),
        (("who-looked", "ZZZZ-ZZ"), "there is no case ZZZZ-ZZ"),
        (("export", "--case", "ZZZZ-ZZ"), "there is no case ZZZZ-ZZ"),
        # An empty variable in a script asks for nothing, and not for everything.
        (("show", "--case", ""), "there is no case"),
        (("export", "--case", ""), "there is no case"),
        (("show", "--person", " "), "say who"),
        (("show", "--since", "2026-11-02", "--until", "2026-11-01"), "turn them round"),
    ]:
        refused = await careloop(*words, **kept.at)
        assert refused.exit_code == 1, words
        assert told in refused.stderr
        assert not refused.stdout, words
    nobody = await careloop("show", "--person", "U0NOBODY", **kept.at)
    assert (nobody.exit_code, nobody.stderr) == (0, "no entry is like that\n")
    typed = await careloop("show", "--case", kept.case.lower().replace("-", " "), **kept.at)
    assert "accept" in typed.stdout


@pytest.mark.one_store
async def test_what_nobody_can_read_is_no_crash(kept: Kept) -> None:
    database = await Database.open(kept.database_url, lock=False)
    await tamper(database, "UPDATE audit_entries SET at = 'some day' WHERE seq = 2")
    await database.close()
    for words in (("show",), ("export",), ("export", "--format", "csv")):
        refused = await careloop(*words, **kept.at)
        assert (refused.exit_code, type(refused.exception)) == (1, SystemExit), words
        assert "`careloop audit verify` names it" in refused.stderr
    named = await careloop("verify", **kept.at)
    assert "broken at entry 2: changed" in named.stderr
    assert "Keep a copy of the database" in named.stderr


async def test_a_patient_is_told_who_looked_at_their_record(kept: Kept) -> None:
    told = await careloop("who-looked", kept.case, "--zone", "America/New_York", **kept.at)

    assert told.exit_code == 0, told.output
    looked, _, rest = told.stdout.partition("Worked with it")
    worked, _, refused = rest.partition("was refused")
    assert f"Sam Lee ({kept.therapist}), massage therapist" in looked
    assert "opened who you are" in looked
    assert "by a button in Slack" in looked
    assert f"Dr. Ana Rivera ({kept.surgeon}), surgeon" in worked
    assert f"Kit Moreau ({kept.coordinator}), coordinator" in refused
    assert "once" in refused
    assert kept.other_case not in told.stdout
    assert "The list is whole" in told.stdout
    again = await careloop("who-looked", kept.case, **kept.at)
    assert "looked up who had looked at your record" in again.stdout


@pytest.mark.one_store
async def test_the_answer_comes_without_slack_too_and_says_when_it_may_be_wrong(
    kept: Kept,
) -> None:
    at = kept.at | {"SLACK_API_URL": "http://127.0.0.1:1/api/"}
    database = await Database.open(kept.database_url, lock=False)
    await tamper(database, "UPDATE audit_entries SET outcome = 'done' WHERE outcome = 'refused'")
    await database.close()
    told = await careloop("who-looked", kept.case, **at)
    assert told.exit_code == 1
    assert f"  {kept.therapist}, massage therapist" in told.stdout
    assert "This list may be wrong: the audit log is broken at entry" in told.stdout


@pytest.mark.one_store
async def test_an_export_is_fhir_as_fhir_s_own_structure_wants_it(kept: Kept) -> None:
    made = await careloop("export", "--format", "fhir", **kept.at)
    assert made.exit_code == 0, made.stderr
    bundle = json.loads(made.stdout)
    assert Bundle.model_validate(bundle).get_resource_type() == "Bundle"
    events = [one["resource"] for one in bundle["entry"]]
    for event in events:
        AuditEvent.model_validate(event)
    assert len({one["fullUrl"] for one in bundle["entry"]}) == len(events)

    shown = (await careloop("show", **kept.at)).stdout.splitlines()
    assert len(shown) - 2 == len(events)  # the heading, and that it was shown
    looks = [one for one in events if one["subtype"][0]["code"] == "see_patient"]
    assert {(one["action"], one["outcome"]) for one in looks} == {("R", "0"), ("R", "4")}
    for one in events:
        assert one["type"]["system"]
        assert one["recorded"].endswith("Z")
        (agent,), (entity, *more) = one["agent"], one["entity"]
        assert agent["who"]["identifier"]["value"]
        assert one["source"]["observer"]["display"] == "Careloop"
        assert entity["what"]["identifier"]["value"]
        assert {detail["type"] for detail in entity["detail"]} >= {"entry", "mac"}
        assert agent["network"]["address"].startswith("urn:careloop:surface:")
        by_itself = agent["network"]["address"].endswith(":clockwork")
        assert agent["requestor"] is not by_itself
        assert {each["name"].partition("/")[0] for each in more} <= {"referral", "patient"}
    patients = [one["entity"][1] for one in looks if one["outcome"] == "0"]
    assert {one["role"]["code"] for one in patients} == {"1"}

    nothing = json.loads((await careloop("export", "--since", "2199-01-01", **kept.at)).stdout)
    assert nothing == {"resourceType": "Bundle", "type": "collection"}


@pytest.mark.one_store
async def test_a_line_an_entry_and_a_table_say_the_same(kept: Kept) -> None:
    by_case = ("--case", kept.case)
    lines = (await careloop("export", "--format", "ndjson", *by_case, **kept.at)).stdout
    for line in lines.splitlines():
        AuditEvent.model_validate_json(line)
    made = await careloop("export", "--format", "csv", *by_case, **kept.at)
    rows = list(csv.DictReader(io.StringIO(made.stdout)))
    ids = [json.loads(line)["id"] for line in lines.splitlines()]
    assert [f"careloop-{row['seq']}" for row in rows][: len(ids)] == ids
    assert rows[-1]["deed"] == "export_audit"  # the export before it is in it
    assert rows[0]["role"] == "surgeon"


@given(
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.sampled_from("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"),
)
def test_no_cell_is_taken_for_a_formula(rest: str, first: str) -> None:
    assert harmless(first + rest) == f"'{first}{rest}"


@pytest.mark.one_store
async def test_what_was_written_into_the_log_by_hand_makes_no_formula_and_no_column(
    kept: Kept,
) -> None:
    database = await Database.open(kept.database_url, lock=False)
    evil = "=cmd|' /C calc'!A0\t\x1b[2J"
    await tamper(database, f"UPDATE audit_entries SET outcome = '{evil.replace(chr(39), '')}'")  # noqa: S608
    await database.close()
    made = await careloop("export", "--format", "csv", **kept.at)
    assert made.exit_code == 1
    assert "broken at entry 1" in made.stderr
    assert next(csv.DictReader(io.StringIO(made.stdout)))["outcome"].startswith("'=cmd|")
    shown = await careloop("show", **kept.at)
    assert "\x1b" not in shown.stdout
    assert {line.count("\t") for line in shown.stdout.splitlines()} == {7}


# -- checkpoints -------------------------------------------------------------------------------


async def test_a_checkpoint_outside_shows_a_log_that_was_cut_off(
    kept: Kept, tmp_path: Path
) -> None:
    file, folder = tmp_path / "kept.jsonl", tmp_path / "bucket"
    folder.mkdir()
    at = kept.at | {"CARELOOP_CHECKPOINTS": f"{file} {folder}/"}
    older = await _head(kept)
    await careloop("show", **kept.at)
    made = await careloop("checkpoint", **at)
    assert made.exit_code == 0, made.output
    assert "2 of 2 places" in made.stdout
    await careloop("show", **kept.at)
    await careloop("checkpoint", **at)
    for where in (file, folder):
        whole = await careloop("verify", "--checkpoints", str(where), **kept.at)
        assert whole.exit_code == 0, whole.output
    assert len(list(folder.iterdir())) == 2
    second = json.loads(file.read_text().splitlines()[-1])["seq"]

    lines = file.read_text().splitlines()
    file.write_text(lines[0] + "\n")
    fewer = await careloop("verify", "--checkpoints", str(file), **kept.at)
    assert fewer.exit_code == 1
    assert f"lacks the checkpoint of entry {second}" in fewer.stderr

    # Put back to an older state, head and all: nothing in the database tells.
    await _put_back(kept, older)
    assert (await careloop("verify", **kept.at)).exit_code == 0
    cut = await careloop("verify", "--checkpoints", str(folder), **kept.at)
    assert cut.exit_code == 1
    assert f"broken at entry {int(str(older['seq'])) + 1}: missing end" in cut.stderr


async def _head(kept: Kept) -> dict[str, object]:
    database = await Database.open(kept.database_url, lock=False)
    async with database.reading() as session:
        found = await (await session.connection()).execute(text("SELECT * FROM audit_head"))
        head = dict(found.mappings().one())
    await database.close()
    return head


async def _put_back(kept: Kept, head: dict[str, object]) -> None:
    """As somebody with an old copy and every right in the database could: consistently."""
    database = await Database.open(kept.database_url, lock=False)
    await tamper(database, f"DELETE FROM audit_entries WHERE seq > {head['seq']}")  # noqa: S608
    async with database.transaction() as session:
        await (await session.connection()).execute(
            text("UPDATE audit_head SET seq = :seq, mac = :mac, seal = :seal"), head
        )
    await database.close()


@pytest.mark.one_store
async def test_a_checkpoint_goes_to_whoever_listens_and_a_place_that_fails_is_named(
    kept: Kept, tmp_path: Path
) -> None:
    taken: list[dict[str, object]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append(await request.json())
        return web.Response(status=500 if request.path == "/broken" else 204)

    server = web.Application()
    server.router.add_post("/{name}", take)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        at = kept.at | {"CARELOOP_CHECKPOINTS": f"http://127.0.0.1:{port}/ok?secret=hunter2"}
        assert (await careloop("checkpoint", **at)).exit_code == 0
        at["CARELOOP_CHECKPOINTS"] += f" http://127.0.0.1:{port}/broken {tmp_path}/none/x.jsonl"
        failed = await careloop("checkpoint", **at)
    finally:
        await runner.cleanup()
    assert failed.exit_code == 1
    assert "1 of 3 places" in failed.stdout
    assert "it answered 500" in failed.stderr
    assert f"{tmp_path}/none/x.jsonl" in failed.stderr
    assert "hunter2" not in failed.output
    assert set(taken[0]) == {"at", "key", "kind", "mac", "seq", "signature"}
    assert taken[0]["key"] == (await careloop("key", **kept.at)).stdout.strip()
    received = tmp_path / "received.jsonl"
    received.write_text("".join(f"{json.dumps(one)}\n" for one in taken))
    held = await careloop("verify", "--checkpoints", str(received), **kept.at)
    assert held.exit_code == 0, held.output


@pytest.mark.one_store
async def test_a_changed_checkpoint_is_no_proof(kept: Kept, tmp_path: Path) -> None:
    line = (await careloop("checkpoint", **kept.at)).stdout  # no place is set: it is printed
    file = tmp_path / "kept.jsonl"
    for words, told in [
        (line.replace('"seq": ', '"seq": 1'), "line 1 was changed"),
        (line + "\n" + line.replace('"kind"', '"kin"'), "line 3 is no checkpoint"),
        (line.replace('"key": "', '"key": "A'), "line 1 was signed by another key"),
        ("", "has no checkpoint"),
    ]:
        file.write_text(words)
        refused = await careloop("verify", "--checkpoints", str(file), **kept.at)
        assert refused.exit_code == 1
        assert told in refused.stderr
    gone = await careloop("verify", "--checkpoints", str(tmp_path / "nowhere"), **kept.at)
    assert "cannot be read" in gone.stderr


@pytest.mark.one_store
async def test_the_bot_keeps_checkpoints_by_itself_and_only_of_what_is_new(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "kept.jsonl"
    places = {"CARELOOP_CHECKPOINTS": str(file)}
    async with open_clinic(database_url, MovableClock(), more_settings=places) as clinic:
        assert clinic.bot is not None
        await clinic.bot.checkpoints.look()
        await clinic.bot.checkpoints.look()
        assert len(file.read_text().splitlines()) == 1
        case = await clinic.surgeon.refers(clinic.therapist)
        await clinic.therapist.gets_message(case.code)
        await clinic.bot.checkpoints.look()
        assert len(file.read_text().splitlines()) == 2
        metrics = (await clinic.bot.auditor.metrics()).decode()
        assert re.search(r"^careloop_audit_checkpoint_timestamp_seconds [1-9]", metrics, re.M)
        file.chmod(0o400)
        file.unlink()
        file.mkdir()
        case = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
        await clinic.therapist.gets_message(case.code)
        await clinic.bot.checkpoints.look()  # it fails, is in the log, and holds nothing up
    assert list(file.iterdir()) == []
