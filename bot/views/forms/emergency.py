"""Access in an emergency: the form that asks why, the case as it is read then, and the group."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.concern import ConcernState
from bot.care.emergency import LONGEST_REASON
from bot.shown.case import ShownCase
from bot.shown.emergency import ShownEmergency, ShownEmergencyReason, ShownMember
from bot.views.carried import (
    AboutConcern,
    AboutPerson,
    AboutReferral,
    Action,
    Nothing,
)
from bot.views.case_card import draw_case_card
from bot.views.emergency_news import end_words, give_back_button
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import actions, button, quoted, section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.text import counted, escape, mention, when

_MOST_CONCERNS = 3
_MOST_SHOWN = 40
_LONGEST_CODE = 20


class EmergencyField(StrEnum):
    CASE = "case_code"
    REASON = "reason"


class EmergencyForm:
    """Which case, and why; it says first what comes of it."""

    callback_id: ClassVar[str] = "emergency_access"
    title: ClassVar[str] = "Emergency access"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, lasts: timedelta) -> View:
        hours = counted(int(lasts.total_seconds()) // 3600, "hour")
        blocks: list[Block] = [
            section(
                "*If the patient is in danger, call the emergency services first.*",
                f"You can then read this case for {hours}, with who the patient is. You can't "
                "change anything in it.",
                "The two who treat the patient and the coordinators are told at once that it was "
                "you, and can read why. Every look is recorded.",
            ),
            inputs.typed(
                EmergencyField.CASE,
                "Case code",
                longest=_LONGEST_CODE,
                placeholder="For example: K7QF-3M",
            ),
            inputs.typed(
                EmergencyField.REASON,
                "What has happened",
                longest=LONGEST_REASON,
                lines=True,
                hint="Please leave out the patient's name.",
            ),
        ]
        return inputs.form(cls.callback_id, cls.title, "Open the case", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> tuple[str, str]:
        """The case code as typed, and the reason. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        return sent.text(EmergencyField.CASE), sent.text(EmergencyField.REASON)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {EmergencyField.REASON.value: words.line}


class EmergencyCaseView:
    """A case for whoever holds access to it in an emergency: to read, and to give back."""

    title: ClassVar[str] = "The case"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, case: ShownCase, access: ShownEmergency) -> View:
        about = AboutReferral(referral_id=case.referral_id)
        code = case.case_code
        concerns = [one for one in case.concerns if one.state is not ConcernState.RESOLVED]
        blocks: list[Block] = [
            section(
                f"*You read this by emergency access, until {when(access.ends_at)}.*",
                "Every look is recorded.",
            ),
            *(one for one in draw_case_card(case).blocks if one.type != "actions"),
            *actions(
                [
                    button(
                        Action.SEE_PATIENT,
                        "Patient details",
                        about,
                        says=f"Patient details of {code}",
                    ),
                    button(Action.SEE_PLAN, "Plan", about, says=f"Treatment plan of {code}"),
                    button(Action.SEE_LIFE, "What was done", about, says=f"Life of {code}"),
                    *(
                        button(
                            Action.READ_CONCERN,
                            "Read the concern",
                            AboutConcern(concern_id=one.id),
                            says=f"Read a concern of {code}",
                        )
                        for one in concerns[:_MOST_CONCERNS]
                    ),
                    give_back_button(access),
                ]
            ),
        ]
        return reading_view(cls.title, blocks)


class EmergencyReasonView:
    """Why somebody opened a case by emergency access, for the pair and the coordinators."""

    title: ClassVar[str] = "Why it was opened"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownEmergencyReason) -> View:
        access = shown.access
        return reading_view(
            cls.title,
            [
                section(
                    f"*{mention(access.person)} opened case {escape(access.case_code)}* "
                    f"{when(access.began_at)}. {end_words(access)}",
                ),
                *quoted(shown.reason),
                small_print("Opening this is recorded."),
            ],
        )


class GroupField(StrEnum):
    PERSON = "person"


class EmergencyGroupForm:
    """Who may open any case in an emergency, each with a way out, and one more to be named."""

    callback_id: ClassVar[str] = "emergency_group"
    title: ClassVar[str] = "Emergency group"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, members: Sequence[ShownMember]) -> View:
        blocks: list[Block] = [
            section(
                "Whoever is in this group can open any case for some hours, with who the patient "
                "is, after saying why. The pair and all coordinators are told at once.",
                "Nobody names themselves. Naming and taking out are recorded.",
            )
        ]
        for one in members[:_MOST_SHOWN]:
            blocks.append(
                section(
                    f"{mention(one.slack_user_id)}, since {when(one.since)}",
                    accessory=button(
                        Action.LEAVE_EMERGENCY_GROUP,
                        "Take out",
                        AboutPerson(person_id=one.person_id),
                        says=f"Take {mention(one.slack_user_id)} out of the group",
                    ),
                )
            )
        if not members:
            blocks.append(section("Nobody is in it yet."))
        blocks.append(inputs.person(GroupField.PERSON, "Take somebody into the group"))
        return inputs.form(cls.callback_id, cls.title, "Take in", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> str:
        """The person's Slack user id. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        return sent.user(GroupField.PERSON)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {GroupField.PERSON.value: words.line}
