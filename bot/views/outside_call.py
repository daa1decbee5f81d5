"""What goes out beyond Slack, as plain text: nothing of the patient, no name, no clinical word."""

from dataclasses import dataclass

from bot.care.text import clean_line
from bot.shown.case import ShownConcern


@dataclass(frozen=True)
class PlainWords:
    """A title and a body, for an e-mail, a short message or a pager."""

    title: str
    body: str


def draw_outside_call(concern: ShownConcern, *, slack_is_silent: bool) -> PlainWords:
    """That a concern waits for an answer; the case code is random and tells nobody anything."""
    since = f"{concern.raised_at:%H:%M} UTC"
    lines = [
        f"A concern in case {concern.case_code} has waited for an answer since {since}.",
        "Slack does not answer, so Careloop can't reach the people on duty there."
        if slack_is_silent
        else "Please open Slack and acknowledge it, or see that somebody does.",
    ]
    if slack_is_silent or concern.is_unanswered:
        lines.append(
            f"Please telephone: {clean_line(concern.telephone)}."
            if concern.telephone
            else "Please telephone the clinic."
        )
    return PlainWords(
        f"Careloop: {concern.severity.label.lower()} concern, {concern.case_code}", " ".join(lines)
    )
