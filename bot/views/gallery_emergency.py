"""Access in an emergency for the gallery, with made-up values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from slack_sdk.models.views import View

from bot.care.people import Role
from bot.shown.case import ShownCase, ShownHome
from bot.shown.emergency import (
    ShownEmergencies,
    ShownEmergency,
    ShownEmergencyReason,
    ShownMember,
)
from bot.views.emergency_news import draw_emergency_for_holder, draw_emergency_for_others
from bot.views.forms.emergency import (
    EmergencyCaseView,
    EmergencyForm,
    EmergencyGroupForm,
    EmergencyReasonView,
)
from bot.views.home import draw_home
from bot.views.message import Message

_AT = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
ACCESS = ShownEmergency(
    "5c1f7a0e2b9d4c83a6e0f412",
    "3f2a9c01b7d84e6655aa0c1d",
    "K7QF-3M",
    "U0OKAFOR",
    _AT,
    _AT + timedelta(hours=4),
)
_MEMBER = ShownMember("77aa0c1d3f2a9c01b7d84e66", "U0OKAFOR", _AT)


def emergencies(case: ShownCase) -> dict[str, Message | View]:
    """Name of the sample to what is drawn; `case` is the one that is opened."""
    over = replace(ACCESS, ended_at=_AT + timedelta(hours=1))
    home = ShownHome(Role.COORDINATOR, (case,), emergencies=ShownEmergencies(True, (ACCESS,)))
    reason = "Found unconscious at home. We need to know about the drains and the drugs."
    return {
        "emergency access": EmergencyForm.view(timedelta(hours=4)),
        "emergency access, the case": EmergencyCaseView.view(case, ACCESS),
        "emergency access, why": EmergencyReasonView.view(ShownEmergencyReason(ACCESS, reason)),
        "emergency access, for the holder": draw_emergency_for_holder(ACCESS),
        "emergency access, for the holder, over": draw_emergency_for_holder(over),
        "emergency access, for others": draw_emergency_for_others(ACCESS),
        "emergency access, for others, over": draw_emergency_for_others(over),
        "emergency group": EmergencyGroupForm.view((_MEMBER,)),
        "emergency group, nobody": EmergencyGroupForm.view(()),
        "home, with emergency access": draw_home(home),
    }
