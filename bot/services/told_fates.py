"""What became of each attempt to tell somebody of a concern, kept beside the attempt."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.escalation import Fate
from bot.notices import ConcernAlert, ConcernCalled, Notice, OutsideCall
from bot.store.queries import concerns
from bot.store.tables.concerns import Told
from bot.store.tables.work import OutboxOperation, OutboxRow, OutboxState

_FATES = {
    OutboxState.SENT: Fate.DELIVERED,
    OutboxState.PARKED: Fate.REFUSED,
    OutboxState.DROPPED: Fate.NOT_NEEDED,
}


async def note_fate(session: AsyncSession, notice: Notice, row: OutboxRow, now: datetime) -> None:
    """Write down what became of a row that tells somebody of a concern; of others nothing.

    A try that failed is one, until it goes through or is given up.
    """
    if row.operation is not OutboxOperation.POST:
        return
    told = await _attempt(session, notice, row)
    if told is None:
        return
    told.fate = _FATES.get(row.state, Fate.TRIED)
    told.fate_at = row.sent_at if row.state is OutboxState.SENT else now
    told.error = row.error
    session.add(told)


async def _attempt(session: AsyncSession, notice: Notice, row: OutboxRow) -> Told | None:
    match notice:
        case ConcernAlert():
            return await concerns.told_person(
                session, notice.concern_id, notice.step, notice.person_id
            )
        case ConcernCalled():
            return await concerns.told_channel(session, notice.concern_id, notice.step)
        case OutsideCall():
            name = row.lane.partition(":")[2]
            return await concerns.told_outside(session, notice.concern_id, notice.step, name)
        case _:
            return None
