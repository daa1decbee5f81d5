"""A move is kept with who made it, when and why, and both sides hear of it."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.course import Outcome, Reason, reason_of
from bot.care.referral import Move, ReferralState
from bot.ids import new_id
from bot.notices import CaseMoved, Typed, to_person, to_thread
from bot.services.deeds import OpenDeed
from bot.services.handover import stand_in
from bot.services.identifiers import unnamed_words, watch
from bot.shown.course import ShownMove
from bot.store.queries import moves as stored
from bot.store.queries import people
from bot.store.queries.referrals import patient
from bot.store.queries.referrals import referral as referral_of
from bot.store.tables.moves import Moved
from bot.store.tables.referrals import Referral
from bot.store.vault import Cell, Vault


async def keep_move(
    deed: OpenDeed,
    referral: Referral,
    move: Move,
    came_from: ReferralState,
    reason: Reason | None = None,
    words: str = "",
) -> str:
    """Write a move that was made into the life of its referral; gives its id."""
    move_id = new_id()
    sealed = None
    if words:
        key_id = (await patient(deed.session, referral.patient_id)).key_id
        sealed = await deed.seal(key_id, move_cell(move_id), words)
    deed.session.add(
        Moved(
            id=move_id,
            referral_id=referral.id,
            number=await stored.highest_number(deed.session, referral.id) + 1,
            move=move,
            came_from=came_from,
            led_to=referral.state,
            by_id=deed.person.id,
            at=deed.now,
            reason=reason.value if reason else None,
            words_sealed=sealed,
        )
    )
    await deed.session.flush()
    await watch(deed, referral, Typed.REFERRAL, referral.id, words)
    return move_id


async def tell_both(deed: OpenDeed, referral: Referral, move_id: str) -> None:
    """Into the thread at once, and to the other side: whoever acts on it, never nobody."""
    notice = CaseMoved(referral_id=referral.id, move_id=move_id)
    await deed.tell(to_thread(referral.id), notice, f"moved:{move_id}")
    part = await deed.part_of(deed.person, referral)
    others = [referral.surgeon_id, referral.therapist_id]
    if part.is_surgeons_side:  # who covers speaks for the side that they stand in for
        others = [referral.therapist_id]
    elif part.is_therapists_side:
        others = [referral.surgeon_id]
    for side in others:
        reader = await stand_in(deed.session, await people.person(deed.session, side))
        if reader.id != deed.person.id:
            await deed.tell(to_person(reader.id), notice, f"moved:{move_id}:{reader.id}")


async def shown_move(session: AsyncSession, vault: Vault, move_id: str) -> ShownMove | None:
    """A move with what was said; for the thread, where its readers are those who treat."""
    row = await stored.move(session, move_id)
    referral = await referral_of(session, row.referral_id) if row else None
    if row is None or referral is None:
        return None
    words, outcome = "", None
    if row.words_sealed is not None:
        key_id = (await patient(session, referral.patient_id)).key_id
        words = await vault.open(session, key_id, move_cell(row.id), row.words_sealed)
        if row.move is Move.COMPLETE:
            outcome, words = Outcome.model_validate_json(words), ""
            said = {
                name: await unnamed_words(session, vault, referral, value)
                for name, value in outcome
                if type(value) is str
            }
            outcome = outcome.model_copy(update=said)
        words = await unnamed_words(session, vault, referral, words)
    return ShownMove(
        move=row.move,
        by=(await people.person(session, row.by_id)).slack_user_id,
        at=row.at,
        led_to=row.led_to,
        reason=reason_of(row.move, row.reason),
        words=words,
        outcome=outcome,
    )


def move_cell(move_id: str) -> Cell:
    return Cell("moves", "words_sealed", move_id)
