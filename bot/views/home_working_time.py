"""The part of the Home tab about oneself: working hours, digest, absences."""

from slack_sdk.models.blocks import Block

from bot.shown.case import ShownSchedule
from bot.views import working_time_words
from bot.views.carried import AboutAbsence, Action
from bot.views.message import actions, button, header, section
from bot.views.text import counted

_MOST_ABSENCES = 3


def working_time(schedule: ShownSchedule) -> list[Block]:
    """What holds, and the buttons that change it."""
    blocks: list[Block] = [
        header("Your working hours"),
        section(working_time_words.hours_line(schedule), working_time_words.digest_line(schedule)),
    ]
    for absence in schedule.absences[:_MOST_ABSENCES]:
        blocks.append(
            section(
                working_time_words.absence_line(absence),
                accessory=button(
                    Action.END_ABSENCE,
                    "Not away",
                    AboutAbsence(absence_id=absence.id),
                    says=f"Not away {working_time_words.days(absence.first, absence.last)}",
                ),
            )
        )
    rest = len(schedule.absences) - _MOST_ABSENCES
    if rest > 0:
        blocks.append(section(f"{counted(rest, 'more absence')}, later."))
    blocks += actions(
        [
            button(Action.WORKING_TIME, "Change hours", says="Change your working hours"),
            button(Action.ABSENCE, "I will be away", says="Enter an absence"),
        ]
    )
    return blocks
