"""Drafts of referrals, templates, and where else a patient is in care."""

from collections.abc import Sequence

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.tables.referring import ReferralDraft, ReferralTemplate
from bot.store.vault import Cell


def draft_cell(draft_id: str) -> Cell:
    return Cell("referral_drafts", "draft_sealed", draft_id)


async def draft_of(session: AsyncSession, draft_id: str, surgeon_id: str) -> ReferralDraft | None:
    """A surgeon's own draft."""
    wanted = select(ReferralDraft).where(
        ReferralDraft.id == draft_id, ReferralDraft.surgeon_id == surgeon_id
    )
    return (await session.exec(wanted)).first()


async def newest_draft(session: AsyncSession, surgeon_id: str) -> ReferralDraft | None:
    """What a surgeon has begun last and not sent."""
    wanted = (
        select(ReferralDraft)
        .where(ReferralDraft.surgeon_id == surgeon_id)
        .order_by(col(ReferralDraft.changed_at).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def any_draft(session: AsyncSession, draft_id: str) -> ReferralDraft | None:
    """A draft, whoever's it is."""
    return (await session.exec(select(ReferralDraft).where(ReferralDraft.id == draft_id))).first()


async def delete_draft(session: AsyncSession, draft_id: str) -> None:
    await session.exec(delete(ReferralDraft).where(col(ReferralDraft.id) == draft_id))


async def draft_that_continues(
    session: AsyncSession, referral_id: str, surgeon_id: str
) -> ReferralDraft | None:
    """The draft by which a finished case is opened again."""
    wanted = select(ReferralDraft).where(
        ReferralDraft.continues_id == referral_id, ReferralDraft.surgeon_id == surgeon_id
    )
    return (await session.exec(wanted.limit(1))).first()


def template_cell(template_id: str) -> Cell:
    return Cell("referral_templates", "template_sealed", template_id)


async def templates_of(session: AsyncSession, surgeon_id: str) -> Sequence[ReferralTemplate]:
    """A surgeon's own templates."""
    wanted = select(ReferralTemplate).where(ReferralTemplate.surgeon_id == surgeon_id)
    return (await session.exec(wanted)).all()


async def template_of(
    session: AsyncSession, template_id: str, surgeon_id: str
) -> ReferralTemplate | None:
    wanted = select(ReferralTemplate).where(
        ReferralTemplate.id == template_id, ReferralTemplate.surgeon_id == surgeon_id
    )
    return (await session.exec(wanted)).first()


async def template_named(
    session: AsyncSession, surgeon_id: str, name_index: bytes
) -> ReferralTemplate | None:
    """The template of that name, given by its blind index."""
    wanted = select(ReferralTemplate).where(
        ReferralTemplate.surgeon_id == surgeon_id, ReferralTemplate.name_index == name_index
    )
    return (await session.exec(wanted)).first()
