"""Erasing a person's record: the key is destroyed, and with it all that it sealed, wherever.

What stays is what says nothing of the person: opaque ids, times, states, who treated and who
looked, and the audit with its whole chain. What the bot has posted is deleted in Slack afterwards,
row by row, through the outbox.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.care.checkins import CheckInState
from bot.care.concern import ConcernState
from bot.care.erasing import ErasureReason
from bot.care.permissions import Deed
from bot.care.referral import ReferralState
from bot.care.referral_form import Draft
from bot.notices import Priority, RecordErased, TakeDown, to_person
from bot.services.actor import Actor
from bot.services.asking import settle
from bot.services.concern_record import withdrawal_cell
from bot.services.deeds import Deeds, OpenDeed, card_key
from bot.services.errors import DeedRefused, NotYours
from bot.services.referrals import enter, identity_index
from bot.store.queries import checkins, concerns, outbox, people
from bot.store.queries import erasing as stored
from bot.store.queries import referrals as referrals_stored
from bot.store.queries.erasing import PersonsRecord
from bot.store.queries.referring import draft_cell
from bot.store.tables.concerns import Concern
from bot.store.tables.referrals import Referral
from bot.store.tables.work import OutboxRow, OutboxState, TimerKind

# What stands in the place of the words with which an open concern ends.
_WITHDRAWN = "The record was erased."
_INDEX_BYTES = 32


class ErasureObstacle(StrEnum):
    """What keeps a record from being erased."""

    LEGAL_HOLD = "legal_hold"
    OPEN_CONCERN = "open_concern"


class ErasingRefused(DeedRefused):
    """A record must stay, for now."""

    def __init__(self, why: ErasureObstacle, case_code: str = "") -> None:
        super().__init__()
        self.why = why
        self.case_code = case_code


@dataclass(frozen=True)
class Erased:
    """What was erased; `messages` are being deleted in Slack. `is_new`: not erased before."""

    case_codes: tuple[str, ...]
    at: datetime
    because: ErasureReason | None
    messages: int
    is_new: bool


class Erasing:
    """The deeds that erase."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def erase(self, operator: Actor, case_code: str, because: ErasureReason) -> Erased:
        """Erase everything of the person whom a case is about, in one transaction.

        All their records and cases in this workspace. Done already: nothing changes. Raises
        `NotYours` if there is no such case, and `ErasingRefused` while a legal hold or a concern
        that nobody has taken stands in the way.
        """
        async with self._deeds.begin(operator, Deed.ERASE_PATIENT) as deed:
            referral = await referrals_stored.referral_by_code(
                deed.session, operator.team_id, case_code
            )
            if referral is None:
                raise NotYours
            deed.about = referral.id
            record = await stored.record_of(deed.session, referral)
            if record.is_erased:
                return _as_it_is(record)
            await refuse_what_must_stay(deed, record)
            return await erase_record(deed, record, because)

    async def finish(self) -> None:
        """Remove the destroyed keys from the database's files too. After the deed's commit."""
        await self._deeds.database.purge()


async def refuse_what_must_stay(deed: OpenDeed, record: PersonsRecord) -> None:
    """Raises `ErasingRefused`."""
    if record.is_held:
        raise ErasingRefused(ErasureObstacle.LEGAL_HOLD)
    for referral in record.referrals:
        for concern in await concerns.unsettled_of(deed.session, referral.id):
            if concern.state is ConcernState.OPEN:
                raise ErasingRefused(ErasureObstacle.OPEN_CONCERN, referral.case_code)


async def erase_record(deed: OpenDeed, record: PersonsRecord, because: ErasureReason) -> Erased:
    """Erase a record that nothing keeps."""
    ids = [one.id for one in record.referrals]
    subjects = await stored.subjects_of(deed.session, ids)
    was_open = {one.id for one in record.referrals if not one.state.is_final}
    for referral in record.referrals:
        await _close(deed, record, referral)
    await deed.session.flush()
    await stored.clear_all_timers(deed.session, subjects)
    await stored.forget_what_came_in(deed.session, deed.vault, record.referrals)
    messages = await _take_down(deed, record, subjects)
    await stored.forget_looks(deed.session, [one.identity_index for one in record.patients])
    await _destroy_drafts(deed, record)
    for patient in record.patients:
        if patient.erased_at is not None:
            continue
        await deed.vault.destroy_key(deed.session, patient.key_id)
        # The hash of name and birth date would tell whoever knows both that this was the person.
        patient.identity_index = os.urandom(_INDEX_BYTES)
        patient.erased_at = deed.now
        patient.erased_because = because
        deed.session.add(patient)
        await deed.note("patient", patient.id, because=because.value)
    for referral in record.referrals:
        await _tell(deed, referral, because, was_open=referral.id in was_open)
        await deed.note("referral", referral.id, because=because.value)
    return Erased(record.case_codes, deed.now, because, messages, is_new=True)


