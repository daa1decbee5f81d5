"""What of a case waits for an answer: concerns that are not settled, changes of plan asked for."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.care.progress import Progress
from bot.shown.case import ShownQuestion
from bot.store.tables.concerns import Concern


def unsettled(raised: Sequence[Concern], zone: ZoneInfo) -> tuple[ShownQuestion, ...]:
    """The concerns that are neither resolved nor withdrawn, without their words."""
    return tuple(
        ShownQuestion(
            day_in(concern.raised_at, zone), concern.severity, concern.state, concern.decision
        )
        for concern in raised
        if not concern.state.is_settled
    )


def requested(progress: Progress) -> tuple[ShownQuestion, ...]:
    """The changes of plan that were asked for since the plan was last changed."""
    return tuple(
        ShownQuestion(session.day, request=session.fields.plan_change_request)
        for session in progress.open_requests
        if session.fields.plan_change_request
    )


def day_in(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
