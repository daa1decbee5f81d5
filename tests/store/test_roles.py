"""On PostgreSQL the role that the bot logs in as can add to the audit, and not take away."""

import asyncio
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import typer
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from bot.clock import MovableClock
from bot.commands.audit import audit_app
from bot.commands.db import db_app
from bot.demo.clinic import open_clinic
from bot.store.url import DatabaseKind
from tests.databases import PostgresServer
from tests.journeys.test_the_loop import treatment_under_way

pytestmark = pytest.mark.parametrize(
    "database_kind", [DatabaseKind.POSTGRESQL], ids=str, indirect=True
)


@pytest.fixture
def role(postgres: PostgresServer, empty_database_url: str) -> str:
    """A role that may log in, and nothing else yet. It lasts a little longer than its database."""
    del empty_database_url
    name = f"careloop_{uuid4().hex[:12]}"
    postgres.execute(f"CREATE ROLE {name} LOGIN")
    return name


async def careloop(*words: str, **environment: str) -> Result:
    app = typer.Typer()
    for part in (audit_app, db_app):
        app.add_typer(part)
    return await asyncio.to_thread(CliRunner().invoke, app, words, env=environment)


def as_role(url: str, role: str) -> str:
    return make_url(url).set(username=role).render_as_string(hide_password=False)


async def test_the_bot_works_under_a_role_that_can_only_add_to_the_audit(
    empty_database_url: str, role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = await careloop("db", "migrate", DATABASE_URL=empty_database_url)
    assert made.exit_code == 0, made.output
    given = await careloop("db", "grants", role, "--apply", DATABASE_URL=empty_database_url)
    assert given.exit_code == 0, given.output

    url = as_role(empty_database_url, role)
    async with open_clinic(url, MovableClock()) as clinic:
        case = await treatment_under_way(clinic)
        ts = await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 6 -> 3")
        await clinic.therapist.is_asked(case, "pain 6 → 3")
        await clinic.therapist.edits(case, ts, "Session 1, 60 min MLD abdomen, pain 6 -> 2")
        await clinic.therapist.is_asked(case, "pain 6 → 2")
        form = await clinic.therapist.opens(case, "Patient details")
        await form.closes()
        await clinic.therapist.replies(case, "concern: left calf hot and swollen")
        alert = await clinic.surgeon.gets_message(case.code)
        form = await alert.clicks("Acknowledge")
        await form.submits(decision="see_patient", note="today")
        await clinic.settled()
        keys = clinic.settings.keys.get_secret_value()

    verified = await careloop("audit", "verify", DATABASE_URL=url, CARELOOP_KEYS=keys)
    assert verified.exit_code == 0, verified.output
    with psycopg.connect(url, autocommit=True) as connection:
        for refused in (
            "UPDATE audit_entries SET actor = 'x'",
            "DELETE FROM audit_entries",
            "TRUNCATE audit_entries",
            "TRUNCATE audit_head",
            "DELETE FROM audit_head",
            "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_entries_append_only ON audit_entries",
            "DROP TABLE audit_entries",
            "CREATE TABLE mine (id int)",
            "UPDATE clinic_ladders SET version = 9",
            "UPDATE alembic_version SET version_num = 'x'",
            "SET session_replication_role = replica",
        ):
            with pytest.raises((InsufficientPrivilege, psycopg.errors.RaiseException)):
                connection.execute(refused.encode())


async def test_a_role_that_could_give_itself_more_is_refused(
    database_url: str, postgres: PostgresServer, role: str
) -> None:
    at = {"DATABASE_URL": database_url}
    for name, told in [
        ("nobody_there", "CREATE ROLE nobody_there LOGIN"),
        ("postgres", "may do everything"),
        ('x"; DROP TABLE people', "there is no role"),
    ]:
        refused = await careloop("db", "grants", name, **at)
        assert refused.exit_code == 1
        assert told in refused.stderr
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"ALTER TABLE audit_entries OWNER TO {role}".encode())
    refused = await careloop("db", "grants", role, **at)
    assert "owns the tables" in refused.stderr


async def test_the_statements_are_printed_to_be_read_first(database_url: str, role: str) -> None:
    printed = await careloop("db", "grants", role, DATABASE_URL=database_url)
    assert printed.exit_code == 0, printed.output
    assert f"GRANT SELECT, INSERT ON public.audit_entries TO {role};" in printed.stdout
    with (
        psycopg.connect(as_role(database_url, role), autocommit=True) as connection,
        pytest.raises(InsufficientPrivilege),
    ):
        connection.execute(b"SELECT * FROM audit_entries")
