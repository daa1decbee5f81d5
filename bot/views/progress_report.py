"""The progress report: what it says, for the document and for the thread in plain words."""

from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, SectionBlock

from bot.care.feedback import has_feedback
from bot.care.progress import Goal, MarkKind, Measure, stated
from bot.care.session import Session, SessionFields
from bot.shown.case import ShownProgress
from bot.views import progress_words
from bot.views.message import Message, plain
from bot.views.progress_words import ARROW, amount, number
from bot.views.session_words import IMPRESSIONS, MEDICINE
from bot.views.text import counted, escape, literal, lowered, on_day, split

# Well below the 13,200 characters that all blocks of a message may have together.
_LONGEST_PIECE: Final = 2900
_PIECES_A_MESSAGE: Final = 4
MOST_PARTS: Final = 6
_NOTE: Final = (
    "What changes mean is said by published thresholds and is no verdict on the treatment. "
    "Values that were read from a note and not confirmed by the therapist are marked."
)
_MARKED: Final = {
    MarkKind.MISSED: "Missed visits",
    MarkKind.CONCERN: "Concerns",
    MarkKind.PLAN_REQUEST: "Changes of plan asked for",
    MarkKind.PLAN_CHANGE: "Changes of plan made",
}
_NO_DATA: Final = "\u2013"


