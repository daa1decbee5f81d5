"""What every deed of a concern needs: the rows, locked; their sealed words; what shows them."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from bot.care.concern import ConcernState, Sbar
from bot.care.escalation import Way
from bot.care.people import Part, Role
from bot.care.permissions import may
from bot.care.session import Hit
from bot.care.text import clean
from bot.notices import (
    ConcernAlert,
    ConcernCalled,
    ConcernPassedOn,
    ConcernPosted,
    ConcernUnanswered,
)
from bot.services.deeds import OpenDeed
from bot.services.errors import NotRegistered, NotYourPart, NotYours, TextProblem
from bot.store.queries import concerns as stored
from bot.store.queries.referrals import patient, referral_to_change
from bot.store.tables.concerns import Concern, Handover, Told
from bot.store.tables.referrals import Referral
from bot.store.vault import Cell

LONGEST_CONCERN = 2500
HITS: TypeAdapter[tuple[Hit, ...]] = TypeAdapter(tuple[Hit, ...])


async def concern_for(deed: OpenDeed, concern_id: str) -> tuple[Concern, Referral, Part]:
    """A concern, its referral, both locked, and what whoever acts is to it.

    Raises `NotYours` and `NotYourPart`. A surgeon to whom the concern was passed on stands in as
    one who covers, in this concern alone; so does one who covered when they were told of it, as
    long as nobody else has taken it: whoever was asked may answer.
    """
    concern, referral = await locked(deed, concern_id)
    try:
        return concern, referral, await deed.allow(referral)
    except NotYours:
        if not await _was_asked(deed, referral, concern):
            raise
    if not may(Part.COVERING_SURGEON, deed.kind):
        raise NotYourPart
    return concern, referral, Part.COVERING_SURGEON


async def _was_asked(deed: OpenDeed, referral: Referral, concern: Concern) -> bool:
    if deed.actor is None or deed.actor.team_id != referral.team_id:
        return False
    known = await stored.handovers_of(deed.session, concern.id)
    told = await stored.told_of(deed.session, concern.id)
    if not known and not told:
        return False
    try:
        who = await deed.somebody(Role.SURGEON)
    except NotRegistered:
        return False  # said in the same words as of a concern that is not there
    if any(one.to_id == who.id and one.accepted is not False for one in known):
        return True
    if concern.state is ConcernState.OPEN:
        return any(one.person_id == who.id and in_this_round(concern, one) for one in told)
    return concern.acknowledged_by_id == who.id and not concern.state.is_settled


def in_this_round(concern: Concern, told: Told) -> bool:
    """Whether somebody was told since the concern began to climb, for the first time or again."""
    return told.step >= (concern.round_step or 0)


async def locked(deed: OpenDeed, concern_id: str) -> tuple[Concern, Referral]:
    """A concern and its referral, locked; the referral first, as everywhere, so that deeds that
    meet take turns and never wait for each other."""
    glimpse = await stored.concern(deed.session, concern_id)
    if glimpse is None:
        raise NotYours
    referral = await referral_to_change(deed.session, glimpse.referral_id)
    concern = await stored.concern_to_change(deed.session, concern_id)
    if referral is None or concern is None:
        raise NotYours
    return concern, referral


def waiting(concern: Concern, handovers: Sequence[Handover]) -> list[Handover]:
    """Those to whom it was passed on and who have not answered; an acknowledgement since then has
    made the question idle."""
    return [
        one
        for one in handovers
        if one.answered_at is None
        and (concern.acknowledged_at is None or concern.acknowledged_at <= one.asked_at)
    ]


async def redraw(deed: OpenDeed, referral: Referral, concern: Concern) -> None:
    """Everything that shows the concern shows how it stands now."""
    await deed.redraw(ConcernPosted(concern_id=concern.id), posted_key(concern.id))
    for told in await stored.told_of(deed.session, concern.id):
        if told.person_id is not None:
            await deed.redraw(
                ConcernAlert(concern_id=concern.id, person_id=told.person_id, step=told.step),
                alert_key(concern.id, told.step, told.person_id),
            )
        elif told.way is Way.CLINIC_CHANNEL:
            await deed.redraw(
                ConcernCalled(concern_id=concern.id, step=told.step),
                called_key(concern.id, told.step),
            )
    for handover in await stored.handovers_of(deed.session, concern.id):
        await deed.redraw(
            ConcernPassedOn(concern_id=concern.id, number=handover.number),
            passed_key(concern.id, handover.number),
        )
    if concern.unanswered_at is not None:
        for number in range((concern.round or 0) + 1):
            for notice, key in unanswered(concern.id, number):
                await deed.redraw(notice, key)
    await deed.redraw_card(referral)


async def redraw_for_those_told(deed: OpenDeed, concern: Concern) -> None:
    """Before others are told: who knows already reads, in the thread and in the newest message to
    each, who else does and who is next."""
    await deed.redraw(ConcernPosted(concern_id=concern.id), posted_key(concern.id))
    known = await stored.told_of(deed.session, concern.id)
    newest = {one.person_id: one.step for one in known if one.person_id is not None}
    for person_id, step in newest.items():
        await deed.redraw(
            ConcernAlert(concern_id=concern.id, person_id=person_id, step=step),
            alert_key(concern.id, step, person_id),
        )


# -- words ---------------------------------------------------------------------------------


async def seal(deed: OpenDeed, referral: Referral, cell: Cell, words: str) -> bytes:
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    return await deed.seal(key_id, cell, words)


async def opened_sbar(deed: OpenDeed, concern: Concern, key_id: str) -> Sbar:
    """What stands beside the situation; empty where nothing does."""
    if concern.sbar_sealed is None:
        return Sbar()
    opened = await deed.open(key_id, sbar_cell(concern.id), concern.sbar_sealed)
    return Sbar.model_validate_json(opened)


def checked(words: str, when_empty: str, longest: int = LONGEST_CONCERN) -> str:
    """`words` as they are kept; empty is refused if `when_empty` says why. Raises `TextProblem`."""
    cleaned = clean(words)
    if not cleaned and when_empty:
        raise TextProblem(when_empty)
    if len(cleaned) > longest:
        raise TextProblem(
            f"This has {len(cleaned):,} characters; at most {longest:,} can be kept. "
            "Please shorten it."
        )
    return cleaned


# -- keys and cells ------------------------------------------------------------------------


def posted_key(concern_id: str) -> str:
    """The outbox key of a concern's message in the thread."""
    return f"concern:{concern_id}"


