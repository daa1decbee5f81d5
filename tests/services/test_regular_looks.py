"""The surgeon's regular look at a case, asked in vain, and then answered by being in the case."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.care.checkins import CheckInKind, CheckInState
from bot.care.concern import Decision, Severity
from bot.store.queries import people
from bot.store.tables.checkins import CheckIn
from bot.store.tables.work import OutboxOperation, OutboxRow
from tests.services.test_concern_deeds import Ward, ward
from tests.services.test_who_may_do_what import TEAM, user_id

__all__ = ["ward"]


def _december(day: int, hour: int = 14, minute: int = 0) -> datetime:
    """14:00 UTC is 9 in New York."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


async def _asked(ward: Ward, kind: CheckInKind, who: str) -> list[CheckIn]:
    async with ward.practice.database.reading() as session:
        person = await people.person_in_slack(session, TEAM, user_id(who))
        assert person is not None
        wanted = select(CheckIn).where(CheckIn.kind == kind, CheckIn.person_id == person.id)
        return list((await session.exec(wanted)).all())


async def _silence_about(ward: Ward, row: CheckIn) -> CheckIn:
    found = await _asked(ward, CheckInKind.SILENT, "coordinator")
    return next(one for one in found if one.about_id == row.id)


async def _redrawn_digests(ward: Ward) -> int:
    async with ward.practice.database.reading() as session:
        wanted = select(OutboxRow.id).where(
            OutboxRow.kind == "digest", OutboxRow.operation == OutboxOperation.REDRAW
        )
        return len((await session.exec(wanted)).all())


@pytest.mark.parametrize("resolved", [False, True])
async def test_whoever_decides_in_a_case_is_no_longer_waited_for_and_asked_a_week_later(
    ward: Ward, resolved: bool
) -> None:
    concern_id = await ward.raises(severity=Severity.SOON)
    await ward.until(_december(4, 15))  # asked on Tuesday and Thursday; on Friday others are told
    if resolved:
        await ward.acknowledges("covering", concern_id, Decision.CONTINUE)
    (look,) = await _asked(ward, CheckInKind.WEEKLY, "surgeon")
    assert look.told == 2
    silence = await _silence_about(ward, look)
    assert (silence.state, silence.told) == (CheckInState.OPEN, 1)

    before = await _redrawn_digests(ward)
    if resolved:
        surgeon = ward.practice.actor("surgeon")
        await ward.practice.concerns.resolve(surgeon, concern_id, "Seen, all well")
    else:
        await ward.acknowledges("surgeon", concern_id, Decision.CONTINUE)
    (look,) = await _asked(ward, CheckInKind.WEEKLY, "surgeon")
    assert (look.told, look.due_at) == (0, _december(11, 15))
    assert (await _silence_about(ward, look)).state is CheckInState.MOOT
    assert await _redrawn_digests(ward) > before

    await ward.until(_december(14, 13, 59))
    (look,) = await _asked(ward, CheckInKind.WEEKLY, "surgeon")
    assert look.told == 0
    await ward.until(_december(14, 14, 1))
    (look,) = await _asked(ward, CheckInKind.WEEKLY, "surgeon")
    assert look.told == 1
