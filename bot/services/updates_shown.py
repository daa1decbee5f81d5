"""What is shown of session updates. Forms are read in a deed, so that a look is recorded."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.feedback import has_scales, is_asked_at, was_asked
from bot.care.permissions import Deed
from bot.care.request import Request
from bot.care.session import SessionFields, StoredReading
from bot.care.session_form import carried_over
from bot.care.session_order import number_of, same_number
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import NotYourPart, NotYours, TooLate
from bot.services.naming import identifiers_of, unnamed
from bot.services.referrals import request_cell
from bot.services.replies import moved_out_of
from bot.shown.case import (
    ShownConfirmation,
    ShownFeedback,
    ShownForm,
    ShownMove,
    ShownReading,
    ShownUpdate,
)
from bot.store.queries import people, readings
from bot.store.queries import referrals as stored
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind


class UpdatesShown:
    """What views are given of session updates."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def update(self, entry_id: str) -> ShownUpdate | None:
        """What the bot says under a reply that it kept."""
        async with self._deeds.database.reading() as session:
            entry = await stored.entry(session, entry_id)
            if entry is None or entry.number is None:
                return None
            referral = await stored.referral(session, entry.referral_id)
            if referral is None:
                return None
            held = await self._reading(session, referral, entry)
            if held is not None:
                who = await identifiers_of(self._deeds.vault, session, referral)
                held = replace(held, fields=unnamed(held.fields, who))
            row = await readings.newest_reading(session, entry.id)
            by = row.by_id if row else None
            came_from = await _moved_from(session, entry)
            return ShownUpdate(
                case_code=referral.case_code,
                number=entry.number,
                revision=entry.revision,
                is_withdrawn=entry.withdrawn_at is not None,
                entry_id=entry.id,
                author=(await people.person(session, entry.author_id)).slack_user_id,
                surgeon=(await people.person(session, referral.surgeon_id)).slack_user_id,
                reading=held,
                confirmed_by=(await people.person(session, by)).slack_user_id if by else None,
                is_from_form=entry.ts is None and entry.joins_id is None and not came_from,
                is_set_aside=entry.set_aside_at is not None,
                moved_to=await self._moved_to(session, entry),
                plan_number=entry.plan_number,
                moved_from=came_from,
                is_one_of_several=await _is_one_of_several(session, entry),
            )

    async def confirmation(self, entry_id: str, step: int) -> ShownConfirmation | None:
        """What the author of an update is asked; None once there is nothing to ask."""
        async with self._deeds.database.reading() as session:
            entry = await stored.entry(session, entry_id)
            referral = await stored.referral(session, entry.referral_id) if entry else None
            if entry is None or referral is None or not readings.stands(entry):
                return None
            held = await self._reading(session, referral, entry)
            if held is None or held.is_confirmed or held.step != step:
                return None
            author = await people.person(session, entry.author_id)
            return await self._question(session, referral, entry, held, author)

    async def question(self, actor: Actor, entry_id: str) -> ShownConfirmation:
        """The same again for the update's author, who may have lost it: such words are kept
        nowhere. Recorded. Raises `NotYours`, `NotYourPart`, `TooLate`."""
        async with self._deeds.look(actor, Deed.CONFIRM_UPDATE) as deed:
            referral, entry = await _own(deed, entry_id)
            held = await self._reading(deed.session, referral, entry)
            if held is None or not readings.stands(entry):
                raise TooLate("read_again")
            await deed.note("entry", entry.id, referral=referral.id, look="question")
            return await self._question(deed.session, referral, entry, held, deed.person)

    async def session_form(self, actor: Actor, referral_id: str) -> ShownForm:
        """An empty form, with what carries over from earlier sessions. Recorded."""
        async with self._deeds.look(actor, Deed.LOG_SESSION) as deed:
            referral = await deed.referral(referral_id)
            known = await readings.sessions_of(deed.session, self._deeds.vault, referral.id)
            await deed.note("referral", referral.id, look="session_form")
            return ShownForm(
                referral_id=referral.id,
                case_code=referral.case_code,
                start=carried_over([one for one in known if one.counts]),
                today=_today(deed),
                asks_for_feedback=is_asked_at(referral.updates + 1),
                goals=await self._goals(deed.session, referral),
            )

    async def update_form(self, actor: Actor, entry_id: str) -> ShownForm:
        """A form filled with what was read, for the update's author. Recorded.

        Raises `NotYours`, `NotYourPart`, and `TooLate` when there is nothing to edit any more.
        """
        async with self._deeds.look(actor, Deed.CONFIRM_UPDATE) as deed:
            referral, entry = await _own(deed, entry_id)
            held = await self._reading(deed.session, referral, entry)
            if entry.withdrawn_at is not None or entry.moved_to_id is not None:
                raise TooLate("read_again")
            await deed.note("entry", entry.id, referral=referral.id, look="update_form")
            fields = held.fields if held else SessionFields()
            return ShownForm(
                referral_id=referral.id,
                case_code=referral.case_code,
                start=fields,
                today=_today(deed),
                asks_for_feedback=has_scales(fields) or is_asked_at(referral.updates),
                entry_id=entry.id,
                number=entry.number or 0,
                goals=await self._goals(deed.session, referral),
            )

    async def feedback_form(self, actor: Actor, entry_id: str) -> ShownFeedback:
        """What an update has of the patient's own account, for its author. Recorded.

        Raises `NotYours`, `NotYourPart`, `TooLate`.
        """
        async with self._deeds.look(actor, Deed.CONFIRM_UPDATE) as deed:
            referral, entry = await _own(deed, entry_id)
            held = await self._reading(deed.session, referral, entry)
            if held is None or not readings.stands(entry):
                raise TooLate("read_again")
            await deed.note("entry", entry.id, referral=referral.id, look="feedback_form")
            return ShownFeedback(entry.id, referral.case_code, held)

    async def move_form(self, actor: Actor, entry_id: str) -> ShownMove:
        """Where an update may be moved to: its author's other open cases. Recorded."""
        async with self._deeds.look(actor, Deed.MOVE_UPDATE) as deed:
            referral, entry = await _own(deed, entry_id)
            if not readings.stands(entry):
                raise TooLate("read_again")
            await deed.note("entry", entry.id, referral=referral.id, look="move_form")
            others = await _other_cases(deed.session, referral, deed.person)
            return ShownMove(
                entry_id=entry.id,
                case_code=referral.case_code,
                targets=tuple((other.id, other.case_code) for other in others),
            )

    async def _question(
        self,
        session: AsyncSession,
        referral: Referral,
        entry: Entry,
        held: ShownReading,
        author: Person,
    ) -> ShownConfirmation:
        given = await stored.count_of_updates(session, referral.id, up_to=entry.number)
        return ShownConfirmation(
            entry_id=entry.id,
            case_code=referral.case_code,
            reading=held,
            asks_for_feedback=is_asked_at(given) and not was_asked(held.fields),
            can_be_moved=bool(await _other_cases(session, referral, author)),
        )

    async def _reading(
        self, session: AsyncSession, referral: Referral, entry: Entry
    ) -> ShownReading | None:
        row = await readings.newest_reading(session, entry.id)
        if row is None:
            return None
        patient = await stored.patient(session, referral.patient_id)
        opened = await self._deeds.vault.open(
            session, patient.key_id, readings.reading_cell(row.id), row.reading_sealed
        )
        kept = StoredReading.model_validate_json(opened)
        known = await readings.sessions_of(session, self._deeds.vault, referral.id)
        twice = same_number(entry.id, known)
        return ShownReading(
            number=entry.number or 0,
            fields=kept.fields,
            is_confirmed=row.origin.is_confirmed,
            step=row.step,
            possible_sign=kept.possible_sign,
            unread=kept.unread,
            session=number_of(entry.id, known),
            same_number_on=twice.day if twice else None,
        )

    async def _moved_to(self, session: AsyncSession, entry: Entry) -> str:
        moved = await stored.entry(session, entry.moved_to_id) if entry.moved_to_id else None
        target = await stored.referral(session, moved.referral_id) if moved else None
        return target.case_code if target else ""

    async def _goals(self, session: AsyncSession, referral: Referral) -> tuple[str, ...]:
        patient = await stored.patient(session, referral.patient_id)
        opened = await self._deeds.vault.open(
            session, patient.key_id, request_cell(referral.id), referral.request_sealed
        )
        return Request.model_validate_json(opened).each_goal


