"""The same patient in care with others: where, who looked, and who asked to share."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import and_, col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.referral import ReferralState
from bot.care.sharing import ShareState
from bot.store.queries.once import insert_once
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.referring import PatientLook, ShareRequest

_OPEN = [state for state in ReferralState if not state.is_final]


async def open_cases_of(
    session: AsyncSession, team_id: str, identity_index: bytes
) -> Sequence[Referral]:
    """Every unfinished case of a person, whoever treats them; ix_patients_identity_index."""
    wanted = (
        select(Referral)
        .join(Patient, col(Patient.id) == Referral.patient_id)
        .where(
            Patient.team_id == team_id,
            Patient.identity_index == identity_index,
            col(Referral.state).in_(_OPEN),
        )
        .order_by(col(Referral.id))
    )
    return (await session.exec(wanted)).all()


async def newest_case_of(
    session: AsyncSession, identity_index: bytes, surgeon_id: str
) -> Referral | None:
    """A surgeon's own newest case of a person."""
    wanted = (
        select(Referral)
        .join(Patient, col(Patient.id) == Referral.patient_id)
        .where(Patient.identity_index == identity_index, Referral.surgeon_id == surgeon_id)
        .order_by(col(Referral.created_at).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


# -- looks -----------------------------------------------------------------------------------


async def looks_since(
    session: AsyncSession, surgeon_id: str, since: datetime, identity_index: bytes
) -> tuple[int, bool]:
    """How many patients a surgeon has looked for, and whether this one is among them."""
    wanted = select(PatientLook.identity_index).where(
        PatientLook.surgeon_id == surgeon_id, col(PatientLook.looked_at) > since
    )
    found = (await session.exec(wanted)).all()
    return len(found), identity_index in found


async def keep_look(
    session: AsyncSession, surgeon_id: str, identity_index: bytes, now: datetime
) -> None:
    """That a surgeon looks for somebody; of several looks the last one."""
    row = PatientLook(surgeon_id=surgeon_id, identity_index=identity_index, looked_at=now)
    if await insert_once(session, PatientLook, row.model_dump(), "surgeon_id", "identity_index"):
        return
    wanted = select(PatientLook).where(
        PatientLook.surgeon_id == surgeon_id, PatientLook.identity_index == identity_index
    )
    known = (await session.exec(wanted.with_for_update())).one()
    known.looked_at = now
    session.add(known)


async def forget_looks_before(session: AsyncSession, surgeon_id: str, before: datetime) -> None:
    await session.exec(
        delete(PatientLook).where(
            col(PatientLook.surgeon_id) == surgeon_id, col(PatientLook.looked_at) <= before
        )
    )


# -- wishes to share -------------------------------------------------------------------------


async def share(session: AsyncSession, share_id: str) -> ShareRequest | None:
    """A wish, as it is in the store now."""
    wanted = (
        select(ShareRequest)
        .where(ShareRequest.id == share_id)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).first()


async def share_asked_by(
    session: AsyncSession, referral_id: str, person_id: str
) -> ShareRequest | None:
    """What somebody asked of the pair of a case; uq_share_requests_referral_id_asked_by_id."""
    wanted = select(ShareRequest).where(
        ShareRequest.referral_id == referral_id, ShareRequest.asked_by_id == person_id
    )
    return (await session.exec(wanted)).first()


async def is_shared_with(session: AsyncSession, referral_id: str, person_id: str) -> bool:
    """Whether the pair of a case agreed to share it with somebody."""
    found = await share_asked_by(session, referral_id, person_id)
    return found is not None and found.state is ShareState.AGREED


async def open_shares_of(session: AsyncSession, referral_id: str) -> Sequence[ShareRequest]:
    """Every wish to share a case that waits or was agreed to."""
    wanted = (
        select(ShareRequest)
        .where(
            ShareRequest.referral_id == referral_id,
            col(ShareRequest.state).in_([ShareState.ASKED, ShareState.AGREED]),
        )
        .order_by(col(ShareRequest.id))
    )
    return (await session.exec(wanted)).all()


async def shares_at_home(
    session: AsyncSession, person_id: str, asked_since: datetime, most: int
) -> Sequence[tuple[ShareRequest, Referral]]:
    """What somebody is asked to share and has not answered, and what is shared with them; of open
    cases only, the newest first.

    Which wishes it may be is asked first and by itself: SQLite would go through all open cases,
    tens of thousands, to look for the few wishes to each.
    """
    is_recent = and_(
        ShareRequest.state == ShareState.ASKED, col(ShareRequest.asked_at) > asked_since
    )
    is_shared = and_(ShareRequest.state == ShareState.AGREED, ShareRequest.asked_by_id == person_id)
    may_be = select(ShareRequest.id).where(or_(is_recent, is_shared))
    is_asked = and_(
        is_recent, or_(Referral.surgeon_id == person_id, Referral.therapist_id == person_id)
    )
    wanted = (
        select(ShareRequest, Referral)
        .join(Referral, col(Referral.id) == ShareRequest.referral_id)
        .where(
            col(ShareRequest.id).in_(may_be),
            or_(is_asked, is_shared),
            col(Referral.state).in_(_OPEN),
        )
        .order_by(col(ShareRequest.asked_at).desc(), col(ShareRequest.id))
        .limit(most)
    )
    return (await session.exec(wanted)).all()
