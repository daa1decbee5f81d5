"""A proposed change of the plan in a modal, with what its message in the thread offers."""

from typing import ClassVar

from slack_sdk.models.views import View

from bot.shown.plan import ShownPlanChange
from bot.views.modals import loading_view, reading_view
from bot.views.plan_messages import draw_plan_proposed


class ProposalView:
    """What would change and why; answered here as in the thread."""

    title: ClassVar[str] = "Change of plan"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, change: ShownPlanChange) -> View:
        return reading_view(cls.title, draw_plan_proposed(change).blocks)
