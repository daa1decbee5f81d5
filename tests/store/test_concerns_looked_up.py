"""What waits for somebody is looked for among what is not settled, however much ever was."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.store.database import Database
from bot.store.queries import concerns, oversight
from tests.databases import copy_of_template

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


async def test_no_concern_is_looked_for_among_all_that_are_settled(
    sqlite_template: Path, tmp_path: Path
) -> None:
    database = await Database.open(await copy_of_template(sqlite_template, tmp_path))
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(*told: object) -> None:
        assert isinstance(told[3], tuple)
        asked.append((str(told[2]), told[3]))

    async with database.transaction() as session:
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        event.listen(engine, "before_cursor_execute", note)
        assert not await concerns.asked_of(session, "somebody", 10)
        assert not await oversight.concerns_without_timer(session)
        await oversight.work_now(session, NOW)
        event.remove(engine, "before_cursor_execute", note)
        connection = await session.connection()
        plans = {
            statement: [
                str(row[-1])
                for row in await connection.exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", parameters
                )
            ]
            for statement, parameters in asked
            if "FROM concerns" in statement
        }
    await database.close()
    assert len(plans) == 3
    for statement, plan in plans.items():
        looks = [one for one in plan if one.split()[1] in {"concerns", "told", "handovers"}]
        assert looks, statement
        assert not [one for one in looks if one.startswith("SCAN")], f"{statement}\n{plan}"
