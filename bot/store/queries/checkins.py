"""Check-ins and digests: what is asked of whom, and in which messages it stands."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.checkins import CheckInKind, CheckInState
from bot.care.referral import ReferralState
from bot.ids import new_id
from bot.store.queries.once import insert_once
from bot.store.tables.checkins import CheckIn, Digest, DigestLine, Rhythm
from bot.store.tables.concerns import Concern
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry
from bot.store.tables.work import Timer, TimerKind, TimerState

_UNDER_WAY = [state for state in ReferralState if state.is_treatment_under_way]

# What every reply asks is built once: building a statement takes longer than running it.
_OPEN_OF_REFERRAL = (
    select(CheckIn)
    .where(CheckIn.referral_id == bindparam("referral_id"), CheckIn.state == CheckInState.OPEN)
    .order_by(col(CheckIn.id))
    .execution_options(populate_existing=True)
)
_WROTE = select(func.max(col(Entry.recorded_at))).where(
    Entry.referral_id == bindparam("referral_id"), Entry.author_id == bindparam("person_id")
)
_TOOK = select(func.max(col(Concern.acknowledged_at))).where(
    Concern.referral_id == bindparam("referral_id"),
    Concern.acknowledged_by_id == bindparam("person_id"),
)
_RESOLVED = select(func.max(col(Concern.resolved_at))).where(
    Concern.referral_id == bindparam("referral_id"),
    Concern.resolved_by_id == bindparam("person_id"),
)
_LAST_WORD = select(_WROTE.scalar_subquery(), _TOOK.scalar_subquery(), _RESOLVED.scalar_subquery())
_RHYTHM = (
    select(Rhythm)
    .where(Rhythm.referral_id == bindparam("referral_id"))
    .order_by(col(Rhythm.version).desc())
    .limit(1)
)


async def add_once(session: AsyncSession, row: CheckIn) -> bool:
    """Add a check-in unless the same number of its kind is asked already; tells whether it did."""
    return await insert_once(
        session, CheckIn, row.model_dump(), "referral_id", "person_id", "kind", "number"
    )


async def checkin(session: AsyncSession, checkin_id: str) -> CheckIn | None:
    return (await session.exec(select(CheckIn).where(CheckIn.id == checkin_id))).first()


async def checkin_anew(session: AsyncSession, checkin_id: str) -> CheckIn:
    """As it is under the referral's lock; it is known to be there."""
    wanted = (
        select(CheckIn).where(CheckIn.id == checkin_id).execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).one()


async def open_of_referral(session: AsyncSession, referral_id: str) -> Sequence[CheckIn]:
    """Whoever changes them holds the referral's lock."""
    return (await session.exec(_OPEN_OF_REFERRAL, params={"referral_id": referral_id})).all()


async def open_of_people(
    session: AsyncSession, person_ids: Collection[str]
) -> Sequence[tuple[CheckIn, Referral]]:
    """What is asked of some people, in referrals that are open."""
    wanted = (
        select(CheckIn, Referral)
        .join(Referral, col(Referral.id) == CheckIn.referral_id)
        .where(col(CheckIn.person_id).in_(person_ids), CheckIn.state == CheckInState.OPEN)
        .order_by(col(CheckIn.due_at), col(CheckIn.id))
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).all()


async def lock_referrals_asked_about(session: AsyncSession, person_ids: Collection[str]) -> None:
    """Take turns with the deeds that change these check-ins: they hold the referral."""
    asked = select(CheckIn.referral_id).where(
        col(CheckIn.person_id).in_(person_ids), CheckIn.state == CheckInState.OPEN
    )
    wanted = select(Referral.id).where(col(Referral.id).in_(asked)).order_by(col(Referral.id))
    await session.exec(wanted.with_for_update())


async def step_is_to_be_asked(
    session: AsyncSession,
    person_ids: Collection[str],
    team_id: str | None,
    now: datetime,
    *,
    most_attempts: int,
) -> bool:
    """Whether a step was due by now, of these people or of the whole team, whose timer still waits
    and has been tried less than `most_attempts` times."""
    whose: list[ColumnElement[bool]] = [col(Referral.team_id) == team_id]
    if team_id is None:
        sides = (col(Referral.surgeon_id), col(Referral.therapist_id))
        whose = [side.in_(person_ids) for side in sides]
    for side in whose:  # one index each
        wanted = (
            select(Timer.id)
            .join(Referral, and_(Referral.id == Timer.subject, Referral.step_number == Timer.step))
            .where(
                side,
                col(Referral.next_due) <= now,
                Timer.kind == TimerKind.STEP_DUE,
                Timer.state == TimerState.WAITING,
                Timer.attempts < most_attempts,
            )
            .limit(1)
        )
        if (await session.exec(wanted)).first() is not None:
            return True
    return False


