"""The form in which a session is logged, or what was read from a note is put right."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.care.codes import MedicationChange, RedFlagCode, Region, Technique, Tolerance
from bot.care.feedback import EVERY
from bot.care.session import SessionFields
from bot.care.session_form import LONGEST_GIRTHS, LONGEST_WORDS, FilledSession, SessionField
from bot.shown.case import ShownForm
from bot.views import session_words
from bot.views.carried import AboutSession
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.feedback import Impression, at_times, each_time
from bot.views.forms.submitted import Submitted
from bot.views.message import header, plain, section, small_print
from bot.views.modals import loading_view
from bot.views.text import escape

_MOST_PHOTOS = 5


class _Tick(StrEnum):
    YES = "yes"


class _Grade(StrEnum):
    """The 0-4 pitting scale: about 2 mm, 3-4 mm, 5-6 mm, 8 mm or more (red-flag table)."""

    NONE = "0"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"


class _Degree(StrEnum):
    NONE = "0"
    MILD = "1"
    MODERATE = "2"
    SEVERE = "3"


_GRADES = ("0, none", "1+, about 2 mm", "2+, 3 to 4 mm", "3+, 5 to 6 mm", "4+, 8 mm or more")
_DEGREES = ("None", "Mild", "Moderate", "Severe")


@dataclass(frozen=True)
class SentSession:
    """A form that came back: which referral, which update it corrects if any, what it says."""

    referral_id: str
    entry_id: str
    filled: FilledSession
    question: str = ""


class SessionForm:
    """Under two minutes: what matters most comes first, and only the red flags must be answered."""

    callback_id: ClassVar[str] = "log_session"
    title: ClassVar[str] = "Log a session"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, form: ShownForm, question: str = "") -> View:
        """`question` is where the question is taken back that the form was opened from."""
        start = form.start
        about = AboutSession(
            referral_id=form.referral_id, entry_id=form.entry_id, question=question
        )
        title = f"Update {form.number:,}" if form.entry_id else cls.title
        blocks: list[Block] = [
            section(f"*Case {escape(form.case_code)}*", _carried_over(form)),
            *_session(form, start),
            *_signs(start, is_read=bool(form.entry_id)),
            *_measures(start),
            *_patient(form, start),
            *_plan(form, start),
        ]
        return inputs.form(cls.callback_id, title, "Save", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> SentSession:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutSession.read(sent.private_metadata)
        return SentSession(about.referral_id, about.entry_id, _filled(sent), about.question)

    @classmethod
    def errors(cls, problems: Mapping[SessionField, str]) -> dict[str, str]:
        """The problems, each at its field."""
        return {field.value: words for field, words in problems.items()}

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something that is no field's fault, at the first field."""
        return {SessionField.SESSION_DATE.value: words.line}


def _carried_over(form: ShownForm) -> str:
    if form.entry_id:
        return "Filled with what was read. Saving confirms it."
    if form.start.named():
        return f"{_kept(form.start)} as last time. Only red flags must be answered."
    return "Only red flags must be answered."


def _kept(start: SessionFields) -> str:
    """What of the last time stands in the form already."""
    named = [
        name
        for name, value in (
            ("Regions", start.regions),
            ("Techniques", start.techniques),
            ("Garment", start.garment_hours is not None),
            ("Goals", start.goals_reached),
        )
        if value
    ]
    first, *others = named
    return ", ".join([first, *(name.lower() for name in others)])


