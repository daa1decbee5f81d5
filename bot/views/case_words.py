"""A case in plain words: where it stands and what is next. No identifiers."""

from bot.care.referral import ReferralState
from bot.shown.case import ShownCase, ShownStep
from bot.views.text import counted, mention, when

STANDS: dict[ReferralState, str] = {
    ReferralState.REQUESTED: "Waiting for an answer.",
    ReferralState.INFO_NEEDED: "The therapist has a question.",
    ReferralState.ACCEPTED: "Accepted. No session yet.",
    ReferralState.SCHEDULED: "The first visit is booked.",
    ReferralState.IN_PROGRESS: "Treatment is under way.",
    ReferralState.ON_HOLD: "On hold. No massage until the surgeon clears it.",
    ReferralState.CANCEL_REQUESTED: "The surgeon asked to cancel.",
    ReferralState.COMPLETED: "Treatment is finished. The outcome awaits review.",
    ReferralState.CLOSED: "Closed. Nothing more is due.",
    ReferralState.DECLINED: "Declined. The patient still needs a therapist.",
    ReferralState.CANCELLED: "Cancelled. Nothing more is due.",
    ReferralState.NOT_COMPLETED: "Stopped before the plan was done. Awaits review.",
}


def next_line(step: ShownStep) -> str:
    """Who does what, until when; overdue is said in a word, not in a color."""
    task = f"{mention(step.owner)}: {step.step.label}"
    if step.is_overdue:
        return f":warning: *Overdue* since {when(step.due)}\n{task}"
    return f"*Next, due {when(step.due)}*\n{task}"


def plan_line(case: ShownCase) -> str:
    """Which version of the plan is in force; the first one goes without saying."""
    line = f"Plan version {case.plan_number}" if case.plan_number > 1 else ""
    if case.is_plan_change_open:
        return f"{line or 'Plan'}. A change waits for an answer in the thread."
    return line


def sessions_line(case: ShownCase) -> str:
    """How far the plan is, and its rhythm."""
    planned = counted(case.sessions, "session")
    rhythm = case.frequency.label.lower()
    if case.updates > case.sessions:
        return f"{case.updates:,} session updates, {planned} planned, {rhythm}"
    if case.state.is_treatment_under_way or case.updates:
        return f"{case.updates:,} of {planned}, {rhythm}"
    return f"{planned}, {rhythm}"
