"""The forms of a referral's course: a reason or words, the outcome, a visit, what is offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.course import LONGEST_WORDS, NEEDS_WORDS, REASONS, Goals, Reason
from bot.care.referral import Move
from bot.shown.course import ShownLife, ShownOffer, ShownStart
from bot.views import case_words
from bot.views.carried import AboutMove, AboutReferral, Action
from bot.views.course_words import WORDS, numbers_lines, outcome_lines, said_line
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import LONGEST_IN_MODAL, actions, button, quoted, section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.text import counted, escape, mention, when


class CourseField(StrEnum):
    REASON = "move_reason"
    WORDS = "move_words"
    GOALS = "goals"
    ANSWER = "outcome_answer"
    ADVICE = "outcome_advice"
    DAY = "visit_day"
    TIME = "visit_time"
    THERAPIST = "next_therapist"


class MoreView:
    """What somebody may do in a case now, one button each."""

    title: ClassVar[str] = "What would you like?"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, offer: ShownOffer) -> View:
        blocks: list[Block] = [
            section(f"*Case {escape(offer.case_code)}*", case_words.STANDS[offer.state])
        ]
        for move in offer.moves:
            words = WORDS[move]
            about = AboutMove(referral_id=offer.referral_id, move=move.value)
            blocks.append(
                section(
                    words.explains,
                    accessory=button(Action.MAKE_MOVE, words.button, about),
                )
            )
        about_case = AboutReferral(referral_id=offer.referral_id)
        more = [button(Action.SEE_LIFE, "What was done so far", about_case)]
        if offer.is_in_pair:
            more.append(button(Action.CIRCLE, "Who may read this", about_case))
        blocks += actions(more)
        return reading_view(cls.title, blocks)


@dataclass(frozen=True)
class FilledMove:
    referral_id: str
    move: Move
    reason: Reason | None
    words: str


class CourseForm:
    """One move: its reason from a list, and words."""

    callback_id: ClassVar[str] = "make_move"
    title: ClassVar[str] = "One moment"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, start: ShownStart) -> View:
        words = WORDS[start.move]
        blocks: list[Block] = [
            section(
                f"*Case {escape(start.case_code)}*",
                words.explains,
                f"{mention(start.other_side)} is told at once.",
            )
        ]
        if start.question:
            blocks += quoted(start.question)
        if start.move is Move.REVIEW and start.outcome is not None:
            blocks.append(section(*outcome_lines(start.outcome)))
            blocks += quoted(start.outcome.answer)
        if reasons := REASONS.get(start.move):
            blocks.append(inputs.perhaps_one(CourseField.REASON, "Reason", inputs.options(reasons)))
        blocks.append(
            inputs.typed(
                CourseField.WORDS,
                words.label,
                longest=LONGEST_WORDS,
                lines=True,
                optional=start.move not in NEEDS_WORDS,
                hint="Shown in the thread. Please leave out the patient's name.",
            )
        )
        about = AboutMove(referral_id=start.referral_id, move=start.move.value)
        return inputs.form(cls.callback_id, words.title, words.submit, about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledMove:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutMove.read(sent.private_metadata)
        move = Move(about.move)
        reasons = REASONS.get(move)
        reason = sent.perhaps(CourseField.REASON, reasons) if reasons is not None else None
        return FilledMove(about.referral_id, move, reason, sent.text(CourseField.WORDS))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {CourseField.WORDS.value: words.line}


@dataclass(frozen=True)
class FilledOutcome:
    referral_id: str
    goals: Goals
    answer: str
    advice: str


class OutcomeForm:
    """The outcome report: the numbers are gathered, the therapist says what they answer."""

    callback_id: ClassVar[str] = "outcome_report"
    title: ClassVar[str] = "Outcome report"

    @classmethod
    def view(cls, start: ShownStart) -> View:
        numbers = numbers_lines(start.numbers)
        planned = counted(start.sessions_planned, "session")
        blocks: list[Block] = [
            section(
                f"*Case {escape(start.case_code)}*",
                f"{start.sessions_given:,} of {planned} given",
                *(numbers or ["No value was measured twice."]),
            ),
            inputs.preset(CourseField.GOALS, "Goals of the referral", inputs.options(Goals)),
            inputs.typed(
                CourseField.ANSWER,
                "What came of it",
                longest=LONGEST_WORDS,
                lines=True,
                hint="The answer to the surgeon's question. Leave out the patient's name.",
            ),
            inputs.typed(
                CourseField.ADVICE,
                "What you advise from here",
                longest=LONGEST_WORDS,
                lines=True,
                optional=True,
            ),
        ]
        about = AboutReferral(referral_id=start.referral_id)
        return inputs.form(cls.callback_id, cls.title, "Send the report", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledOutcome:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return FilledOutcome(
            about.referral_id,
            sent.choice(CourseField.GOALS, Goals),
            sent.text(CourseField.ANSWER),
            sent.text(CourseField.ADVICE),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {CourseField.ANSWER.value: words.line}


class BookForm:
    """The first or the next visit."""

    callback_id: ClassVar[str] = "book_visit"
    title: ClassVar[str] = "Book a visit"

    @classmethod
    def view(cls, start: ShownStart) -> View:
        blocks: list[Block] = [
            section(f"*Case {escape(start.case_code)}*", WORDS[Move.BOOK].explains),
            inputs.day(CourseField.DAY, "Day"),
            inputs.moment(CourseField.TIME, "Time, on your own clock", initial=time(9)),
        ]
        about = AboutReferral(referral_id=start.referral_id)
        return inputs.form(cls.callback_id, cls.title, "Book", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> tuple[str, date | None, time | None]:
        """Referral id, day and time. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return about.referral_id, sent.day(CourseField.DAY), sent.moment(CourseField.TIME)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {CourseField.DAY.value: words.line}


class LifeView:
    """A case from the first move to the last; also when it is closed."""

    title: ClassVar[str] = "What was done"
    _most: ClassVar[int] = 40

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, life: ShownLife) -> View:
        blocks: list[Block] = [
            section(
                f"*Case {escape(life.case_code)}*",
                case_words.STANDS[life.state],
                f"Referred {when(life.created_at)}",
                f"Goes on from {escape(life.continues)}" if life.continues else "",
            )
        ]
        left_out = len(life.moves) - cls._most
        if left_out > 0:
            blocks.append(small_print(f"{counted(left_out, 'earlier step')} not shown."))
        for move in life.moves[-cls._most :]:
            blocks.append(section(said_line(move), when(move.at)))
            if move.outcome is not None:
                blocks.append(section(*outcome_lines(move.outcome)))
                blocks += quoted(move.outcome.answer, LONGEST_IN_MODAL)
            elif move.words and move.move is not Move.BOOK:
                blocks += quoted(move.words, LONGEST_IN_MODAL)
        return reading_view(cls.title, blocks)
