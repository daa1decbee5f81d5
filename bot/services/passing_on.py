"""Passing a concern on to a surgeon by name. Until they accept it, the ladder goes on."""

from bot.care.concern import ConcernState
from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.ids import new_id
from bot.notices import (
    ConcernPassedBack,
    ConcernPassedOn,
    Priority,
    to_person,
)
from bot.services.actor import Actor
from bot.services.concern_record import concern_for, passed_key, redraw, waiting
from bot.services.deeds import Deeds
from bot.services.errors import AccountCannotTreat, NotRegistered, TextProblem
from bot.store.queries import concerns as stored
from bot.store.queries import people
from bot.store.tables.concerns import Concern, Handover
from bot.store.tables.people import Person


class PassingOn:
    """The deeds of a handover. Accepting it is acknowledging the concern."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def ask(self, actor: Actor, concern_id: str, slack_user_id: str) -> ConcernState:
        """Ask a surgeon to take the concern. Gives the state before.

        Raises `NotYours`, `NotYourPart`, and for the one who is asked `NotRegistered`,
        `AccountCannotTreat`, `TextProblem`.
        """
        async with self._deeds.begin(actor, Deed.HAND_ON_CONCERN) as deed:
            concern, referral, _ = await concern_for(deed, concern_id)
            before = concern.state
            if before.is_settled:
                return before
            asked = await people.person_in_slack(deed.session, referral.team_id, slack_user_id)
            asked = _checked(asked, concern, deed.person)
            known = await stored.handovers_of(deed.session, concern.id)
            if any(one.to_id == asked.id for one in waiting(concern, known)):
                return before  # asked already
            await redraw(deed, referral, concern)  # what is told below needs no redrawing
            handover = Handover(
                id=new_id(),
                concern_id=concern.id,
                number=len(known) + 1,
                from_id=deed.person.id,
                to_id=asked.id,
                asked_at=deed.now,
            )
            deed.session.add(handover)
            await deed.session.flush()
            await deed.tell(
                to_person(asked.id),
                ConcernPassedOn(concern_id=concern.id, number=handover.number),
                passed_key(concern.id, handover.number),
                Priority.URGENT,
            )
            await deed.note("concern", concern.id, referral=referral.id, asked=asked.id)
            return before

    async def decline(self, actor: Actor, concern_id: str) -> bool:
        """Whoever was asked can't take it. Tells whether it was theirs to decline."""
        async with self._deeds.begin(actor, Deed.DECLINE_CONCERN) as deed:
            concern, referral, part = await concern_for(deed, concern_id)
            known = waiting(concern, await stored.handovers_of(deed.session, concern.id))
            mine = [one for one in known if one.to_id == deed.person.id]
            if not mine or concern.state.is_settled or part.is_therapists_side:
                return False
            for one in mine:
                one.answered_at = deed.now
                one.accepted = False
                deed.session.add(one)
                await deed.tell(
                    to_person(one.from_id),
                    ConcernPassedBack(concern_id=concern.id, number=one.number),
                    f"passed_back:{concern.id}:{one.number}",
                    Priority.URGENT,
                )
            await deed.session.flush()
            await redraw(deed, referral, concern)
            await deed.note("concern", concern.id, referral=referral.id, declined="yes")
            return True


def _checked(asked: Person | None, concern: Concern, asks: Person) -> Person:
    if asked is None or asked.role is not Role.SURGEON:
        raise NotRegistered(Role.SURGEON)
    if asked.standing is not Standing.MEMBER:
        raise AccountCannotTreat(asked.standing)
    if asked.id == concern.raised_by_id:
        raise TextProblem("They raised it themselves. Please choose another surgeon.")
    if asked.id in {asks.id, concern.acknowledged_by_id}:
        raise TextProblem("They have it already. Please choose another surgeon.")
    return asked
