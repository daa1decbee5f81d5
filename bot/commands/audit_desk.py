"""The audit for a command: the store, its keys, and who is meant by an id."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.care.case_code import read_case_code
from bot.care.people import Role
from bot.clock import SystemClock
from bot.settings import StoreSettings
from bot.store.audit import AuditLog
from bot.store.checkpoints import CheckpointSigner
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.migrations import require_up_to_date
from bot.store.queries import audit as stored
from bot.store.tables.audit import AuditEntry
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.vault import Vault

_IN_SLACK: Final = "slack:"
_THEMSELVES: Final[Mapping[str, str]] = {
    "clockwork": "Careloop itself",
    "operator": "the operator",
}


class NothingMeant(StoreError):
    """A case, a person, a time or a zone that there is not."""


@dataclass(frozen=True)
class AuditDesk:
    """What a command about the audit works with."""

    settings: StoreSettings
    database: Database
    audit: AuditLog
    signer: CheckpointSigner

    async def note(self, deed: str, subject_kind: str, subject_id: str, **facts: str) -> None:
        """Record that the operator looked at the audit, or took something out of it."""
        async with self.database.transaction() as session:
            await self.audit.append(
                session,
                at=SystemClock().now(),
                actor="operator",
                deed=deed,
                subject_kind=subject_kind,
                subject_id=subject_id,
                outcome="done",
                surface="cli",
                facts=facts,
            )

    async def case(self, case_code: str) -> Referral:
        """The referral of that code. Raises `NothingMeant`."""
        code = read_case_code(case_code)
        async with self.database.reading() as session:
            found = await stored.referrals_coded(session, code) if code else ()
        if not found:
            raise NothingMeant(f"there is no case {case_code.strip() or 'without a code'}")
        return found[0]

    async def sought(
        self,
        case: Referral | None,
        person: str | None,
        since: str | None,
        until: str | None,
        zone: ZoneInfo,
    ) -> stored.Sought:
        """What to look for. Raises `NothingMeant`."""
        begin, end = read_time(since, zone), read_time(until, zone, end=True)
        if begin is not None and end is not None and begin >= end:
            raise NothingMeant(f"nothing is from {since} on and up to {until}: turn them round")
        if person is not None and not person.strip():
            raise NothingMeant("say who: a Slack id such as U0123456789")
        async with self.database.reading() as session:
            subjects = named = None
            if case is not None:
                named = frozenset({case.id})
                subjects = await stored.everything_about(session, [case.id])
            actors = None
            if person is not None:
                known = await stored.people_named(session, person)
                actors = frozenset({f"{_IN_SLACK}{person}", person, *(one.id for one in known)})
            return stored.Sought(subjects, named or frozenset(), actors, begin, end)


@asynccontextmanager
async def open_audit() -> AsyncIterator[AuditDesk]:
    """Beside a bot that may be running. Raises `SettingsInvalid` and `StoreError`s."""
    settings = StoreSettings.load()
    url = settings.database_url.get_secret_value()
    await require_up_to_date(url)
    database = await Database.open(url, lock=False)
    try:
        vault = await Vault.start(database, settings.master_keys)
        key = vault.audit_key()
        yield AuditDesk(settings, database, AuditLog(key), CheckpointSigner(key))
    finally:
        await database.close()


class Names:
    """Who an id in the audit means: in words, with the Slack id, which Slack shows a name for."""

    def __init__(
        self, people: Mapping[str, Person], names: Mapping[str, str] | None = None
    ) -> None:
        self._people = people
        self._names = names or {}

    def slack_id(self, actor: str) -> str | None:
        if actor.startswith(_IN_SLACK):
            return actor.removeprefix(_IN_SLACK)
        person = self._people.get(actor)
        return person.slack_user_id if person else None

    def role(self, actor: str) -> Role | None:
        person = self._people.get(actor) or next(
            (one for one in self._people.values() if one.slack_user_id == self.slack_id(actor)),
            None,
        )
        return person.role if person else None

    def who(self, actor: str) -> str:
        """`Dr. Ana Rivera (U012AB3CD), surgeon`, as far as it is known."""
        if actor in _THEMSELVES:
            return _THEMSELVES[actor]
        slack_id = self.slack_id(actor)
        if slack_id is None:
            return actor
        name = self._names.get(slack_id)
        shown = f"{name} ({slack_id})" if name else slack_id
        role = self.role(actor)
        return f"{shown}, {role.label if role else 'not registered here'}"


def read_zone(name: str) -> ZoneInfo:
    """Raises `NothingMeant`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise NothingMeant(f"there is no time zone {name}; write America/New_York") from None


def read_time(text: str | None, zone: ZoneInfo, *, end: bool = False) -> datetime | None:
    """A day or a moment in `zone`; as an `end`, a day is meant to its last second.

    Raises `NothingMeant`.
    """
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-22"):
            day = date.fromisoformat(text) + timedelta(days=int(end))
            return datetime.combine(day, time(), zone)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NothingMeant(f"{text} is no time; write 2026-11-22 or 2026-11-22T09:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def facts_of(entry: AuditEntry, without: Sequence[str] = ()) -> dict[str, str]:
    """The facts of an entry; what somebody made unreadable is shown as it is."""
    try:
        read = json.loads(entry.facts)
    except ValueError:
        return {"unreadable": entry.facts}
    if not isinstance(read, dict):
        return {"unreadable": entry.facts}
    return {str(name): str(value) for name, value in read.items() if name not in without}
