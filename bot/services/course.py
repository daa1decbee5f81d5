"""The course of a referral: questions, holds, ends, the outcome and its review.

Each deed is asked of the gate, made by the table of moves, kept with its reason, and told to the
other side. What was done already is answered kindly and changes nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.care.course import Goals, Outcome, Reason, numbers_of, problem
from bot.care.people import Role
from bot.care.permissions import DEED_OF, Deed, may
from bot.care.referral import Move, ReferralState, Step, after
from bot.care.text import clean
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import DateProblem, TextProblem, TooLate
from bot.services.holds import put_on_hold
from bot.services.moves import keep_move, shown_move, tell_both
from bot.services.progress import Progresses
from bot.services.referrals import enter
from bot.shown.course import ShownLife, ShownMove, ShownOffer, ShownStart
from bot.store.queries import inbox, people
from bot.store.queries import moves as stored
from bot.store.queries.referrals import referral as referral_of
from bot.store.tables.referrals import Referral

LONGEST_AHEAD: Final = timedelta(days=180)
# What is offered under "More", in this order; the rest has its own place.
OFFERED: Final = (
    Move.ASK_INFORMATION,
    Move.GIVE_INFORMATION,
    Move.BOOK,
    Move.COMPLETE,
    Move.ANSWER_OUTCOME,
    Move.REVIEW,
    Move.ASK_ABOUT_OUTCOME,
    Move.CONFIRM_CANCEL,
    Move.TAKE_BACK_CANCEL,
    Move.HOLD,
    Move.CANNOT_FINISH,
    Move.CANCEL,
    Move.ASK_TO_CANCEL,
)


@dataclass(frozen=True)
class CompleteFilled:
    """What the therapist says of the outcome; the numbers are gathered."""

    goals: Goals
    answer: str
    advice: str = ""


class Course:
    """The deeds of a referral's course."""

    def __init__(self, deeds: Deeds, progresses: Progresses) -> None:
        self._deeds = deeds
        self._progresses = progresses

    async def make(
        self,
        actor: Actor,
        referral_id: str,
        move: Move,
        reason: Reason | None,
        words: str,
        view_id: str,
    ) -> bool:
        """Make a move that needs a reason or words; False where it has no effect any more.

        Raises `NotYours`, `NotYourPart`, `TextProblem`.
        """
        words = clean(words)
        async with self._deeds.begin(actor, DEED_OF[move]) as deed:
            referral = await deed.referral(referral_id)
            move = _by_state(move, referral.state)
            if wrong := problem(move, reason, words):
                raise TextProblem(wrong)
            if not _is_possible(referral, move):
                return await inbox.was_submitted(deed.session, view_id)
            if await inbox.note_submission(deed.session, view_id, referral.id, deed.now):
                return True
            came_from = referral.state
            await _carry_out(deed, referral, move)
            move_id = await keep_move(deed, referral, move, came_from, reason, words)
            await tell_both(deed, referral, move_id)
            await deed.note("referral", referral.id, move=move.value)
            return True

    async def complete(
        self, actor: Actor, referral_id: str, filled: CompleteFilled, view_id: str
    ) -> bool:
        """Send the outcome report; False where treatment is not under way any more.

        Raises `NotYours`, `NotYourPart`, `TextProblem`.
        """
        answer, advice = clean(filled.answer), clean(filled.advice)
        async with self._deeds.begin(actor, Deed.COMPLETE) as deed:
            referral = await deed.referral(referral_id)
            if not answer:
                raise TextProblem("Write what came of it, in a sentence or two.")
            for text in (answer, advice):
                if wrong := problem(Move.COMPLETE, None, text):
                    raise TextProblem(wrong)
            state = after(referral.state, Move.COMPLETE)
            if state is None:
                return await inbox.was_submitted(deed.session, view_id)
            if await inbox.note_submission(deed.session, view_id, referral.id, deed.now):
                return True
            came_from = referral.state
            progress = await self._progresses.of(deed.session, referral)
            outcome = Outcome(
                sessions_given=referral.updates,
                sessions_planned=referral.sessions,
                numbers=numbers_of(progress.series),
                goals=filled.goals,
                answer=answer,
                advice=advice,
            )
            await enter(deed, referral, state)
            await deed.redraw_card(referral)
            move_id = await keep_move(
                deed, referral, Move.COMPLETE, came_from, words=outcome.model_dump_json()
            )
            await tell_both(deed, referral, move_id)
            await deed.note("referral", referral.id, move=Move.COMPLETE.value)
            return True

    async def book(
        self, actor: Actor, referral_id: str, day: date | None, at: time | None, view_id: str
    ) -> bool:
        """Book the first or the next visit; False where no visit is due any more.

        Raises `NotYours`, `NotYourPart`, `DateProblem`.
        """
        async with self._deeds.begin(actor, Deed.BOOK) as deed:
            referral = await deed.referral(referral_id)
            visit = _visit(day, at, ZoneInfo(deed.person.time_zone), deed.now)
            state = after(referral.state, Move.BOOK)
            if state is None:
                return await inbox.was_submitted(deed.session, view_id)
            if await inbox.note_submission(deed.session, view_id, referral.id, deed.now):
                return True
            came_from = referral.state
            referral.visit_at = visit
            await enter(deed, referral, state)
            await deed.redraw_card(referral)
            move_id = await keep_move(
                deed, referral, Move.BOOK, came_from, words=visit.isoformat(timespec="minutes")
            )
            await tell_both(deed, referral, move_id)
            await deed.note("referral", referral.id, move=Move.BOOK.value)
            return True

    # -- seeing ----------------------------------------------------------------------------

    async def offered(self, actor: Actor, referral_id: str) -> ShownOffer:
        """What whoever looks may do in this case now. Raises `NotYours`, `NotYourPart`."""
        async with self._deeds.look(actor, Deed.SEE_CASE) as deed:
            referral = await deed.referral(referral_id)
            part = await deed.part_of(deed.person, referral)
            await deed.note("referral", referral.id, look="offer")
            return ShownOffer(
                referral.id,
                referral.case_code,
                referral.state,
                tuple(
                    move
                    for move in OFFERED
                    if may(part, DEED_OF[move]) and _is_possible(referral, move)
                ),
                is_in_pair=may(part, Deed.INVITE),
            )

    async def start(self, actor: Actor, referral_id: str, move: Move) -> ShownStart:
        """What the form for a move starts with. Raises `NotYours`, `NotYourPart`, `TooLate`."""
        async with self._deeds.look(actor, DEED_OF[move]) as deed:
            referral = await deed.referral(referral_id)
            move = _by_state(move, referral.state)
            if not _is_possible(referral, move):
                raise TooLate("moved_on")
            is_surgeons = deed.person.role is Role.SURGEON
            other = referral.therapist_id if is_surgeons else referral.surgeon_id
            zone = ZoneInfo(deed.person.time_zone)
            progress = await self._progresses.of(deed.session, referral)
            await deed.note("referral", referral.id, look=move.value)
            outcome = await self._last(deed, referral, Move.COMPLETE)
            return ShownStart(
                referral_id=referral.id,
                case_code=referral.case_code,
                move=move,
                today=deed.now.astimezone(zone).date(),
                other_side=(await people.person(deed.session, other)).slack_user_id,
                question=await self._question(deed, referral, move),
                sessions_given=referral.updates,
                sessions_planned=referral.sessions,
                numbers=numbers_of(progress.series),
                outcome=outcome.outcome if outcome else None,
            )

    async def life(self, actor: Actor, referral_id: str) -> ShownLife:
        """Every move of a referral, also of one that is closed. Recorded.

        Raises `NotYours`, `NotYourPart`.
        """
        async with self._deeds.look(actor, Deed.READ_CASE) as deed:
            referral = await deed.referral(referral_id)
            before = (
                await referral_of(deed.session, referral.continues_id)
                if referral.continues_id
                else None
            )
            await deed.note("referral", referral.id, look="life")
            shown = [
                await shown_move(deed.session, deed.vault, row.id)
                for row in await stored.moves_of(deed.session, referral.id)
            ]
            return ShownLife(
                referral.case_code,
                referral.state,
                referral.created_at,
                tuple(one for one in shown if one is not None),
                before.case_code if before else "",
            )

    async def move(self, move_id: str) -> ShownMove | None:
        """A move, for its message in the thread."""
        async with self._deeds.database.reading() as session:
            return await shown_move(session, self._deeds.vault, move_id)

    async def _question(self, deed: OpenDeed, referral: Referral, move: Move) -> str:
        asked = {
            Move.GIVE_INFORMATION: Move.ASK_INFORMATION,
            Move.ANSWER_OUTCOME: Move.ASK_ABOUT_OUTCOME,
        }.get(move)
        last = await self._last(deed, referral, asked) if asked else None
        return last.words if last else ""

    async def _last(self, deed: OpenDeed, referral: Referral, move: Move) -> ShownMove | None:
        row = await stored.last_of(deed.session, referral.id, move)
        return await shown_move(deed.session, deed.vault, row.id) if row else None


