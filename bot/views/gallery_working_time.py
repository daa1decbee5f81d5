"""Working hours and absences, once each, for a made-up surgeon."""

from dataclasses import replace
from datetime import date, time

from slack_sdk.models.views import View

from bot.care.people import Role
from bot.care.rhythm import Every
from bot.care.working_time import MONDAY_TO_FRIDAY, Weekday
from bot.shown.case import ShownAbsence, ShownHome, ShownSchedule
from bot.views.absence_news import draw_cover_asked
from bot.views.forms.absence import AbsenceForm
from bot.views.forms.working_time import WorkingTimeForm
from bot.views.home import draw_home
from bot.views.message import Message

ABSENCE = ShownAbsence(
    "5d84e6655aa0c1d3f2a9c01b", "U0RIVERA", date(2026, 4, 20), date(2026, 5, 1), "U0OKAFOR"
)
SCHEDULE = ShownSchedule(
    role=Role.SURGEON,
    zone="America/New_York",
    days=MONDAY_TO_FRIDAY,
    start=time(9),
    end=time(17),
    digest=time(9),
    clinic_region="US",
)
OWN = replace(
    SCHEDULE,
    days=frozenset({Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.SATURDAY}),
    start=time(7, 15),
    digest=time(8),
    region="US-NY",
    every=Every.TWO_WEEKS,
    paused_until=date(2026, 4, 17),
    absences=(ABSENCE, replace(ABSENCE, covered_by=None)),
)


def working_time() -> dict[str, Message | View]:
    """Name of the sample to what is drawn."""
    coordinator = replace(OWN, role=Role.COORDINATOR, every=None)
    return {
        "cover asked": draw_cover_asked(ABSENCE),
        "cover asked, one day": draw_cover_asked(replace(ABSENCE, last=ABSENCE.first)),
        "cover no longer needed": draw_cover_asked(replace(ABSENCE, is_ended=True)),
        "working hours": WorkingTimeForm.view(SCHEDULE),
        "working hours, own": WorkingTimeForm.view(OWN),
        "working hours, coordinator": WorkingTimeForm.view(coordinator),
        "away": AbsenceForm.view(SCHEDULE),
        "away, coordinator": AbsenceForm.view(coordinator),
        "home, with working hours": draw_home(ShownHome(Role.SURGEON, (), OWN)),
    }
