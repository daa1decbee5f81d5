"""The nudge: a next step was due and has not been done. A direct message, once a step."""

from bot.care.referral import Step
from bot.shown import ShownCase
from bot.views.carried import Action
from bot.views.message import Message, actions, link, section
from bot.views.text import escape, lowered, when

_HOW: dict[Step, str] = {
    Step.ANSWER: "Open the thread and choose Accept or Decline on the card.",
    Step.GIVE_INFORMATION: "Reply in the thread.",
    Step.FIRST_SESSION: "Reply in the thread. A few words are enough.",
    Step.NEXT_UPDATE: (
        "Reply in the thread. A few words are enough. If there was no session, write that."
    ),
    Step.CLEAR_HOLD: "Open the thread and decide.",
    Step.CONFIRM_CANCEL: "Open the thread and confirm.",
    Step.REVIEW: "Open the thread and look at the outcome.",
    Step.ANSWER_QUESTION: "Open the thread and choose Answer the question on the card.",
    Step.REFER_ELSEWHERE: "Use `/refer` for another therapist, or close the case on its card.",
}


def draw_step_overdue(case: ShownCase) -> Message:
    """To the owner of the next step. If it was done meanwhile, it says so and asks nothing."""
    code = escape(case.case_code)
    step = case.next_step
    if step is None or not step.is_overdue:
        return Message(f"{code}: done, thank you", [section(f"*{code}:* done, thank you.")])
    return Message(
        f"{code} overdue: {lowered(step.step.label)}",
        [
            section(
                f"*{code}: {lowered(step.step.label)}*",
                f"This was due {when(step.due)}.",
                _HOW[step.step],
            ),
            *actions(link(Action.OPEN_THREAD, "Open the thread", case.thread_link)),
        ],
    )
