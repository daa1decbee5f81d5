"""Every rule that speaks on a session: signs named in a list, and what its numbers show.

Pain is compared like with like: on leaving, on arrival, and across the session itself.
"""

from collections.abc import Callable, Sequence

from bot.care.changes import Change, NumberHit, SessionNumbers, number_hits
from bot.care.rules import ClinicalRules
from bot.care.session import Hit, Session

_Pain = Callable[[Session], float | None]


def hits_on_signs(session: Session, rules: ClinicalRules) -> tuple[Hit, ...]:
    """The rules of the signs in a session's list, with what they cover for their words."""
    return tuple(
        Hit(
            rule=code.value,
            urgency=rules.flags[code].urgency,
            hold=rules.flags[code].hold,
            version=rules.version,
            words=rules.flags[code].covers,
        )
        for code in session.fields.red_flags
    )


def hits_on_numbers(
    before: Sequence[Session], now: Session, rules: ClinicalRules
) -> tuple[Hit, ...]:
    """The rules on numbers that `now` sets off; `before` are the sessions before it."""
    history = [*before, now]
    found: dict[str, NumberHit] = {}
    for numbers in (
        [_numbers(one, _on_leaving) for one in history],
        [_numbers(one, _on_arrival) for one in history],
    ):
        for hit in number_hits(numbers, rules):
            found.setdefault(hit.change.value, hit)
    across = [_numbers(now, _on_arrival), _numbers(now, _on_leaving)]
    for hit in number_hits(across, rules):
        if hit.change is Change.PAIN_JUMP:
            found.setdefault(hit.change.value, hit)
    return tuple(
        Hit(
            rule=hit.change.value,
            urgency=hit.urgency,
            hold=hit.hold,
            version=hit.rule_version,
            words=hit.numbers,
        )
        for hit in found.values()
    )


def _numbers(session: Session, pain: _Pain) -> SessionNumbers:
    fields = session.fields
    return SessionNumbers(
        on=session.day,
        missed=session.no_show,
        pain=pain(session),
        swelling_grade=fields.swelling_grade,
        girths_cm={(girth.site, girth.side): girth.cm for girth in fields.girths},
        temperature_c=fields.temperature_c,
    )


def _on_leaving(session: Session) -> float | None:
    return session.fields.pain_after


def _on_arrival(session: Session) -> float | None:
    return session.fields.pain_before
