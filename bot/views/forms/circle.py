"""Who else may read a case: those who were let in, and the form to let in one more."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.shown.case import ShownCase
from bot.shown.circle import ShownCircle
from bot.views.carried import AboutInvitation, AboutReferral, Action
from bot.views.case_card import draw_case_card
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import actions, button, section
from bot.views.modals import loading_view, reading_view
from bot.views.text import escape, mention, when

_MOST_SHOWN = 40


class CircleField(StrEnum):
    COLLEAGUE = "colleague"


class CircleForm:
    """Who may read the case, each with a way to take it back, and one more to let in."""

    callback_id: ClassVar[str] = "let_in"
    title: ClassVar[str] = "Who may read this"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, circle: ShownCircle) -> View:
        blocks: list[Block] = [
            section(
                f"*Case {escape(circle.case_code)}*",
                "A colleague whom you let in reads the card, the plan, the concerns and what was "
                "done, but not who the patient is, and changes nothing. It ends when one of you "
                "two takes it back, or with the case. Every look is recorded.",
            )
        ]
        for one in circle.let_in[:_MOST_SHOWN]:
            blocks.append(
                section(
                    f"{mention(one.colleague)}, let in by {mention(one.by)} {when(one.at)}",
                    accessory=button(
                        Action.TAKE_BACK_INVITATION,
                        "Take back",
                        AboutInvitation(invitation_id=one.invitation_id),
                        says=f"Take back that {mention(one.colleague)} reads this",
                    ),
                )
            )
        if not circle.may_invite:
            blocks.append(section("This case has ended, so nobody else can be let in."))
            return reading_view(cls.title, blocks)
        blocks.append(inputs.person(CircleField.COLLEAGUE, "Let a colleague read this case"))
        about = AboutReferral(referral_id=circle.referral_id)
        return inputs.form(cls.callback_id, cls.title, "Let them read", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> tuple[str, str]:
        """The referral's id and the colleague's Slack user id. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return about.referral_id, sent.user(CircleField.COLLEAGUE)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {CircleField.COLLEAGUE.value: words.line}


class CaseView:
    """A case for somebody who is not in its channel: the card, with what they may do."""

    title: ClassVar[str] = "The case"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, case: ShownCase, *, may_act: bool) -> View:
        """`may_act`: for who covers, with the card's buttons; else only to read."""
        blocks = draw_case_card(case).blocks
        if not may_act:
            about = AboutReferral(referral_id=case.referral_id)
            code = case.case_code
            blocks = [one for one in blocks if one.type != "actions"]
            blocks += actions(
                [
                    button(Action.SEE_PLAN, "Plan", about, says=f"Treatment plan of {code}"),
                    button(Action.SEE_LIFE, "What was done", about, says=f"Life of {code}"),
                ]
            )
        return reading_view(cls.title, blocks)