def _session(form: ShownForm, start: SessionFields) -> list[Block]:
    day = start.session_date or (None if form.entry_id else form.today)
    return [
        inputs.day(SessionField.SESSION_DATE, "Day", optional=True, initial=day),
        inputs.tick(
            SessionField.NO_SHOW,
            "Visit",
            inputs.option(_Tick.YES, "The patient did not come"),
            ticked=start.no_show,
        ),
        inputs.amount(
            SessionField.DURATION, "Minutes", 0, 300, initial=start.duration_min, whole=True
        ),
        inputs.perhaps_some(
            SessionField.TECHNIQUES,
            "Techniques",
            [_offer(one, _capital(session_words.TECHNIQUES[one])) for one in Technique],
            initial=[one.value for one in start.techniques],
        ),
        inputs.perhaps_some(
            SessionField.REGIONS,
            "Regions",
            [_offer(one, _capital(one.named())) for one in Region],
            initial=[one.value for one in start.regions],
        ),
        inputs.amount(SessionField.PAIN_BEFORE, "Pain before, 0 to 10", 0, 10,
                      initial=start.pain_before),
        inputs.amount(SessionField.PAIN_AFTER, "Pain after, 0 to 10", 0, 10,
                      initial=start.pain_after),
    ]  # fmt: skip


def _signs(start: SessionFields, *, is_read: bool) -> list[Block]:
    return [
        header("Red flags"),
        inputs.perhaps_some(
            SessionField.RED_FLAGS,
            "Seen or reported since the last session",
            [_offer(one, session_words.RED_FLAGS[one]) for one in RedFlagCode],
            initial=[one.value for one in start.red_flags],
            hint="The surgeon is told at once. If the patient is in danger, call emergency "
            "services first.",
        ),
        inputs.tick(
            SessionField.NONE_OBSERVED,
            "Or none of them",
            inputs.option(_Tick.YES, "None observed"),
            hint="One of the two is needed: chosen above, or ticked here.",
            ticked=is_read and start.red_flags_denied and not start.red_flags,
        ),
    ]


def _measures(start: SessionFields) -> list[Block]:
    return [
        header("Measured"),
        inputs.perhaps_one(
            SessionField.SWELLING,
            "Swelling, pitting",
            _numbered(_Grade, _GRADES),
            initial=_chosen(start.swelling_grade),
        ),
        inputs.typed(
            SessionField.GIRTHS,
            "Girths, cm",
            longest=LONGEST_GIRTHS,
            optional=True,
            initial=", ".join(session_words.girth(one) for one in start.girths),
            placeholder="abdomen 92, left thigh 54",
        ),
        inputs.perhaps_one(
            SessionField.BRUISING,
            "Bruising",
            _numbered(_Degree, _DEGREES),
            initial=_chosen(start.bruising),
        ),
        inputs.perhaps_one(
            SessionField.FIBROSIS,
            "Fibrosis",
            _numbered(_Degree, _DEGREES),
            initial=_chosen(start.fibrosis),
        ),
        inputs.amount(
            SessionField.GARMENT, "Garment, hours a day", 0, 24, initial=start.garment_hours
        ),
        inputs.amount(SessionField.DRAIN, "Drain, mL in 24 hours", 0, 5000, initial=start.drain_ml),
        inputs.amount(
            SessionField.TEMPERATURE, "Temperature, °C or °F", 0, 120, initial=start.temperature_c
        ),
        inputs.perhaps_one(
            SessionField.TOLERANCE,
            "Tolerated",
            [_offer(one, _capital(one.value)) for one in Tolerance],
            initial=start.tolerance.value if start.tolerance else None,
        ),
    ]


def _patient(form: ShownForm, start: SessionFields) -> list[Block]:
    blocks: list[Block] = [header("The patient"), *each_time(start)]
    if form.asks_for_feedback:
        often = f"Asked every {EVERY} sessions. Both of you see the answers."
        blocks += [small_print(often), *at_times(start)]
    return blocks


