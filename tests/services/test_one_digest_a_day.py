"""One digest a person and day, also where Slack did not take yesterday's in time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from bot.care.checkins import CheckInKind
from bot.care.permissions import Deed
from bot.services.asking import ask
from bot.services.reading import Reading
from bot.services.reading_digests import ReadingDigests
from bot.store.queries import people
from bot.store.queries.referrals import referral_to_change
from bot.store.tables.checkins import Digest
from bot.store.tables.work import OutboxOperation, OutboxRow, OutboxState
from tests.services.test_concern_deeds import Ward, ward
from tests.services.test_who_may_do_what import TEAM, user_id

__all__ = ["ward"]

TUESDAY = datetime(2026, 12, 1, 14, tzinfo=UTC)  # 9 in New York; the surgeon's weekly look is due
WEDNESDAY, THURSDAY = (TUESDAY + timedelta(days=days) for days in (1, 2))


async def _surgeons_digests(ward: Ward) -> list[tuple[date, str]]:
    """The day and the id of each, the oldest first."""
    async with ward.practice.database.reading() as session:
        surgeon = await people.person_in_slack(session, TEAM, user_id("surgeon"))
        assert surgeon is not None
        wanted = select(Digest).where(Digest.person_id == surgeon.id).order_by(col(Digest.day))
        return [(one.day, one.id) for one in (await session.exec(wanted)).all()]


async def _became(ward: Ward, digest_id: str, state: OutboxState, sent_at: datetime | None) -> None:
    """What became of a digest's message in Slack."""
    async with ward.practice.database.transaction() as session:
        await session.exec(
            update(OutboxRow)
            .where(
                col(OutboxRow.dedupe_key) == f"digest:{digest_id}",
                col(OutboxRow.operation) == OutboxOperation.POST,
            )
            .values(state=state, sent_at=sent_at)
        )


async def _something_new_waits_for_the_surgeon(ward: Ward) -> None:
    async with ward.practice.deeds.begin(None, Deed.NUDGE) as deed:
        case = await referral_to_change(deed.session, ward.practice.referral_id)
        assert case is not None
        surgeon = await people.person(deed.session, case.surgeon_id)
        await ask(deed, case, surgeon, CheckInKind.PLAN, deed.now)


@dataclass(frozen=True)
class Fate:
    """What had become of Tuesday's digest by nine on Wednesday; whether another one may come."""

    state: OutboxState
    sent_at: datetime | None
    another: bool

    def __str__(self) -> str:
        return f"{self.state} {self.sent_at or ''}"


@pytest.mark.parametrize(
    "fate",
    [
        Fate(OutboxState.SENT, TUESDAY + timedelta(seconds=1), another=True),
        Fate(OutboxState.SENT, WEDNESDAY - timedelta(seconds=1), another=False),
        Fate(OutboxState.SENDING, None, another=False),
        Fate(OutboxState.AMBIGUOUS, None, another=False),
        Fate(OutboxState.PENDING, None, another=True),
        Fate(OutboxState.DROPPED, None, another=True),
    ],
    ids=str,
)
async def test_what_went_out_late_is_the_digest_of_the_day_on_which_it_came(
    ward: Ward, fate: Fate
) -> None:
    await ward.until(TUESDAY + timedelta(minutes=1))
    ((_, first),) = await _surgeons_digests(ward)
    await ward.until(WEDNESDAY - timedelta(minutes=30))
    await _something_new_waits_for_the_surgeon(ward)
    await _became(ward, first, fate.state, fate.sent_at)
    await ward.until(WEDNESDAY + timedelta(minutes=1))
    days = [day for day, _ in await _surgeons_digests(ward)]
    assert days == [TUESDAY.date(), *([WEDNESDAY.date()] if fate.another else [])]

    reading = ReadingDigests(
        ward.practice.deeds, Reading(ward.practice.deeds, "", ward.practice.progresses)
    )
    late = await reading.digest(first, posting=True)
    assert (late is None) is fate.another, "two of them in one morning, or none"

    if not fate.another:
        await _became(ward, first, OutboxState.SENT, WEDNESDAY)
        await ward.until(THURSDAY + timedelta(minutes=1))
        newest, _ = (await _surgeons_digests(ward))[-1]
        assert newest == THURSDAY.date(), "what waited comes the next morning"
