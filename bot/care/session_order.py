"""In which order sessions took place, and which session each was.

A session is counted by its day, not by when it was told. A number in the note is the therapist's
own and stands, also where it does not fit: the bot never makes up another beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

from bot.care.session import Session


def in_order(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """By day. Those of one day as they were told, but that numbers in their notes go upwards."""
    told = sorted(sessions, key=lambda one: (one.day, one.number))
    return tuple(one for _, day in groupby(told, key=lambda one: one.day) for one in _of_day(day))


def numbered(sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Sessions in order, `number` being which session it was.

    That is the number that the note gives; else the next after the highest so far. A missed visit
    is no session and has 0.
    """
    found: list[Session] = []
    highest = 0
    for session in in_order(sessions):
        number = 0
        if session.counts:
            said = session.fields.session_number
            number = said if said is not None else highest + 1
        highest = max(highest, number)
        found.append(replace(session, number=number))
    return tuple(found)


def number_of(entry_id: str, sessions: Iterable[Session]) -> int:
    """Which session an update is; 0 for one that is none."""
    return {one.entry_id: one.number for one in _standing(sessions)}.get(entry_id, 0)


def same_number(entry_id: str, sessions: Iterable[Session]) -> Session | None:
    """Another session that has the number which this one's note gives itself: one of the two is a
    slip, or the same session was told twice. The newest of them."""
    standing: Mapping[str, Session] = {one.entry_id: one for one in _standing(sessions)}
    mine = standing.get(entry_id)
    if mine is None or not mine.counts or mine.fields.session_number is None:
        return None
    others = [
        one for one in standing.values() if one.number == mine.number and one.entry_id != entry_id
    ]
    return others[-1] if others else None


def _standing(sessions: Iterable[Session]) -> tuple[Session, ...]:
    return numbered(one for one in sessions if not one.withdrawn)


def _of_day(told: Iterable[Session]) -> list[Session]:
    """Those without a number keep their places; those with one share theirs out upwards."""
    sessions = list(told)
    places = [at for at, one in enumerate(sessions) if _said(one)]
    upwards = sorted((sessions[at] for at in places), key=_said)
    for at, one in zip(places, upwards, strict=True):
        sessions[at] = one
    return sessions


def _said(session: Session) -> int:
    return session.fields.session_number or 0
