"""The life of a referral as a table: which move leads where, and who may make it."""

from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.care.course import NEEDS_WORDS, REASONS, problem
from bot.care.people import Part
from bot.care.permissions import DEED_OF, may
from bot.care.plan import Frequency, Rhythm
from bot.care.referral import Move, ReferralState, Step, after, next_step, owed_in
from bot.care.working_time import WorkingHours

S = ReferralState
# Each state, and every move that has an effect in it.
TABLE: dict[ReferralState, dict[Move, ReferralState]] = {
    S.REQUESTED: {
        Move.ACCEPT: S.ACCEPTED,
        Move.DECLINE: S.DECLINED,
        Move.ASK_INFORMATION: S.INFO_NEEDED,
        Move.CANCEL: S.CANCELLED,
    },
    S.INFO_NEEDED: {
        Move.ACCEPT: S.ACCEPTED,
        Move.DECLINE: S.DECLINED,
        Move.GIVE_INFORMATION: S.REQUESTED,
        Move.CANCEL: S.CANCELLED,
    },
    S.ACCEPTED: {
        Move.BOOK: S.SCHEDULED,
        Move.LOG_SESSION: S.IN_PROGRESS,
        Move.MISS_SESSION: S.ACCEPTED,
        Move.HOLD: S.ON_HOLD,
        Move.CANCEL: S.CANCELLED,
        Move.CANNOT_FINISH: S.NOT_COMPLETED,
    },
    S.SCHEDULED: {
        Move.BOOK: S.SCHEDULED,
        Move.LOG_SESSION: S.IN_PROGRESS,
        Move.MISS_SESSION: S.ACCEPTED,
        Move.HOLD: S.ON_HOLD,
        Move.CANCEL: S.CANCELLED,
        Move.CANNOT_FINISH: S.NOT_COMPLETED,
    },
    S.IN_PROGRESS: {
        Move.BOOK: S.IN_PROGRESS,
        Move.LOG_SESSION: S.IN_PROGRESS,
        Move.MISS_SESSION: S.IN_PROGRESS,
        Move.HOLD: S.ON_HOLD,
        Move.ASK_TO_CANCEL: S.CANCEL_REQUESTED,
        Move.COMPLETE: S.COMPLETED,
        Move.CANNOT_FINISH: S.NOT_COMPLETED,
    },
    S.ON_HOLD: {
        Move.RESUME: S.IN_PROGRESS,
        Move.KEEP_HOLD: S.ON_HOLD,
        Move.ASK_TO_CANCEL: S.CANCEL_REQUESTED,
        Move.CANNOT_FINISH: S.NOT_COMPLETED,
    },
    S.CANCEL_REQUESTED: {
        Move.TAKE_BACK_CANCEL: S.IN_PROGRESS,
        Move.CONFIRM_CANCEL: S.CANCELLED,
        Move.CANNOT_FINISH: S.NOT_COMPLETED,
    },
    S.COMPLETED: {
        Move.ASK_ABOUT_OUTCOME: S.COMPLETED,
        Move.ANSWER_OUTCOME: S.COMPLETED,
        Move.REVIEW: S.CLOSED,
    },
    S.NOT_COMPLETED: {
        Move.ASK_ABOUT_OUTCOME: S.NOT_COMPLETED,
        Move.ANSWER_OUTCOME: S.NOT_COMPLETED,
        Move.REVIEW: S.CLOSED,
    },
    S.DECLINED: {Move.CLOSE_DECLINED: S.CLOSED, Move.REFER_ON: S.CLOSED},
    S.CLOSED: {},
    S.CANCELLED: {},
}
# The account of one of the two is gone: what has an end of its own keeps it, all else is cancelled.
for _state, _moves in TABLE.items():
    if _moves:
        has_ended = _state in {S.COMPLETED, S.NOT_COMPLETED, S.DECLINED}
        for_them = S.CLOSED if has_ended else S.CANCELLED
        _moves |= {Move.NAME_ANOTHER: for_them, Move.CLOSE_FOR_ABSENT: for_them}


@pytest.mark.parametrize(("state", "move"), list(product(ReferralState, Move)))
def test_a_move_leads_where_the_table_says_and_nowhere_else(
    state: ReferralState, move: Move
) -> None:
    assert after(state, move) is TABLE[state].get(move)


