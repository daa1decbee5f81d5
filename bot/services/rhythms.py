"""A rhythm was changed: what was planned in the old one is moot; the new one counts from now."""

from bot.care.checkins import CheckInKind, CheckInState
from bot.care.people import Role
from bot.care.rhythm import Every
from bot.services.asking import plan_looks, rhythm_of, settle
from bot.services.deeds import OpenDeed
from bot.store.queries import checkins as stored
from bot.store.queries.referrals import open_referrals_of, referral_to_change
from bot.store.queries.working_time import schedule_of
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral


async def start_looks_anew(deed: OpenDeed, referral: Referral, *, joint: bool) -> None:
    """Plan the surgeon's looks of one case by the rhythm of now; joint ones stay if `joint`."""
    for row in await stored.open_of_referral(deed.session, referral.id):
        if row.kind is CheckInKind.WEEKLY or (row.kind is CheckInKind.JOINT and not joint):
            await settle(deed, row, CheckInState.MOOT)
    if referral.state.is_treatment_under_way:
        await plan_looks(deed, referral)


async def own_every(deed: OpenDeed, person: Person) -> Every | None:
    """How often somebody wishes to be asked where a case says nothing; None where they said
    nothing either."""
    schedule = await schedule_of(deed.session, person.id)
    return schedule.every if schedule else None


async def own_rhythm_changed(deed: OpenDeed, person: Person) -> None:
    """A surgeon has chosen another rhythm of their own: it holds in each of their cases that has
    none. A therapist's holds from the next session on."""
    if person.role is not Role.SURGEON:
        return
    ids = sorted(one.id for one in await open_referrals_of(deed.session, person))
    # All of them are locked before the first timer is touched: deeds lock the case first.
    cases = [await referral_to_change(deed.session, one) for one in ids]
    for case in cases:
        if case is not None and (await rhythm_of(deed, case)).surgeon is None:
            await start_looks_anew(deed, case, joint=True)
