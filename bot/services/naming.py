"""What people wrote, without what says who the patient is: for the thread, where all can see it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.request import Identifiers
from bot.care.session import SessionFields
from bot.care.unnamed import without_identifiers
from bot.services.referrals import identifiers_cell
from bot.store.queries.referrals import patient
from bot.store.tables.referrals import Referral
from bot.store.vault import Vault

_WRITTEN = ("patient_quote", "plan_change_request", "concern", "home_care")


async def identifiers_of(vault: Vault, session: AsyncSession, referral: Referral) -> Identifiers:
    """Who the patient of a referral is: to leave it out, not to show it."""
    row = await patient(session, referral.patient_id)
    return Identifiers.model_validate_json(
        await vault.open(session, row.key_id, identifiers_cell(row.id), row.identifiers_sealed)
    )


def unnamed(fields: SessionFields, who: Identifiers) -> SessionFields:
    """A session without the patient's names and numbers in what people wrote."""
    hidden = {
        name: without_identifiers(words, who)
        for name in _WRITTEN
        if isinstance(words := getattr(fields, name), str)
    }
    return fields.model_copy(update=hidden) if hidden else fields
