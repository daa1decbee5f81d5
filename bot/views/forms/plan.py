"""The treatment plan in a modal: its versions, and the form in which a change is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.codes import Region, Technique
from bot.care.plan import LONGEST_PLAN_TEXT, MOST_SESSIONS, Frequency, Pressure
from bot.care.treatment_plan import (
    LONGEST_GOALS,
    PlanDraft,
    PlanField,
    TreatmentPlan,
)
from bot.shown.plan import ShownPlan
from bot.views.carried import AboutPlan, AboutPlanVersion
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.plan_words import plan_lines, version_line
from bot.views.session_words import TECHNIQUES
from bot.views.text import escape

_MOST_VERSIONS = 10


@dataclass(frozen=True)
class FilledPlan:
    referral_id: str
    amends_id: str
    draft: PlanDraft


class PlanForm:
    """The plan as it stands, and what it should become. Both sides have to sign a change."""

    callback_id: ClassVar[str] = "propose_plan"
    title: ClassVar[str] = "Treatment plan"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownPlan) -> View:
        blocks: list[Block] = [section(f"*Plan of {escape(shown.case_code)}*", *_stands(shown))]
        blocks += [section(version_line(one)) for one in shown.versions[-_MOST_VERSIONS:]]
        if shown.cannot_propose or shown.start is None:
            blocks.append(small_print(escape(shown.cannot_propose) or "There is no plan yet."))
            return reading_view(cls.title, blocks)
        blocks += [
            section(
                "*Propose a change*",
                "It holds once the other side has countersigned it.",
            ),
            *_fields(shown.start),
        ]
        about = AboutPlan(referral_id=shown.referral_id, amends_id=shown.amends_id)
        return inputs.form(cls.callback_id, cls.title, "Propose", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledPlan:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutPlan.read(sent.private_metadata)
        draft = PlanDraft(
            sessions=sent.whole_number(PlanField.SESSIONS),
            frequency=sent.choice(PlanField.FREQUENCY, Frequency),
            areas=sent.choices(PlanField.AREAS, Region),
            techniques=sent.choices(PlanField.TECHNIQUES, Technique),
            pressure=sent.perhaps(PlanField.PRESSURE, Pressure),
            goals=sent.text(PlanField.GOALS),
            stop_rules=sent.text(PlanField.STOP_RULES),
            home_care=sent.text(PlanField.HOME_CARE),
            start_by=sent.day(PlanField.START_BY),
            reason=sent.text(PlanField.REASON),
        )
        return FilledPlan(about.referral_id, about.amends_id, draft)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something that is no field's fault, at the last field: what was typed stays there."""
        return {PlanField.REASON.value: words.line}


def _stands(shown: ShownPlan) -> list[str]:
    held = shown.in_force
    return plan_lines(held.plan) if held else ["No version is signed by both sides yet."]


def _fields(start: TreatmentPlan) -> list[Block]:
    return [
        inputs.number(
            PlanField.SESSIONS, "Sessions in all", 1, MOST_SESSIONS, initial=start.sessions
        ),
        inputs.one_of(PlanField.FREQUENCY, "How often", Frequency, initial=start.frequency.value),
        inputs.day(
            PlanField.START_BY,
            PlanField.START_BY.label,
            optional=True,
            initial=start.start_by,
            hint="Can be changed until the first session is given.",
        ),
        inputs.some_of(PlanField.AREAS, "Areas to treat", Region, initial=start.areas),
        inputs.perhaps_some(
            PlanField.TECHNIQUES,
            "Techniques",
            [inputs.option(one, TECHNIQUES[one]) for one in Technique],
            initial=start.techniques,
        ),
        inputs.perhaps_one(
            PlanField.PRESSURE,
            "Pressure",
            [inputs.option(one, one.label) for one in Pressure],
            initial=start.pressure.value if start.pressure else None,
        ),
        *[
            inputs.typed(
                field,
                field.label,
                longest=longest,
                lines=True,
                optional=True,
                initial=written,
                hint=hint,
            )
            for field, written, longest, hint in (
                (PlanField.GOALS, start.goals, LONGEST_GOALS, "A line each."),
                (
                    PlanField.STOP_RULES,
                    start.stop_rules,
                    LONGEST_PLAN_TEXT,
                    "When not to treat, and to call.",
                ),
                (
                    PlanField.HOME_CARE,
                    start.home_care,
                    LONGEST_PLAN_TEXT,
                    "What the patient does between sessions.",
                ),
            )
        ],
        inputs.typed(
            PlanField.REASON,
            "Why",
            longest=LONGEST_PLAN_TEXT,
            lines=True,
            hint="Shown in the thread. Please leave out the patient's name.",
        ),
    ]


@dataclass(frozen=True)
class FilledPlanDecline:
    version_id: str
    reason: str


class DeclinePlanForm:
    """Why a proposed change is not signed."""

    callback_id: ClassVar[str] = "decline_plan"
    title: ClassVar[str] = "Decline a change"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, version_id: str) -> View:
        blocks: list[Block] = [
            section("The plan stays as it is. The other side reads why in the thread."),
            inputs.typed(
                PlanField.REASON,
                "Why",
                longest=LONGEST_PLAN_TEXT,
                lines=True,
                hint="Shown in the thread. Please leave out the patient's name.",
            ),
        ]
        about = AboutPlanVersion(version_id=version_id)
        return inputs.form(cls.callback_id, cls.title, "Decline", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledPlanDecline:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutPlanVersion.read(sent.private_metadata)
        return FilledPlanDecline(about.version_id, sent.text(PlanField.REASON))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the field, so that what was typed stays."""
        return {PlanField.REASON.value: words.line}
