"""How long records are kept: what the rule says of each, what a legal hold keeps, what goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.care.erasing import ErasureReason, Fate, RecordAge, fate_of, goes_at, last_of
from bot.care.permissions import Deed
from bot.care.text import clean
from bot.ids import new_id
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.erasing import Erased, ErasingRefused, erase_record, refuse_what_must_stay
from bot.services.errors import NotYours, RecordIsErased, TextProblem
from bot.store.queries import erasing as stored
from bot.store.queries import referrals as referrals_stored
from bot.store.queries.erasing import PersonsRecord
from bot.store.tables.privacy import LegalHold
from bot.store.tables.referrals import Patient, Referral
from bot.store.vault import Cell

_LONGEST_REASON = 1000


@dataclass(frozen=True)
class RecordDue:
    """What the rule says of one person's record today. `goes_at` is None while a case is open."""

    case_codes: tuple[str, ...]
    fate: Fate
    goes_at: datetime | None
    is_held: bool
    """Under a legal hold, whether or not it is old enough for that to matter yet."""


@dataclass(frozen=True)
class Applied:
    """What was erased by the rule, and what could not be, though it is old enough."""

    erased: tuple[Erased, ...]
    refused: tuple[tuple[tuple[str, ...], ErasingRefused], ...]


class Retention:
    """The deeds of keeping and letting go; `years` is how long a record is kept once closed."""

    def __init__(self, deeds: Deeds, years: int) -> None:
        self._deeds = deeds
        self._years = years

    async def report(self, operator: Actor) -> list[RecordDue]:
        """What would go and when, and what a hold keeps; what goes first stands first. Recorded."""
        async with self._deeds.look(operator, Deed.REPORT_RETENTION) as deed:
            due = [due for due, _ in await self._all(deed, operator.team_id)]
            going = sum(one.fate is Fate.GOES for one in due)
            await deed.note("workspace", operator.team_id, records=str(len(due)), going=str(going))
        return sorted(due, key=lambda one: (one.goes_at is None, one.goes_at, one.case_codes))

    async def apply(self, operator: Actor) -> Applied:
        """Erase what is old enough, each record in a transaction of its own.

        Looked at again under its lock: a case that was opened again meanwhile stays.
        """
        async with self._deeds.database.reading() as session:
            everything = _by_person(await stored.patients_by_age(session, operator.team_id))
        now = self._deeds.clock.now()
        erased: list[Erased] = []
        refused: list[tuple[tuple[str, ...], ErasingRefused]] = []
        for patients, referrals in everything:
            if fate_of(_age(patients, referrals), self._years, now) is not Fate.GOES:
                continue
            codes = tuple(one.case_code for one in referrals)
            try:
                done = await self._erase(operator, referrals[0].id)
            except ErasingRefused as error:
                refused.append((codes, error))
                continue
            if done is not None:
                erased.append(done)
        if erased:
            await self._deeds.database.purge()
        return Applied(tuple(erased), tuple(refused))

    async def _erase(self, operator: Actor, referral_id: str) -> Erased | None:
        async with self._deeds.begin(operator, Deed.ERASE_PATIENT) as deed:
            referral = await referrals_stored.referral(deed.session, referral_id)
            if referral is None:
                return None
            deed.about = referral.id
            record = await stored.record_of(deed.session, referral)
            age = _age(record.patients, record.referrals)
            if record.is_erased or fate_of(age, self._years, deed.now) is not Fate.GOES:
                return None
            await refuse_what_must_stay(deed, record)
            return await erase_record(deed, record, ErasureReason.RETENTION)

    async def _all(
        self, deed: OpenDeed, team_id: str
    ) -> list[tuple[RecordDue, Sequence[Referral]]]:
        found = []
        everything = await stored.patients_by_age(deed.session, team_id)
        for patients, referrals in _by_person(everything):
            age = _age(patients, referrals)
            due = RecordDue(
                tuple(one.case_code for one in referrals),
                fate_of(age, self._years, deed.now),
                goes_at(age.closed_at, self._years) if age.closed_at else None,
                age.is_held,
            )
            found.append((due, referrals))
        return found


class LegalHolds:
    """Keeping a record for a court, whatever the rule or anybody says."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def hold(self, operator: Actor, case_code: str, reason: str) -> tuple[str, ...]:
        """Keep everything of the person of a case; their case codes. Held already: no change.

        Raises `NotYours`, `RecordIsErased`, `TextProblem`.
        """
        words = _reason(reason)
        async with self._deeds.begin(operator, Deed.SET_LEGAL_HOLD) as deed:
            record = await _record(deed, operator, case_code)
            for patient in record.patients:
                if patient.legal_hold_at is not None:
                    continue
                hold_id = new_id()
                patient.legal_hold_at = deed.now
                deed.session.add(patient)
                deed.session.add(
                    LegalHold(
                        id=hold_id,
                        patient_id=patient.id,
                        set_at=deed.now,
                        reason_sealed=await deed.seal(patient.key_id, _reason_cell(hold_id), words),
                    )
                )
                await deed.note("patient", patient.id, hold=hold_id)
            return record.case_codes

    async def release(self, operator: Actor, case_code: str, reason: str) -> bool:
        """Lift the hold; False if there was none. The rule holds again. Raises as `hold`."""
        words = _reason(reason)
        async with self._deeds.begin(operator, Deed.LIFT_LEGAL_HOLD) as deed:
            record = await _record(deed, operator, case_code)
            lifted = False
            for patient in record.patients:
                patient.legal_hold_at = None
                deed.session.add(patient)
                for hold in await stored.standing_holds(deed.session, patient.id):
                    hold.lifted_sealed = await deed.seal(
                        patient.key_id, _lifted_cell(hold.id), words
                    )
                    hold.lifted_at = deed.now
                    deed.session.add(hold)
                    await deed.note("patient", patient.id, hold=hold.id)
                    lifted = True
            return lifted


async def _record(deed: OpenDeed, operator: Actor, case_code: str) -> PersonsRecord:
    referral = await referrals_stored.referral_by_code(deed.session, operator.team_id, case_code)
    if referral is None:
        raise NotYours
    deed.about = referral.id
    record = await stored.record_of(deed.session, referral)
    for patient in record.patients:
        if patient.erased_at is not None:
            raise RecordIsErased(case_code, patient.erased_at)
    return record


def _reason(reason: str) -> str:
    words = clean(reason)
    if not words:
        raise TextProblem('Say why: --reason "..."')
    if len(words) > _LONGEST_REASON:
        raise TextProblem(f"Say it in at most {_LONGEST_REASON} characters.")
    return words


def _age(patients: Sequence[Patient], referrals: Sequence[Referral]) -> RecordAge:
    closings = [one.moved_at if one.state.is_final else None for one in referrals]
    return RecordAge(last_of(closings), any(one.legal_hold_at for one in patients))


def _by_person(
    found: Sequence[tuple[Patient, Referral]],
) -> list[tuple[Sequence[Patient], Sequence[Referral]]]:
    """The same person may have been referred to several therapists, under a record each."""
    people: dict[bytes, tuple[dict[str, Patient], list[Referral]]] = {}
    for patient, referral in found:
        patients, referrals = people.setdefault(patient.identity_index, ({}, []))
        patients[patient.id] = patient
        referrals.append(referral)
    return [(list(patients.values()), referrals) for patients, referrals in people.values()]


def _reason_cell(hold_id: str) -> Cell:
    return Cell("legal_holds", "reason_sealed", hold_id)


def _lifted_cell(hold_id: str) -> Cell:
    return Cell("legal_holds", "lifted_sealed", hold_id)
