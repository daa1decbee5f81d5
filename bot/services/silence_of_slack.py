"""When Slack itself does not answer: urgent concerns that are owed go outside, once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import ConcernState
from bot.care.escalation import Fate, Hearing, Way
from bot.care.permissions import Deed
from bot.ids import new_id
from bot.notices import ConcernAlert, OutsideCall, Priority, to_outside
from bot.services.deeds import Deeds, OpenDeed
from bot.store.queries import concerns as stored
from bot.store.queries import outbox
from bot.store.tables.concerns import Concern, Told

SILENT_FOR: Final = timedelta(minutes=2)


class SilenceOfSlack:
    """Looks for alerts that Slack has not taken for two minutes. `outside` are channels' names."""

    def __init__(self, deeds: Deeds, outside: Sequence[str]) -> None:
        self._deeds = deeds
        self._outside = tuple(outside)

    async def __call__(self) -> datetime | None:
        """Call outside for every open concern whose alert is stuck; when to look again.

        A bot that was down itself sends first: only what was tried and failed is stuck, and what
        waits beside it.
        """
        now = self._deeds.clock.now()
        async with self._deeds.database.reading() as session:
            waits = await outbox.unsent_of_kind(session, "concern_alert")
            stuck = [row for row in waits if row.owed_at <= now - SILENT_FOR]
            if any(row.error for row in stuck):
                notices = [await outbox.read(session, self._deeds.vault, row) for row in stuck]
            else:
                notices = []
            ahead = [row.owed_at for row in waits if row.owed_at > now - SILENT_FOR]
            about = {one.concern_id for one in notices if isinstance(one, ConcernAlert)}
            # Looked at before a deed is opened: its end rings this very tick again.
            wanted = [one for one in sorted(about) if await self._to_call(session, one)]
        for concern_id in wanted:
            await self._call(concern_id)
        return min(ahead) + SILENT_FOR if ahead else None

    async def _call(self, concern_id: str) -> None:
        async with self._deeds.begin(None, Deed.ESCALATE) as deed:
            concern = await stored.concern_to_change(deed.session, concern_id)
            names = await self._to_call(deed.session, concern_id)
            if concern is None or not names:
                return
            for name in names:
                await _call(deed, concern, name)
            await deed.note("concern", concern.id, outside="slack_silent")

    async def _to_call(self, session: AsyncSession, concern_id: str) -> list[str]:
        """The channels that have not been called for an open concern in this round."""
        concern = await stored.concern(session, concern_id)
        if concern is None or concern.state is not ConcernState.OPEN:
            return []
        known = await stored.told_of(session, concern.id)
        called = {one.outside for one in known if one.step >= (concern.round_step or 0)}
        return [name for name in self._outside if name not in called]


async def _call(deed: OpenDeed, concern: Concern, name: str) -> None:
    # With the last step that was told: it is that one's alert which Slack does not take.
    step = max(concern.step - 1, 0)
    deed.session.add(
        Told(
            id=new_id(),
            concern_id=concern.id,
            outside=name,
            step=step,
            at=deed.now,
            way=Way.OUTSIDE,
            hearing=Hearing.HEARS,
            fate=Fate.OWED,
        )
    )
    await deed.tell(
        to_outside(name),
        OutsideCall(concern_id=concern.id, step=step, slack_is_silent=True),
        f"silent:{concern.id}:{concern.round or 0}:{name}",
        Priority.URGENT,
    )
