"""Climbing: a concern's ladder tells the next ones until a person acknowledges."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.care.concern import ConcernState
from bot.care.escalation import Fate, Hearing, Target, Telling, Way, climb
from bot.care.permissions import Deed
from bot.ids import new_id
from bot.notices import (
    TO_CLINIC,
    ConcernAlert,
    ConcernCalled,
    OutsideCall,
    Priority,
    to_outside,
    to_person,
    to_thread,
)
from bot.services.concern_record import (
    alert_key,
    called_key,
    in_this_round,
    locked,
    redraw,
    redraw_for_those_told,
    unanswered,
)
from bot.services.deeds import Deeds, Lease, OpenDeed
from bot.services.ladder_reach import Reach, ladder_of, place_of
from bot.store.queries import concerns as stored
from bot.store.queries import people
from bot.store.queries.referrals import referral as referral_of
from bot.store.tables.concerns import Concern, Told
from bot.store.tables.referrals import Referral
from bot.store.tables.work import TimerKind


class DoNotDisturb(Protocol):
    """Who does not want to be disturbed just now, as their Slack account says."""

    async def resting(self, slack_user_ids: Sequence[str]) -> frozenset[str] | None:
        """Those of the users who do not disturb; None when it could not be found out."""


class Escalation:
    """What the clockwork does with a concern. Asks Slack who can hear before it opens a deed."""

    def __init__(self, deeds: Deeds, do_not_disturb: DoNotDisturb) -> None:
        self._deeds = deeds
        self._do_not_disturb = do_not_disturb

    async def climb(self, lease: Lease, concern_id: str, step: int) -> None:
        """A rung is due and nobody has acknowledged: tell the next ones."""
        resting = await self._resting(concern_id)
        async with self._deeds.begin(None, Deed.ESCALATE, lease=lease) as deed:
            concern, referral = await locked(deed, concern_id)
            if concern.state is not ConcernState.OPEN or concern.step != step:
                return
            await redraw_for_those_told(deed, concern)
            await climb_now(deed, referral, concern, resting=resting)
            await deed.note("concern", concern.id, step=str(step))

    async def look_who_hears(self, lease: Lease, concern_id: str, step: int) -> None:
        """Somebody was told at once: if nobody who was told can hear, go on at once, too."""
        resting = await self._resting(concern_id)
        async with self._deeds.begin(None, Deed.ESCALATE, lease=lease) as deed:
            concern, referral = await locked(deed, concern_id)
            if concern.state is not ConcernState.OPEN or concern.step != step or resting is None:
                return
            hears = await _note_hearing(deed, concern, resting)
            told = await _told_in_this_round(deed, concern)
            place = place_of(concern)
            if hears or ladder_of(concern).is_top(place.step - 1):
                return
            await redraw_for_those_told(deed, concern)
            await climb_now(deed, referral, concern, resting=resting, at_once=True, just_told=told)
            await deed.note("concern", concern.id, step=str(step), passed_over="do_not_disturb")

    async def climb_again(self, lease: Lease, concern_id: str, number: int) -> None:
        """It was acknowledged, but is not resolved by when it should be: it climbs again.

        `number` is the acknowledgement whose time is up.
        """
        resting = await self._resting(concern_id)
        async with self._deeds.begin(None, Deed.ESCALATE, lease=lease) as deed:
            concern, referral = await locked(deed, concern_id)
            if concern.state is not ConcernState.ACKNOWLEDGED:
                return
            if number not in {0, await stored.times_acknowledged(deed.session, concern.id)}:
                return
            took = concern.acknowledged_by_id
            _open_again(concern)
            await redraw(deed, referral, concern)  # what is told below needs no redrawing
            await start(deed, referral, concern, resting=resting, also=took)
            await deed.note("concern", concern.id, round=str(concern.round), taken_by=took or "")

    async def _resting(self, concern_id: str) -> frozenset[str] | None:
        """Asked of Slack, so never inside a transaction."""
        async with self._deeds.database.reading() as session:
            concern = await stored.concern(session, concern_id)
            referral = await referral_of(session, concern.referral_id) if concern else None
            if concern is None or referral is None:
                return None
            reach = Reach(
                session,
                referral,
                concern.raised_by_id,
                self._deeds.region,
                self._deeds.clock.now(),
                None,
            )
            ids = {
                target.to
                for rung in await reach.of(ladder_of(concern))
                for target in rung.targets
                if target.way is Way.SLACK
            }
            if concern.acknowledged_by_id:
                ids.add(concern.acknowledged_by_id)
            users = [(await people.person(session, one)).slack_user_id for one in sorted(ids)]
        return await self._do_not_disturb.resting(users) if users else frozenset()


def _open_again(concern: Concern) -> None:
    concern.state = ConcernState.OPEN
    concern.round = (concern.round or 0) + 1
    concern.acknowledged_by_id = None
    concern.acknowledged_at = None
    concern.decision = None
    concern.decision_note_sealed = None
    concern.visit_at = None


async def start(
    deed: OpenDeed,
    referral: Referral,
    concern: Concern,
    *,
    resting: Collection[str] | None = None,
    also: str | None = None,
) -> None:
    """Begin a round of the concern's ladder; `also` is told with the first, by person id."""
    reach = _reach(deed, referral, concern, resting)
    if concern.round:
        # The next step of the round before has a timer, which was called off and is not set anew.
        concern.step += 1
    concern.round_step = concern.step
    concern.climbs_from = ladder_of(concern).starts(deed.now, await reach.first_hours())
    if also is not None:
        person = await people.person(deed.session, also)
        await _tell(deed, concern, Telling(0, (await reach.person(person),)))
    await climb_now(deed, referral, concern, resting=resting)


