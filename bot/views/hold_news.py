"""Into the thread: the surgeon's side has answered a hold."""

from bot.shown.case import ShownCase
from bot.views import case_words
from bot.views.message import Message, section
from bot.views.text import escape, mention


def draw_hold_answered(case: ShownCase, by: str, *, cleared: bool) -> Message:
    """`by` is a Slack user id."""
    code = escape(case.case_code)
    if cleared:
        lines = [f"*Hold cleared* by {mention(by)}. Treatment goes on."]
        text = f"{code}: hold cleared"
    else:
        lines = [f"*Still on hold*, says {mention(by)}. No massage until it is cleared."]
        text = f"{code}: still on hold"
    if case.next_step is not None:
        lines.append(case_words.next_line(case.next_step))
    return Message(text, [section(*lines)])
