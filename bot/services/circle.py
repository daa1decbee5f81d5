"""Letting a colleague read one case, and taking that back."""

from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.ids import new_id
from bot.notices import LetIn, to_person, to_thread
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import FieldsHaveProblems, NotYours, TooLate
from bot.services.seats import seat
from bot.services.strangers import settle_who_was_let_in
from bot.shown.circle import ShownCircle, ShownLetIn
from bot.store.queries import circle as stored
from bot.store.queries import inbox, people
from bot.store.queries.referrals import referral as referral_of
from bot.store.tables.circle import Invitation, InvitationEnd
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral

COLLEAGUE = "colleague"


class Circle:
    """The deeds of the two about who else may read their case."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def invite(self, actor: Actor, referral_id: str, slack_user_id: str, view_id: str) -> str:
        """Let a colleague read a case; gives the invitation's id. Who is let in already stays so.

        Raises `NotYours`, `NotYourPart`, `TooLate`, `FieldsHaveProblems`.
        """
        async with self._deeds.begin(actor, Deed.INVITE) as deed:
            referral = await deed.referral(referral_id)
            if referral.state.is_final:
                raise TooLate("moved_on")
            colleague = await _colleague(deed, referral, slack_user_id)
            known = await stored.invitation(deed.session, referral.id, colleague.id)
            if known is not None:
                return known.id
            return await let_in(deed, referral, colleague, view_id)

    async def take_back(self, actor: Actor, invitation_id: str) -> str:
        """They may read it no more, at once; gives the referral's id. Once done, nothing changes.

        Raises `NotYours`, `NotYourPart`.
        """
        async with self._deeds.begin(actor, Deed.TAKE_BACK_INVITATION) as deed:
            glimpse = await stored.invitation_by_id(deed.session, invitation_id)
            if glimpse is None:
                raise NotYours
            referral = await deed.referral(glimpse.referral_id)
            invitation = await stored.invitation_anew(deed.session, invitation_id)
            if invitation.ended_at is None:
                await _end(deed, referral, invitation, InvitationEnd.TAKEN_BACK)
                await deed.note(
                    "invitation", invitation.id, referral=referral.id, person=invitation.person_id
                )
            return referral.id

    async def of(self, actor: Actor, referral_id: str) -> ShownCircle:
        """Who may read a case, for one of the two. Recorded. Raises `NotYours`, `NotYourPart`."""
        async with self._deeds.look(actor, Deed.INVITE) as deed:
            referral = await deed.referral(referral_id)
            await deed.note("referral", referral.id, look="circle")
            found = []
            for one in await stored.invitations_into(deed.session, referral.id):
                colleague = await people.person(deed.session, one.person_id)
                by = await people.person(deed.session, one.invited_by_id)
                found.append(
                    ShownLetIn(one.id, colleague.slack_user_id, by.slack_user_id, one.invited_at)
                )
            return ShownCircle(
                referral.id,
                referral.case_code,
                tuple(found),
                may_invite=not referral.state.is_final,
            )

    async def invitation(self, invitation_id: str) -> tuple[ShownLetIn, str, str, bool] | None:
        """An invitation as it stands, its case's id and code, and whether the case ended it."""
        async with self._deeds.database.reading() as session:
            one = await stored.invitation_by_id(session, invitation_id)
            referral = await referral_of(session, one.referral_id) if one else None
            if one is None or referral is None:
                return None
            colleague = await people.person(session, one.person_id)
            by = await people.person(session, one.ended_by_id or one.invited_by_id)
            shown = ShownLetIn(
                one.id,
                colleague.slack_user_id,
                by.slack_user_id,
                one.invited_at,
                is_ended=one.ended_at is not None,
            )
            by_case = one.ended_as is InvitationEnd.CASE_ENDED
            return shown, referral.id, referral.case_code, by_case


async def let_in(deed: OpenDeed, referral: Referral, colleague: Person, view_id: str = "") -> str:
    """Write an invitation, tell the colleague and the thread; for other deeds, too."""
    invitation_id = new_id()
    if view_id:
        earlier = await inbox.note_submission(deed.session, view_id, invitation_id, deed.now)
        if earlier is not None:
            return earlier
    deed.session.add(
        Invitation(
            id=invitation_id,
            referral_id=referral.id,
            person_id=colleague.id,
            invited_by_id=deed.person.id,
            invited_at=deed.now,
        )
    )
    await deed.session.flush()
    await deed.redraw_card(referral)  # the files that came with it are for the two alone
    await seat(deed, referral.room_id, colleague)
    await settle_who_was_let_in(deed, referral.room_id, colleague)
    for place, in_thread in ((to_person(colleague.id), False), (to_thread(referral.id), True)):
        notice = LetIn(invitation_id=invitation_id, in_thread=in_thread)
        await deed.tell(place, notice, let_in_key(invitation_id, in_thread=in_thread))
    await deed.note("invitation", invitation_id, referral=referral.id, person=colleague.id)
    return invitation_id


async def end_with_the_case(deed: OpenDeed, referral: Referral) -> None:
    """The case has ended: whoever was let in may read it no more."""
    for one in await stored.invitations_into(deed.session, referral.id):
        await _end(deed, referral, one, InvitationEnd.CASE_ENDED)


def let_in_key(invitation_id: str, *, in_thread: bool) -> str:
    """The outbox key of the word to whoever was let in, or of the one in the thread."""
    return f"let-in:{invitation_id}{':thread' if in_thread else ''}"


async def _end(
    deed: OpenDeed, referral: Referral, invitation: Invitation, why: InvitationEnd
) -> None:
    invitation.ended_at = deed.now
    invitation.ended_as = why
    taken_back = why is InvitationEnd.TAKEN_BACK
    invitation.ended_by_id = deed.person.id if taken_back else None
    deed.session.add(invitation)
    await deed.session.flush()
    await deed.redraw_card(referral)
    colleague = await people.person(deed.session, invitation.person_id)
    await seat(deed, referral.room_id, colleague)
    for in_thread in (False, True):
        notice = LetIn(invitation_id=invitation.id, in_thread=in_thread)
        await deed.redraw(notice, let_in_key(invitation.id, in_thread=in_thread))


async def _colleague(deed: OpenDeed, referral: Referral, slack_user_id: str) -> Person:
    """Another one who treats, registered here; never one of the two."""
    found = await people.person_in_slack(deed.session, referral.team_id, slack_user_id)
    if found is None or found.standing is not Standing.MEMBER:
        raise FieldsHaveProblems({COLLEAGUE: "This person is not registered with Careloop."})
    if found.role is Role.COORDINATOR:
        raise FieldsHaveProblems({COLLEAGUE: "Coordinators do not read cases. Choose a colleague."})
    if found.id in {referral.surgeon_id, referral.therapist_id}:
        raise FieldsHaveProblems({COLLEAGUE: "This is one of the two of you. Choose a colleague."})
    return found