def _by_state(move: Move, state: ReferralState) -> Move:
    """After the start the therapist is asked, where before it the surgeon ends it alone."""
    if move is Move.CANCEL and after(state, move) is None:
        return Move.ASK_TO_CANCEL
    return move


def _is_possible(referral: Referral, move: Move) -> bool:
    waits_for_answer = referral.next_step is Step.ANSWER_QUESTION
    if move is Move.ANSWER_OUTCOME:
        return waits_for_answer
    if move in {Move.ASK_ABOUT_OUTCOME, Move.REVIEW} and waits_for_answer:
        return move is Move.REVIEW
    return after(referral.state, move, referral.asked_from) is not None


async def _carry_out(deed: OpenDeed, referral: Referral, move: Move) -> None:
    """Make a move that is possible."""
    if move is Move.HOLD:
        await put_on_hold(deed, referral)
        return
    state = after(referral.state, move, referral.asked_from)
    if state is None:
        raise AssertionError("only what is possible is carried out")
    if move is Move.ASK_TO_CANCEL:
        referral.asked_from = referral.state
    elif move in {Move.TAKE_BACK_CANCEL, Move.CONFIRM_CANCEL}:
        referral.asked_from = None
    await enter(deed, referral, state, asked=move is Move.ASK_ABOUT_OUTCOME)
    await deed.redraw_card(referral)


def _visit(day: date | None, at: time | None, zone: ZoneInfo, now: datetime) -> datetime:
    if day is None or at is None:
        raise DateProblem("Choose the day and the time of the visit.")
    visit = datetime.combine(day, at, zone)
    if visit <= now:
        raise DateProblem("This time has passed. Choose a later one.")
    if visit > now + LONGEST_AHEAD:
        raise DateProblem(f"Choose a day at most {LONGEST_AHEAD.days} days ahead.")
    return visit