async def unanswered_in_team(
    session: AsyncSession, team_id: str, now: datetime
) -> Sequence[tuple[CheckIn, Referral]]:
    """What was due by now and is still open, whoever is asked, the oldest first."""
    wanted = (
        select(CheckIn, Referral)
        .join(Referral, col(Referral.id) == CheckIn.referral_id)
        .where(
            Referral.team_id == team_id,
            CheckIn.state == CheckInState.OPEN,
            CheckIn.kind != CheckInKind.SILENT,
            col(CheckIn.due_at) <= now,
        )
        .order_by(col(CheckIn.due_at), col(Referral.case_code), col(CheckIn.id))
    )
    return (await session.exec(wanted)).all()


async def open_silences(session: AsyncSession, about_id: str) -> Sequence[CheckIn]:
    """What coordinators were told of the same unanswered check-in."""
    wanted = select(CheckIn).where(CheckIn.about_id == about_id, CheckIn.state == CheckInState.OPEN)
    return (await session.exec(wanted)).all()


async def highest_number(
    session: AsyncSession, referral_id: str, person_id: str, kind: CheckInKind
) -> int:
    wanted = select(func.max(CheckIn.number)).where(
        CheckIn.referral_id == referral_id,
        CheckIn.person_id == person_id,
        CheckIn.kind == kind,
    )
    return (await session.exec(wanted)).one() or 0


async def last_told(session: AsyncSession, referral_id: str, person_id: str) -> datetime | None:
    """When somebody was last asked about a step of this case."""
    wanted = select(func.max(col(CheckIn.told_at))).where(
        CheckIn.referral_id == referral_id,
        CheckIn.person_id == person_id,
        CheckIn.kind == CheckInKind.STEP,
    )
    return (await session.exec(wanted)).one()


async def last_word(session: AsyncSession, referral_id: str, person_id: str) -> datetime | None:
    """When somebody last wrote, decided or answered in a case."""
    whose = {"referral_id": referral_id, "person_id": person_id}
    found = (await session.exec(_LAST_WORD, params=whose)).one()
    return max((one for one in found if one is not None), default=None)


async def rhythm_of(session: AsyncSession, referral_id: str) -> Rhythm | None:
    """The newest version; None where each one's own choice holds."""
    return (await session.exec(_RHYTHM, params={"referral_id": referral_id})).first()


async def never_asked(session: AsyncSession, now: datetime) -> Sequence[str]:
    """Open referrals with an overdue step that nobody was asked about, or a treatment under way
    without any look."""
    step = select(CheckIn.id).where(
        CheckIn.referral_id == Referral.id,
        CheckIn.kind == CheckInKind.STEP,
        CheckIn.number == Referral.step_number,
    )
    look = select(CheckIn.id).where(
        CheckIn.referral_id == Referral.id, CheckIn.kind == CheckInKind.WEEKLY
    )
    changed = select(Rhythm.id).where(Rhythm.referral_id == Referral.id)
    wanted = (
        select(Referral.id)
        .where(
            or_(
                and_(col(Referral.next_due) <= now, ~step.exists()),
                and_(col(Referral.state).in_(_UNDER_WAY), ~look.exists(), ~changed.exists()),
            )
        )
        .order_by(col(Referral.id))
    )
    return (await session.exec(wanted)).all()


# -- digests ---------------------------------------------------------------------------------


async def digest(session: AsyncSession, digest_id: str) -> Digest | None:
    return (await session.exec(select(Digest).where(Digest.id == digest_id))).first()


async def newest_digest(session: AsyncSession, person_id: str) -> Digest | None:
    wanted = (
        select(Digest)
        .where(Digest.person_id == person_id)
        .order_by(col(Digest.day).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def add_digest(
    session: AsyncSession,
    person_id: str,
    day: date,
    at: datetime,
    lines: Sequence[tuple[str, bool]],
) -> str:
    """The one digest of somebody's day, with its lines in order: a check-in, and whether it is
    only told; gives its id."""
    row = Digest(id=new_id(), person_id=person_id, day=day, at=at)
    session.add(row)
    await session.flush()
    for position, (checkin_id, overview) in enumerate(lines):
        session.add(
            DigestLine(
                digest_id=row.id, checkin_id=checkin_id, position=position, overview=overview
            )
        )
    await session.flush()
    return row.id


async def lines_of(
    session: AsyncSession, digest_id: str
) -> Sequence[tuple[DigestLine, CheckIn, Referral]]:
    """What stands in a digest, in its order, as it is now."""
    wanted = (
        select(DigestLine, CheckIn, Referral)
        .join(CheckIn, col(CheckIn.id) == DigestLine.checkin_id)
        .join(Referral, col(Referral.id) == CheckIn.referral_id)
        .where(DigestLine.digest_id == digest_id)
        .order_by(col(DigestLine.position))
    )
    return (await session.exec(wanted)).all()


async def digests_with(session: AsyncSession, checkin_id: str) -> Sequence[str]:
    """The digests that a check-in stands in."""
    wanted = (
        select(DigestLine.digest_id)
        .where(DigestLine.checkin_id == checkin_id)
        .order_by(col(DigestLine.digest_id))
    )
    return (await session.exec(wanted)).all()
