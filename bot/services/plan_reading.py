"""Reading treatment plans: for a person in a recorded look, for the thread when it is drawn."""

from dataclasses import replace

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.permissions import Deed
from bot.care.treatment_plan import DAYS_TO_ANSWER, PlanState, Side, TreatmentPlan, differences
from bot.services.actor import Actor, operator
from bot.services.deeds import Deeds, OpenDeed, refuse_erased
from bot.services.errors import NotYours
from bot.services.identifiers import unnamed_words
from bot.services.plan_versions import answer_cell, plan_cell, reason_cell, version_in_force
from bot.shown.plan import ShownPlan, ShownPlanChange, ShownPlanVersion
from bot.store.queries import concerns, people, referrals
from bot.store.queries import plans as stored
from bot.store.queries.working_time import hours_of
from bot.store.tables.plans import PlanVersion
from bot.store.tables.referrals import Referral


class PlanReading:
    """What views of a plan are given."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def plan(self, actor: Actor, referral_id: str) -> ShownPlan:
        """Every version, and what a proposal starts with. Recorded.

        Raises `NotYours`, `NotYourPart`.
        """
        async with self._deeds.look(actor, Deed.SEE_PLAN) as deed:
            return await self._plan(deed, await deed.referral(referral_id))

    async def of_concern(self, actor: Actor, concern_id: str) -> ShownPlan:
        """As `plan`, of the case that a concern is about."""
        async with self._deeds.look(actor, Deed.SEE_PLAN) as deed:
            concern = await concerns.concern(deed.session, concern_id)
            if concern is None:
                raise NotYours
            return await self._plan(deed, await deed.referral(concern.referral_id))

    async def to_amend(self, actor: Actor, version_id: str) -> ShownPlan:
        """As `plan`, with what the other side proposes as the start of one's own proposal."""
        async with self._deeds.look(actor, Deed.SEE_PLAN) as deed:
            version = await stored.version(deed.session, version_id)
            if version is None:
                raise NotYours
            referral = await deed.referral(version.referral_id)
            return await self._plan(deed, referral, amends=version)

    async def to_answer(self, actor: Actor, version_id: str) -> ShownPlanChange:
        """A proposal for somebody who treats. Recorded. Raises `NotYours`, `NotYourPart`."""
        async with self._deeds.look(actor, Deed.SEE_PLAN) as deed:
            version = await stored.version(deed.session, version_id)
            if version is None:
                raise NotYours
            referral = await deed.referral(version.referral_id)
            await deed.note("referral", referral.id, look="proposal")
        change = await self.change(version_id)
        if change is None:
            raise NotYours
        return change

    async def export(self, team_id: str, case_code: str) -> tuple[ShownPlanVersion, ...]:
        """Every version with its times, signatures and reasons, for the operator. Recorded.

        Raises `NotYours` if there is no such case.
        """
        async with self._deeds.begin(operator(team_id), Deed.EXPORT_PLAN) as deed:
            referral = await referrals.referral_by_code(deed.session, team_id, case_code)
            if referral is None:
                raise NotYours
            deed.about = referral.id
            await refuse_erased(deed.session, referral)
            await deed.note("referral", referral.id)
            return (await self._plan(deed, referral)).versions

    async def change(self, version_id: str) -> ShownPlanChange | None:
        """A proposal as the thread shows it now."""
        async with self._deeds.database.reading() as session:
            version = await stored.version(session, version_id)
            referral = await referrals.referral(session, version.referral_id) if version else None
            if version is None or referral is None:
                return None
            shown = {
                one.id: await self._unnamed(
                    session, referral, await self._version(session, referral, one)
                )
                for one in await stored.versions_of(session, referral.id)
            }
            is_surgeon_s = version.proposed_for is Side.SURGEON
            asked = await people.person(
                session, referral.therapist_id if is_surgeon_s else referral.surgeon_id
            )
            hours = await hours_of(session, asked, version.proposed_at, self._deeds.region)
            return ShownPlanChange(
                case_code=referral.case_code,
                version=shown[version.id],
                differences=differences(
                    _before(list(shown.values()), shown[version.id]), shown[version.id].plan
                ),
                answered_next_by=asked.slack_user_id,
                due=hours.after_working_days(version.proposed_at, DAYS_TO_ANSWER),
                is_open=version.state is PlanState.PROPOSED and referral.state.takes_updates,
            )

    async def _plan(
        self, deed: OpenDeed, referral: Referral, amends: PlanVersion | None = None
    ) -> ShownPlan:
        waiting = await stored.proposed(deed.session, referral.id)
        cannot = ""
        if not referral.state.takes_updates:
            cannot = "The plan can be changed while treatment is under way."
        elif amends is not None and amends.state is not PlanState.PROPOSED:
            cannot = "That proposal has been answered in the meantime."
        elif waiting is not None and amends is None:
            cannot = "A change waits for an answer in the thread."
        else:
            await version_in_force(deed, referral)
        versions = tuple(
            [
                await self._version(deed.session, referral, one)
                for one in await stored.versions_of(deed.session, referral.id)
            ]
        )
        await deed.note("referral", referral.id, look="plan")
        start = next(
            (one for one in versions if amends is not None and one.id == amends.id),
            None,
        ) or next((one for one in versions if one.state is PlanState.IN_FORCE), None)
        return ShownPlan(
            referral_id=referral.id,
            case_code=referral.case_code,
            versions=versions,
            start=start.plan if start else None,
            cannot_propose=cannot,
            amends_id=amends.id if amends else "",
        )

    async def _unnamed(
        self, session: AsyncSession, referral: Referral, shown: ShownPlanVersion
    ) -> ShownPlanVersion:
        """As the bot may show it in Slack: nobody's name in what was written."""

        async def said(words: str) -> str:
            return await unnamed_words(session, self._deeds.vault, referral, words)

        written = {name: await said(value) for name, value in shown.plan if type(value) is str}
        return replace(
            shown,
            plan=shown.plan.model_copy(update=written),
            reason=await said(shown.reason),
            answer=await said(shown.answer),
        )

    async def _version(
        self, session: AsyncSession, referral: Referral, version: PlanVersion
    ) -> ShownPlanVersion:
        key_id = (await referrals.patient(session, referral.patient_id)).key_id
        vault = self._deeds.vault
        plan = await vault.open(session, key_id, plan_cell(version.id), version.plan_sealed)
        reason = answer = ""
        if version.reason_sealed is not None:
            reason = await vault.open(
                session, key_id, reason_cell(version.id), version.reason_sealed
            )
        if version.answer_sealed is not None:
            answer = await vault.open(
                session, key_id, answer_cell(version.id), version.answer_sealed
            )
        amended = await stored.version(session, version.amends_id) if version.amends_id else None
        by = version.answered_by_id
        return ShownPlanVersion(
            id=version.id,
            number=version.number,
            state=version.state,
            plan=TreatmentPlan.model_validate_json(plan),
            proposed_by=(await people.person(session, version.proposed_by_id)).slack_user_id,
            proposed_for=version.proposed_for,
            proposed_at=version.proposed_at,
            reason=reason,
            answered_by=(await people.person(session, by)).slack_user_id if by else None,
            answered_at=version.answered_at,
            answer=answer,
            replaced_at=version.replaced_at,
            amends=amended.number if amended else None,
        )


def _before(versions: list[ShownPlanVersion], version: ShownPlanVersion) -> TreatmentPlan:
    """The plan that was in force when `version` was proposed: what it changes."""
    held = [
        one
        for one in versions
        if one.number < version.number and one.state in {PlanState.IN_FORCE, PlanState.REPLACED}
    ]
    return held[-1].plan if held else version.plan
