"""The form, from the case card, in which the pair says how often each side is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.people import Role
from bot.care.rhythm import CHOICES, Every
from bot.shown.case import ShownRhythm
from bot.views.carried import AboutReferral
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view
from bot.views.text import escape


class RhythmField(StrEnum):
    THERAPIST = "therapist"
    SURGEON = "surgeon"
    JOINT = "joint"


class _Yes(StrEnum):
    YES = "yes"


@dataclass(frozen=True)
class FilledRhythm:
    """None where each one's own choice holds."""

    referral_id: str
    therapist: Every | None
    surgeon: Every | None
    joint: bool


class RhythmForm:
    """How often the two of a case are asked."""

    callback_id: ClassVar[str] = "case_rhythm"
    title: ClassVar[str] = "Check-ins"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, now: ShownRhythm) -> View:
        blocks: list[Block] = [
            section(
                f"*How often is each of you asked about {escape(now.case_code)}?*",
                "What is left empty follows each one's own choice.",
            ),
            _every(RhythmField.THERAPIST, "The therapist, about sessions", Role.THERAPIST, now),
            _every(RhythmField.SURGEON, "The surgeon, whether all is well", Role.SURGEON, now),
            inputs.tick(
                RhythmField.JOINT,
                "Both, after each half of the plan",
                inputs.option(_Yes.YES, "Ask both"),
                ticked=now.joint,
            ),
        ]
        about = AboutReferral(referral_id=now.referral_id)
        return inputs.form(cls.callback_id, cls.title, "Save", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledRhythm:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return FilledRhythm(
            about.referral_id,
            sent.perhaps(RhythmField.THERAPIST, Every),
            sent.perhaps(RhythmField.SURGEON, Every),
            joint=bool(sent.choices(RhythmField.JOINT, _Yes)),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the first choice."""
        return {RhythmField.THERAPIST.value: words.line}


def _every(field: RhythmField, label: str, role: Role, now: ShownRhythm) -> Block:
    chosen = now.therapist if role is Role.THERAPIST else now.surgeon
    options = [inputs.option(one, one.label) for one in CHOICES[role]]
    return inputs.perhaps_one(field, label, options, initial=chosen.value if chosen else None)
