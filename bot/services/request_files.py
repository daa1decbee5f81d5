"""The files that came with a referral: addresses in Slack, which decides who opens them."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.queries import people
from bot.store.queries.referrals import referral as referral_of
from bot.store.tables.referrals import Referral


async def file_links(
    session: AsyncSession, team_url: str, referral: Referral, files: tuple[str, ...]
) -> tuple[str, ...]:
    """Slack's own form of a link to a file, files/OWNER/FILE, for each of `files`.

    Whoever filled in the first of the referrals that go on from each other added them.
    """
    if not files:
        return ()
    first = referral
    while first.continues_id is not None:
        earlier = await referral_of(session, first.continues_id)
        if earlier is None:
            break
        first = earlier
    owner = await people.person(session, first.surgeon_id)
    return tuple(f"{team_url}/files/{owner.slack_user_id}/{one}" for one in files)
