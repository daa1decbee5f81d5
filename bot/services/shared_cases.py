"""The same patient in care with others: found before a referral is sent, and asked to be shared."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Role
from bot.care.permissions import Deed
from bot.care.referral_form import Draft, FormStep, ReferralForm
from bot.care.request import Request
from bot.care.sharing import (
    ASK_LASTS,
    LOOKS_COUNTED_FOR,
    ShareAnswer,
    SharedPart,
    ShareStanding,
    ShareState,
    answered,
    may_be_asked,
    may_look,
    standing,
)
from bot.ids import new_id
from bot.services.actor import Actor
from bot.services.deeds import Deeds, Lease, OpenDeed
from bot.services.errors import NotYours, TooLate
from bot.services.identifiers import unnamed_words
from bot.services.licences import require_clear
from bot.services.plan_versions import plan_in
from bot.services.progress import Progresses
from bot.services.referrals import identity_index, request_cell
from bot.services.share_news import redraw, tell_answered, tell_asked
from bot.shown.referring import ShownElsewhere, ShownFormStep, ShownOwnCase
from bot.shown.shared import ShownShared
from bot.shown.sharing import ShownShare
from bot.store.queries import people
from bot.store.queries import referrals as referrals_stored
from bot.store.queries import referring as drafts_stored
from bot.store.queries import sharing as stored
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.referring import ShareRequest
from bot.store.tables.work import TimerKind

# Where the form says who else has the patient: as soon as it is known who it is, and at the end.
LOOKS_AT = frozenset({FormStep.SURGERY, FormStep.SUMMARY})
MOST_AT_HOME = 6
TOO_MANY_LOOKS = "too_many_looks"


class SharedCases:
    """The deeds about a patient whom others treat, too."""

    def __init__(self, deeds: Deeds, progresses: Progresses) -> None:
        self._deeds = deeds
        self._progresses = progresses

    # -- whoever refers --------------------------------------------------------------------

    async def found_for(self, actor: Actor, shown: ShownFormStep) -> ShownFormStep:
        """A step of the form with the patient's other cases: one's own with their details, of
        colleagues' only that there are some. Recorded. Raises `NotRegistered`, `TooLate`."""
        if not shown.draft_id or shown.draft.step not in LOOKS_AT:
            return shown
        async with self._deeds.look(actor, Deed.LOOK_FOR_PATIENT) as deed:
            form = await _form_of(deed, shown.draft_id)
            identity = _identity(deed, form)
            if identity is None:
                return shown
            may = await _may_look(deed, identity)
            own, others = await _cases(deed, identity)
            await deed.note(
                "draft", shown.draft_id, own=str(len(own)), looked="yes" if may else "no"
            )
            elsewhere = ShownElsewhere(was_looked=False)
            if may:
                elsewhere = await _elsewhere(deed, others)
            return replace(
                shown,
                own_cases=tuple([await _own_case(deed, one, form) for one in own]),
                elsewhere=elsewhere,
            )

    async def ask(self, actor: Actor, draft_id: str) -> None:
        """Ask every pair that has the patient of a draft to share their case. Asked for twice,
        each pair is asked once; one that has declined is not asked again.

        Raises `NotRegistered`, `LicenceProblem`, `TooLate`.
        """
        async with self._deeds.begin(actor, Deed.ASK_TO_SHARE) as deed:
            surgeon = await deed.somebody(Role.SURGEON)
            await require_clear(deed, surgeon)
            identity = _identity(deed, await _form_of(deed, draft_id))
            if identity is None or not await _may_look(deed, identity):
                raise TooLate(TOO_MANY_LOOKS)
            _, others = await _cases(deed, identity)
            for found in others:
                referral = await referrals_stored.referral_to_change(deed.session, found.id)
                if referral is not None and not referral.state.is_final:
                    await _ask(deed, referral)

    async def shared(self, actor: Actor, share_id: str) -> ShownShared:
        """What a pair agreed to show to whoever acts. Recorded. Raises `NotYours`."""
        async with self._deeds.look(actor, Deed.SEE_SHARED) as deed:
            share = await stored.share(deed.session, share_id)
            if share is None:
                raise NotYours
            referral = await deed.referral(share.referral_id)
            share = await stored.share(deed.session, share_id)
            if share is None or share.asked_by_id != deed.person.id:
                raise NotYours
            if _standing(share, referral, deed.now) is not ShareStanding.AGREED:
                raise NotYours
            parts = _parts(share)
            shown = await self._case(deed, referral, share)
            await deed.note("referral", referral.id, look="shared", share=share.id, **_said(parts))
            reader = deed.person.id
        if SharedPart.PROGRESS not in parts:
            return shown
        return replace(shown, progress=await self._progresses.shown(referral.id, reader))

    # -- the pair ---------------------------------------------------------------------------

    async def to_answer(self, actor: Actor, share_id: str) -> ShownShare:
        """What is asked, for one of the pair. Recorded. Raises `NotYours`, `NotYourPart`,
        `TooLate`."""
        async with self._deeds.look(actor, Deed.SEE_SHARE_ASKED) as deed:
            share, referral = await _for(deed, share_id)
            await deed.note("share", share.id, referral=referral.id)
            if _standing(share, referral, deed.now) is not ShareStanding.WAITS:
                raise TooLate("share_answered")
            return await _shown(deed.session, share, referral, deed.now)

    async def answer(
        self,
        actor: Actor,
        share_id: str,
        answer: ShareAnswer,
        shows: Collection[SharedPart] = (),
    ) -> bool:
        """One of the pair agrees, and says what is shown beside who treats and how far it is; or
        declines, also what was agreed before. What was declined or stopped stays so.

        Tells whether that changed anything: a late or second click does not. Raises `NotYours`,
        `NotYourPart`.
        """
        async with self._deeds.begin(actor, Deed.ANSWER_SHARE) as deed:
            share, referral = await _for(deed, share_id)
            state = answered(_standing(share, referral, deed.now), answer)
            if state is None:
                return False
            was_agreed = share.state is ShareState.AGREED
            agreed = state is ShareState.AGREED
            share.state = state
            share.answered_by_id = deed.person.id
            share.answered_at = deed.now
            share.shows_plan = agreed and SharedPart.PLAN in shows
            share.shows_progress = agreed and SharedPart.PROGRESS in shows
            deed.session.add(share)
            await deed.session.flush()
            if was_agreed:
                await redraw(deed, referral, share)
            else:
                await tell_answered(deed, referral, share, agreed=agreed)
            await deed.note(
                "share",
                share.id,
                referral=referral.id,
                answer=state.value,
                **_said(_parts(share)),
            )
            return True

    # -- the clockwork ------------------------------------------------------------------------

    async def lapse(self, lease: Lease, share_id: str) -> None:
        """Nobody has answered in time: the messages say so, and nobody is told more."""
        async with self._deeds.begin(None, Deed.ASK_TO_SHARE, lease=lease) as deed:
            glimpse = await stored.share(deed.session, share_id)
            if glimpse is None:
                return
            referral = await referrals_stored.referral_to_change(deed.session, glimpse.referral_id)
            share = await stored.share(deed.session, share_id)
            if referral is None or share is None or share.state is not ShareState.ASKED:
                return
            await redraw(deed, referral, share)
            await deed.note("share", share.id, referral=referral.id, ended="in_time")

    async def forget_looks(self, lease: Lease, surgeon_id: str) -> None:
        """A day later it is forgotten for whom somebody looked."""
        async with self._deeds.begin(None, Deed.LOOK_FOR_PATIENT, lease=lease) as deed:
            await stored.forget_looks_before(deed.session, surgeon_id, deed.now - LOOKS_COUNTED_FOR)

    # -- shown --------------------------------------------------------------------------------

    async def share(self, share_id: str) -> ShownShare | None:
        """A wish to share as it stands now."""
        async with self._deeds.database.reading() as session:
            found = await stored.share(session, share_id)
            referral = (
                await referrals_stored.referral(session, found.referral_id) if found else None
            )
            if found is None or referral is None:
                return None
            return await _shown(session, found, referral, self._deeds.clock.now())

    async def _case(self, deed: OpenDeed, referral: Referral, share: ShareRequest) -> ShownShared:
        request = await _request(deed, referral)
        plan = None
        if share.shows_plan:
            plan = plan_in(request)
            said = {
                name: await unnamed_words(deed.session, deed.vault, referral, words)
                for name, words in (
                    ("goals", plan.goals),
                    ("stop_rules", plan.stop_rules),
                    ("home_care", plan.home_care),
                )
            }
            plan = plan.model_copy(update=said)
        by = share.answered_by_id or referral.surgeon_id
        return ShownShared(
            case_code=referral.case_code,
            surgeon=(await people.person(deed.session, referral.surgeon_id)).slack_user_id,
            therapist=(await people.person(deed.session, referral.therapist_id)).slack_user_id,
            indication=request.indication,
            state=referral.state,
            since=referral.created_at,
            given=referral.updates,
            planned=referral.sessions,
            shared_by=(await people.person(deed.session, by)).slack_user_id,
            plan=plan,
        )


