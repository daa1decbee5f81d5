"""Readings of session updates: kept beside the words, each sealed, none overwritten."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.care.session import Origin, Session, StoredReading
from bot.ids import new_id
from bot.services.deeds import OpenDeed
from bot.store.queries import readings as stored
from bot.store.queries.referrals import patient
from bot.store.tables.people import Person
from bot.store.tables.readings import UpdateReading
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, Visit


async def keep_reading(
    deed: OpenDeed,
    referral: Referral,
    entry: Entry,
    reading: StoredReading,
    origin: Origin,
    rules_version: str,
) -> UpdateReading:
    """Keep what was read or confirmed; it holds from now on. Whoever confirms is who acts."""
    reading_id = new_id()
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    row = UpdateReading(
        id=reading_id,
        entry_id=entry.id,
        step=await stored.next_reading_step(deed.session, entry.id),
        revision=entry.revision,
        origin=origin,
        by_id=deed.person.id if origin.is_confirmed else None,
        rules_version=rules_version,
        reading_sealed=await deed.seal(
            key_id, stored.reading_cell(reading_id), reading.model_dump_json(exclude_defaults=True)
        ),
        at=deed.now,
    )
    entry.visit = Visit.MISSED if reading.fields.no_show else Visit.GIVEN
    deed.session.add_all([row, entry])
    await deed.session.flush()
    return row


async def reading_that_holds(
    deed: OpenDeed, referral: Referral, entry: Entry
) -> tuple[UpdateReading, StoredReading] | None:
    """The newest reading of an update; None for one from before there were readings."""
    row = await stored.newest_reading(deed.session, entry.id)
    if row is None:
        return None
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    opened = await deed.open(key_id, stored.reading_cell(row.id), row.reading_sealed)
    return row, StoredReading.model_validate_json(opened)


async def sessions(deed: OpenDeed, referral: Referral) -> Sequence[Session]:
    """The referral's sessions in order, withdrawn ones among them."""
    return await stored.sessions_of(deed.session, deed.vault, referral.id)


def day_of(ts: str, author: Person) -> date:
    """The day on which a message was posted, where its author lives."""
    return datetime.fromtimestamp(float(ts), UTC).astimezone(ZoneInfo(author.time_zone)).date()
