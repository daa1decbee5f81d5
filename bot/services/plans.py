"""The treatment plan in versions: proposed by one side, signed by the other."""

from bot.care.permissions import Deed
from bot.care.plan import LONGEST_PLAN_TEXT
from bot.care.text import clean
from bot.care.treatment_plan import (
    PlanAnswer,
    PlanDraft,
    PlanState,
    Side,
    answered,
    may_answer,
    side_of,
)
from bot.ids import new_id
from bot.notices import PlanAnswered, PlanProposed, Typed, to_thread
from bot.services.actor import Actor
from bot.services.asking import ask_for_signature, settle_looks, settle_signature
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import FieldsHaveProblems, NotYourPart, NotYours, TextProblem, TooLate
from bot.services.identifiers import watch
from bot.services.licences import today_of
from bot.services.plan_versions import (
    add_version,
    answer_cell,
    open_plan,
    plan_key,
    retire_version_in_force,
    version_in_force,
    work_by,
)
from bot.services.referrals import retime
from bot.store.queries import inbox, people
from bot.store.queries import plans as stored
from bot.store.queries.referrals import patient, referral_to_change
from bot.store.tables.plans import PlanVersion
from bot.store.tables.referrals import Referral


class Plans:
    """The deeds of a plan. Repeated ones change nothing; a late answer reopens nothing."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def propose(
        self, actor: Actor, referral_id: str, draft: PlanDraft, view_id: str, amends_id: str = ""
    ) -> str:
        """Propose a change of the plan; with `amends_id`, in answer to the other side's proposal.

        Gives the new version's id. Raises `NotYours`, `NotYourPart`, `FieldsHaveProblems`, and
        `TooLate` while another proposal waits, or once the case or that proposal has moved on.
        """
        async with self._deeds.begin(actor, Deed.PROPOSE_PLAN) as deed:
            referral = await deed.referral(referral_id)
            version_id = new_id()
            earlier = await inbox.note_submission(deed.session, view_id, version_id, deed.now)
            if earlier is not None:
                return earlier
            if not referral.state.takes_updates:
                raise TooLate("moved_on")
            held = await version_in_force(deed, referral)
            plan = await open_plan(deed, referral, held)
            today = today_of(deed, deed.person)
            if problems := draft.problems(referral.updates, today, plan.start_by):
                raise FieldsHaveProblems({field.value: words for field, words in problems.items()})
            if draft.plan() == plan:
                raise TextProblem("Nothing is changed: this is the plan as it stands.")
            waiting = await stored.proposed(deed.session, referral.id)
            if (waiting.id if waiting else "") != amends_id:
                raise TooLate("plan_waits" if waiting else "plan_answered")
            if waiting is not None:
                await _answer(deed, referral, waiting, PlanAnswer.AMEND, clean(draft.reason))
            version = await add_version(
                deed,
                referral,
                version_id,
                draft.plan(),
                await _side(deed, referral),
                clean(draft.reason),
                waiting,
            )
            await deed.tell(
                to_thread(referral.id), PlanProposed(version_id=version.id), plan_key(version.id)
            )
            other = referral.therapist_id
            if version.proposed_for is Side.THERAPIST:
                other = referral.surgeon_id
            asked = await people.person(deed.session, other)
            await settle_looks(deed, referral)
            await ask_for_signature(deed, referral, version.number, asked)
            await deed.redraw_card(referral)
            await watch(deed, referral, Typed.REFERRAL, referral.id, *_written(draft))
            await deed.note("plan", version.id, referral=referral.id, number=str(version.number))
            return version.id

    async def answer(self, actor: Actor, version_id: str, answer: PlanAnswer) -> PlanState:
        """Countersign a proposal of the other side, or take back one's own.

        Gives the state before: another than `proposed` means that nothing was changed. Raises
        `NotYours`, `NotYourPart`, and `TooLate` once the case has moved on.
        """
        async with self._deeds.begin(actor, Deed.ANSWER_PLAN) as deed:
            version, referral = await _for(deed, version_id)
            before = version.state
            if before is not PlanState.PROPOSED:
                return before
            await _answer(deed, referral, version, answer)
            await deed.note("plan", version.id, referral=referral.id, answer=answer.value)
            return before

    async def decline(self, actor: Actor, version_id: str, reason: str, view_id: str) -> PlanState:
        """Decline a proposal of the other side, with a reason. As `answer`; also `TextProblem`."""
        reason = clean(reason)
        if not reason or len(reason) > LONGEST_PLAN_TEXT:
            raise TextProblem(f"Write why, in at most {LONGEST_PLAN_TEXT} characters.")
        async with self._deeds.begin(actor, Deed.ANSWER_PLAN) as deed:
            version, referral = await _for(deed, version_id)
            before = version.state
            if before is not PlanState.PROPOSED:
                return before
            if await inbox.note_submission(deed.session, view_id, version.id, deed.now):
                return before
            await _answer(deed, referral, version, PlanAnswer.DECLINE, reason)
            await watch(deed, referral, Typed.REFERRAL, referral.id, reason)
            await deed.note("plan", version.id, referral=referral.id, answer="decline")
            return before


def _written(draft: PlanDraft) -> list[str]:
    """What somebody wrote in their own words."""
    return [draft.reason, *(value for _, value in draft.plan() if type(value) is str)]


async def _answer(
    deed: OpenDeed, referral: Referral, version: PlanVersion, answer: PlanAnswer, words: str = ""
) -> None:
    """Write the answer and its signature; the thread shows both."""
    state = answered(version.state, answer)
    if state is None or not referral.state.takes_updates:
        raise TooLate("moved_on")
    if not may_answer(await _side(deed, referral), version.proposed_for, answer):
        raise NotYourPart
    sealed = None
    if words:
        key_id = (await patient(deed.session, referral.patient_id)).key_id
        sealed = await deed.seal(key_id, answer_cell(version.id), words)
    if state is PlanState.IN_FORCE:
        await retire_version_in_force(deed, referral)
    version.state = state
    version.answered_by_id = deed.person.id
    version.answered_at = deed.now
    version.answer_sealed = sealed
    deed.session.add(version)
    await deed.session.flush()
    if state is PlanState.IN_FORCE:
        await work_by(deed, referral, version)
        await retime(deed, referral)
    await settle_signature(deed, referral, version.number)
    await deed.redraw(PlanProposed(version_id=version.id), plan_key(version.id))
    if state is not PlanState.AMENDED:  # the amendment speaks for itself
        await deed.tell(
            to_thread(referral.id),
            PlanAnswered(version_id=version.id),
            f"{plan_key(version.id)}:answered",
        )
    await deed.redraw_card(referral)


async def _side(deed: OpenDeed, referral: Referral) -> Side:
    side = side_of(await deed.part_of(deed.person, referral))
    if side is None:
        raise NotYourPart
    return side


async def _for(deed: OpenDeed, version_id: str) -> tuple[PlanVersion, Referral]:
    """A version and its referral, if whoever acts may do this; the referral is locked first."""
    glimpse = await stored.version(deed.session, version_id)
    if glimpse is None:
        raise NotYours
    referral = await referral_to_change(deed.session, glimpse.referral_id)
    version = await stored.version_to_change(deed.session, version_id)
    if referral is None or version is None:
        raise NotYours
    await deed.allow(referral)
    return version, referral
