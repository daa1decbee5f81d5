"""PostgreSQL: what the role that the bot works under may do, and nothing more.

One role owns the tables and migrates them; another one, which the bot logs in as, may add to what
is append-only (the audit before all) and can't change, delete or truncate it, nor drop the
triggers that guard it. What follows is asked of the models, so a new table is not forgotten.
"""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.errors import StoreError
from bot.store.tables import metadata

AUDIT_TABLE: Final = "audit_entries"
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# Since 17 the right to vacuum can be given: a destroyed key is then cleared away at once.
_MAINTAIN_SINCE: Final = 170000

_RIGHTS: Final[dict[Guard | None, str]] = {
    None: "SELECT, INSERT, UPDATE, DELETE",
    Guard.NO_CHANGE: "SELECT, INSERT",
    Guard.NO_DELETE: "SELECT, INSERT, UPDATE",
    Guard.ONLY_REPLACED: "SELECT, INSERT, UPDATE",
}


class RoleInvalid(StoreError):
    """A role that can't be the one that the bot works under."""


def grants(role: str, schema: str, server_version: int) -> Iterator[str]:
    """The statements, for the owner of the tables, that give `role` what the bot needs.

    `server_version` as PostgreSQL has it: 180000. Raises `RoleInvalid` for a name that is none.
    """
    if not _NAME.fullmatch(role) or not _NAME.fullmatch(schema):
        raise RoleInvalid("a role is called by small letters, digits and underscores")
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT ON {schema}.alembic_version TO {role}"
    for table in metadata.sorted_tables:
        rights = _RIGHTS[table.info.get(APPEND_ONLY)]
        yield f"GRANT {rights} ON {schema}.{table.name} TO {role}"
    if server_version >= _MAINTAIN_SINCE:
        yield f"GRANT MAINTAIN ON {schema}.data_keys TO {role}"


async def check_role(session: AsyncSession, role: str) -> tuple[str, int]:
    """The schema of the tables and the server's version. Raises `RoleInvalid`.

    The role has to be there, with its password set by whoever runs the server, and must not be
    able to give itself more.
    """
    connection = await session.connection()
    found = (
        await connection.execute(
            text(
                "SELECT rolsuper OR rolcreaterole OR rolbypassrls,"
                " pg_has_role(rolname, t.tableowner, 'MEMBER'), t.schemaname,"
                " current_setting('server_version_num')::int"
                " FROM pg_roles, pg_tables t WHERE rolname = :role"
                " AND t.tablename = :audit AND t.schemaname = current_schema()"
            ),
            {"role": role, "audit": AUDIT_TABLE},
        )
    ).one_or_none()
    if found is None:
        raise RoleInvalid(
            f"there is no role {role}; make it first: CREATE ROLE {role} LOGIN PASSWORD '...'"
        )
    mighty, is_owner, schema, version = found
    if mighty:
        raise RoleInvalid(f"{role} may do everything on this server; take another role")
    if is_owner:
        raise RoleInvalid(
            f"{role} owns the tables, and an owner may change everything; take another role"
        )
    return str(schema), int(version)


async def may_change_audit(session: AsyncSession) -> bool:
    """Whether whoever is logged in could change or take away entries of the audit."""
    connection = await session.connection()
    wanted = text(
        "SELECT has_table_privilege(:audit, 'UPDATE, DELETE, TRUNCATE')"
        " OR pg_has_role(tableowner, 'MEMBER') FROM pg_tables"
        " WHERE tablename = :audit AND schemaname = current_schema()"
    )
    return bool(await connection.scalar(wanted, {"audit": AUDIT_TABLE}))
