"""To a coordinator: something lies where nothing will come of it by itself, and what to do."""

from bot.care.oversight import Finding
from bot.views.message import Message, section, small_print

_WHAT: dict[Finding, tuple[str, str]] = {
    Finding.PARKED_EVENT: (
        "Something that was written in Slack could not be read",
        "Careloop tried six times and has kept it. Look through the threads of today for a message "
        "that was not confirmed, and ask its author to write it once more.",
    ),
    Finding.OVERDUE_TIMER: (
        "Something that is due can't be carried out",
        "A reminder or an alert fails each time Careloop tries. Please look at the open concerns "
        "and the overdue cases yourself until this is mended.",
    ),
    Finding.PARKED_MESSAGE: (
        "A message could not be delivered",
        "Tell the people on the case directly.",
    ),
    Finding.CONCERN_WITHOUT_TIMER: (
        "A concern has nobody who is told next",
        "Please see that somebody answers it.",
    ),
    Finding.REFERRAL_WITHOUT_STEP: (
        "A referral waits for nobody",
        "Please see that somebody takes the next step.",
    ),
    Finding.STEP_WITHOUT_TIMER: (
        "A next step has no reminder",
        "Please see that it is taken in time.",
    ),
    Finding.CHECKIN_WITHOUT_DIGEST: (
        "Somebody is to be asked something, in no digest",
        "Please ask them yourself what is overdue in their cases.",
    ),
}


def draw_something_stuck(finding: Finding) -> Message:
    """What is stuck, what to do now, and whom to tell. Nothing of whom it is about."""
    what, to_do = _WHAT[finding]
    return Message(
        what,
        [
            section(f"*{what}*", to_do),
            small_print(f"Tell whoever runs Careloop. Look for: {finding.value}"),
        ],
    )
