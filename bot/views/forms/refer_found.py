"""Who has the patient already, as the referral form says it: one's own cases with their details, of
colleagues' only that there are some, and the way to ask them."""

from slack_sdk.models.blocks import Block

from bot.shown.referring import ShownElsewhere, ShownFormStep, ShownOwnCase
from bot.views import case_words
from bot.views.carried import AboutDraft, AboutShare, Action
from bot.views.message import actions, are_you_sure, button, section
from bot.views.text import escape, mention

_MOST_SHOWN = 5


def found_blocks(shown: ShownFormStep) -> list[Block]:
    """Nothing, where nobody else has the patient."""
    blocks: list[Block] = []
    if shown.own_cases:
        lines = [_own(one) for one in shown.own_cases[:_MOST_SHOWN]]
        blocks.append(section("*This patient is in your care already*", *lines))
    return blocks + _elsewhere(shown.elsewhere, shown)


def _own(one: ShownOwnCase) -> str:
    reason = "the same reason" if one.is_same_reason else "another reason"
    stands = case_words.STANDS[one.state]
    return f"{escape(one.case_code)} with {mention(one.therapist)}, for {reason}. {stands}"


def _elsewhere(found: ShownElsewhere, shown: ShownFormStep) -> list[Block]:
    if not found.was_looked:
        return [
            section(
                "You have looked for many patients today, so it is not said whether colleagues "
                "have this one. A coordinator can tell you."
            )
        ]
    if not found.is_there:
        return []
    lines = ["*Colleagues have this patient in care, or were asked to*"]
    buttons = []
    for number, share_id in enumerate(found.shared[:_MOST_SHOWN], 1):
        buttons.append(
            button(
                Action.SEE_SHARED,
                "See what they share",
                AboutShare(share_id=share_id),
                says=f"See what colleagues share, number {number}",
            )
        )
    if found.shared:
        lines.append("They share their case with you.")
    if found.waits:
        lines.append("They have been asked to share it. You get a message when they answer.")
    if found.declined:
        lines.append("They would rather not share it. Your referral can go on all the same.")
    if found.can_ask:
        lines.append("Who they are, and what they do, is not shown unless they agree.")
        sure = are_you_sure(
            "Ask them to share?",
            "Both are told your name, and that you want to refer this patient. Nothing is shown "
            "until one of them agrees.",
            "Ask",
            "Not now",
        )
        about = AboutDraft(draft_id=shown.draft_id, step=shown.draft.step.value)
        buttons.append(button(Action.ASK_TO_SHARE, "Ask them to share", about, confirm=sure))
    return [section(*lines), *actions(buttons)]
