"""Versions of a treatment plan in the store, inside a deed: made, opened, put in force."""

from bot.care.request import Request
from bot.care.treatment_plan import PlanState, Side, TreatmentPlan
from bot.ids import new_id
from bot.services.deeds import OpenDeed
from bot.store.queries import plans as stored
from bot.store.queries.referrals import patient
from bot.store.tables.plans import PlanVersion
from bot.store.tables.referrals import Referral
from bot.store.vault import Cell


async def first_version(deed: OpenDeed, referral: Referral, request: Request) -> None:
    """The plan that a referral is sent with: signed by the surgeon, to be signed by accepting."""
    await add_version(deed, referral, new_id(), plan_in(request), Side.SURGEON)


async def sign_first_version(deed: OpenDeed, referral: Referral, *, accepted: bool) -> None:
    """Accepting a referral countersigns its plan; declining declines it.

    One from before there were versions has none yet: it is made when it is first needed.
    """
    version = await stored.proposed(deed.session, referral.id)
    if version is None:
        return
    version.state = PlanState.IN_FORCE if accepted else PlanState.DECLINED
    version.answered_by_id = deed.person.id
    version.answered_at = deed.now
    deed.session.add(version)
    await deed.session.flush()


async def add_version(
    deed: OpenDeed,
    referral: Referral,
    version_id: str,
    plan: TreatmentPlan,
    side: Side,
    reason: str = "",
    amends: PlanVersion | None = None,
) -> PlanVersion:
    """A version more, proposed by whoever acts."""
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    version = PlanVersion(
        id=version_id,
        referral_id=referral.id,
        number=await stored.highest_number(deed.session, referral.id) + 1,
        state=PlanState.PROPOSED,
        plan_sealed=await deed.seal(key_id, plan_cell(version_id), plan.model_dump_json()),
        proposed_by_id=deed.person.id,
        proposed_for=side,
        proposed_at=deed.now,
        reason_sealed=(
            await deed.seal(key_id, reason_cell(version_id), reason) if reason else None
        ),
        amends_id=amends.id if amends else None,
    )
    deed.session.add(version)
    await deed.session.flush()
    return version


async def retire_version_in_force(deed: OpenDeed, referral: Referral) -> None:
    """Make room for the next one: at most one is in force, also for a moment."""
    held = await version_in_force(deed, referral)
    held.state = PlanState.REPLACED
    held.replaced_at = deed.now
    deed.session.add(held)
    await deed.session.flush()


async def work_by(deed: OpenDeed, referral: Referral, version: PlanVersion) -> None:
    """Treatment goes by this version from now on; the request says what the plan says.

    Nothing is lost by that: what was asked for before is in the versions before.
    """
    plan = await open_plan(deed, referral, version)
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    request = (await _request(deed, referral, key_id)).model_copy(
        update={
            "sessions": plan.sessions,
            "frequency": plan.frequency,
            "areas": plan.areas,
            "techniques": plan.techniques,
            "pressure": plan.pressure,
            "goals": plan.goals,
            "stop_rules": plan.stop_rules,
            "home_care": plan.home_care,
            "start_by": plan.start_by,
        }
    )
    referral.request_sealed = await deed.seal(
        key_id, _request_cell(referral.id), request.model_dump_json()
    )
    referral.plan_number = version.number
    referral.sessions = plan.sessions
    referral.frequency = plan.frequency
    referral.start_by = plan.start_by
    deed.session.add(referral)
    await deed.session.flush()


async def version_in_force(deed: OpenDeed, referral: Referral) -> PlanVersion:
    """The version that both sides have signed.

    A referral from before there were versions gets its first one now, from what was asked for and
    accepted then.
    """
    found = await stored.in_force(deed.session, referral.id)
    if found is not None:
        return found
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    plan = plan_in(await _request(deed, referral, key_id))
    version_id = new_id()
    version = PlanVersion(
        id=version_id,
        referral_id=referral.id,
        number=await stored.highest_number(deed.session, referral.id) + 1,
        state=PlanState.IN_FORCE,
        plan_sealed=await deed.seal(key_id, plan_cell(version_id), plan.model_dump_json()),
        proposed_by_id=referral.surgeon_id,
        proposed_for=Side.SURGEON,
        proposed_at=referral.created_at,
        answered_by_id=referral.therapist_id,
        answered_at=referral.moved_at,
    )
    deed.session.add(version)
    await deed.session.flush()
    return version


async def open_plan(deed: OpenDeed, referral: Referral, version: PlanVersion) -> TreatmentPlan:
    """What a version says."""
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    opened = await deed.open(key_id, plan_cell(version.id), version.plan_sealed)
    return TreatmentPlan.model_validate_json(opened)


async def _request(deed: OpenDeed, referral: Referral, key_id: str) -> Request:
    asked = await deed.open(key_id, _request_cell(referral.id), referral.request_sealed)
    return Request.model_validate_json(asked)


def plan_in(request: Request) -> TreatmentPlan:
    """The plan that a request asks for."""
    return TreatmentPlan(
        sessions=request.sessions,
        frequency=request.frequency,
        areas=request.areas,
        techniques=request.techniques,
        pressure=request.pressure,
        goals=request.goals,
        stop_rules=request.stop_rules,
        home_care=request.home_care,
        start_by=request.start_by,
    ).tidied()


def plan_key(version_id: str) -> str:
    """The outbox key of a proposal's message in the thread."""
    return f"plan:{version_id}"


def plan_cell(version_id: str) -> Cell:
    return Cell("plan_versions", "plan_sealed", version_id)


def reason_cell(version_id: str) -> Cell:
    return Cell("plan_versions", "reason_sealed", version_id)


def answer_cell(version_id: str) -> Cell:
    return Cell("plan_versions", "answer_sealed", version_id)


def _request_cell(referral_id: str) -> Cell:
    return Cell("referrals", "request_sealed", referral_id)
