"""Values, changes and what they mean, in words."""

from typing import Final

from bot.care.concern import ConcernState, Severity
from bot.care.progress import Change, LastSession, MarkKind, Measure, Progress, Series
from bot.shown.case import ShownQuestion
from bot.views.text import counted, escape

MINUS: Final = "\u2212"
ARROW: Final = "\u2192"
# What the card compares; all else is in the picture and the report.
_ON_THE_CARD: Final = (
    Measure.PAIN_BEFORE,
    Measure.PAIN_AFTER,
    Measure.SWELLING,
    Measure.GIRTH,
    Measure.SLEEP,
    Measure.GARMENT,
)
_UNITS: Final = {Measure.GIRTH: " cm", Measure.GARMENT: " h/day", Measure.SWELLING: "+"}
MARKS: Final = {
    MarkKind.PLAN_CHANGE: "Plan change",
    MarkKind.PLAN_REQUEST: "Change asked",
    MarkKind.CONCERN: "Concern",
    MarkKind.MISSED: "Missed visit",
}


def number(value: float) -> str:
    """`6`, `3.5`, `91.4`."""
    return f"{round(value, 1):g}"


def amount(measure: Measure, value: float) -> str:
    """A value with its unit: `3+`, `92 cm`, `22 h/day`."""
    if measure is Measure.SWELLING and value == 0:
        return "0"
    return f"{number(value)}{_UNITS.get(measure, '')}"


def signed(difference: float) -> str:
    """A change with its sign, or `no change`."""
    if round(difference, 1) == 0:
        return "no change"
    return f"{'+' if difference > 0 else MINUS}{number(abs(difference))}"


def change_words(change: Change) -> str:
    """What was, what is, by how much, and what that means by which source."""
    said = [signed(change.difference)]
    if change.meaning is not None:
        said.append(f"{change.meaning.says}, {change.meaning.source}")
    return f"{_values(change)} ({'; '.join(said)})"


def last_lines(last: LastSession) -> list[str]:
    """The last session beside the first and the one before, mrkdwn: a line each value, short
    enough for a phone, and at the end whose thresholds say what a change means."""
    shown = [change for change in last.against_first if change.key.measure in _ON_THE_CARD]
    if not shown:
        return []
    before = {change.key: change for change in last.against_before}
    title = f"Session {last.number} against the first" + (" and the one before" if before else "")
    lines = [f"\u2022 {escape(_beside(change, before.get(change.key)))}" for change in shown]
    sources = {
        one.meaning.source: None
        for change in shown
        for one in (change, before.get(change.key))
        if one is not None and one.meaning is not None
    }
    ends = [] if last.confirmed else ["_Not confirmed yet._"]
    if sources:
        ends.append(f"_By {escape('; '.join(sources))}; no verdict._")
    return [f"*{title}*", *lines, *([" ".join(ends)] if ends else [])]


def _beside(first: Change, before: Change | None) -> str:
    """`pain before 7 \u2192 4: \u22123, much better; \u22121 since the one before`."""
    said = [_change(first)]
    if before is not None:
        said.append(f"since the one before {_change(before)}")
    return f"{_values(first)}: {'; '.join(said)}"


def _change(change: Change) -> str:
    means = f", {change.meaning.says}" if change.meaning is not None else ""
    return f"{signed(change.difference)}{means}"


def _values(change: Change) -> str:
    measure = change.key.measure
    earlier, last = number(change.earlier.value), amount(measure, change.last.value)
    if measure is Measure.SWELLING:
        earlier = amount(measure, change.earlier.value)
    return f"{change.key.label} {earlier} {ARROW} {last}"


def compared(last: LastSession) -> list[tuple[str, list[str]]]:
    """What the last session is compared with, and each change; nothing to compare is left out."""
    found = []
    for title, changes in (
        (f"Session {last.number} against the first", last.against_first),
        ("Against the one before", last.against_before),
    ):
        said = [change_words(change) for change in changes]
        if said:
            found.append((title, said))
    return found


def series_words(series: Series) -> str:
    """`Pain before: 6, 5, 3`; of many values the first, the last and the range."""
    values = [amount(series.key.measure, point.value) for point in series.points]
    name = series_name(series)
    if len(values) <= 4:
        return f"{name} {', '.join(values)}"
    low = min(series.points, key=lambda point: point.value).value
    high = max(series.points, key=lambda point: point.value).value
    return (
        f"{name} {values[0]} first, {values[-1]} last, "
        f"between {number(low)} and {number(high)} in {len(values)} sessions"
    )


def series_name(series: Series) -> str:
    """As the start of a line: `Pain before`, `Girth left thighs`."""
    if series.key.measure is Measure.GIRTH:
        return f"Girth {series.key.label}"
    return series.key.label.capitalize()


def marks_words(progress: Progress) -> list[str]:
    """`Concern: Nov 3, Nov 9`, a line each kind."""
    found = {name: days_of(kind, progress) for kind, name in MARKS.items()}
    return [f"{name}: {days}" for name, days in found.items() if days]


def days_of(kind: MarkKind, progress: Progress) -> str:
    """The days of one kind of mark: `Nov 3, Nov 9`; empty for none."""
    return ", ".join(
        f"{mark.day:%b} {mark.day.day}" for mark in progress.marks if mark.kind is kind
    )


def in_short(progress: Progress, longest: int) -> str:
    """The picture in words, for those who can't see it; at most `longest` characters."""
    given = progress.given
    opening = f"Trend over {counted(len(given), 'session')}"
    if given:
        first, last = given[0].day, given[-1].day
        opening += f", {first:%b} {first.day} to {last:%b} {last.day}"
    said = f"{opening}."
    parts = [series_words(series) for series in progress.series] + marks_words(progress)
    for place, part in enumerate(parts):
        rest = f" And {counted(len(parts) - place, 'more line')} in the progress report."
        room = longest - (len(rest) if place < len(parts) - 1 else 0)
        if len(said) + len(part) + 2 > room:
            return said + rest
        said += f" {part}."
    return said


def question_line(question: ShownQuestion) -> str:
    """`Nov 23, urgent concern, not acknowledged`: what waits for an answer."""
    day = f"{question.day:%b} {question.day.day}"
    if question.severity is None:
        return f"{day}, the therapist asks: {question.request}"
    is_soon = question.severity is Severity.SOON
    kind = "concern to be seen soon" if is_soon else f"{question.severity.label.lower()} concern"
    concern = f"{day}, {kind}"
    if question.state is ConcernState.OPEN:
        return f"{concern}, not acknowledged"
    decided = f": {question.decision.told}" if question.decision else ""
    return f"{concern}, acknowledged, not resolved{decided}"