async def climb_now(
    deed: OpenDeed,
    referral: Referral,
    concern: Concern,
    *,
    resting: Collection[str] | None,
    at_once: bool = False,
    just_told: Collection[str] = (),
) -> None:
    """Tell whoever is due, and set the timer of whoever is next."""
    reach = _reach(deed, referral, concern, resting)
    ladder = ladder_of(concern)
    climbed = climb(
        ladder,
        place_of(concern),
        deed.now,
        await reach.of(ladder),
        at_once=at_once,
        just_told=just_told,
    )
    for telling in climbed.tellings:
        await _tell(deed, concern, telling)
    concern.step = (concern.round_step or 0) + climbed.place.step
    concern.climbs_from = climbed.place.started
    if climbed.nobody_left:
        await _say_that_nobody_answers(deed, referral, concern)
    deed.session.add(concern)
    await deed.session.flush()
    await deed.set_timer(TimerKind.LADDER_RUNG, concern.id, concern.step, climbed.next_due)
    if climbed.tellings and resting is None and not climbed.nobody_left:
        await deed.set_timer(TimerKind.LADDER_HEARING, concern.id, concern.step, deed.now)


def _reach(
    deed: OpenDeed, referral: Referral, concern: Concern, resting: Collection[str] | None
) -> Reach:
    return Reach(deed.session, referral, concern.raised_by_id, deed.region, deed.now, resting)


async def next_rung_due(deed: OpenDeed, referral: Referral, concern: Concern) -> datetime:
    """When the next step of an open concern's ladder is due."""
    hours = await _reach(deed, referral, concern, None).first_hours()
    place = place_of(concern)
    return ladder_of(concern).due(place.step, place.started, hours)


async def _say_that_nobody_answers(deed: OpenDeed, referral: Referral, concern: Concern) -> None:
    """In the thread and where the clinic looks: nobody was reached, and which telephone to use."""
    concern.unanswered_at = concern.unanswered_at or deed.now
    for notice, key in unanswered(concern.id, concern.round or 0):
        place = TO_CLINIC if notice.in_clinic else to_thread(referral.id)
        await deed.tell(place, notice, key, Priority.URGENT)


async def _tell(deed: OpenDeed, concern: Concern, telling: Telling) -> None:
    step = (concern.round_step or 0) + telling.step
    known = {
        one.person_id
        for one in await stored.told_of(deed.session, concern.id)
        if one.step == step and one.person_id is not None
    }
    for target in telling.targets:
        if target.to in known:
            continue
        deed.session.add(_attempt(concern, step, target, deed.now))
        if target.way is Way.SLACK:
            await deed.tell(
                to_person(target.to),
                ConcernAlert(concern_id=concern.id, person_id=target.to, step=step),
                alert_key(concern.id, step, target.to),
                Priority.URGENT,
            )
        elif target.way is Way.CLINIC_CHANNEL:
            await deed.tell(
                TO_CLINIC,
                ConcernCalled(concern_id=concern.id, step=step),
                called_key(concern.id, step),
                Priority.URGENT,
            )
        else:
            await deed.tell(
                to_outside(target.to),
                OutsideCall(concern_id=concern.id, step=step),
                outside_key(concern.id, step, target.to),
                Priority.URGENT,
            )
    await deed.session.flush()


def outside_key(concern_id: str, step: int, name: str) -> str:
    """The outbox key of what a channel outside Slack was told at one step."""
    return f"outside:{concern_id}:{step}:{name}"


def _attempt(concern: Concern, step: int, target: Target, at: datetime) -> Told:
    is_person = target.way is Way.SLACK
    return Told(
        id=new_id(),
        concern_id=concern.id,
        person_id=target.to if is_person else None,
        outside=target.to if target.way is Way.OUTSIDE else None,
        step=step,
        at=at,
        way=target.way,
        hearing=target.hearing,
        fate=Fate.OWED,
    )


async def _told_in_this_round(deed: OpenDeed, concern: Concern) -> set[str]:
    return {
        one.person_id
        for one in await stored.told_of(deed.session, concern.id)
        if one.person_id is not None and in_this_round(concern, one)
    }


async def _note_hearing(deed: OpenDeed, concern: Concern, resting: Collection[str]) -> bool:
    """Write down who of this round's told can hear; whether anybody can."""
    hears = False
    for told in await stored.told_of(deed.session, concern.id):
        if not in_this_round(concern, told):
            continue
        if told.person_id is not None and told.hearing is Hearing.UNKNOWN:
            person = await people.person(deed.session, told.person_id)
            rests = person.slack_user_id in resting
            told.hearing = Hearing.DO_NOT_DISTURB if rests else Hearing.HEARS
            deed.session.add(told)
        hears = hears or (told.hearing is not None and told.hearing.can_hear)
    await deed.session.flush()
    return hears