@pytest.mark.parametrize("before", [S.ACCEPTED, S.SCHEDULED, S.IN_PROGRESS])
def test_the_way_back_leads_to_where_it_stood(before: ReferralState) -> None:
    assert after(S.ON_HOLD, Move.RESUME, before) is before
    assert after(S.CANCEL_REQUESTED, Move.TAKE_BACK_CANCEL, before) is before
    assert after(S.CLOSED, Move.RESUME, before) is None


@pytest.mark.parametrize("state", ReferralState)
def test_an_open_referral_has_one_next_step_with_an_owner(state: ReferralState) -> None:
    assert (owed_in(state) is None) == state.is_final == (not TABLE[state])
    if not state.is_final:
        owed = owed_in(state)
        assert owed is not None
        # Whoever owes the step has a move that takes it on.
        moves = [move for move in TABLE[state] if move in DEED_OF]
        assert any(may(owed[1], DEED_OF[move]) for move in moves)


def test_a_question_about_the_outcome_is_the_therapists_to_answer_first() -> None:
    for state in (S.COMPLETED, S.NOT_COMPLETED):
        assert owed_in(state, asked=True) == (Step.ANSWER_QUESTION, Part.THERAPIST)
    assert owed_in(S.CLOSED, asked=True) is None


THERAPISTS = {
    Move.ACCEPT,
    Move.DECLINE,
    Move.ASK_INFORMATION,
    Move.BOOK,
    Move.CONFIRM_CANCEL,
    Move.COMPLETE,
    Move.CANNOT_FINISH,
    Move.ANSWER_OUTCOME,
}
EITHERS = {Move.HOLD}
COORDINATORS = {Move.NAME_ANOTHER, Move.CLOSE_FOR_ABSENT}
OWN_SURGEONS = {Move.CLOSE_DECLINED, Move.REFER_ON}


@pytest.mark.parametrize(("move", "part"), list(product(DEED_OF, Part)))
def test_only_the_therapists_side_moves_the_work_and_only_the_surgeons_the_request(
    move: Move, part: Part
) -> None:
    surgeons = set(DEED_OF) - THERAPISTS - COORDINATORS
    allowed = move in {
        Part.THERAPIST: THERAPISTS | EITHERS,
        Part.COVERING_THERAPIST: THERAPISTS | EITHERS,
        Part.SURGEON: surgeons,
        Part.COVERING_SURGEON: surgeons - OWN_SURGEONS,
        Part.COORDINATOR: COORDINATORS,
    }.get(part, set())
    assert may(part, DEED_OF[move]) is allowed


@pytest.mark.parametrize("move", Move)
def test_what_is_said_is_asked_for_where_it_matters(move: Move) -> None:
    assert bool(problem(move, None, "")) == (move in NEEDS_WORDS or move in REASONS)
    assert problem(move, None, "because") == ""
    for reason in REASONS.get(move, ()):
        assert problem(move, reason, "") == ""
        assert reason.label
    assert "2,000" in problem(move, None, "x" * 2001)


HOURS = WorkingHours(ZoneInfo("UTC"))
THURSDAY = datetime(2026, 4, 16, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start_by", "due"),
    [
        (None, date(2026, 4, 20)),  # two working days: a weekend lies between
        (date(2026, 4, 17), date(2026, 4, 17)),
        (date(2026, 4, 19), date(2026, 4, 17)),  # a Sunday: the last working day before it
        (date(2026, 4, 20), date(2026, 4, 20)),
        (date(2026, 5, 29), date(2026, 4, 20)),  # far ahead: a visit is to be booked all the same
        (date(2026, 4, 16), date(2026, 4, 16)),
        (date(2026, 4, 1), date(2026, 4, 16)),  # passed before it was accepted: today
    ],
)
def test_the_first_session_is_due_by_the_day_on_which_treatment_is_to_start(
    start_by: date | None, due: date
) -> None:
    rhythm = Rhythm(10, Frequency.WEEKLY)
    step = next_step(S.ACCEPTED, THURSDAY, HOURS, rhythm, start_by=start_by)
    assert step is not None
    assert (step.step, step.due) == (Step.FIRST_SESSION, HOURS.closing(due))


def test_a_visit_that_is_booked_is_due_on_its_evening_whatever_was_to_start_by() -> None:
    visit = date(2026, 4, 23)
    rhythm = Rhythm(10, Frequency.WEEKLY)
    step = next_step(S.SCHEDULED, THURSDAY, HOURS, rhythm, visit=visit, start_by=date(2026, 4, 17))
    assert step is not None
    assert step.due == HOURS.closing(visit)
