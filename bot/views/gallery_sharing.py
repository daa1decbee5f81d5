"""Samples of a patient whom colleagues treat, too: found, asked about, answered, and shown."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from slack_sdk.models.views import View

from bot.care.indications import Indication
from bot.care.people import Role
from bot.care.referral import ReferralState
from bot.care.referral_form import FormStep
from bot.care.sharing import SharedPart, ShareStanding
from bot.shown.case import ShownCase, ShownHome
from bot.shown.referring import ShownElsewhere, ShownOwnCase
from bot.shown.shared import ShownShared
from bot.shown.sharing import ShownShare
from bot.views.forms.refer import ReferForm
from bot.views.forms.share import SharedView, ShareForm
from bot.views.gallery_plans import PLAN
from bot.views.gallery_progress import treatment
from bot.views.gallery_referring import at_step
from bot.views.home import draw_home
from bot.views.message import Message
from bot.views.share_news import draw_share_answered, draw_share_asked, draw_share_in_thread

SHARE: Final = ShownShare(
    share_id="s1",
    case_code="K7QF-3M",
    surgeon="U0RIVERA",
    therapist="U0LEE",
    asked_by="U0OKAFOR",
    asked_at=datetime(2026, 4, 14, 15, tzinfo=UTC),
    lapses_at=datetime(2026, 4, 21, 15, tzinfo=UTC),
    standing=ShareStanding.WAITS,
    own_code="M3WC-9R",
)
AGREED: Final = replace(
    SHARE, standing=ShareStanding.AGREED, answered_by="U0LEE", parts=tuple(SharedPart)
)
SHARED: Final = ShownShared(
    case_code="K7QF-3M",
    surgeon="U0RIVERA",
    therapist="U0LEE",
    indication=Indication.LIPOSUCTION,
    state=ReferralState.IN_PROGRESS,
    since=datetime(2026, 4, 1, 15, tzinfo=UTC),
    given=4,
    planned=10,
    shared_by="U0LEE",
    plan=PLAN,
)


def sharing(case: ShownCase) -> dict[str, Message | View]:
    """Name of the sample to what is drawn; `case` is a treatment under way."""
    found = {
        "nobody was asked": ShownElsewhere(can_ask=True),
        "colleagues were asked": ShownElsewhere(waits=True),
        "colleagues declined": ShownElsewhere(declined=True),
        "colleagues share": ShownElsewhere(shared=("s1",)),
        "too many looks": ShownElsewhere(was_looked=False),
    }
    own = ShownOwnCase("Q8RT-2B", "U0HADDAD", ReferralState.ACCEPTED, is_same_reason=True)
    step = at_step(FormStep.SURGERY)
    declined = replace(SHARE, standing=ShareStanding.DECLINED, answered_by="U0RIVERA")
    return {
        **{
            f"refer, {name}": ReferForm.view(replace(step, elsewhere=one))
            for name, one in found.items()
        },
        "refer, own case": ReferForm.view(replace(step, own_cases=(own,))),
        **{
            f"asked to share, {one.value}": draw_share_asked(
                replace(AGREED if one is ShareStanding.AGREED else SHARE, standing=one)
            )
            for one in ShareStanding
        },
        "share, agreed, for the asker": draw_share_answered(AGREED),
        "share, declined, for the asker": draw_share_answered(declined),
        "share, stopped, for the asker": draw_share_answered(
            replace(declined, standing=ShareStanding.STOPPED)
        ),
        "share, ended, for the asker": draw_share_answered(
            replace(AGREED, standing=ShareStanding.CASE_ENDED, own_code="")
        ),
        "share, in the thread": draw_share_in_thread(AGREED),
        "share, in the thread, ended": draw_share_in_thread(declined),
        "share form": ShareForm.view(SHARE),
        "shared case": SharedView.view(replace(SHARED, progress=treatment(case))),
        "shared case, without plan and sessions": SharedView.view(replace(SHARED, plan=None)),
        "home, asked to share, and shared with": draw_home(
            ShownHome(Role.SURGEON, (), asked_to_share=(SHARE,), shared_with=(AGREED,))
        ),
    }
