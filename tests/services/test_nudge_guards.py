"""Every guard of the nudges, toggled alone by the deed that it comes from, in a running practice.

`tests/care/test_checkins.py` tries the rules; here the surgeon's weekly look falls due on Monday
and is asked on Tuesday at nine unless somebody has done something that keeps it back.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlmodel import col, select

from bot.app import default_rules
from bot.care.checkins import CheckInKind, CheckInState, Guard, guards
from bot.care.concern import Decision, Severity
from bot.care.permissions import Deed
from bot.care.rhythm import Every
from bot.care.schedule import ChosenSchedule
from bot.care.working_time import Weekday
from bot.services.absences import Planned
from bot.services.asking import ask, asked_of
from bot.services.checkins import CheckIns
from bot.services.updates import Updates
from bot.services.working_time import WorkingTime
from bot.store.queries import people
from bot.store.queries.referrals import referral_to_change
from bot.store.tables.checkins import CheckIn
from tests.services.test_concern_deeds import Ward, ward
from tests.services.test_who_may_do_what import TEAM, user_id

__all__ = ["ward"]

WEEKDAYS = frozenset(Weekday) - {Weekday.SATURDAY, Weekday.SUNDAY}
USUAL = ChosenSchedule(WEEKDAYS, 9 * 60, 17 * 60)


def december(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An hour in New York, in winter."""
    return datetime(2026, 12, day, hour + 5, minute, tzinfo=UTC)


TUESDAY = december(1)
MONDAY_NOON = TUESDAY - timedelta(hours=21)


async def look(ward: Ward) -> CheckIn:
    """The surgeon's newest weekly look at the case."""
    async with ward.practice.database.reading() as session:
        surgeon = await people.person_in_slack(session, TEAM, user_id("surgeon"))
        assert surgeon is not None
        wanted = (
            select(CheckIn)
            .where(CheckIn.kind == CheckInKind.WEEKLY, CheckIn.person_id == surgeon.id)
            .order_by(col(CheckIn.number).desc())
        )
        found = (await session.exec(wanted)).first()
        assert found is not None
        return found


async def asked_first(ward: Ward, last: datetime) -> datetime | None:
    """When they are first asked, up to a day; None if they are not."""
    day = TUESDAY
    while day <= last:
        await ward.until(day.replace(hour=21))
        row = await look(ward)
        if row.told:
            return row.told_at
        day += timedelta(days=1)
    return None


async def held_back_by(ward: Ward) -> frozenset[Guard]:
    """Which guards hold at this moment, as the clockwork would see it."""
    row = await look(ward)
    async with ward.practice.deeds.begin(None, Deed.NUDGE) as deed:
        case = await referral_to_change(deed.session, row.referral_id)
        assert case is not None
        surgeon = await people.person(deed.session, row.person_id)
        hours = await deed.hours_of(surgeon)
        return guards(await asked_of(deed, case, row), hours, deed.now)


# -- what keeps it back, each by its own deed ------------------------------------------------


async def nothing(_ward: Ward) -> None:
    """Nobody does anything."""


async def sets_hours(ward: Ward, chosen: ChosenSchedule) -> None:
    working_time = WorkingTime(ward.practice.deeds)
    await working_time.set(ward.practice.actor("surgeon"), chosen, uuid4().hex)


async def does_not_work_on_tuesdays(ward: Ward) -> None:
    await sets_hours(ward, replace(USUAL, days=WEEKDAYS - {Weekday.TUESDAY}))


async def pauses(ward: Ward) -> None:
    await sets_hours(ward, replace(USUAL, paused_until=date(2026, 12, 3)))


async def wants_it_every_two_weeks(ward: Ward) -> None:
    await sets_hours(ward, replace(USUAL, every=Every.TWO_WEEKS))


async def goes_away(ward: Ward) -> None:
    away = Planned(date(2026, 12, 1), date(2026, 12, 2))
    await ward.practice.absences.enter(ward.practice.actor("surgeon"), away, uuid4().hex)


async def decides_in_the_case(ward: Ward) -> None:
    concern_id = await ward.raises(severity=Severity.SOON)
    await ward.acknowledges("surgeon", concern_id, Decision.CONTINUE)
    surgeon = ward.practice.actor("surgeon")
    await ward.practice.concerns.resolve(surgeon, concern_id, "All well")