def alert_key(concern_id: str, step: int, person_id: str) -> str:
    """The outbox key of what one person was told at one step."""
    return f"alert:{concern_id}:{step}:{person_id}"


def called_key(concern_id: str, step: int) -> str:
    """The outbox key of what the clinic channel was told at one step."""
    return f"called:{concern_id}:{step}"


def passed_key(concern_id: str, number: int) -> str:
    """The outbox key of what a surgeon was told to whom it was passed on."""
    return f"passed:{concern_id}:{number}"


def unanswered(concern_id: str, number: int) -> tuple[tuple[ConcernUnanswered, str], ...]:
    """The word that nobody has answered in a round, and its outbox key: for the thread, and for
    the clinic channel."""
    in_thread = ConcernUnanswered(concern_id=concern_id, round=number)
    in_clinic = in_thread.model_copy(update={"in_clinic": True})
    key = f"unanswered:{concern_id}:{number}"
    return (in_thread, key), (in_clinic, f"{key}:clinic")


def concern_cell(concern_id: str) -> Cell:
    return Cell("concerns", "words_sealed", concern_id)


def sbar_cell(concern_id: str) -> Cell:
    return Cell("concerns", "sbar_sealed", concern_id)


def hits_cell(concern_id: str) -> Cell:
    return Cell("concerns", "hits_sealed", concern_id)


def withdrawal_cell(concern_id: str) -> Cell:
    return Cell("concerns", "withdrawal_sealed", concern_id)


def decision_cell(concern_id: str) -> Cell:
    return Cell("concerns", "decision_note_sealed", concern_id)


def acknowledgement_cell(acknowledgement_id: str) -> Cell:
    return Cell("acknowledgements", "note_sealed", acknowledgement_id)


def resolution_cell(concern_id: str) -> Cell:
    return Cell("concerns", "resolution_sealed", concern_id)
