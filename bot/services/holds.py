"""Treatment on hold: put there by a rule or a decision, and only cleared by the surgeon's side."""

from datetime import date
from enum import StrEnum

from bot.care.permissions import Deed
from bot.care.referral import Move, ReferralState
from bot.notices import HoldAnswered, to_thread
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import DateProblem, TooLate
from bot.services.moves import keep_move
from bot.services.referrals import enter
from bot.store.queries import concerns, inbox, people
from bot.store.tables.referrals import Referral

LONGEST_HOLD_DAYS = 90


class HoldAnswer(StrEnum):
    """What the surgeon says of a hold."""

    CLEAR = "clear"
    KEEP = "keep"


class Holds:
    """The deeds of a hold."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def answer(
        self,
        actor: Actor,
        referral_id: str,
        answer: HoldAnswer,
        review_on: date | None,
        view_id: str,
    ) -> ReferralState:
        """Clear a hold, or keep it until a day on which it is looked at again.

        Gives the state before. Raises `NotYours`, `NotYourPart`, `DateProblem`, and `TooLate`
        while a concern that holds the treatment is not acknowledged.
        """
        async with self._deeds.begin(actor, Deed.CLEAR_HOLD) as deed:
            referral = await deed.referral(referral_id)
            before = referral.state
            if before is not ReferralState.ON_HOLD:
                return before
            if await inbox.note_submission(deed.session, view_id, referral.id, deed.now):
                return before
            if answer is HoldAnswer.CLEAR:
                if await concerns.unanswered_holds(deed.session, referral.id):
                    raise TooLate("hold_concern_open")
                await take_off_hold(deed, referral)
                await keep_move(deed, referral, Move.RESUME, before)
            else:
                await _keep(deed, referral, review_on)
                await keep_move(deed, referral, Move.KEEP_HOLD, before)
            await deed.tell(
                to_thread(referral.id),
                HoldAnswered(
                    referral_id=referral.id,
                    by_id=deed.person.id,
                    cleared=answer is HoldAnswer.CLEAR,
                ),
                f"hold:{referral.id}:{referral.step_number}",
            )
            await deed.note("referral", referral.id, hold=answer.value)
            return before


async def put_on_hold(deed: OpenDeed, referral: Referral) -> bool:
    """No massage until the surgeon clears it; False where nothing is under way."""
    if not referral.state.is_treatment_under_way:
        return False
    referral.held_from = referral.state
    await enter(deed, referral, ReferralState.ON_HOLD)
    await deed.redraw_card(referral)
    return True


async def take_off_hold(deed: OpenDeed, referral: Referral) -> bool:
    """Treatment goes on from where it stood; False if it is not on hold."""
    if referral.state is not ReferralState.ON_HOLD:
        return False
    goes_on = referral.held_from or ReferralState.IN_PROGRESS
    referral.held_from = None
    await enter(deed, referral, goes_on)
    await deed.redraw_card(referral)
    return True


async def _keep(deed: OpenDeed, referral: Referral, review_on: date | None) -> None:
    surgeon = await people.person(deed.session, referral.surgeon_id)
    hours = (await deed.hours_of(surgeon)).as_covered()
    today = hours.day_of(deed.now)
    if review_on is None:
        raise DateProblem("Choose the day on which you look at it again.")
    if not today < review_on or (review_on - today).days > LONGEST_HOLD_DAYS:
        raise DateProblem(f"Choose a day after today, at most {LONGEST_HOLD_DAYS} days ahead.")
    await enter(deed, referral, ReferralState.ON_HOLD, due=hours.evening_of(review_on))
    await deed.redraw_card(referral)
