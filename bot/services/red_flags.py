"""What rules make of a session update: a concern at once, and a hold where a rule says so.

Nothing here waits for a confirmation, and nothing here is taken back because words were edited: a
concern ends when a person deals with it, or withdraws it with a reason.
"""

from collections.abc import Sequence

from bot.care.codes import Urgency
from bot.care.concern import ConcernSource, ConcernState, Severity, Worry
from bot.care.rules import ClinicalRules
from bot.care.session import Hit, Session, StoredReading
from bot.care.session_hits import hits_on_numbers, hits_on_signs
from bot.notices import ConcernPosted
from bot.services.concern_raising import raise_concern
from bot.services.concern_record import HITS, hits_cell, posted_key
from bot.services.deeds import OpenDeed
from bot.services.holds import put_on_hold
from bot.store.queries import concerns as stored
from bot.store.queries.referrals import patient
from bot.store.tables.concerns import Concern
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry

_ORDER = (Urgency.EMERGENT, Urgency.URGENT, Urgency.SOON)


def hits_of(
    entry_id: str, reading: StoredReading, known: Sequence[Session], rules: ClinicalRules
) -> tuple[Hit, ...]:
    """Every rule that speaks on an update, each once, the most urgent first; `known` are the
    referral's sessions in order."""
    found = list(reading.hits)
    mine = next((one for one in known if one.entry_id == entry_id), None)
    if mine is not None:
        found += hits_on_signs(mine, rules)
        found += hits_on_numbers(_before(mine, known), mine, rules)
    by_rule: dict[str, Hit] = {}
    for hit in found:
        by_rule.setdefault(hit.rule, hit)
    return tuple(sorted(by_rule.values(), key=lambda hit: _ORDER.index(hit.urgency)))


def affected_by(
    entry_id: str, known: Sequence[Session], rules: ClinicalRules, *, is_new: bool
) -> tuple[tuple[Session, bool], ...]:
    """The other sessions whose numbers may say something else since one was added, revised or taken
    away; and whether a rule speaks on their numbers now. A new one says nothing of those before."""
    mine = next((one for one in known if one.entry_id == entry_id), None)
    earlier = known if mine is None else _before(mine, known)
    return tuple(
        (one, bool(hits_on_numbers(_before(one, known), one, rules)))
        for one in known
        if one.entry_id != entry_id and not one.withdrawn and not (is_new and one in earlier)
    )


def _before(mine: Session, known: Sequence[Session]) -> list[Session]:
    """The sessions that took place before one, missed visits among them."""
    return [one for one in known[: known.index(mine)] if not one.withdrawn]


async def act_on(
    deed: OpenDeed,
    referral: Referral,
    entry: Entry,
    author: Person,
    hits: Sequence[Hit],
    words: str,
    *,
    worry: Worry | None = None,
    still_worries: bool = False,
) -> None:
    """Open a concern for what is new: rules that speak, or a worry in so many words.

    `words` are the update's. Repeated, it changes nothing. `still_worries` says that there is a
    worry in it, if not a new one.
    """
    concern = await stored.concern_of_entry(deed.session, entry.id)
    if concern is None:
        if hits or worry is not None:
            source = ConcernSource.PERSON if worry is not None else ConcernSource.RED_FLAG
            least = [worry.severity] if worry is not None else []
            await raise_concern(
                deed,
                referral,
                author,
                _most_urgent([*least, *_severities(hits)]),
                worry.words if worry is not None else words,
                entry.id,
                source=source,
                hits=hits,
            )
            await _hold(deed, referral, hits)
        return
    is_worried = still_worries or worry is not None
    await _go_on(deed, referral, concern, author, hits, words, is_worried=is_worried)


async def worry_anew(
    deed: OpenDeed, referral: Referral, entry: Entry, author: Person, said: str, *, is_read: bool
) -> None:
    """A worry that came to an update which may have its concern: one of its own, unless it is read
    there (`is_read`: it stands in the update's words) and nobody has answered that one yet."""
    concern = await stored.concern_of_entry(deed.session, entry.id)
    if is_read and (concern is None or concern.state is ConcernState.OPEN):
        return
    await raise_concern(deed, referral, author, Severity.SOON, said, None)


async def _go_on(
    deed: OpenDeed,
    referral: Referral,
    concern: Concern,
    author: Person,
    hits: Sequence[Hit],
    words: str,
    *,
    is_worried: bool,
) -> None:
    """The words of an update that has its concern were revised."""
    known = await opened_hits(deed, referral, concern)
    speaking = {hit.rule for hit in hits}
    told = {hit.rule for hit in known}
    gone = any(hit.rule not in speaking for hit in known)
    if not known and concern.source is ConcernSource.PERSON:
        gone = not is_worried
    # A sign that was taken back, dealt with, and is there again is another sign.
    is_back = concern.words_gone_at is not None and not gone and concern.state.is_settled
    new = [hit for hit in hits if is_back or hit.rule not in told]
    if gone != (concern.words_gone_at is not None):
        concern.words_gone_at = deed.now if gone else None
        deed.session.add(concern)
    if new:
        if not _covers(concern, new):
            # Worse than what is being answered, or answered already: a concern of its own.
            await raise_concern(
                deed,
                referral,
                author,
                _most_urgent(_severities(new)),
                words,
                None,
                source=ConcernSource.RED_FLAG,
                hits=new,
            )
            new = [hit.model_copy(update={"elsewhere": True}) for hit in new]
        added = [hit for hit in new if hit.rule not in told]
        await _keep_hits(deed, referral, concern, (*known, *added))
        await _hold(deed, referral, new)
    await deed.redraw(ConcernPosted(concern_id=concern.id), posted_key(concern.id))


async def words_are_gone(deed: OpenDeed, entry: Entry) -> None:
    """The words on which rules spoke were deleted or moved: the concern stays, and says so."""
    concern = await stored.concern_of_entry(deed.session, entry.id)
    if concern is None or concern.words_gone_at is not None:
        return
    concern.words_gone_at = deed.now
    deed.session.add(concern)
    await deed.redraw(ConcernPosted(concern_id=concern.id), posted_key(concern.id))


def _covers(concern: Concern, new: Sequence[Hit]) -> bool:
    worst = _most_urgent([concern.severity, *_severities(new)])
    return concern.state is ConcernState.OPEN and worst is concern.severity


async def opened_hits(deed: OpenDeed, referral: Referral, concern: Concern) -> tuple[Hit, ...]:
    """The rules that raised a concern; none for one that a person raised."""
    if concern.hits_sealed is None:
        return ()
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    return HITS.validate_json(await deed.open(key_id, hits_cell(concern.id), concern.hits_sealed))


async def _keep_hits(
    deed: OpenDeed, referral: Referral, concern: Concern, hits: Sequence[Hit]
) -> None:
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    concern.hits_sealed = await deed.seal(
        key_id, hits_cell(concern.id), HITS.dump_json(tuple(hits)).decode()
    )
    concern.holds = bool(concern.holds) or any(hit.hold and not hit.elsewhere for hit in hits)
    deed.session.add(concern)


async def _hold(deed: OpenDeed, referral: Referral, hits: Sequence[Hit]) -> None:
    if any(hit.hold for hit in hits):
        await put_on_hold(deed, referral)


def _severities(hits: Sequence[Hit]) -> list[Severity]:
    return [Severity(hit.urgency.value) for hit in hits]


def _most_urgent(severities: Sequence[Severity]) -> Severity:
    return min(severities, key=lambda one: _ORDER.index(Urgency(one.value)))
