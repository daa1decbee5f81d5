"""Who could be asked next, after a therapist has declined."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.directory import Wish
from bot.care.indications import Indication
from bot.care.people import Role
from bot.services.colleagues import found_for
from bot.shown.course import ShownNext
from bot.store.queries import people
from bot.store.queries.referrals import referral as referral_of
from bot.store.tables.referrals import Referral


async def next_therapist(
    session: AsyncSession, referral: Referral, indication: Indication, now: datetime
) -> ShownNext | None:
    """The first therapist who can take somebody now and was not asked for this patient before:
    one who says that they treat this, else any who is free."""
    surgeon = await people.person(session, referral.surgeon_id)
    asked = await _asked_already(session, referral)
    for procedure in (indication, None):
        wish = Wish(role=Role.THERAPIST, procedure=procedure, only_available=True)
        for known, one in await found_for(session, surgeon, wish, now, 1, asked):
            return ShownNext(known.person.id, known.person.slack_user_id, one.reasons)
    return None


async def _asked_already(session: AsyncSession, referral: Referral) -> set[str]:
    """The therapists of this referral and of those that it goes on from."""
    asked = {referral.therapist_id}
    before = referral
    while before.continues_id is not None:
        earlier = await referral_of(session, before.continues_id)
        if earlier is None:
            break
        asked.add(earlier.therapist_id)
        before = earlier
    return asked