async def puts_it_off(ward: Ward) -> None:
    checkins = CheckIns(ward.practice.deeds, Updates(ward.practice.deeds, default_rules()))
    row = await look(ward)
    await checkins.snooze(ward.practice.actor("surgeon"), row.id, date(2026, 12, 4))


async def the_therapist_holds_the_treatment(ward: Ward) -> None:
    await ward.practice.deed("hold")(ward.practice.actor("therapist"))


@dataclass(frozen=True)
class Story:
    """What somebody does on Monday at noon, which guards hold on Tuesday at nine because of it, and
    when the surgeon is first asked, up to Wednesday of the week after."""

    does: Callable[[Ward], Awaitable[None]]
    held_back_by: frozenset[Guard]
    asked: datetime | None

    def __str__(self) -> str:
        return self.does.__name__


@pytest.mark.parametrize(
    "story",
    [
        Story(nothing, frozenset(), TUESDAY),
        Story(does_not_work_on_tuesdays, frozenset({Guard.QUIET_HOURS}), december(2)),
        Story(pauses, frozenset({Guard.PAUSED}), december(3)),
        Story(goes_away, frozenset({Guard.AWAY}), december(3)),
        Story(puts_it_off, frozenset({Guard.SNOOZED}), december(4)),
        Story(the_therapist_holds_the_treatment, frozenset({Guard.ON_HOLD}), None),
        # Who decides in a case has looked at it: it is due a week later, too.
        Story(decides_in_the_case, frozenset({Guard.FRESH_UPDATE, Guard.NOT_DUE}), december(8)),
        Story(wants_it_every_two_weeks, frozenset({Guard.NOT_DUE}), None),
    ],
    ids=str,
)
async def test_each_guard_alone_keeps_the_surgeon_s_look_back(ward: Ward, story: Story) -> None:
    await ward.until(MONDAY_NOON)
    await story.does(ward)
    await ward.until(TUESDAY - timedelta(minutes=1))
    assert (await look(ward)).told == 0
    if story.does is nothing:
        assert await held_back_by(ward) == {Guard.QUIET_HOURS}
    ward.clock.set(TUESDAY)
    assert await held_back_by(ward) == story.held_back_by
    assert await asked_first(ward, december(9)) == story.asked


async def test_who_was_told_is_not_asked_again_by_the_digest_of_the_next_morning(
    ward: Ward,
) -> None:
    await ward.until(TUESDAY + timedelta(minutes=1))
    assert (await look(ward)).told == 1
    async with ward.practice.deeds.begin(None, Deed.NUDGE) as deed:
        case = await referral_to_change(deed.session, ward.practice.referral_id)
        assert case is not None
        surgeon = await people.person(deed.session, case.surgeon_id)
        await ask(deed, case, surgeon, CheckInKind.PLAN, deed.now)
    ward.clock.set(december(2))
    assert await held_back_by(ward) == {Guard.ALREADY_TOLD}
    await ward.until(december(2, 9, 1))  # a digest comes, for the wish
    assert (await look(ward)).told == 1
    await ward.until(december(3, 9, 1))
    assert (await look(ward)).told == 2


async def test_a_rhythm_of_one_s_own_holds_from_now_on_and_not_after_the_next_question(
    ward: Ward,
) -> None:
    await ward.until(MONDAY_NOON)
    await sets_hours(ward, replace(USUAL, every=Every.NEVER))
    assert (await look(ward)).state is CheckInState.MOOT
    assert await asked_first(ward, december(4)) is None

    await sets_hours(ward, replace(USUAL, every=Every.WEEK))
    again = await look(ward)
    assert (again.state, again.due_at) == (
        CheckInState.OPEN,
        ward.clock.now() + timedelta(days=7),
    )
    await sets_hours(ward, replace(USUAL, every=Every.WEEK, start=8 * 60))
    assert (await look(ward)).id == again.id, "other hours leave it as it is"


async def test_a_rhythm_of_one_s_own_leaves_a_case_that_has_another(ward: Ward) -> None:
    checkins = CheckIns(ward.practice.deeds, Updates(ward.practice.deeds, default_rules()))
    await checkins.set_rhythm(
        ward.practice.actor("surgeon"),
        ward.practice.referral_id,
        None,
        Every.TWO_WEEKS,
        joint=True,
        view_id=uuid4().hex,
    )
    before = await look(ward)
    await sets_hours(ward, replace(USUAL, every=Every.NEVER))
    assert await look(ward) == before
