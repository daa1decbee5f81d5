"""A concern in plain words: how urgent, who knows, what is next. Never what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.care.concern import ConcernSource, ConcernState, Severity
from bot.care.session import Hit
from bot.shown import ShownConcern
from bot.views.message import facts
from bot.views.session_words import rule_name
from bot.views.text import counted, mention, people, shorten, when

CALL_FIRST = "*Call emergency services first.*"
_MOST_TOLD = 10


def title(concern: ShownConcern) -> str:
    """`Urgent concern`."""
    return f"{concern.severity.label} concern"


def standing(concern: ShownConcern) -> str:
    """Where it stands, in two words."""
    return {
        ConcernState.OPEN: "not acknowledged",
        ConcernState.ACKNOWLEDGED: "acknowledged",
        ConcernState.RESOLVED: "resolved",
        ConcernState.WITHDRAWN: "withdrawn",
    }[concern.state]


def first_of_all(concern: ShownConcern) -> str:
    """What comes before anything else while nobody has answered an emergent concern."""
    urgent = concern.severity is Severity.EMERGENT and concern.state is ConcernState.OPEN
    return CALL_FIRST if urgent else ""


def asks_for(concern: ShownConcern) -> str:
    """What the severity asks for; that an emergency is called first was said before."""
    if concern.severity is Severity.EMERGENT:
        return "Stop massage; answer within minutes."
    return f"{concern.severity.meaning}."


def raised_line(concern: ShownConcern) -> str:
    by = f"{mention(concern.raised_by)} {when(concern.raised_at)}"
    if concern.source is ConcernSource.RED_FLAG:
        return f"Red flag in what {mention(concern.raised_by)} wrote {when(concern.raised_at)}."
    return f"Raised by {by}."


def hold_line(concern: ShownConcern) -> str:
    """That treatment waits, while the concern lives."""
    if not concern.holds or concern.state.is_settled:
        return ""
    return "Treatment is on hold until the surgeon clears it."


def gone_line(concern: ShownConcern) -> str:
    """The words were edited away or deleted, and the concern was not."""
    if not concern.words_are_gone or concern.state.is_settled:
        return ""
    return (
        "The words were changed or deleted since. The concern stays until it is dealt with, "
        "or withdrawn with a reason."
    )


def withdrawn_line(concern: ShownConcern) -> str:
    if concern.withdrawn_by is None or concern.withdrawn_at is None:
        return "It was withdrawn."
    return f"{mention(concern.withdrawn_by)} withdrew it {when(concern.withdrawn_at)}."


def rule_blocks(hits: Sequence[Hit]) -> list[Block]:
    """Each rule that spoke: its name, code and version, how urgent, and on what words."""
    return [
        facts(
            (
                f"{rule_name(hit.rule)} ({hit.urgency.value})",
                f"“{shorten(hit.words, 300)}” — rule {hit.rule}, version {hit.version}",
            )
        )
        for hit in hits
    ]


@dataclass
class _Tellings:
    first: datetime
    times: int = 1


def told_lines(concern: ShownConcern) -> list[str]:
    """Who was told since when, each person once, in the order in which they were told."""
    tellings: dict[str, _Tellings] = {}
    for person, at in concern.told:
        if person in tellings:
            tellings[person].times += 1
        else:
            tellings[person] = _Tellings(at)
    lines = [
        f"Told {mention(person)} {when(told.first)}."
        if told.times == 1
        else f"Told {mention(person)} {told.times} times, first {when(told.first)}."
        for person, told in tellings.items()
    ]
    rest = len(lines) - _MOST_TOLD
    if rest > 0:
        return [*lines[:_MOST_TOLD], f"Told {counted(rest, 'other person', 'other people')}."]
    return lines


def next_rung_line(concern: ShownConcern) -> str:
    """Who is told next and when, while nobody has acknowledged."""
    if concern.next_at is None:
        return "Nobody else is left to tell. If you need an answer, use the telephone."
    if not concern.next_told:
        return f"If nobody acknowledges, it goes on {when(concern.next_at)}."
    told_before = {person for person, _ in concern.told}
    verb = "is told" if len(set(concern.next_told)) == 1 else "are told"
    again = " again" if set(concern.next_told) <= told_before else ""
    return (
        f"If nobody acknowledges, {people(concern.next_told)} {verb}{again} "
        f"{when(concern.next_at)}."
    )


def acknowledged_line(concern: ShownConcern) -> str:
    """Who took it, when, and what was decided."""
    at = f" {when(concern.acknowledged_at)}" if concern.acknowledged_at else ""
    return _acknowledged(concern, at)


def decided_line(concern: ShownConcern) -> str:
    """The same at the moment when it happens."""
    return _acknowledged(concern, "")


def _acknowledged(concern: ShownConcern, at: str) -> str:
    if concern.acknowledged_by is None:
        return "Nobody has acknowledged it yet."
    decided = f": {concern.decision.told}" if concern.decision else ""
    return f"{mention(concern.acknowledged_by)} acknowledged{at}{decided}."


def resolved_line(concern: ShownConcern) -> str:
    if concern.resolved_by is None:
        return "It is not resolved yet."
    at = f" {when(concern.resolved_at)}" if concern.resolved_at else ""
    return f"{mention(concern.resolved_by)} resolved it{at}."


def told_in_vain(concern: ShownConcern) -> str:
    """Who was told and has not answered."""
    told = people(person for person, _ in concern.told)
    return f"Told without an answer: {told}." if told else "Nobody could be reached."
