"""Reading digests and the answers to check-ins, as they stand at the moment of showing."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.checkins import CheckInKind
from bot.services.colleagues import shown_licence
from bot.services.deeds import Deeds
from bot.services.identifiers import unnamed_words
from bot.services.reading import Reading
from bot.services.session_updates import words_cell
from bot.shown.case import ShownAnswer, ShownDigest, ShownLine
from bot.shown.directory import ShownLicenceEnd
from bot.store.queries import checkins as stored
from bot.store.queries import directory, licence_warnings, people, plans, working_time
from bot.store.queries import referrals as referrals_stored
from bot.store.tables.checkins import CheckIn, Digest, DigestLine
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral


class ReadingDigests:
    """What the views of digests and answers are given."""

    def __init__(self, deeds: Deeds, reading: Reading) -> None:
        self._deeds = deeds
        self._reading = reading

    async def digest(self, digest_id: str, *, posting: bool) -> ShownDigest | None:
        """A digest as it stands now.

        When it is to be posted: None if all of it was settled meanwhile, or if it waited so long
        that another one has come after it, which has everything that is still open.
        """
        async with self._deeds.database.reading() as session:
            found = await stored.digest(session, digest_id)
            if found is None:
                return None
            newest = await stored.newest_digest(session, found.person_id)
            reader = await people.person(session, found.person_id)
            lines = [
                await self._line(session, reader, line, row, referral)
                for line, row, referral in await stored.lines_of(session, digest_id)
            ]
            licences = await self._licences(session, found)
        shown = ShownDigest(reader.slack_user_id, tuple(lines), licences)
        is_over = newest is not None and newest.id != digest_id
        if posting and (is_over or not shown.has_something_open):
            return None
        return shown

    async def answer(self, checkin_id: str, entry_id: str, *, wish: bool) -> ShownAnswer | None:
        """What was answered, with its words; `wish` if they ask for another plan."""
        async with self._deeds.database.reading() as session:
            row = await stored.checkin(session, checkin_id)
            entry = await referrals_stored.entry(session, entry_id)
            if row is None or entry is None:
                return None
            referral = await referrals_stored.referral(session, row.referral_id)
            if referral is None:
                return None
            patient = await referrals_stored.patient(session, referral.patient_id)
            latest = (await referrals_stored.revisions_of(session, entry.id))[-1]
            words = await self._deeds.vault.open(
                session, patient.key_id, words_cell(latest.id), latest.words_sealed
            )
            by = await people.person(session, entry.author_id)
            words = await unnamed_words(session, self._deeds.vault, referral, words)
            return ShownAnswer(referral.case_code, row.kind, by.slack_user_id, words, wish)

    async def _licences(self, session: AsyncSession, digest: Digest) -> tuple[ShownLicenceEnd, ...]:
        found: list[ShownLicenceEnd] = []
        for warning, row in await licence_warnings.of_digest(session, digest.id):
            owner = await people.person(session, row.person_id)
            has_ended = row.expires_on < digest.day
            cases = await directory.open_cases_on_side(session, owner.id) if has_ended else []
            found.append(
                ShownLicenceEnd(
                    shown_licence(row, owner, {}),
                    (row.expires_on - digest.day).days,
                    is_renewed=warning.settled_at is not None,
                    case_codes=tuple(case.case_code for case in cases),
                )
            )
        return tuple(found)

    async def _line(
        self,
        session: AsyncSession,
        reader: Person,
        line: DigestLine,
        row: CheckIn,
        referral: Referral,
    ) -> ShownLine:
        shown = await self._checkin(session, reader, row, referral)
        if row.about_id is not None:
            about = await stored.checkin(session, row.about_id)
            if about is not None:
                shown = replace(shown, about=await self._checkin(session, reader, about, referral))
        return replace(shown, is_overview=line.overview)

    async def _checkin(
        self, session: AsyncSession, reader: Person, row: CheckIn, referral: Referral
    ) -> ShownLine:
        now = self._deeds.clock.now()
        asked = await people.person(session, row.person_id)
        is_therapist = asked.id == referral.therapist_id
        other = await people.person(
            session, referral.surgeon_id if is_therapist else referral.therapist_id
        )
        by = await people.person(session, row.answered_by_id) if row.answered_by_id else None
        hours = await working_time.hours_of(session, asked, now, self._deeds.region)
        away = hours.away_at(now)
        in_pair = reader.id in {referral.surgeon_id, referral.therapist_id}
        return ShownLine(
            checkin_id=row.id,
            case_code=referral.case_code,
            kind=row.kind,
            due=row.due_at,
            asked=asked.slack_user_id,
            other=other.slack_user_id,
            referral_id=referral.id,
            state=row.state,
            step=row.step,
            half=row.number if row.kind is CheckInKind.JOINT else 0,
            told=row.told,
            rests_until=_day_ahead(row, asked, now.astimezone(ZoneInfo(asked.time_zone)).date()),
            answer=row.answer,
            answered_by=by.slack_user_id if by else None,
            thread_link=await self._reading.link(session, referral) if in_pair else None,
            away_until=away.last if away else None,
            version_id=await _proposal(session, row, referral),
        )


async def _proposal(session: AsyncSession, row: CheckIn, referral: Referral) -> str:
    if row.kind is not CheckInKind.PROPOSAL:
        return ""
    versions = await plans.versions_of(session, referral.id)
    return next((one.id for one in versions if one.number == row.number), "")


def _day_ahead(row: CheckIn, asked: Person, today: date) -> date | None:
    """Until when it rests: it was put off, or whoever is to look has been in the case since."""
    until = row.snoozed_until
    if row.kind is CheckInKind.WEEKLY:
        until = max(until, row.due_at) if until else row.due_at
    if until is None:
        return None
    day = until.astimezone(ZoneInfo(asked.time_zone)).date()
    return day if day > today else None