async def shares_at_home(
    session: AsyncSession, person: Person, now: datetime, most: int
) -> tuple[ShownShare, ...]:
    """What somebody is asked to share, and what is shared with them."""
    found = await stored.shares_at_home(session, person.id, now - ASK_LASTS, most)
    return tuple([await _shown(session, share, referral, now) for share, referral in found])


async def _shown(
    session: AsyncSession, share: ShareRequest, referral: Referral, now: datetime
) -> ShownShare:
    by = await people.person(session, share.answered_by_id) if share.answered_by_id else None
    asker = await people.person(session, share.asked_by_id)
    patient = await referrals_stored.patient(session, referral.patient_id)
    own = await stored.newest_case_of(session, patient.identity_index, asker.id)
    return ShownShare(
        share_id=share.id,
        case_code=referral.case_code,
        surgeon=(await people.person(session, referral.surgeon_id)).slack_user_id,
        therapist=(await people.person(session, referral.therapist_id)).slack_user_id,
        asked_by=asker.slack_user_id,
        asked_at=share.asked_at,
        lapses_at=share.asked_at + ASK_LASTS,
        standing=_standing(share, referral, now),
        answered_by=by.slack_user_id if by else None,
        parts=_parts(share),
        own_code=own.case_code if own else "",
    )