async def _own(deed: OpenDeed, entry_id: str) -> tuple[Referral, Entry]:
    """An update and its referral, if whoever looks is its author."""
    entry = await stored.entry(deed.session, entry_id)
    if entry is None:
        raise NotYours
    referral = await deed.referral(entry.referral_id)
    if entry.author_id != deed.person.id:
        raise NotYourPart
    return referral, entry


async def _moved_from(session: AsyncSession, entry: Entry) -> str:
    """The code of the case in whose thread it was written; empty for one that was not moved."""
    if entry.ts is not None or entry.joins_id is not None:
        return ""
    origin_id = moved_out_of((await stored.revisions_of(session, entry.id))[0])
    origin = await stored.entry(session, origin_id) if origin_id else None
    referral = await stored.referral(session, origin.referral_id) if origin else None
    return referral.case_code if referral else ""


async def _is_one_of_several(session: AsyncSession, entry: Entry) -> bool:
    head_id = entry.joins_id or entry.id
    head = await stored.entry(session, head_id)
    known = await stored.joined_to(session, head_id)
    others = [one for one in known if one.kind is EntryKind.UPDATE]
    return any(
        one.id != entry.id and readings.stands(one) for one in [*([head] if head else []), *others]
    )


async def _other_cases(session: AsyncSession, referral: Referral, author: Person) -> list[Referral]:
    return [
        other
        for other in await stored.open_referrals_of(session, author)
        if other.id != referral.id and other.state.takes_updates
    ]


def _today(deed: OpenDeed) -> date:
    return deed.now.astimezone(ZoneInfo(deed.person.time_zone)).date()
