"""What coordinators set about concerns, once each, with made-up people."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from slack_sdk.models.views import View

from bot.care.concern import ConcernState, Severity
from bot.care.ladder import DEFAULT_LADDERS, Ladder, Rung, Tell
from bot.care.ladder_limits import problems
from bot.care.people import Role
from bot.shown.case import (
    ShownConcern,
    ShownHandover,
    ShownHome,
    ShownLadder,
    ShownLadders,
    ShownTelling,
)
from bot.views.forms.ladders import AboutRung, LadderForm, LaddersView, RungForm, TelephoneForm
from bot.views.home import draw_home
from bot.views.message import Message

_NOON = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
_LADDER = Ladder(
    rungs=(
        Rung(tell=Tell.SURGEON, after_minutes=0, times=2, every_minutes=5),
        Rung(tell=Tell.OUTSIDE, after_minutes=10, outside="pager"),
        Rung(tell=Tell.CLINIC_CHANNEL, after_minutes=60),
    ),
    repeat_minutes=30,
    resolve_hours=24,
    version=3,
)
SHOWN = ShownLadder(
    severity=Severity.URGENT,
    ladder=_LADDER,
    reasons=problems(_LADDER, Severity.URGENT, frozenset()),
    preview=(
        ShownTelling(_NOON, ("U0RIVERA",)),
        ShownTelling(_NOON + timedelta(minutes=10), (), ("pager",)),
        ShownTelling(_NOON + timedelta(minutes=60), ("U0RIVERA", "U0PARK"), ("",)),
    ),
    example="K7QF-3M",
    changed_by="U0PARK",
    changed_at=_NOON,
    outside=("pager", "duty-mail"),
)


def concerns_at_home(concern: ShownConcern) -> dict[str, Message | View]:
    """Name of the sample to what is drawn: what waits for a surgeon who covers, or was asked."""
    reader = "U0OKAFOR"
    asked = ShownHandover(1, "U0RIVERA", reader, _NOON, None, waits=True)
    mine = replace(
        concern,
        case_code="M4TD-8X",
        state=ConcernState.ACKNOWLEDGED,
        acknowledged_by=reader,
        acknowledged_at=_NOON,
    )
    known = (concern, mine, replace(concern, case_code="B9WZ-5H", handovers=(asked,)))
    home = ShownHome(Role.SURGEON, (), asked_of=known, reader=reader)
    return {"home, concerns that wait": draw_home(home)}


def ladders() -> dict[str, Message | View]:
    """Name of the sample to what is drawn."""
    defaults = tuple(
        replace(SHOWN, severity=one, ladder=DEFAULT_LADDERS[one], reasons=(), changed_by=None)
        for one in Severity
    )
    about = AboutRung(severity="urgent", ladder=_LADDER.model_dump_json(), index=1)
    return {
        "ladders": LaddersView.view(ShownLadders(defaults, "+1 212 555 0100")),
        "ladders, no telephone and no case": LaddersView.view(
            ShownLadders((replace(SHOWN, example="", preview=()),), "")
        ),
        "ladder, refused": LadderForm.view(SHOWN),
        "rung": RungForm.view(about, SHOWN.outside),
        "rung, new": RungForm.view(about.model_copy(update={"index": -1}), ()),
        "telephone": TelephoneForm.view("+1 212 555 0100"),
    }
