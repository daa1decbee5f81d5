"""The guard on free text: who types what says who a patient is gets a word, and nothing is held up.

The words are kept as they came, for that is what was promised; whoever wrote them alone is told of
what kind the finding is, and can have it replaced in the record. What the bot itself shows in Slack
is without it from the start.
"""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.identifiers import find, kinds_of, replace
from bot.ids import new_id
from bot.notices import IdentifiersTyped, Typed, to_ear
from bot.services.deeds import OpenDeed
from bot.store.queries.patients import identifiers_of_room
from bot.store.tables.referrals import Referral
from bot.store.vault import Vault


async def watch(
    deed: OpenDeed, referral: Referral, typed: Typed, subject_id: str, *texts: str
) -> None:
    """Owe a word to whoever acts, if `texts` name a patient of this channel."""
    words = "\n".join(text for text in texts if text)
    if not words:
        return
    patients = await identifiers_of_room(deed.session, deed.vault, referral.room_id)
    kinds = kinds_of(find(words, patients))
    if kinds:
        await deed.whisper(
            to_ear(referral.id, deed.person.id),
            IdentifiersTyped(
                referral_id=referral.id, typed=typed, subject_id=subject_id, found=kinds
            ),
            f"identifiers:{subject_id}:{new_id()}",
        )


async def unnamed_words(session: AsyncSession, vault: Vault, referral: Referral, words: str) -> str:
    """`words` as the bot may show them in Slack: identifiers replaced by their kind."""
    if not words:
        return words
    patients = await identifiers_of_room(session, vault, referral.room_id)
    return replace(words, find(words, patients))
