"""What shows progress, once each, with a made-up treatment."""

from dataclasses import replace
from datetime import date

from bot.care.codes import Region
from bot.care.concern import ConcernState, Decision, Severity
from bot.care.progress import Change, Goal, Key, LastSession, Meaning, Measure, Point, progress_of
from bot.care.session import Girth, Session, SessionFields
from bot.shown.case import ShownCase, ShownProgress, ShownQuestion
from bot.views.case_card import draw_case_card
from bot.views.message import Message
from bot.views.progress_messages import draw_nothing_yet, draw_on_its_way
from bot.views.progress_report import draw_report_in_words

_FIRST, _LAST = date(2026, 4, 7), date(2026, 4, 13)
_MEANING = Meaning("much better to patients", "Salaffi 2004, n=825")


def progress_messages(case: ShownCase) -> dict[str, Message]:
    """Name of the sample to what is drawn; `case` is one in treatment."""
    words = draw_report_in_words(treatment(case), 0)
    return {
        "case card, with progress": draw_case_card(replace(case, last_session=last_session())),
        "trend asked for": draw_on_its_way("trend"),
        "nothing to draw yet": draw_nothing_yet(),
        **({"progress report in words": words} if words else {}),
    }


def last_session() -> LastSession:
    """The second session beside the first."""
    values = ((Key(Measure.PAIN_BEFORE), 6, 4, _MEANING), (Key(Measure.SWELLING), 3, 2, None))
    girth = (Key(Measure.GIRTH, Region.ABDOMEN), 99, 96.5, None)
    changes = tuple(
        Change(key, Point("e1", _FIRST, before, True), Point("e2", _LAST, after, False), meaning)
        for key, before, after, meaning in (*values, girth)
    )
    return LastSession(2, _LAST, confirmed=False, against_first=changes)


def treatment(case: ShownCase) -> ShownProgress:
    """Two sessions, a concern and a question."""
    first = SessionFields(
        pain_before=6, pain_after=4, swelling_grade=3, patient_quote="I can't bend yet"
    )
    second = SessionFields(
        pain_before=4, swelling_grade=2, girths=(Girth(site=Region.ABDOMEN, cm=96.5),)
    )
    sessions = (
        Session("e1", 1, _FIRST, first, confirmed=True, withdrawn=False),
        Session("e2", 2, _LAST, second, confirmed=False, withdrawn=False),
    )
    return ShownProgress(
        case_code=case.case_code,
        indication=case.indication,
        postoperative_day=9,
        sessions_planned=case.sessions,
        frequency=case.frequency,
        progress=progress_of(sessions, concerns=[_LAST]),
        last=last_session(),
        questions=(
            ShownQuestion(_LAST, Severity.URGENT, ConcernState.ACKNOWLEDGED, Decision.SEE_PATIENT),
            ShownQuestion(_LAST, request="Ok to add scar work next week?"),
        ),
        goals=(Goal("Walks upright", sessions[0]), Goal("Garment off by week 8")),
        today=_LAST,
    )
