"""What a referral's numbers say: the rules computed from its history, and what a change means.

The thresholds and their sources are data, in the clinical rules. Nothing here is a verdict:
a meaning is shown beside a number, never alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from bot.care.codes import Region, Side, Urgency
from bot.care.rules import ChangeRule, ClinicalRules

Site = tuple[Region, Side | None]


class Change(StrEnum):
    """The rules on numbers; the codes of `[[change_rule]]` in the rules file."""

    PAIN_RISING = "pain_rising"
    PAIN_JUMP = "pain_jump"
    SWELLING_UP = "swelling_up"
    GIRTH_UP = "girth_up"
    FEVER = "fever"
    MISSED_IN_A_ROW = "missed_in_a_row"


@dataclass(frozen=True, slots=True)
class SessionNumbers:
    """The numbers of one update, as later parts keep them. `pain` is the score on leaving, 0-10."""

    on: date
    missed: bool = False
    pain: float | None = None
    swelling_grade: int | None = None
    girths_cm: dict[Site, float] = field(default_factory=dict)
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class NumberHit:
    """A rule on numbers that hit: which rule of which version, and the numbers that did it."""

    change: Change
    urgency: Urgency
    hold: bool
    rule_version: str
    says: str
    numbers: str


class Meaning(StrEnum):
    """What a fall of a score means to patients."""

    MUCH_BETTER = "much better"
    BETTER = "a little better"
    SAME = "about the same"
    WORSE = "worse"


def number_hits(history: Sequence[SessionNumbers], rules: ClinicalRules) -> tuple[NumberHit, ...]:
    """The rules that the newest update of `history` (oldest first) sets off.

    Only what the newest update brought is told, so that an old rise is not told twice.
    """
    if not history:
        return ()
    found = (
        (Change.PAIN_RISING, _pain_rising),
        (Change.PAIN_JUMP, _pain_jump),
        (Change.SWELLING_UP, _swelling_up),
        (Change.GIRTH_UP, _girth_up),
        (Change.FEVER, _fever),
        (Change.MISSED_IN_A_ROW, _missed),
    )
    hits = ((change, check(history, rules)) for change, check in found)
    return tuple(_hit(change, numbers, rules) for change, numbers in hits if numbers)


def _hit(change: Change, numbers: str, rules: ClinicalRules) -> NumberHit:
    rule = _rule(change, rules)
    return NumberHit(change, rule.urgency, rule.hold, rules.version, rule.says, numbers)


def _rule(change: Change, rules: ClinicalRules) -> ChangeRule:
    return next(rule for rule in rules.file.change_rule if rule.code == change)


def _scores(history: Sequence[SessionNumbers]) -> list[float]:
    """Pain on leaving, oldest first; empty unless the newest update has one."""
    if history[-1].pain is None:
        return []
    return [session.pain for session in history if session.pain is not None]


def _pain_rising(history: Sequence[SessionNumbers], rules: ClinicalRules) -> str:
    last = _scores(history)[-3:]
    step = rules.thresholds.pain_up_in_a_row
    rising = len(last) == 3 and all(after - before >= step for before, after in pairwise(last))
    return "pain " + " → ".join(f"{score:g}" for score in last) if rising else ""


def _pain_jump(history: Sequence[SessionNumbers], rules: ClinicalRules) -> str:
    last = _scores(history)[-2:]
    jumped = len(last) == 2 and last[1] - last[0] >= rules.thresholds.pain_up_at_once
    return f"pain {last[0]:g} → {last[1]:g}" if jumped else ""


def _swelling_up(history: Sequence[SessionNumbers], rules: ClinicalRules) -> str:
    grades = [s.swelling_grade for s in history if s.swelling_grade is not None]
    if history[-1].swelling_grade is None or len(grades) < 2:
        return ""
    before, after = grades[-2:]
    risen = after - before >= rules.thresholds.swelling_up_grades
    return f"swelling {before}+ → {after}+" if risen else ""


def _girth_up(history: Sequence[SessionNumbers], rules: ClinicalRules) -> str:
    risen = []
    for (site, side), now in history[-1].girths_cm.items():
        earlier = [s.girths_cm[site, side] for s in history[:-1] if (site, side) in s.girths_cm]
        if earlier and now - earlier[-1] >= rules.thresholds.girth_up_cm:
            name = f"{side.value} {site.value}" if side else site.value
            risen.append(f"{name} {earlier[-1]:g} → {now:g} cm")
    return ", ".join(risen)


def _fever(history: Sequence[SessionNumbers], rules: ClinicalRules) -> str:
    measured = history[-1].temperature_c
    hot = measured is not None and measured >= rules.thresholds.temperature_c
    return f"{measured:g} °C" if hot else ""


def _missed(history: Sequence[SessionNumbers], rules: ClinicalRules) -> str:
    enough = rules.thresholds.missed_in_a_row
    last = history[-enough:]
    missed = len(last) == enough and all(session.missed for session in last)
    return f"{enough} missed sessions in a row" if missed else ""


def pain_change(before: float, after: float, rules: ClinicalRules) -> Meaning:
    """What a change on the 0-10 pain scale means to patients (Salaffi 2004, n=825).

    A fall counts by points or by share of the first score, whichever says more.
    """
    meaning = rules.file.pain_meaning
    fall = before - after
    percent = 100 * fall / before if before else 0.0
    if fall >= meaning.much_points or (fall > 0 and percent >= meaning.much_percent):
        return Meaning.MUCH_BETTER
    if fall >= meaning.least_points or (fall > 0 and percent >= meaning.least_percent):
        return Meaning.BETTER
    return Meaning.WORSE if -fall >= meaning.least_points else Meaning.SAME


def psfs_change(before: float, after: float, rules: ClinicalRules) -> str:
    """The size of a gain on the Patient-Specific Functional Scale (JOSPT 2014): a word or none."""
    meaning = rules.file.psfs_meaning
    gain = round(after - before, 6)
    for name, least in (
        ("large", meaning.large),
        ("medium", meaning.medium),
        ("small", meaning.small),
    ):
        if gain >= least:
            return name
    return "none"
