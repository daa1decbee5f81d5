"""What is shown of a case whose pair agreed to share it. People as Slack user ids."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.indications import Indication
from bot.care.referral import ReferralState
from bot.care.treatment_plan import TreatmentPlan
from bot.shown.case import ShownProgress


@dataclass(frozen=True)
class ShownShared:
    """What a pair agreed to show of a case; what they left out is None."""

    case_code: str
    surgeon: str
    therapist: str
    indication: Indication
    state: ReferralState
    since: datetime
    given: int
    planned: int
    shared_by: str
    plan: TreatmentPlan | None = None
    progress: ShownProgress | None = None
