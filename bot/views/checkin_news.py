"""Into the thread: somebody has answered a check-in."""

from bot.care.checkins import CheckInKind
from bot.shown.case import ShownAnswer
from bot.views.message import Message, quoted, section
from bot.views.text import escape, mention

_WELL = {
    CheckInKind.WEEKLY: "looked at this case: *all well.*",
    CheckInKind.JOINT: "looked at the plan: *all well.*",
    CheckInKind.PLAN: "has dealt with the wish for a change of plan.",
}


def draw_checkin_answered(answer: ShownAnswer) -> Message:
    """Who answered what; the words of a wish are in the thread for both to read."""
    code, who = escape(answer.case_code), mention(answer.by)
    if answer.wants_another_plan:
        return Message(
            f"{code}: a change of plan is asked for",
            [section(f"{who} asks to *change the plan*:"), *quoted(answer.words)],
        )
    said = _WELL.get(answer.kind, "has answered.")
    return Message(f"{code}: check-in answered", [section(f"{who} {said}")])