@dataclass(frozen=True)
class Table:
    """The sessions, a row each; columns that no session fills are left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """A progress report, in words."""

    title: str
    facts: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]
    changes: tuple[tuple[str, tuple[str, ...]], ...]
    table: Table
    session_lines: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...]
    feedback: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    alt_text: str
    note: str = _NOTE


def report_of(shown: ShownProgress) -> Report:
    """What the report says."""
    progress = shown.progress
    return Report(
        title=f"Progress report, case {shown.case_code}",
        facts=_facts(shown),
        goals=tuple(_goal(goal) for goal in shown.goals),
        changes=tuple(
            (title, tuple(changes))
            for title, changes in (progress_words.compared(shown.last) if shown.last else [])
        ),
        table=_table(progress.sessions),
        session_lines=tuple(_session_line(session) for session in progress.sessions),
        quotes=tuple(
            (_session_name(session), session.fields.patient_quote)
            for session in progress.sessions
            if session.fields.patient_quote
        ),
        feedback=tuple(
            (_session_name(session), said)
            for session in progress.sessions
            if (said := _feedback(session.fields, asked=has_feedback(session.fields)))
        ),
        questions=tuple(progress_words.question_line(question) for question in shown.questions),
        alt_text=progress_words.in_short(progress, 4000),
    )


def draw_report_in_words(shown: ShownProgress, part: int) -> Message | None:
    """One message of the report in plain words; None after its last."""
    pieces = split(in_words(report_of(shown)), _LONGEST_PIECE)
    own = pieces[part * _PIECES_A_MESSAGE : (part + 1) * _PIECES_A_MESSAGE]
    if not own or part >= MOST_PARTS:
        return None
    if part == MOST_PARTS - 1 and len(pieces) > MOST_PARTS * _PIECES_A_MESSAGE:
        own.append("The rest is in the document.")
    blocks: list[Block] = [SectionBlock(text=plain(piece)) for piece in own]
    return Message(f"Case {escape(shown.case_code)}: progress report in words", blocks)


def in_words(report: Report) -> str:
    """The whole report as lines of plain text, in reading order."""
    lines = [f"{report.title}, in words"]
    lines += [f"{name}: {value}" for name, value in report.facts]
    lines += ["", "Goals:"] if report.goals else []
    lines += [f"- {literal(goal)}" for goal in report.goals]
    lines += ["", "Open questions:"] if report.questions else []
    lines += [f"- {literal(question)}" for question in report.questions]
    for title, changes in report.changes:
        lines += ["", f"{title}:", *(f"- {change}" for change in changes)]
    lines += ["", "In the patient's words:"] if report.quotes else []
    lines += [f"- {name}: \u201c{literal(words)}\u201d" for name, words in report.quotes]
    lines += ["", "Patient feedback:"] if report.feedback else []
    lines += [f"- {name}: {said}" for name, said in report.feedback]
    lines += ["", "Sessions:", *(f"- {line}" for line in report.session_lines)]
    return "\n".join([*lines, "", report.note])


def _facts(shown: ShownProgress) -> tuple[tuple[str, str], ...]:
    progress = shown.progress
    facts = [("Reason for referral", shown.indication.label)]
    if shown.postoperative_day is not None:
        facts.append(("Day after surgery", str(shown.postoperative_day)))
    planned = f"{counted(shown.sessions_planned, 'session')}, {lowered(shown.frequency.label)}"
    facts += [
        ("Plan", planned),
        ("Given so far", counted(len(progress.given), "session")),
    ]
    facts += [
        (name, progress_words.days_of(kind, progress) or "none") for kind, name in _MARKED.items()
    ]
    return (*facts, ("As of", on_day(shown.today)))


def _table(sessions: tuple[Session, ...]) -> Table:
    columns = (
        "No.", "Date", "Min", "Pain", "Swelling", "Girth, cm", "Sleep", "Garment, h",
        "Bruising", "Fibrosis", "Anxiety", "Satisfaction", "Status",
    )  # fmt: skip
    rows = [_row(session) for session in sessions]
    kept = [
        place
        for place in range(len(columns))
        if place < 2 or any(row[place] != _NO_DATA for row in rows)
    ]
    return Table(
        tuple(columns[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in rows),
    )


def _row(session: Session) -> tuple[str, ...]:
    fields = session.fields
    girths = "; ".join(
        f"{key.label} {number(value)}"
        for key, value in stated(session)
        if key.measure is Measure.GIRTH
    )
    return (
        str(session.number) if session.number else _NO_DATA,
        f"{session.day:%b} {session.day.day}",
        _plain(fields.duration_min),
        _pain(session) or _NO_DATA,
        _plain(fields.swelling_grade),
        girths or _NO_DATA,
        _plain(fields.sleep),
        _plain(fields.garment_hours),
        _plain(fields.bruising),
        _plain(fields.fibrosis),
        _plain(fields.anxiety),
        _plain(fields.satisfaction),
        _status(session) or _NO_DATA,
    )


def _plain(value: float | None) -> str:
    return _NO_DATA if value is None else number(value)


def _pain(session: Session) -> str:
    before, after = session.fields.pain_before, session.fields.pain_after
    if before is not None and after is not None:
        return f"{number(before)} {ARROW} {number(after)}"
    if before is not None:
        return f"{number(before)} before"
    return "" if after is None else f"{number(after)} after"


def _status(session: Session) -> str:
    if session.no_show:
        return "missed"
    return "" if session.confirmed else "not confirmed"


def _session_name(session: Session) -> str:
    """`Session 3, Oct 12`; a missed visit has no number."""
    day = f"{session.day:%b} {session.day.day}"
    return f"Session {session.number}, {day}" if session.number else f"Visit of {day}"


def _goal(goal: Goal) -> str:
    if goal.reached is None:
        return f"{goal.words}: not said to be reached"
    return f"{goal.words}: reached, {lowered(_session_name(goal.reached))}"


def _feedback(fields: SessionFields, *, asked: bool) -> str:
    """What the patient was asked and said, but for their words; and what of their medicine was
    heard without asking. Empty if there is neither: sleep alone stands among the values."""
    scored = (
        ("rating", fields.rating),
        ("satisfaction", fields.satisfaction),
        ("sleep", fields.sleep),
        ("anxiety", fields.anxiety),
    )
    said = [f"{name} {number(value)}/10" for name, value in scored if asked and value is not None]
    if fields.pgic is not None:
        said.append(f"overall {IMPRESSIONS[fields.pgic - 1]}, {fields.pgic}/7")
    if fields.medication_change is not None:
        said.append(MEDICINE[fields.medication_change])
    return ", ".join(said)


def _session_line(session: Session) -> str:
    """`Session 3, Oct 12, 45 min: pain before 3, pain after 1.5, swelling 1+`."""
    name = _session_name(session)
    if session.no_show:
        return f"{name}: missed"
    if session.fields.duration_min is not None:
        name += f", {session.fields.duration_min} min"
    if not session.confirmed:
        name += ", not confirmed"
    said = [f"{key.label} {amount(key.measure, value)}" for key, value in stated(session)]
    return f"{name}: {', '.join(said) or 'no numbers'}"
