"""The audit log records every deed, and shows when somebody changed it."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from bot.care.people import Role, Standing
from bot.store.audit import AuditFault, AuditLog, NotOpaque
from bot.store.database import Database
from bot.store.errors import ConstraintViolated
from bot.store.tables.people import Person
from bot.store.url import DatabaseKind
from bot.store.vault import Vault

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def audit(vault: Vault) -> AuditLog:
    return AuditLog(vault.audit_key())


async def record(database: Database, audit: AuditLog, *subjects: str) -> None:
    """One deed about all of `subjects`."""
    async with database.transaction() as session:
        for subject in subjects:
            await audit.append(
                session,
                at=NOON.astimezone(timezone(timedelta(hours=-5))),
                actor="U123ABC",
                deed="accept",
                subject_kind="referral",
                subject_id=subject,
                outcome="done",
                surface="thread",
                facts={"state": "accepted", "case": "K7QF-2M"},
            )


async def tamper(database: Database, *statements: str) -> None:
    """Change the log as somebody with every right in the database can."""
    sqlite = ["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete",
              "DROP TRIGGER audit_head_no_delete"]  # fmt: skip
    postgresql = ["SET LOCAL session_replication_role = replica"]
    async with database.transaction() as session:
        connection = await session.connection()
        for statement in [
            *(sqlite if database.kind is DatabaseKind.SQLITE else postgresql),
            *statements,
        ]:
            await connection.execute(text(statement))


async def verdict(database: Database, audit: AuditLog) -> tuple[AuditFault | None, int | None]:
    async with database.reading() as session:
        report = await audit.verify(session)
    return report.fault, report.seq


async def test_an_untouched_log_is_intact(database: Database, audit: AuditLog) -> None:
    assert await verdict(database, audit) == (None, None)
    await record(database, audit, "r1", "r2")
    await record(database, audit, "r3")
    async with database.reading() as session:
        report = await audit.verify(session)
    assert report.intact
    assert str(report) == "the audit log is intact: 3 entries"


async def test_a_deed_that_failed_left_no_entry(database: Database, audit: AuditLog) -> None:
    with pytest.raises(LookupError):
        async with database.transaction() as session:
            await audit.append(
                session, at=NOON, actor="U1", deed="see", subject_kind="patient",
                subject_id="p1", outcome="done", surface="modal",
            )  # fmt: skip
            raise LookupError
    await record(database, audit, "r1")
    async with database.reading() as session:
        assert (await audit.verify(session)).entries == 1


async def test_many_deeds_at_once_make_one_chain(database: Database, audit: AuditLog) -> None:
    await asyncio.gather(*(record(database, audit, f"r{n}", f"s{n}") for n in range(30)))
    async with database.reading() as session:
        report = await audit.verify(session)
    assert report.intact
    assert report.entries == 60


async def test_two_processes_make_one_chain(
    database: Database, audit: AuditLog, database_url: str
) -> None:
    other = await Database.open(database_url, lock=False)
    await asyncio.gather(
        *(record(each, audit, f"r{n}") for n in range(15) for each in (database, other))
    )
    async with database.reading() as session:
        assert (await audit.verify(session)).entries == 30
    await other.close()


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'U999'", "deed = 'refuse'", "subject_id = 'r9'", "outcome = 'refused'",
        "surface = 'modal'", "facts = '{}'", "at = '2026-03-02 12:00:01'",
        "subject_kind = 'patient'", "actor = 'U123ABCaccept', deed = ''",
    ],
)  # fmt: skip
async def test_a_changed_entry_is_named(database: Database, audit: AuditLog, change: str) -> None:
    await record(database, audit, "r1", "r2", "r3")
    await tamper(database, f"UPDATE audit_entries SET {change} WHERE seq = 2")  # noqa: S608
    assert await verdict(database, audit) == (AuditFault.CHANGED, 2)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["DELETE FROM audit_entries WHERE seq = 2"], (AuditFault.GAP, 2)),
        (["DELETE FROM audit_entries WHERE seq = 1"], (AuditFault.GAP, 1)),
        (["DELETE FROM audit_entries WHERE seq = 3"], (AuditFault.MISSING_END, 3)),
        (
            ["DELETE FROM audit_entries WHERE seq = 3",
             "UPDATE audit_head SET seq = 2,"
             " mac = (SELECT mac FROM audit_entries WHERE seq = 2)"],
            (AuditFault.HEAD_CHANGED, None),
        ),
        (
            ["DELETE FROM audit_entries WHERE seq = 2",
             "UPDATE audit_entries SET seq = 2 WHERE seq = 3"],
            (AuditFault.CHANGED, 2),
        ),
        (
            ["UPDATE audit_entries SET seq = 9 WHERE seq = 1",
             "UPDATE audit_entries SET seq = 1 WHERE seq = 2",
             "UPDATE audit_entries SET seq = 2 WHERE seq = 9"],
            (AuditFault.CHANGED, 1),
        ),
        (["DELETE FROM audit_entries"], (AuditFault.MISSING_END, 1)),
        (["DELETE FROM audit_head"], (AuditFault.HEAD_CHANGED, None)),
        (["UPDATE audit_head SET seq = 5"], (AuditFault.HEAD_CHANGED, None)),
        (["UPDATE audit_head SET seal = mac, key_check = mac"], (AuditFault.WRONG_KEY, None)),
        (["UPDATE audit_head SET key_check = mac"], (AuditFault.HEAD_CHANGED, None)),
    ],
)  # fmt: skip
async def test_a_gap_a_missing_end_and_a_changed_order_are_named(
    database: Database,
    audit: AuditLog,
    statements: list[str],
    expected: tuple[AuditFault, int | None],
) -> None:
    await record(database, audit, "r1", "r2", "r3")
    await tamper(database, *statements)
    assert await verdict(database, audit) == expected


async def test_an_invented_entry_after_the_end_is_named(
    database: Database, audit: AuditLog
) -> None:
    await record(database, audit, "r1", "r2")
    columns = "at, actor, deed, subject_kind, subject_id, outcome, surface, facts, mac"
    await tamper(
        database,
        f"INSERT INTO audit_entries (seq, {columns})"  # noqa: S608
        f" SELECT 3, {columns} FROM audit_entries WHERE seq = 2",
    )
    assert await verdict(database, audit) == (AuditFault.CHANGED, 3)


async def test_a_log_written_under_another_key_is_told_apart_from_a_changed_one(
    database: Database, audit: AuditLog
) -> None:
    await record(database, audit, "r1")
    assert await verdict(database, AuditLog(b"another key" * 3)) == (AuditFault.WRONG_KEY, None)


async def test_a_chain_put_back_to_an_older_state_is_seen_by_its_checkpoint(
    database: Database, audit: AuditLog
) -> None:
    await record(database, audit, "r1", "r2")
    async with database.reading() as session:
        older = await (await session.connection()).execute(text("SELECT * FROM audit_head"))
        kept = older.mappings().one()
    await record(database, audit, "r3")
    async with database.reading() as session:
        checkpoint = await audit.head(session)
        assert (await audit.verify(session, checkpoint)).intact
    await tamper(database, "DELETE FROM audit_entries WHERE seq = 3")
    async with database.transaction() as session:
        await (await session.connection()).execute(
            text("UPDATE audit_head SET seq = :seq, mac = :mac, seal = :seal"), dict(kept)
        )
    async with database.reading() as session:
        assert (await audit.verify(session)).intact  # nothing inside the database can tell
        report = await audit.verify(session, checkpoint)
    assert (report.fault, report.seq) == (AuditFault.MISSING_END, 3)


async def test_nothing_is_recorded_on_top_of_a_chain_whose_head_is_gone(
    database: Database, audit: AuditLog
) -> None:
    await record(database, audit, "r1")
    await tamper(database, "DELETE FROM audit_head")
    with pytest.raises(ConstraintViolated, match="pk_audit_entries"):
        await record(database, audit, "r2")


@pytest.mark.parametrize(
    "value",
    [
        "Jane Doe", "Jane,Doe", "jane@example.org", "1980-02-29", "29.02.1980", "5550100123",
        "555-010-0123", "", " ", "x" * 65, "left calf hot", "Zoë", "a\nb", "born_1980-02-29",
        "<script>", "K7QF-2M'--", "-x", "x-",
    ],
)  # fmt: skip
async def test_what_may_identify_somebody_is_refused(
    database: Database, audit: AuditLog, value: str
) -> None:
    for place in ({"subject_id": value}, {"facts": {"note": value}}, {"actor": value}):
        words: dict[str, object] = {
            "actor": "U1", "deed": "see", "subject_kind": "patient", "subject_id": "p1",
            "outcome": "done", "surface": "modal", "facts": {},
        }  # fmt: skip
        async with database.transaction() as session:
            with pytest.raises(NotOpaque) as caught:
                await audit.append(session, at=NOON, **(words | place))  # type: ignore[arg-type]
        assert not value.strip() or value not in str(caught.value)
    assert await verdict(database, audit) == (None, None)


@pytest.mark.parametrize(
    "value", ["U123ABC", "K7QF-2M", "1712345678.123456", "see_the_patient", "12", "p1", "2.0"]
)
async def test_ids_and_members_of_closed_sets_are_taken(
    database: Database, audit: AuditLog, value: str
) -> None:
    async with database.transaction() as session:
        await audit.append(
            session, at=NOON, actor="U1", deed="see", subject_kind="patient", subject_id="p1",
            outcome="done", surface="modal", facts={"value": value},
        )  # fmt: skip
    assert await verdict(database, audit) == (None, None)


@pytest.mark.one_store
@pytest.mark.parametrize(
    "change",
    [
        "SET at = 'nonsense'", "SET at = 7", "SET facts = x'ff'", "SET mac = 'letters'",
        "SET actor = CAST(x'ff' AS TEXT)",
    ],
)  # fmt: skip
async def test_an_entry_that_no_column_could_have_taken_is_named_as_well(
    database: Database, audit: AuditLog, change: str
) -> None:
    """SQLite keeps whatever is put into a column by hand."""
    await record(database, audit, "r1", "r2", "r3")
    await tamper(database, "UPDATE audit_entries " + change + " WHERE seq = 2")
    async with database.reading() as session:
        report = await audit.verify(session)
    assert (report.fault, report.seq, report.entries) == (AuditFault.CHANGED, 2, 1)


@pytest.mark.one_store
@pytest.mark.parametrize(
    "change", ["SET seq = 'many'", "SET mac = 'letters'", "SET seal = CAST(x'ff' AS TEXT)"]
)
async def test_an_end_that_no_column_could_have_taken_is_a_changed_one(
    database: Database, audit: AuditLog, change: str
) -> None:
    await record(database, audit, "r1", "r2")
    await tamper(database, "UPDATE audit_head " + change)
    assert await verdict(database, audit) == (AuditFault.HEAD_CHANGED, None)


async def test_a_log_that_was_emptied_altogether_is_missed(
    database: Database, audit: AuditLog
) -> None:
    """Whoever is registered was registered by a deed, which stood in the log."""
    await record(database, audit, "p1")
    async with database.transaction() as session:
        session.add(registered(NOON))
    assert await verdict(database, audit) == (None, None)
    await tamper(database, "DELETE FROM audit_entries", "DELETE FROM audit_head")
    assert await verdict(database, audit) == (AuditFault.MISSING_START, 1)


async def test_a_log_that_was_emptied_and_begun_anew_is_missed(
    database: Database, audit: AuditLog
) -> None:
    async with database.transaction() as session:
        session.add(registered(NOON - timedelta(microseconds=1)))
    await record(database, audit, "p1")
    async with database.reading() as session:
        report = await audit.verify(session)
    assert (report.fault, report.seq, report.entries) == (AuditFault.MISSING_START, 1, 0)
    assert "missing beginning" in str(report)


def registered(at: datetime) -> Person:
    return Person(
        id="p1", team_id="T1", slack_user_id="U1", role=Role.SURGEON, standing=Standing.MEMBER,
        time_zone="UTC", registered_at=at,
    )  # fmt: skip


async def test_an_empty_log_has_an_end_too(database: Database, audit: AuditLog) -> None:
    async with database.reading() as session:
        end = await audit.head(session)
        assert (end.seq, end.mac) == (0, bytes(32))
        assert (await audit.verify(session, end)).intact


async def test_entries_beyond_the_end_are_named_and_how_many_hold_is_said(
    database: Database, audit: AuditLog
) -> None:
    await record(database, audit, "r1")
    async with database.reading() as session:
        kept = (await (await session.connection()).execute(text("SELECT * FROM audit_head"))).one()
    await record(database, audit, "r2", "r3")
    await tamper(database)
    async with database.transaction() as session:
        put_back = text("UPDATE audit_head SET seq = :seq, mac = :mac, seal = :seal")
        values = {"seq": kept.seq, "mac": kept.mac, "seal": kept.seal}
        await (await session.connection()).execute(put_back, values)
    async with database.reading() as session:
        report = await audit.verify(session)
    assert (report.fault, report.entries, report.seq) == (AuditFault.UNEXPECTED_END, 1, 2)
    assert str(report) == (
        "the audit log is broken at entry 2: entries after the end; 1 entries before it hold"
    )


async def test_how_many_entries_hold_is_said(database: Database, audit: AuditLog) -> None:
    await record(database, audit, "r1", "r2", "r3")
    await tamper(database, "DELETE FROM audit_entries WHERE seq = 3")
    async with database.reading() as session:
        report = await audit.verify(session)
        assert (report.fault, report.entries) == (AuditFault.MISSING_END, 2)
        other = await AuditLog(b"another key" * 3).verify(session)
        assert (other.fault, other.entries) == (AuditFault.WRONG_KEY, 0)
    await tamper_again(database, "UPDATE audit_entries SET actor = 'U2' WHERE seq = 2")
    async with database.reading() as session:
        assert (await audit.verify(session)).entries == 1
    await tamper_again(database, "DELETE FROM audit_entries WHERE seq = 2")
    await tamper_again(database, "UPDATE audit_head SET seq = 5")
    async with database.reading() as session:
        report = await audit.verify(session)
    assert (report.fault, report.entries) == (AuditFault.HEAD_CHANGED, 1)
    assert str(report) == "the audit log is broken: head changed; 1 entries before it hold"


async def tamper_again(database: Database, statement: str) -> None:
    """Once the triggers are gone; PostgreSQL has to be told each time."""
    if database.kind is DatabaseKind.POSTGRESQL:
        await tamper(database, statement)
        return
    async with database.transaction() as session:
        await (await session.connection()).execute(text(statement))


@pytest.mark.parametrize("database_kind", [DatabaseKind.POSTGRESQL], indirect=True)
async def test_two_deeds_that_take_long_do_not_wait_for_each_other(
    database: Database, audit: AuditLog
) -> None:
    """The head is held only at the very end. On SQLite there is one writer anyway."""
    both = asyncio.Barrier(2)

    async def deed(subject: str) -> None:
        async with database.transaction() as session:
            await audit.append(
                session, at=NOON, actor="U1", deed="see", subject_kind="patient",
                subject_id=subject, outcome="done", surface="modal",
            )  # fmt: skip
            await both.wait()

    await asyncio.wait_for(asyncio.gather(deed("p1"), deed("p2")), 5)
    async with database.reading() as session:
        assert (await audit.verify(session)).entries == 2


async def test_a_chain_that_was_written_anew_is_seen_by_its_checkpoints(
    database: Database, audit: AuditLog
) -> None:
    kept = []
    for subject in ("r1", "r2", "r3"):
        await record(database, audit, subject)
        async with database.reading() as session:
            kept.append(await audit.head(session))
    await tamper(database, "DELETE FROM audit_entries", "DELETE FROM audit_head")
    # Somebody who has the key writes it again, and leaves out what should not be there.
    await record(database, audit, "r1", "r2", "another")
    async with database.reading() as session:
        assert (await audit.verify(session)).intact  # nothing inside the database can tell
        report = await audit.verify(session, *kept)
    assert (report.fault, report.seq, report.entries) == (AuditFault.REWRITTEN, 3, 2)
