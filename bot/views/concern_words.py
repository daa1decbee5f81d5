"""A concern in plain words: how urgent, who knows, what is next. Never what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.care.concern import ConcernSource, ConcernState, Decision, Sbar, Severity
from bot.care.escalation import Fate, Hearing
from bot.care.session import Hit
from bot.shown.case import ShownConcern, ShownHandover, ShownTaking, ShownTold
from bot.views.message import facts, quoted, section, small_print
from bot.views.session_words import rule_name
from bot.views.text import counted, escape, in_words, literal, mention, shorten, when

CALL_FIRST = "*Call emergency services first.*"
_MOST_TOLD = 10
_MOST_NAMED = 8
_MOST_RULES = 4
_LONGEST_IN_A_LINE = 160


def title(concern: ShownConcern) -> str:
    """`Urgent concern`; the mildest is said in words, as "soon" alone is none of a concern."""
    if concern.severity is Severity.SOON:
        return "Concern to be seen soon"
    return f"{concern.severity.label} concern"


def standing(concern: ShownConcern) -> str:
    """Where it stands, in a few words. One that climbs again was acknowledged, and is not done."""
    if concern.state is ConcernState.OPEN and concern.taken_before:
        return "not resolved in time"
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
                f"{literal(rule_name(hit.rule))} ({hit.urgency.value})",
                f"“{shorten(hit.words, 300)}” — rule {hit.rule}, version {hit.version}",
            )
        )
        for hit in hits
    ]


def rule_lines(concern: ShownConcern) -> list[str]:
    """The same in the case's own thread. Words that are no longer there, or that a form has, are
    left to those who read the concern."""
    shows_words = concern.source is ConcernSource.RED_FLAG and not concern.words_are_gone
    lines = []
    for hit in concern.hits[:_MOST_RULES]:
        said = f": “{escape(shorten(hit.words, _LONGEST_IN_A_LINE))}”" if shows_words else ""
        rule = f"rule `{escape(hit.rule)}`, version {escape(hit.version)}"
        lines.append(f"{escape(rule_name(hit.rule))}{said} ({rule})")
    rest = len(concern.hits) - _MOST_RULES
    return [*lines, f"And {counted(rest, 'more rule')}."] if rest > 0 else lines


@dataclass
class _Tellings:
    first: datetime
    times: int = 1
    remark: str = ""


def told_lines(concern: ShownConcern, *, but: str = "") -> list[str]:
    """Who was told since when, each once, in the order in which they were told; `but` the reader,
    a Slack user id, who knows of themselves."""
    tellings: dict[str, _Tellings] = {}
    for told in concern.told:
        if but and told.person == but:
            continue
        name = _named(told)
        if name in tellings:
            tellings[name].times += 1
        else:
            tellings[name] = _Tellings(told.at)
        tellings[name].remark = _remark(told)
    lines = [
        f"Told {name} {when(told.first)}{told.remark}."
        if told.times == 1
        else f"Told {name} {told.times} times, first {when(told.first)}{told.remark}."
        for name, told in tellings.items()
    ]
    rest = len(lines) - _MOST_TOLD
    if rest > 0:
        return [*lines[:_MOST_TOLD], f"Told {counted(rest, 'other person', 'other people')}."]
    return lines


def _named(told: ShownTold) -> str:
    return mention(told.person) if told.person else place_name(told.place)


def place_name(place: str) -> str:
    """How a place beside people is called: the clinic channel, or one outside Slack."""
    return escape(place) if place else "the clinic channel"


def _remark(told: ShownTold) -> str:
    """Why the next ones were told at once, or that it did not arrive."""
    if told.fate is Fate.REFUSED:
        return " (it did not arrive)"
    return {
        Hearing.DO_NOT_DISTURB: " (does not want to be disturbed, so the next was told at once)",
        Hearing.AWAY: " (away, so the next was told at once)",
    }.get(told.hearing, "")


def next_rung_line(concern: ShownConcern) -> str:
    """Who is told next and when, while nobody has acknowledged."""
    if concern.next_at is None:
        return "Nobody else is left to tell. If you need an answer, use the telephone."
    named = [mention(one) for one in dict.fromkeys(concern.next_told)]
    named += [place_name(one) for one in concern.next_places]
    if not named:
        return f"If nobody acknowledges, it goes on {when(concern.next_at)}."
    if not concern.told:
        return f"{some(named)} {'is' if len(named) == 1 else 'are'} told {when(concern.next_at)}."
    told_before = {_named(told) for told in concern.told}
    verb = "is told" if len(named) == 1 else "are told"
    again = " again" if set(named) <= told_before else ""
    return f"If nobody acknowledges, {some(named)} {verb}{again} {when(concern.next_at)}."


def some(named: list[str]) -> str:
    """Names in a sentence; after eight the rest is counted."""
    rest = len(named) - _MOST_NAMED
    return in_words([*named[:_MOST_NAMED], f"{rest} more"] if rest > 0 else named)


def handover_lines(concern: ShownConcern) -> list[str]:
    """Who was asked to take it, and what they said."""
    return [_handover(one) for one in concern.handovers]


def _handover(one: ShownHandover) -> str:
    asked = f"{mention(one.by)} asked {mention(one.to)} {when(one.at)} to take it"
    if one.waits:
        return f"{asked}. Until they accept, others go on being told."
    if one.accepted is False:
        return f"{asked}; they can't."
    return f"{asked}; they have." if one.accepted else f"{asked}."


def taken_before_lines(concern: ShownConcern) -> list[str]:
    """Earlier acknowledgements, after which it was not resolved in time or was taken over."""
    lines = [
        f"Acknowledged before by {mention(one.by)} {when(one.at)}: "
        f"{_decided(one.decision, one.visit_at)}."
        for one in concern.taken_before
    ]
    if lines and concern.state is ConcernState.OPEN:
        lines.append("It was not resolved in time, so it climbs again.")
    return lines


def reachable_line(concern: ShownConcern) -> str:
    """To somebody who could answer: whom to telephone if it does not work here."""
    others = f", or the clinic: {escape(concern.telephone)}" if concern.telephone else ""
    return f"If you can't acknowledge it here, telephone {mention(concern.raised_by)}{others}."


def telephone_line(concern: ShownConcern) -> str:
    """What to do when nobody answers here."""
    number = f": {escape(concern.telephone)}" if concern.telephone else ""
    return f"*Use the telephone now{number}.* Do not wait for an answer here."


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
    decided = f": {_decided(concern.decision, concern.visit_at)}" if concern.decision else ""
    return f"{mention(concern.acknowledged_by)} acknowledged{at}{decided}."


def _decided(decision: Decision, visit_at: datetime | None) -> str:
    return f"{decision.told} {when(visit_at)}" if visit_at else decision.told


def taken_line_short(concern: ShownConcern) -> str:
    """Who resolved it, or has it, and since when; not what was decided."""
    if concern.state is ConcernState.RESOLVED and concern.resolved_by is not None:
        return resolved_line(concern)
    if concern.acknowledged_by is None or concern.acknowledged_at is None:
        return "It was answered."
    return f"{mention(concern.acknowledged_by)} acknowledged it {when(concern.acknowledged_at)}."


def taken_line(taken: ShownTaking) -> str:
    """One acknowledgement, as it was."""
    return f"{mention(taken.by)} acknowledged: {_decided(taken.decision, taken.visit_at)}."


def resolved_line(concern: ShownConcern) -> str:
    if concern.resolved_by is None:
        return "It is not resolved yet."
    at = f" {when(concern.resolved_at)}" if concern.resolved_at else ""
    return f"{mention(concern.resolved_by)} resolved it{at}."


def told_in_vain(concern: ShownConcern) -> str:
    """Who was told and has not answered."""
    named = list(dict.fromkeys(_named(told) for told in concern.told))
    return f"Told without an answer: {some(named)}." if named else "Nobody could be reached."


def category_line(concern: ShownConcern) -> str:
    return f"About: {concern.category.label}." if concern.category else ""


def sbar_blocks(words: str, sbar: Sbar, longest: int, photos: Sequence[str] = ()) -> list[Block]:
    """What a concern says: the situation, and what stands beside it where somebody wrote it.

    `photos` are their addresses in Slack.
    """
    if sbar.is_empty:
        return quoted(words, longest)
    blocks: list[Block] = []
    for name, text in (
        ("Situation", words),
        ("Background", sbar.background),
        ("Assessment", sbar.assessment),
        ("Recommendation", sbar.recommendation),
    ):
        if text:
            blocks += [section(f"*{name}*"), *quoted(text, longest)]
    if photos:
        links = ", ".join(f"<{one}|Photo {number}>" for number, one in enumerate(photos, 1))
        blocks += [
            section(f"*Photos:* {links}"),
            small_print("If Slack does not open one for you, ask whoever raised it to share it."),
        ]
    return blocks