def _standing(share: ShareRequest, referral: Referral, now: datetime) -> ShareStanding:
    is_open = not referral.state.is_final
    return standing(share.state, share.asked_at, now, case_is_open=is_open)


def _parts(share: ShareRequest) -> tuple[SharedPart, ...]:
    shown: Mapping[SharedPart, bool] = {
        SharedPart.PLAN: share.shows_plan,
        SharedPart.PROGRESS: share.shows_progress,
    }
    return tuple(part for part in SharedPart if shown[part])


def _said(parts: Collection[SharedPart]) -> dict[str, str]:
    """What is shown, for the audit."""
    return {f"shows_{part.value}": "yes" for part in parts}


async def _form_of(deed: OpenDeed, draft_id: str) -> ReferralForm:
    """What whoever acts has written so far. Raises `NotRegistered`, `TooLate`."""
    surgeon = await deed.somebody(Role.SURGEON)
    row = await drafts_stored.draft_of(deed.session, draft_id, surgeon.id)
    if row is None:
        raise TooLate("draft_gone")
    opened = await deed.open(row.key_id, drafts_stored.draft_cell(row.id), row.draft_sealed)
    return Draft.model_validate_json(opened).form


def _identity(deed: OpenDeed, form: ReferralForm) -> bytes | None:
    """What the patient is found by; None while it is not said who it is."""
    today = deed.now.astimezone(ZoneInfo(deed.person.time_zone)).date()
    if form.problems(today, [FormStep.PATIENT]):
        return None
    return identity_index(deed, form.tidied().identifiers())


