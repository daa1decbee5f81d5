"""A case was opened by emergency access: what the holder, the pair and the coordinators are told.

Nothing of the patient but the case code; the reason is read in a form, which is recorded.
"""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.shown.emergency import ShownEmergencies, ShownEmergency
from bot.views.carried import AboutEmergency, AboutReferral, Action
from bot.views.message import Message, actions, button, section
from bot.views.text import escape, mention, when

_MOST_SHOWN = 5


def end_words(access: ShownEmergency) -> str:
    """Until when it lasts, or when it ended."""
    if access.ended_at is not None:
        return f"It ended {when(access.ended_at)}."
    return f"It ends {when(access.ends_at)}."


def give_back_button(access: ShownEmergency) -> ButtonElement:
    return button(
        Action.END_EMERGENCY,
        "Give it back",
        AboutEmergency(access_id=access.access_id),
        says=f"Give back the access to case {access.case_code}",
    )


def holder_buttons(access: ShownEmergency) -> list[ButtonElement]:
    """What whoever holds it does with it."""
    code = access.case_code
    return [
        button(
            Action.READ_IN_EMERGENCY,
            "Read the case",
            AboutEmergency(access_id=access.access_id),
            says=f"Read case {code}",
        ),
        button(
            Action.SEE_PATIENT,
            "Patient details",
            AboutReferral(referral_id=access.referral_id),
            says=f"Patient details of {code}",
        ),
        give_back_button(access),
    ]


def draw_emergency_for_holder(access: ShownEmergency) -> Message:
    """By direct message, to whoever opened it; redrawn once it is over."""
    code = escape(access.case_code)
    if access.ended_at is not None:
        words = f"Your emergency access to case {code} has ended."
        return Message(words, [section(words, "If it is needed again, ask for it anew.")])
    return Message(
        f"Emergency access to case {code}",
        [
            section(
                f"*You can read case {code} until {when(access.ends_at)}.*",
                "The pair and the coordinators have been told. Give it back when you are done.",
            ),
            *actions(holder_buttons(access)),
        ],
    )


def draw_emergency_for_others(access: ShownEmergency) -> Message:
    """By direct message, to the pair and the coordinators; redrawn once it is over."""
    code = escape(access.case_code)
    return Message(
        f"Emergency access to case {code}",
        [
            section(
                f":warning: *{mention(access.person)} opened case {code} by emergency access* "
                f"{when(access.began_at)}.",
                end_words(access),
                "If you do not know why, ask them, and tell whoever answers for privacy."
                if access.ended_at is None
                else "",
            ),
            *actions(
                [
                    button(
                        Action.WHY_EMERGENCY,
                        "Read why",
                        AboutEmergency(access_id=access.access_id),
                        says=f"Read why case {access.case_code} was opened",
                    )
                ]
            ),
        ],
    )


def running_blocks(emergencies: ShownEmergencies) -> list[Block]:
    """For the Home tab: what is held now."""
    blocks: list[Block] = []
    if emergencies.running:
        blocks.append(section("*You have emergency access to these*"))
    for one in emergencies.running[:_MOST_SHOWN]:
        blocks.append(section(f"*{escape(one.case_code)}* until {when(one.ends_at)}"))
        blocks += actions(holder_buttons(one))
    return blocks