def _plan(form: ShownForm, start: SessionFields) -> list[Block]:
    written = (
        (SessionField.HOME_CARE, "Home care", start.home_care, ""),
        (
            SessionField.PLAN_CHANGE,
            "Change of plan you ask for",
            start.plan_change_request,
            "Shown to the surgeon in the thread, and in the trend.",
        ),
        (
            SessionField.CONCERN,
            "What worries you",
            start.concern,
            "Raises a concern: the surgeon is told at once.",
        ),
    )
    return [
        header("From here on"),
        *_goals(form),
        *(
            inputs.typed(
                field,
                label,
                longest=LONGEST_WORDS,
                lines=True,
                optional=True,
                hint=hint,
                initial=initial or "",
            )
            for field, label, initial, hint in written
        ),
        inputs.day(SessionField.NEXT_VISIT, "Next visit", optional=True, initial=start.next_visit),
        inputs.pictures(
            SessionField.PHOTOS,
            "Photos",
            _MOST_PHOTOS,
            hint="Stay in Slack; the record keeps a reference. No face, no name."
            + (f" {len(start.photos)} added before stay." if start.photos else ""),
        ),
    ]


def _goals(form: ShownForm) -> list[Block]:
    """The goals of the referral, ticked where they are reached."""
    if not form.goals:
        return []
    offered = [Option(value=goal, text=plain(goal, inputs.LONGEST_OPTION)) for goal in form.goals]
    reached = form.start.goals_reached
    return [
        inputs.boxes(
            SessionField.GOALS, "Goals reached by now", offered, ticked=reached, optional=True
        )
    ]


def _filled(sent: Submitted) -> FilledSession:
    asked = sent.has(SessionField.PGIC)
    return FilledSession(
        session_date=sent.day(SessionField.SESSION_DATE),
        no_show=bool(sent.choices(SessionField.NO_SHOW, _Tick)),
        duration_min=sent.number(SessionField.DURATION),
        techniques=sent.choices(SessionField.TECHNIQUES, Technique),
        regions=sent.choices(SessionField.REGIONS, Region),
        pain_before=sent.number(SessionField.PAIN_BEFORE),
        pain_after=sent.number(SessionField.PAIN_AFTER),
        red_flags=sent.choices(SessionField.RED_FLAGS, RedFlagCode),
        none_observed=bool(sent.choices(SessionField.NONE_OBSERVED, _Tick)),
        swelling_grade=_graded(sent.perhaps(SessionField.SWELLING, _Grade)),
        girths=sent.text(SessionField.GIRTHS),
        bruising=_graded(sent.perhaps(SessionField.BRUISING, _Degree)),
        fibrosis=_graded(sent.perhaps(SessionField.FIBROSIS, _Degree)),
        garment_hours=sent.number(SessionField.GARMENT),
        drain_ml=sent.number(SessionField.DRAIN),
        temperature=sent.number(SessionField.TEMPERATURE),
        tolerance=sent.perhaps(SessionField.TOLERANCE, Tolerance),
        medication_change=sent.perhaps(SessionField.MEDICATION, MedicationChange),
        patient_quote=sent.text(SessionField.QUOTE),
        rating=sent.number(SessionField.RATING),
        satisfaction=sent.number(SessionField.SATISFACTION) if asked else None,
        sleep=sent.number(SessionField.SLEEP) if asked else None,
        anxiety=sent.number(SessionField.ANXIETY) if asked else None,
        pgic=_graded(sent.perhaps(SessionField.PGIC, Impression)) if asked else None,
        goals_reached=sent.several(SessionField.GOALS) if sent.has(SessionField.GOALS) else (),
        home_care=sent.text(SessionField.HOME_CARE),
        plan_change_request=sent.text(SessionField.PLAN_CHANGE),
        concern=sent.text(SessionField.CONCERN),
        next_visit=sent.day(SessionField.NEXT_VISIT),
        photos=sent.files(SessionField.PHOTOS),
    )


def _offer(value: StrEnum, label: str) -> Option:
    return Option(value=value.value, text=plain(label, inputs.LONGEST_OPTION))


def _numbered(kind: type[StrEnum], labels: tuple[str, ...]) -> list[Option]:
    return [_offer(one, label) for one, label in zip(kind, labels, strict=True)]


def _graded(chosen: StrEnum | None) -> int | None:
    return int(chosen.value) if chosen is not None else None


def _chosen(grade: int | None) -> str | None:
    return str(grade) if grade is not None else None


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
