"""The lines of a digest in plain words: a case code and what is due, nothing clinical."""

from bot.care.checkins import Answer, CheckInKind, CheckInState
from bot.care.referral import Step
from bot.shown.case import ShownLine
from bot.views.text import escape, lowered, mention, on_day, when

_HALVES = {1: "Half of the planned sessions are given", 2: "All planned sessions are given"}
_DONE: dict[Step, str] = {
    Step.ANSWER: "answered",
    Step.GIVE_INFORMATION: "question answered",
    Step.FIRST_SESSION: "session logged",
    Step.NEXT_UPDATE: "session logged",
    Step.CLEAR_HOLD: "hold answered",
    Step.CONFIRM_CANCEL: "cancellation confirmed",
    Step.REVIEW: "reviewed",
    Step.ANSWER_QUESTION: "question answered",
    Step.REFER_ELSEWHERE: "closed",
}
_ANSWERS: dict[Answer, str] = {
    Answer.NO_SHOW: "no-show logged",
    Answer.ALL_WELL: "all well",
    Answer.CHANGE_PLAN: "change of plan asked for",
    Answer.SEEN: "taken care of",
}


def short(line: ShownLine) -> str:
    """What is due, in a few words that follow a colon."""
    match line.kind:
        case CheckInKind.WEEKLY:
            return "is all well?"
        case CheckInKind.JOINT:
            return "look at the plan together"
        case CheckInKind.PLAN:
            return "a change of plan is asked for"
        case CheckInKind.SILENT:
            return "no answer yet"
        case CheckInKind.PROPOSAL:
            return "a proposed change of plan waits for an answer"
        case _:
            return lowered(line.step.label) if line.step else "something is due"


def asked(line: ShownLine, reader: str) -> list[str]:
    """An open line: the case and what is due, then whose it is and since when."""
    head = f"*{escape(line.case_code)}: {short(line)}*"
    return [head, _detail(line), _for_whom(line, reader), _rests(line)]


def settled(line: ShownLine) -> str:
    """A line that needs nothing any more."""
    code = escape(line.case_code)
    if line.state is CheckInState.MOOT or line.answer is None:
        ends = "" if short(line).endswith("?") else "."
        return f"{code}: {short(line)}{ends} No longer needed."
    if line.answer is Answer.DONE:
        what = _DONE[line.step] if line.step else "answered"
    else:
        what = _ANSWERS[line.answer]
    by = f" by {mention(line.answered_by)}" if line.answered_by else ""
    return f"Done: {code}, {what}{by}."


def overdue(line: ShownLine) -> str:
    """In the weekly overview: what, with whom, since when."""
    code = escape(line.case_code)
    if line.state is not CheckInState.OPEN:
        return f"Done: {code}, {short(line)}"
    ends = "" if short(line).endswith("?") else "."
    said = f"*{code}*: {short(line)}{ends} {mention(line.asked)}, since {when(line.due)}"
    if line.away_until is not None:
        return f"{said}, away until {on_day(line.away_until)}"
    if line.rests_until is not None:
        return f"{said}, put off until {on_day(line.rests_until)}"
    return said


def _detail(line: ShownLine) -> str:
    match line.kind:
        case CheckInKind.STEP:
            again = "Asked for the second time. " if line.told > 1 else ""
            return f"{again}Due since {when(line.due)}. With {mention(line.other)}."
        case CheckInKind.WEEKLY:
            return f"Your regular look at this case. Therapist {mention(line.other)}."
        case CheckInKind.JOINT:
            return f"{_HALVES.get(line.half, '')}. {mention(line.other)} is asked, too."
        case CheckInKind.PROPOSAL:
            return f"{mention(line.other)} proposed it. Expected {when(line.due)}."
        case CheckInKind.PLAN:
            return f"{mention(line.other)} wrote in the thread what should change."
        case _:
            return _silence(line)


def _silence(line: ShownLine) -> str:
    """For a coordinator: who has not answered, to what, since when."""
    if line.about is None:
        return ""
    away = ""
    if line.about.away_until is not None:
        away = f"Away until {on_day(line.about.away_until)}. "
    return (
        f"{away}{mention(line.about.asked)} was asked: {short(line.about)}\n"
        f"Due since {when(line.about.due)}."
    )


def _for_whom(line: ShownLine, reader: str) -> str:
    """Of a colleague's line: whom one stands in for."""
    if line.asked == reader:
        return ""
    return f"For {mention(line.asked)}, who is away."


def _rests(line: ShownLine) -> str:
    return f"Put off until {on_day(line.rests_until)}." if line.rests_until else ""
