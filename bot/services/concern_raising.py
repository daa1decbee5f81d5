"""Raising a concern: inside whatever deed finds the reason for it."""

from collections.abc import Sequence
from datetime import date

from bot.care.concern import Category, ConcernSource, ConcernState, Sbar, Severity
from bot.care.reader import read_note
from bot.care.rules import ClinicalRules
from bot.care.session import Hit
from bot.ids import new_id
from bot.notices import ConcernPosted, Priority, to_thread
from bot.services.concern_record import (
    HITS,
    concern_cell,
    hits_cell,
    posted_key,
    sbar_cell,
    seal,
)
from bot.services.deeds import OpenDeed
from bot.services.escalation import start
from bot.services.ladders import clinics_ladder
from bot.store.tables.concerns import Concern
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral

_ORDER = (Severity.EMERGENT, Severity.URGENT, Severity.SOON)


async def raise_concern(
    deed: OpenDeed,
    referral: Referral,
    raised_by: Person,
    severity: Severity,
    words: str,
    entry_id: str | None,
    *,
    concern_id: str | None = None,
    source: ConcernSource = ConcernSource.PERSON,
    hits: Sequence[Hit] = (),
    category: Category | None = None,
    sbar: Sbar | None = None,
) -> None:
    """Open a concern inside a deed: its ladder's copy, the thread's word, the first rung.

    `hits` are the rules that spoke, the most urgent first; the caller puts treatment on hold.
    """
    concern_id = concern_id or new_id()
    ladder = await clinics_ladder(deed.session, referral.team_id, severity)
    concern = Concern(
        id=concern_id,
        referral_id=referral.id,
        entry_id=entry_id,
        raised_by_id=raised_by.id,
        severity=severity,
        state=ConcernState.OPEN,
        words_sealed=await seal(deed, referral, concern_cell(concern_id), words),
        ladder=ladder.model_dump_json(),
        step=0,
        raised_at=deed.now,
        source=source,
        holds=any(hit.hold for hit in hits),
        category=category,
    )
    if hits:
        concern.hits_sealed = await seal(
            deed, referral, hits_cell(concern_id), HITS.dump_json(tuple(hits)).decode()
        )
    if sbar is not None and not sbar.is_empty:
        concern.sbar_sealed = await seal(
            deed, referral, sbar_cell(concern_id), sbar.model_dump_json()
        )
    deed.session.add(concern)
    await deed.session.flush()
    await deed.tell(
        to_thread(referral.id),
        ConcernPosted(concern_id=concern.id),
        posted_key(concern.id),
        Priority.URGENT,
    )
    await start(deed, referral, concern)
    await deed.redraw_card(referral)


def hits_in(words: str, sbar: Sbar, today: date, rules: ClinicalRules) -> tuple[Hit, ...]:
    """The rules that speak on the words of a concern, the most urgent first."""
    found: dict[str, Hit] = {}
    for text in filter(None, (words, sbar.background, sbar.assessment)):
        for flag in read_note(text, today, rules).red_flags:
            found.setdefault(flag.code.value, Hit.of(flag))
    return tuple(sorted(found.values(), key=lambda hit: _ORDER.index(Severity(hit.urgency.value))))


def at_least(chosen: Severity, hits: Sequence[Hit]) -> Severity:
    """The more urgent of what somebody chose and what the rules say."""
    return min([chosen, *(Severity(hit.urgency.value) for hit in hits)], key=_ORDER.index)
