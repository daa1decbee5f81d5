"""Who is told of a wish to share a case, and what is drawn anew when it is answered or ends."""

from datetime import datetime
from typing import Final

from bot.care.people import Standing
from bot.care.sharing import ASK_LASTS
from bot.notices import ShareAnswered, ShareAsked, to_person, to_thread
from bot.services.deeds import OpenDeed
from bot.store.queries import outbox, people
from bot.store.queries import sharing as stored
from bot.store.tables.referrals import Referral
from bot.store.tables.referring import ShareRequest
from bot.store.tables.work import TimerKind

_THREAD: Final = "thread"
_ASKER: Final = "asker"


async def tell_asked(deed: OpenDeed, referral: Referral, share: ShareRequest) -> None:
    """Both of the pair are asked; nobody's answer ends the question by itself."""
    for side in (referral.surgeon_id, referral.therapist_id):
        if (await people.person(deed.session, side)).standing is Standing.MEMBER:
            notice = ShareAsked(share_id=share.id)
            await deed.tell(to_person(side), notice, _key(share, side))
    due = share.asked_at + ASK_LASTS
    await deed.set_timer(TimerKind.SHARE_ENDS, share.id, _round(share.asked_at), due)


async def tell_answered(
    deed: OpenDeed, referral: Referral, share: ShareRequest, *, agreed: bool
) -> None:
    """Whoever asked is told; the thread only of what others see of it."""
    await deed.clear_timers(share.id, TimerKind.SHARE_ENDS)
    await deed.tell(
        to_person(share.asked_by_id), ShareAnswered(share_id=share.id), _key(share, _ASKER)
    )
    if agreed:
        await deed.tell(
            to_thread(referral.id),
            ShareAnswered(share_id=share.id, in_thread=True),
            _key(share, _THREAD),
        )
    await _redraw_for_the_pair(deed, referral, share)


async def redraw(deed: OpenDeed, referral: Referral, share: ShareRequest) -> None:
    """Every message about it says how it stands now."""
    await _redraw_for_the_pair(deed, referral, share)
    for reader in (_ASKER, _THREAD):
        notice = ShareAnswered(share_id=share.id, in_thread=reader == _THREAD)
        await _redraw_if_there(deed, notice, _key(share, reader))


async def _redraw_for_the_pair(deed: OpenDeed, referral: Referral, share: ShareRequest) -> None:
    for side in (referral.surgeon_id, referral.therapist_id):
        await _redraw_if_there(deed, ShareAsked(share_id=share.id), _key(share, side))


async def _redraw_if_there(deed: OpenDeed, notice: ShareAsked | ShareAnswered, key: str) -> None:
    if await outbox.posted(deed.session, key) is not None:
        await deed.redraw(notice, key)


async def end_shares_with_the_case(deed: OpenDeed, referral: Referral) -> None:
    """The case has ended: nobody is asked any more, and nothing of it is shown any more."""
    for share in await stored.open_shares_of(deed.session, referral.id):
        await deed.clear_timers(share.id, TimerKind.SHARE_ENDS)
        await redraw(deed, referral, share)


def _key(share: ShareRequest, reader: str) -> str:
    """The outbox key of a message about one asking: asked again, it is another one."""
    return f"share:{share.id}:{_round(share.asked_at)}:{reader}"


def _round(asked_at: datetime) -> int:
    """Whoever asks again does so on another day."""
    return asked_at.toordinal()
