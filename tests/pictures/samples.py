"""Made-up treatments as they are handed to a picture or report."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from bot.care.concern import ConcernState, Decision, Severity
from bot.care.indications import Indication
from bot.care.plan import Frequency
from bot.care.progress import last_session, progress_of
from bot.care.rules import ClinicalRules, load_rules
from bot.care.session import Session
from bot.shown.case import ShownProgress, ShownQuestion
from tests.care.treatments import FIRST_DAY


@cache
def rules() -> ClinicalRules:
    return load_rules()


def shown(
    sessions: Sequence[Session],
    plan_changes: Sequence[date] = (),
    concerns: Sequence[date] = (),
) -> ShownProgress:
    progress = progress_of(sessions, plan_changes, concerns)
    questions = [
        ShownQuestion(day, Severity.URGENT, ConcernState.ACKNOWLEDGED, Decision.SEE_PATIENT)
        for day in concerns
    ]
    questions += [
        ShownQuestion(session.day, request=session.fields.plan_change_request)
        for session in progress.given
        if session.fields.plan_change_request
    ]
    return ShownProgress(
        case_code="K7QF-3M",
        indication=Indication.LIPOSUCTION,
        postoperative_day=48,
        sessions_planned=10,
        frequency=Frequency.TWO_A_WEEK,
        progress=progress,
        last=last_session(progress, rules()),
        questions=tuple(questions),
        today=progress.sessions[-1].day if progress.sessions else FIRST_DAY,
    )


def days(*after: int) -> list[date]:
    return [FIRST_DAY + timedelta(days=each) for each in after]
