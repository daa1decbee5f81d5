"""Licences that end, as lines of digests: no message of their own, and each step told once."""

from collections.abc import Sequence
from typing import Final

from bot.notices import DigestDue
from bot.services.asking import digest_key, set_digest
from bot.services.deeds import OpenDeed
from bot.store.queries import licence_warnings as stored
from bot.store.queries import people
from bot.store.tables.directory import LicenceRow, LicenceWarning
from bot.store.tables.people import Person

# Of one digest; what is left comes the next morning.
MOST_LICENCES: Final = 8


async def raise_lines(deed: OpenDeed, row: LicenceRow, owner: Person, days: int) -> None:
    """A licence ends in `days`, or has ended (0): its owner and the coordinators read it in their
    next digest."""
    for reader in [owner, *await people.coordinators(deed.session, owner.team_id)]:
        await stored.raise_once(deed.session, row.id, reader.id, days, deed.now)
        hours = await deed.hours_of(reader)
        await set_digest(deed, reader, hours, hours.next_digest(deed.now))


async def lines_to_tell(
    deed: OpenDeed, person: Person, unsent_digest_id: str | None
) -> Sequence[LicenceWarning]:
    """What somebody is to be told of licences, with what stands in a digest that never went out."""
    return await stored.to_tell(deed.session, person.id, unsent_digest_id)


async def tell_lines(deed: OpenDeed, digest_id: str, lines: Sequence[LicenceWarning]) -> None:
    """Write them into a digest: of each licence the last step only, the nearest end first."""
    newest: dict[str, LicenceWarning] = {}
    for one in lines:
        newest.setdefault(one.licence_id, one)
    told = set(list(newest)[:MOST_LICENCES])
    for one in lines:
        if one.licence_id in told:
            one.told_at = deed.now
            deed.session.add(one)
    standing = [one for licence_id, one in newest.items() if licence_id in told]
    await stored.stand_in_digest(deed.session, digest_id, standing)


async def settle_lines(deed: OpenDeed, renewal: LicenceRow) -> None:
    """A renewal counts: whatever was told of licences that end before it needs nothing any more."""
    for one in await stored.unsettled_before(deed.session, renewal.person_id, renewal.expires_on):
        one.settled_at = deed.now
        deed.session.add(one)
        await deed.session.flush()
        for digest_id in await stored.digests_with(deed.session, one.id):
            await deed.redraw(DigestDue(digest_id=digest_id), digest_key(digest_id))
