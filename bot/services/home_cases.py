"""The cases of a Home tab, read set by set: a handful of queries, however many there are.

A line of the Home tab says less than a card: what was declined and why, who could be asked next and
what the patient says are left out, and read when the case is opened.
"""

from collections.abc import Collection, Sequence
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Part, Role, Standing
from bot.care.request import Request
from bot.services.concern_reading import ConcernReading, link_to
from bot.services.deeds import Deeds
from bot.services.handover import stand_in
from bot.services.referrals import request_cell
from bot.shown.case import ShownCase, ShownConcern, ShownStep
from bot.store.queries import concerns, people
from bot.store.queries.patients import patients_by_id
from bot.store.tables.concerns import Concern
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral

# More than a Home tab has room for, and no more than one look gives.
_MOST_ASKED_OF: Final = 100


class HomeCases:
    """Gives referrals as the lines of a Home tab."""

    def __init__(self, deeds: Deeds, team_url: str, concern_reading: ConcernReading) -> None:
        self._deeds = deeds
        self._team_url = team_url
        self._concerns = concern_reading

    async def of(
        self, session: AsyncSession, referrals: Sequence[Referral]
    ) -> dict[str, ShownCase]:
        """Each of `referrals` once, by its id."""
        if not referrals:
            return {}
        sides = {one.surgeon_id for one in referrals} | {one.therapist_id for one in referrals}
        persons = await people.persons_by_id(session, sides)
        rooms = await people.rooms_by_id(session, {one.room_id for one in referrals})
        patients = await patients_by_id(session, {one.patient_id for one in referrals})
        await self._deeds.vault.prepare(session, [one.key_id for one in patients.values()])
        unsettled = await concerns.unsettled_of_all(session, [one.id for one in referrals])
        owners = {one: await _owner(session, person) for one, person in persons.items()}
        found: dict[str, ShownCase] = {}
        for one in referrals:
            request = Request.model_validate_json(
                await self._deeds.vault.open(
                    session,
                    patients[one.patient_id].key_id,
                    request_cell(one.id),
                    one.request_sealed,
                )
            )
            surgeon, therapist = persons[one.surgeon_id], persons[one.therapist_id]
            room = rooms[one.room_id]
            found[one.id] = ShownCase(
                referral_id=one.id,
                case_code=one.case_code,
                indication=request.indication,
                state=one.state,
                surgeon=surgeon.slack_user_id,
                therapist=therapist.slack_user_id,
                next_step=self._step(one, owners),
                updates=one.updates,
                sessions=one.sessions,
                frequency=one.frequency,
                concerns=await self._shown(session, unsettled.get(one.id, [])),
                thread_link=link_to(self._team_url, room.channel_id, one.thread_ts),
                visit_at=one.visit_at,
                plan_number=one.plan_number,
                is_left=any(
                    side.standing is not Standing.MEMBER
                    and owners[side.id].role is Role.COORDINATOR
                    for side in (surgeon, therapist)
                ),
            )
        return found

    async def asked_of(
        self, session: AsyncSession, person: Person, *, but: Collection[str]
    ) -> tuple[ShownConcern, ...]:
        """The concerns that wait for somebody's answer; `but` those of referrals with these ids,
        which they have anyhow."""
        found = await concerns.asked_of(session, person.id, _MOST_ASKED_OF)
        return await self._shown(session, [one for one in found if one.referral_id not in but])

    def _step(self, referral: Referral, owners: dict[str, Person]) -> ShownStep | None:
        if not (referral.next_step and referral.next_due and referral.next_owner):
            return None
        is_surgeons = referral.next_owner is Part.SURGEON
        side = referral.surgeon_id if is_surgeons else referral.therapist_id
        return ShownStep(
            referral.next_step,
            owners[side].slack_user_id,
            referral.next_due,
            is_overdue=referral.next_due <= self._deeds.clock.now(),
        )

    async def _shown(
        self, session: AsyncSession, rows: Sequence[Concern]
    ) -> tuple[ShownConcern, ...]:
        return tuple([await self._concerns.shown(session, one) for one in rows])


async def _owner(session: AsyncSession, person: Person) -> Person:
    """Only whoever has left needs a look at who stands in."""
    if person.standing is Standing.MEMBER:
        return person
    return await stand_in(session, person)
