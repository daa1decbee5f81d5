"""Modals that are open in front of people: each is closed once nobody has touched it for a while.

45 CFR 164.312(a)(2)(iii), automatic logoff: a screen that was left shows no patient. Slack does not
say when somebody closes a modal, so whatever is shown is closed when its time is over; one that is
gone by then is no trouble. A form that somebody may still be typing into is left for longer.
"""

from datetime import timedelta
from typing import Final

from bot.care.permissions import Deed
from bot.ids import new_id
from bot.notices import CloseView, Place, PlaceKind, Priority
from bot.services.deeds import Deeds, Lease
from bot.store.queries import timers
from bot.store.tables.work import OutboxOperation, TimerKind

# What was typed is lost with the form, so it stays at least this long.
FORMS_STAY: Final = timedelta(minutes=60)


class OpenViews:
    """Sets the time of what is shown, and has it closed. `stays`: how long, untouched."""

    def __init__(self, deeds: Deeds, stays: timedelta) -> None:
        self._deeds = deeds
        self._stays = stays

    async def shown(self, view_id: str, *, is_form: bool) -> None:
        """A modal shows something new: its time begins anew."""
        stays = max(self._stays, FORMS_STAY) if is_form else self._stays
        async with self._deeds.begin(None, Deed.CLOSE_VIEW) as deed:
            await timers.set_anew(deed.session, TimerKind.CLOSE_VIEW, view_id, 0, deed.now + stays)

    async def close(self, lease: Lease, view_id: str) -> None:
        """Its time is over. It waits behind whatever else there is to send."""
        async with self._deeds.begin(None, Deed.CLOSE_VIEW, lease=lease) as deed:
            await deed.tell(
                Place(kind=PlaceKind.VIEW, subject=view_id),
                CloseView(view_id=view_id),
                f"close-view:{view_id}:{new_id()}",
                Priority.REDRAW,
                OutboxOperation.ERRAND,
            )