async def _destroy_drafts(deed: OpenDeed, record: PersonsRecord) -> None:
    """What somebody has begun to write of this person: to open a case again, or as a new referral.

    Who a new one is about stands only in its sealed text; a draft lives for days, so they are few.
    """
    identities = {one.identity_index for one in record.patients}
    cases = {one.id for one in record.referrals}
    for draft in await stored.drafts_in_team(deed.session, record.patients[0].team_id):
        if draft.continues_id not in cases:
            opened = await deed.open(draft.key_id, draft_cell(draft.id), draft.draft_sealed)
            form = Draft.model_validate_json(opened).form.tidied()
            if form.birth_date is None:
                continue
            if identity_index(deed, form.identifiers()) not in identities:
                continue
        await deed.clear_timers(draft.id, TimerKind.DRAFT_ENDS)
        await deed.vault.destroy_key(deed.session, draft.key_id)
        await deed.session.delete(draft)


async def _close(deed: OpenDeed, record: PersonsRecord, referral: Referral) -> None:
    """End a case: nobody is asked anything about it any more."""
    for row in await checkins.open_of_referral(deed.session, referral.id):
        await settle(deed, row, CheckInState.MOOT)
    for concern in await concerns.unsettled_of(deed.session, referral.id):
        await _withdraw(deed, record, referral, concern)
    if referral.state.is_final:
        return
    has_ended = referral.state in {ReferralState.COMPLETED, ReferralState.NOT_COMPLETED}
    await enter(deed, referral, ReferralState.CLOSED if has_ended else ReferralState.CANCELLED)


async def _withdraw(
    deed: OpenDeed, record: PersonsRecord, referral: Referral, concern: Concern
) -> None:
    """Somebody had taken it. It can't be resolved any more, and nobody is asked to."""
    key_id = next(one.key_id for one in record.patients if one.id == referral.patient_id)
    sealed = await deed.seal(key_id, withdrawal_cell(concern.id), _WITHDRAWN)
    concern.state = ConcernState.WITHDRAWN
    concern.withdrawn_at = deed.now
    concern.withdrawal_sealed = sealed
    deed.session.add(concern)


async def _take_down(deed: OpenDeed, record: PersonsRecord, subjects: set[str]) -> int:
    """What waits is dropped; what is in Slack, or may be, is deleted there. How many that is.

    The card stays as a line that says that the record was erased, so that whoever comes to the
    thread finds no riddle.
    """
    cards = {card_key(one.id): one for one in record.referrals}
    since = min(one.created_at for one in record.patients)
    taken = 0
    for row in await stored.owed_about(deed.session, subjects, since):
        if stored.is_a_digest(row):
            continue
        if row.state is OutboxState.PENDING:
            row.state = OutboxState.DROPPED
            deed.session.add(row)
        elif stored.is_on_its_way(row) and row.dedupe_key not in cards:
            await _delete_in_slack(deed, record, row)
            taken += 1
    await deed.session.flush()
    for key, referral in cards.items():
        posted = await outbox.posted(deed.session, key)
        if posted is not None and stored.is_on_its_way(posted):
            await deed.redraw(RecordErased(referral_id=referral.id), key)
    return taken


async def _delete_in_slack(deed: OpenDeed, record: PersonsRecord, row: OutboxRow) -> None:
    await deed.take_down(
        TakeDown(referral_id=_case_in(record, row.lane)), f"take_down:{row.dedupe_key}", row
    )


def _case_in(record: PersonsRecord, lane: str) -> str:
    """The case in whose thread a message is, if it is in one: shared files are looked for there."""
    parts = lane.split(":")
    return next((one.id for one in record.referrals if one.id in parts), "")


async def _tell(
    deed: OpenDeed, referral: Referral, because: ErasureReason, *, was_open: bool
) -> None:
    """The pair is told, by direct message: what they wrote themselves is still in Slack.

    Of a case that was closed years ago nobody is told.
    """
    if because is ErasureReason.RETENTION and not was_open:
        return
    for side in (referral.surgeon_id, referral.therapist_id):
        person = await people.person(deed.session, side)
        if person.standing.may_treat:
            await deed.tell(
                to_person(side),
                RecordErased(referral_id=referral.id),
                f"erased:{referral.id}:{side}",
                Priority.NORMAL,
            )


def _as_it_is(record: PersonsRecord) -> Erased:
    patient = record.patients[0]
    if patient.erased_at is None:
        raise AssertionError("an erased record without its time")
    return Erased(record.case_codes, patient.erased_at, patient.erased_because, 0, is_new=False)
