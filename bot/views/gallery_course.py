"""The course of a referral for the gallery, with made-up people."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from slack_sdk.models.views import View

from bot.care.course import CancelReason, FromTo, Goals, HoldReason, Outcome, StopReason
from bot.care.directory import Reason
from bot.care.people import Role
from bot.care.referral import Move, ReferralState, Step
from bot.shown.case import ShownCase, ShownHome, ShownStep
from bot.shown.circle import ShownCircle, ShownLetIn
from bot.shown.course import ShownLife, ShownMove, ShownNext, ShownOffer, ShownStart
from bot.views.case_card import draw_case_card
from bot.views.circle_news import draw_let_in_for_colleague, draw_let_in_in_thread
from bot.views.course_news import draw_move_for_person, draw_move_in_thread
from bot.views.course_words import WORDS
from bot.views.forms.circle import CaseView, CircleForm
from bot.views.forms.course import (
    BookForm,
    CourseForm,
    LifeView,
    MoreView,
    OutcomeForm,
)
from bot.views.home import draw_home
from bot.views.message import Message
from bot.views.referral_news import draw_answer_for_surgeon, draw_answer_in_thread

_SURGEON, _THERAPIST = "U0RIVERA", "U0LEE"
_NOON = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
OUTCOME = Outcome(
    sessions_given=9,
    sessions_planned=10,
    numbers=(
        FromTo(label="pain after", first=6, last=1, sessions=9),
        FromTo(label="abdomen", first=96.5, last=91, sessions=4),
    ),
    goals=Goals.MOST,
    answer="Swelling has gone down and the scar moves freely.",
    advice="Garment for two more weeks.",
)
_WITH_FORMS = [
    move for move in Move if WORDS[move].title and move not in {Move.COMPLETE, Move.BOOK}
]


def course(case: ShownCase) -> dict[str, Message | View]:
    """`case` is one that was just referred."""
    start = ShownStart(case.referral_id, case.case_code, Move.HOLD, date(2026, 4, 14), _SURGEON)
    outcome = ShownMove(Move.COMPLETE, _THERAPIST, _NOON, ReferralState.COMPLETED, outcome=OUTCOME)
    moves = _moves()
    found: dict[str, Message | View] = {
        f"form, {move.value}": CourseForm.view(
            replace(start, move=move, question="Is the drain out?", outcome=OUTCOME)
        )
        for move in _WITH_FORMS
    }
    for move in (*moves, outcome):
        at = replace(case, state=move.led_to)
        found[f"{move.move.value}, in the thread"] = draw_move_in_thread(at, move)
        found[f"{move.move.value}, for the other side"] = draw_move_for_person(at, move)
    due = ShownStep(Step.REVIEW, _SURGEON, _NOON + timedelta(days=3), is_overdue=False)
    finished = replace(case, state=ReferralState.COMPLETED, next_step=due, updates=9)
    asked = replace(due, step=Step.ANSWER_QUESTION, owner=_THERAPIST)
    booked = replace(case, state=ReferralState.SCHEDULED, visit_at=_NOON + timedelta(days=2))
    refused = replace(
        case,
        state=ReferralState.DECLINED,
        decline_reason="No free appointment in time",
        next_step=replace(due, step=Step.REFER_ELSEWHERE),
        next_therapist=ShownNext("a1", "U0HADDAD", (Reason.AVAILABLE, Reason.NEW_TO_YOU)),
    )
    life = ShownLife(case.case_code, ReferralState.CLOSED, _NOON, (*moves, outcome), "M3WC-9R")
    return {
        **found,
        "outcome report, the form": OutcomeForm.view(
            replace(start, sessions_given=9, sessions_planned=10, numbers=OUTCOME.numbers)
        ),
        **_circle(case),
        "book a visit": BookForm.view(start),
        "more, under way": MoreView.view(
            ShownOffer(
                case.referral_id,
                case.case_code,
                ReferralState.IN_PROGRESS,
                (Move.BOOK, Move.COMPLETE, Move.HOLD, Move.CANNOT_FINISH),
                is_in_pair=True,
            )
        ),
        "life of a case": LifeView.view(life),
        "case card, finished": draw_case_card(finished),
        "case card, a question about the outcome": draw_case_card(
            replace(finished, next_step=asked)
        ),
        "case card, booked": draw_case_card(booked),
        "case card, declined with somebody to ask": draw_case_card(refused),
        "declined with somebody to ask, in the thread": draw_answer_in_thread(refused, False),
        "declined with somebody to ask, for the surgeon": draw_answer_for_surgeon(refused, False),
    }


def _circle(case: ShownCase) -> dict[str, Message | View]:
    """Who else may read it."""
    one = ShownLetIn("i1", "U0HADDAD", _SURGEON, _NOON)
    over = replace(one, is_ended=True)
    circle = ShownCircle(case.referral_id, case.case_code, (one,), may_invite=True)
    return {
        "who may read this": CircleForm.view(circle),
        "who may read this, ended": CircleForm.view(replace(circle, may_invite=False)),
        "a case, for who was let in": CaseView.view(case, may_act=False),
        "a case, for who covers": CaseView.view(case, may_act=True),
        "let in, for the colleague": draw_let_in_for_colleague(one, case.referral_id, "K7QF-3M"),
        "let in no more, for the colleague": draw_let_in_for_colleague(over, "r1", "K7QF-3M"),
        "let in, in the thread": draw_let_in_in_thread(one, by_case=False),
        "let in no more, in the thread": draw_let_in_in_thread(over, by_case=True),
        "home, covering and let in": draw_home(
            ShownHome(Role.SURGEON, (), covered=(case,), let_in=(case,))
        ),
    }


def _moves() -> tuple[ShownMove, ...]:
    ask = ShownMove(
        Move.ASK_INFORMATION,
        _THERAPIST,
        _NOON,
        ReferralState.INFO_NEEDED,
        words="Is the drain out, and since when?",
    )
    return (
        ask,
        replace(
            ask, move=Move.BOOK, led_to=ReferralState.SCHEDULED, words="2026-04-16T09:00-04:00"
        ),
        replace(
            ask, move=Move.HOLD, led_to=ReferralState.ON_HOLD, reason=HoldReason.NOT_WELL, words=""
        ),
        replace(
            ask,
            move=Move.ASK_TO_CANCEL,
            by=_SURGEON,
            led_to=ReferralState.CANCEL_REQUESTED,
            reason=CancelReason.OTHER_TREATMENT,
        ),
        replace(
            ask,
            move=Move.CANNOT_FINISH,
            led_to=ReferralState.NOT_COMPLETED,
            reason=StopReason.UNREACHABLE,
        ),
        replace(ask, move=Move.REVIEW, by=_SURGEON, led_to=ReferralState.CLOSED, words="Thanks."),
    )