async def _may_look(deed: OpenDeed, identity: bytes) -> bool:
    """Count the look, unless it is one too many: so nobody finds out by trying who is in care."""
    since = deed.now - LOOKS_COUNTED_FOR
    looked, is_known = await stored.looks_since(deed.session, deed.person.id, since, identity)
    if not may_look(looked, is_known=is_known):
        return False
    await stored.keep_look(deed.session, deed.person.id, identity, deed.now)
    day = deed.now.astimezone(UTC).date()
    forgotten = datetime.combine(day + timedelta(days=2), datetime.min.time(), UTC)
    await deed.set_timer(TimerKind.LOOKS_END, deed.person.id, day.toordinal(), forgotten)
    return True


async def _cases(deed: OpenDeed, identity: bytes) -> tuple[list[Referral], list[Referral]]:
    """The patient's unfinished cases: one's own, and those of colleagues."""
    me = deed.person
    found = await stored.open_cases_of(deed.session, me.team_id, identity)
    own = [one for one in found if one.surgeon_id == me.id]
    return own, [one for one in found if one.surgeon_id != me.id]


async def _own_case(deed: OpenDeed, referral: Referral, form: ReferralForm) -> ShownOwnCase:
    therapist = await people.person(deed.session, referral.therapist_id)
    request = await _request(deed, referral)
    return ShownOwnCase(
        referral.case_code,
        therapist.slack_user_id,
        referral.state,
        is_same_reason=request.indication is form.indication,
    )


async def _elsewhere(deed: OpenDeed, others: Collection[Referral]) -> ShownElsewhere:
    """How the cases of colleagues stand for whoever acts: not whose, and not how many."""
    shares = [
        (await stored.share_asked_by(deed.session, one.id, deed.person.id), one) for one in others
    ]
    found = [
        (_standing(share, referral, deed.now) if share else None, share)
        for share, referral in shares
    ]
    stands = {one for one, _ in found}
    return ShownElsewhere(
        can_ask=any(map(may_be_asked, stands)),
        waits=ShareStanding.WAITS in stands,
        declined=bool(stands & {ShareStanding.DECLINED, ShareStanding.STOPPED}),
        shared=tuple(
            share.id for one, share in found if one is ShareStanding.AGREED and share is not None
        ),
    )


async def _ask(deed: OpenDeed, referral: Referral) -> None:
    share = await stored.share_asked_by(deed.session, referral.id, deed.person.id)
    if not may_be_asked(_standing(share, referral, deed.now) if share else None):
        return
    if share is None:
        share = ShareRequest(
            id=new_id(),
            referral_id=referral.id,
            asked_by_id=deed.person.id,
            state=ShareState.ASKED,
            asked_at=deed.now,
        )
    share.asked_at = deed.now
    deed.session.add(share)
    await deed.session.flush()
    await tell_asked(deed, referral, share)
    await deed.note("share", share.id, referral=referral.id)


async def _for(deed: OpenDeed, share_id: str) -> tuple[ShareRequest, Referral]:
    """A wish and its case, locked, if whoever acts may do this. Raises `NotYours`,
    `NotYourPart`."""
    glimpse = await stored.share(deed.session, share_id)
    if glimpse is None:
        raise NotYours
    referral = await deed.referral(glimpse.referral_id)
    share = await stored.share(deed.session, share_id)
    if share is None:
        raise NotYours
    return share, referral


async def _request(deed: OpenDeed, referral: Referral) -> Request:
    patient = await referrals_stored.patient(deed.session, referral.patient_id)
    asked = await deed.open(patient.key_id, request_cell(referral.id), referral.request_sealed)
    return Request.model_validate_json(asked)
