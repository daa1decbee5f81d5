"""The word to somebody whose text says who a patient is: of what kind, and one click to mend it."""

from bot.notices import IdentifiersTyped, Typed
from bot.views.carried import AboutTyped, Action
from bot.views.message import Message, actions, button, section
from bot.views.text import escape, in_words

_WHERE = {
    Typed.REPLY: "What you wrote",
    Typed.CONCERN: "What you wrote about the concern",
    Typed.REFERRAL: "What you wrote about the referral",
}


def draw_identifiers_typed(typed: IdentifiersTyped, case_code: str) -> Message:
    """To its author alone. Nothing waits on it, and nothing is held up."""
    kinds = in_words(
        [
            f"a {kind.label}" if kind.label[0] not in "aeiou" else f"an {kind.label}"
            for kind in typed.found
        ]
    )
    code = escape(case_code)
    about = AboutTyped(typed=typed.typed.value, subject_id=typed.subject_id)
    return Message(
        f"{code}: a word about what you wrote",
        [
            section(
                f"*{_WHERE[typed.typed]} has {kinds} in it.* It was kept as you wrote it.",
                f"One click replaces it in the record. {_in_slack(typed.typed)}",
            ),
            *actions(
                [
                    button(
                        Action.REPLACE_IDENTIFIERS,
                        "Replace in the record",
                        about,
                        says="Replace identifiers in the record",
                    )
                ]
            ),
        ],
    )


def draw_replaced(typed: Typed, changed: int) -> Message:
    """After the click."""
    if not changed:
        words = "There is nothing to replace in the record any more."
    else:
        words = f"Replaced in the record. {_in_slack(typed)}".strip()
    return Message("Replaced in the record", [section(words)])


def _in_slack(typed: Typed) -> str:
    if typed is Typed.REPLY:
        return "Slack still has your message: please edit it there, too."
    return ""
