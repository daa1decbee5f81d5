"""Work that came to a coordinator: they name who goes on with it, or close it.

A case is one pair's, with a channel of the two. So it does not change hands: it ends, and a new one
with the same contents goes to the new pair and points to the old.
"""

from bot.care.people import Part, Role, Standing
from bot.care.permissions import Deed
from bot.care.referral import Move, ReferralState
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import FieldsHaveProblems, NotYourPart, TooLate
from bot.services.handover import stand_in
from bot.services.licences import require_clear
from bot.services.moves import keep_move, tell_both
from bot.services.referrals import Referred, chosen_therapist, follow_up, move
from bot.store.queries import inbox, people
from bot.store.queries import referrals as stored
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral

GOES_ON = "goes_on"


class HandedOver:
    """The deeds of a coordinator who owns what somebody who left has left behind."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def name(
        self, actor: Actor, referral_id: str, slack_user_id: str, view_id: str
    ) -> Referred:
        """Somebody else goes on in the place of whoever left; sent twice, it is done once.

        Raises `NotYours`, `NotYourPart`, `TooLate`, `FieldsHaveProblems`,
        `TherapistCannotBeChosen`, `LicenceProblem`, `AlreadyReferred`.
        """
        async with self._deeds.begin(actor, Deed.NAME_ANOTHER) as deed:
            old = await deed.referral(referral_id)
            next_one = await stored.continuation_of(deed.session, old.id)
            if next_one is not None and old.state.is_final:
                return Referred(next_one.id, next_one.case_code, is_new=False)
            gone = await left_to_a_coordinator(deed, old)
            surgeon = await people.person(deed.session, old.surgeon_id)
            therapist = await people.person(deed.session, old.therapist_id)
            if gone is Part.SURGEON:
                surgeon = await _surgeon(deed, old, slack_user_id)
                if therapist.standing is not Standing.MEMBER:
                    raise FieldsHaveProblems({GOES_ON: "The therapist has left, too. Close it."})
            else:
                therapist = await chosen_therapist(deed, surgeon, slack_user_id)
            await inbox.note_submission(deed.session, view_id, old.id, deed.now)
            new = await follow_up(deed, old, surgeon, therapist)
            await _end(deed, old, Move.NAME_ANOTHER)
            await deed.note("referral", old.id, next=new.id)
            return Referred(new.id, new.case_code, is_new=True)

    async def close(self, actor: Actor, referral_id: str) -> ReferralState:
        """It goes on with nobody; closed already, nothing changes.

        Raises `NotYours`, `NotYourPart`, `TooLate`.
        """
        async with self._deeds.begin(actor, Deed.CLOSE_FOR_ABSENT) as deed:
            referral = await deed.referral(referral_id)
            if not referral.state.is_final:
                await left_to_a_coordinator(deed, referral)
                await _end(deed, referral, Move.CLOSE_FOR_ABSENT)
                await deed.note("referral", referral.id)
            return referral.state

    async def who_left(self, actor: Actor, referral_id: str) -> tuple[str, Part]:
        """The case's code and which side has left, for the form. Recorded; raises as `close`."""
        async with self._deeds.look(actor, Deed.NAME_ANOTHER) as deed:
            referral = await deed.referral(referral_id)
            await deed.note("referral", referral.id, look="handed_over")
            return referral.case_code, await left_to_a_coordinator(deed, referral)


async def left_to_a_coordinator(deed: OpenDeed, referral: Referral) -> Part:
    """Which of the two has left so that a coordinator has their work. Raises `TooLate` where
    nobody has, and `NotYourPart` where a colleague stands in."""
    if referral.state.is_final:
        raise TooLate("moved_on")
    found = None
    for part, side in (
        (Part.THERAPIST, referral.therapist_id),
        (Part.SURGEON, referral.surgeon_id),
    ):
        person = await people.person(deed.session, side)
        if person.standing is Standing.MEMBER:
            continue
        found = part
        if (await stand_in(deed.session, person)).role is Role.COORDINATOR:
            return part
    if found is None:
        raise TooLate("nobody_left")
    raise NotYourPart


async def _end(deed: OpenDeed, referral: Referral, by: Move) -> None:
    came_from = referral.state
    if not await move(deed, referral, by):
        raise TooLate("moved_on")
    move_id = await keep_move(deed, referral, by, came_from)
    await tell_both(deed, referral, move_id)


async def _surgeon(deed: OpenDeed, old: Referral, slack_user_id: str) -> Person:
    found = await people.person_in_slack(deed.session, old.team_id, slack_user_id)
    if found is None or found.role is not Role.SURGEON or found.standing is not Standing.MEMBER:
        raise FieldsHaveProblems({GOES_ON: "Choose somebody who is registered as a surgeon."})
    await require_clear(deed, found)
    return found
