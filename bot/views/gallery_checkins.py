"""Digests, answers and their forms, once each, for made-up cases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from slack_sdk.models.views import View

from bot.care.checkins import Answer, CheckInKind, CheckInState
from bot.care.credentials import UsState
from bot.care.referral import Step
from bot.care.rhythm import Every
from bot.shown.case import ShownAnswer, ShownDigest, ShownLine, ShownRhythm
from bot.shown.directory import ShownLicence, ShownLicenceEnd
from bot.views.checkin_news import draw_checkin_answered
from bot.views.digest import draw_digest
from bot.views.forms.rhythm import RhythmForm
from bot.views.forms.snooze import SnoozeForm
from bot.views.forms.wish import WishForm
from bot.views.message import Message

_DUE = datetime(2026, 4, 13, 21, 0, tzinfo=UTC)
_LINK = "https://clinic.slack.com/archives/C0PAIR/p1776168000000100"

SESSION = ShownLine(
    checkin_id="1d3f2a9c01b7d84e6655aa0c",
    case_code="K7QF-3M",
    kind=CheckInKind.STEP,
    due=_DUE,
    asked="U0LEE",
    other="U0RIVERA",
    referral_id="3f2a9c01b7d84e6655aa0c1d",
    step=Step.NEXT_UPDATE,
    told=1,
    thread_link=_LINK,
)
WEEKLY = replace(
    SESSION,
    checkin_id="2d3f2a9c01b7d84e6655aa0c",
    case_code="M3WC-9R",
    kind=CheckInKind.WEEKLY,
    step=None,
    asked="U0RIVERA",
    other="U0LEE",
)
JOINT = replace(WEEKLY, checkin_id="3d3f2a9c01b7", kind=CheckInKind.JOINT, half=1)
PLAN = replace(WEEKLY, checkin_id="4d3f2a9c01b7", case_code="R4TD-6X", kind=CheckInKind.PLAN)
PROPOSAL = replace(
    WEEKLY,
    checkin_id="7d3f2a9c01b7",
    case_code="T5VK-3H",
    kind=CheckInKind.PROPOSAL,
    version_id="p2",
)
HOLD = replace(
    WEEKLY,
    checkin_id="5d3f2a9c01b7",
    case_code="X2PN-7K",
    kind=CheckInKind.STEP,
    step=Step.CLEAR_HOLD,
)
SILENT = replace(
    SESSION,
    checkin_id="6d3f2a9c01b7",
    kind=CheckInKind.SILENT,
    step=None,
    asked="U0PARK",
    thread_link=None,
    about=replace(SESSION, told=2),
)
ENDS = ShownLicenceEnd(
    ShownLicence("5d0c11", "U0LEE", "027314", UsState.NY, date(2026, 5, 14), verified_at=_DUE), 30
)


def every_line() -> tuple[ShownLine, ...]:
    """A line of each kind, open."""
    steps = tuple(
        replace(SESSION, checkin_id=f"step{number}", step=step, case_code=f"K{number}QF-3M")
        for number, step in enumerate(Step, 2)
    )
    return (*steps, WEEKLY, JOINT, replace(JOINT, half=2), PLAN, PROPOSAL, SILENT)


def checkins() -> dict[str, Message | View]:
    """Name of the sample to what is drawn."""
    surgeon = ShownDigest("U0RIVERA", (HOLD, PROPOSAL, PLAN, JOINT, WEEKLY))
    logged = replace(SESSION, state=CheckInState.SETTLED, answer=Answer.DONE, answered_by="U0LEE")
    rests = replace(SESSION, case_code="R4TD-6X", rests_until=date(2026, 4, 16))
    moot = replace(WEEKLY, state=CheckInState.MOOT)
    overview = tuple(
        replace(line, is_overview=True, checkin_id=f"o{place}")
        for place, line in enumerate(
            (SESSION, replace(HOLD, away_until=date(2026, 4, 24)), rests, logged)
        )
    )
    wish = ShownAnswer("K7QF-3M", CheckInKind.STEP, "U0LEE", "Once a week is enough.", True)
    return {
        "digest, therapist": draw_digest(ShownDigest("U0LEE", (SESSION,))),
        "digest, asked again": draw_digest(ShownDigest("U0LEE", (replace(SESSION, told=2),))),
        "digest, surgeon": draw_digest(surgeon),
        "digest, for a colleague": draw_digest(ShownDigest("U0OKAFOR", (HOLD,))),
        "digest, half settled": draw_digest(ShownDigest("U0LEE", (logged, rests, moot))),
        "digest, all settled": draw_digest(ShownDigest("U0LEE", (logged,))),
        "digest, coordinator": draw_digest(ShownDigest("U0PARK", (SILENT, *overview))),
        "digest, coordinator's week": draw_digest(ShownDigest("U0PARK", overview)),
        "digest, as long as it gets": draw_digest(long_digest()),
        "digest, own licence ends": draw_digest(ShownDigest("U0LEE", (), (ENDS,))),
        "digest, own licence has ended": draw_digest(
            ShownDigest("U0LEE", (SESSION,), (replace(ENDS, days=-1),))
        ),
        "digest, licences for a coordinator": draw_digest(
            ShownDigest("U0PARK", (SILENT,), licences_for_a_coordinator())
        ),
        "check-in answered": draw_checkin_answered(
            replace(wish, kind=CheckInKind.WEEKLY, words="", wants_another_plan=False)
        ),
        "joint check-in answered": draw_checkin_answered(
            replace(wish, kind=CheckInKind.JOINT, words="", wants_another_plan=False)
        ),
        "change of plan asked for": draw_checkin_answered(wish),
        "ask me later": SnoozeForm.view(SESSION.checkin_id),
        "change the plan": WishForm.view(SESSION.checkin_id),
        "check-ins of a case": RhythmForm.view(
            ShownRhythm("3f2a9c01b7d84e66", "K7QF-3M", None, Every.TWO_WEEKS, joint=True)
        ),
    }


def long_digest() -> ShownDigest:
    """More than anybody reads, and an overview of more than is shown."""
    lines = tuple(
        replace(
            SESSION,
            checkin_id=f"{place:024x}",
            case_code=f"K{place % 8 + 2}{place // 8 + 2}F-3M",
            due=_DUE - timedelta(days=place),
            is_overview=place >= 24,
        )
        for place in range(54)
    )
    return ShownDigest("U0LEE", lines, licences_for_a_coordinator() * 2)


def licences_for_a_coordinator() -> tuple[ShownLicenceEnd, ...]:
    """One of each kind."""
    cases = tuple(f"K{number}QF-3M" for number in range(2, 9))
    return (
        ENDS,
        replace(ENDS, days=0),
        replace(ENDS, days=-3, case_codes=cases),
        replace(ENDS, days=-1),
        replace(ENDS, is_renewed=True),
    )
