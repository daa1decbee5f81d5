"""Progress: asked for from the case card, read as it stands, shown by picture and report."""

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import Decision
from bot.care.indications import Indication
from bot.care.permissions import Deed
from bot.care.progress import LastSession, Progress, goals_of, last_session, progress_of
from bot.care.request import Identifiers, Request
from bot.care.rules import ClinicalRules
from bot.care.unnamed import without_identifiers
from bot.notices import ReportAsked, ReportInWords, TrendAsked, to_thread
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.naming import identifiers_of, unnamed
from bot.services.open_questions import day_in, requested, unsettled
from bot.services.referrals import request_cell
from bot.shown.case import ShownCase, ShownProgress
from bot.store.queries import concerns, people, plans
from bot.store.queries import referrals as stored
from bot.store.queries.readings import sessions_of
from bot.store.tables.referrals import Referral

# More would flood the thread; the document has everything.
MOST_PARTS_IN_WORDS = 6


class Asked(StrEnum):
    """What came of asking for a picture or report."""

    OWED = "owed"
    NOTHING_YET = "nothing_yet"


class Progresses:
    """The deeds of progress, and reading it."""

    def __init__(self, deeds: Deeds, rules: ClinicalRules) -> None:
        self._deeds = deeds
        self._rules = rules

    async def ask_for_trend(self, actor: Actor, referral_id: str) -> Asked:
        """Owe the trend to the thread; a second click within the minute is the same one.

        Recorded as a look. Raises `NotYours`, `NotYourPart`.
        """
        async with self._deeds.look(actor, Deed.SEE_PROGRESS) as deed:
            referral = await deed.referral(referral_id)
            await deed.note("referral", referral.id, look="trend")
            if not await self._has_values(deed, referral):
                return Asked.NOTHING_YET
            minute = _minute(deed.now)
            notice = TrendAsked(referral_id=referral.id, asked_by=deed.person.id, asked_at=minute)
            await deed.tell(to_thread(referral.id), notice, f"trend:{_key(referral, minute)}")
            return Asked.OWED

    async def ask_for_report(self, actor: Actor, referral_id: str) -> Asked:
        """Owe the report to the thread, as a document and in words.

        Recorded as a look. Raises `NotYours`, `NotYourPart`.
        """
        async with self._deeds.look(actor, Deed.SEE_PROGRESS) as deed:
            referral = await deed.referral(referral_id)
            await deed.note("referral", referral.id, look="progress_report")
            if not await self._has_values(deed, referral):
                return Asked.NOTHING_YET
            minute = _minute(deed.now)
            who, place, key = deed.person.id, to_thread(referral.id), _key(referral, minute)
            report = ReportAsked(referral_id=referral.id, asked_by=who, asked_at=minute)
            await deed.tell(place, report, f"report:{key}")
            for part in range(MOST_PARTS_IN_WORDS):
                words = ReportInWords(referral_id=referral.id, asked_by=who, part=part)
                await deed.tell(place, words, f"report:{key}:words:{part}")
            return Asked.OWED

    async def shown(self, referral_id: str, asked_by: str) -> ShownProgress | None:
        """A treatment over time as it stands now, on the day of whoever asked."""
        async with self._deeds.database.reading() as session:
            referral = await stored.referral(session, referral_id)
            if referral is None:
                return None
            request = await self._request(session, referral)
            zone = ZoneInfo((await people.person(session, asked_by)).time_zone)
            today = self._deeds.clock.now().astimezone(zone).date()
            who = await identifiers_of(self._deeds.vault, session, referral)
            progress = await self._progress(session, referral, who)
            raised = await concerns.all_of(session, referral.id)
            return ShownProgress(
                case_code=referral.case_code,
                indication=request.indication,
                postoperative_day=request.postoperative_day(today),
                sessions_planned=referral.sessions,
                frequency=referral.frequency,
                progress=progress,
                last=self._last(progress, request),
                questions=(*unsettled(raised, zone), *requested(progress)),
                today=today,
                goals=goals_of(
                    progress, [without_identifiers(goal, who) for goal in request.each_goal]
                ),
            )

    async def on_card(self, shown: ShownCase) -> ShownCase:
        """A case with its last session beside the first and the one before, and with the change of
        plan that is asked for."""
        async with self._deeds.database.reading() as session:
            referral = await stored.referral(session, shown.referral_id)
            if referral is None or await stored.highest_number(session, referral.id) == 0:
                return shown
            who = await identifiers_of(self._deeds.vault, session, referral)
            progress = await self._progress(session, referral, who)
            asked = requested(progress)
            return replace(
                shown,
                last_session=self._last(progress, await self._request(session, referral)),
                plan_asked=asked[-1] if asked else None,
            )

    async def of(self, session: AsyncSession, referral: Referral) -> Progress:
        """A referral's sessions as series and marks, for a deed that may see them."""
        return await self._progress(session, referral)

    def _last(self, progress: Progress, request: Request) -> LastSession | None:
        low_back = request.indication is Indication.LOW_BACK_PAIN
        return last_session(progress, self._rules, low_back=low_back)

    async def _has_values(self, deed: OpenDeed, referral: Referral) -> bool:
        return (await self._progress(deed.session, referral)).has_values

    async def _progress(
        self, session: AsyncSession, referral: Referral, who: Identifiers | None = None
    ) -> Progress:
        """With `who`, what people wrote is without what says who the patient is."""
        sessions = await sessions_of(session, self._deeds.vault, referral.id)
        if who is not None:
            sessions = [replace(one, fields=unnamed(one.fields, who)) for one in sessions]
        therapist = await people.person(session, referral.therapist_id)
        zone = ZoneInfo(therapist.time_zone)
        raised = await concerns.all_of(session, referral.id)
        return progress_of(
            sessions,
            plan_changes=[
                *[
                    day_in(concern.acknowledged_at, zone)
                    for concern in raised
                    if concern.decision is Decision.MODIFY and concern.acknowledged_at
                ],
                *[
                    day_in(version.answered_at, zone)
                    for version in await plans.signed_changes(session, referral.id)
                    if version.answered_at
                ],
            ],
            concerns=[day_in(concern.raised_at, zone) for concern in raised],
        )

    async def _request(self, session: AsyncSession, referral: Referral) -> Request:
        patient = await stored.patient(session, referral.patient_id)
        return Request.model_validate_json(
            await self._deeds.vault.open(
                session, patient.key_id, request_cell(referral.id), referral.request_sealed
            )
        )


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _key(referral: Referral, minute: datetime) -> str:
    return f"{referral.id}:{minute:%Y%m%dT%H%M}"
