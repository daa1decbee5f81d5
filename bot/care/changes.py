"""Rules on numbers: what a session shows against those before it that a surgeon should hear of.

The thresholds and the urgencies are the clinic's, from the rules file; the words of a hit are the
numbers that it spoke on.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from bot.care.codes import RedFlagCode
from bot.care.rules import ChangeRule, ClinicalRules
from bot.care.session import Hit, SessionFields

_Measure = Callable[[SessionFields], float | None]


def _on_arrival(fields: SessionFields) -> float | None:
    return fields.pain_before


def _at_the_end(fields: SessionFields) -> float | None:
    return fields.pain_after


def alarming_changes(
    before: Sequence[SessionFields], now: SessionFields, rules: ClinicalRules
) -> tuple[Hit, ...]:
    """The rules that speak on `now`; `before` are the updates before it, oldest first."""
    given = [fields for fields in before if not fields.no_show]
    found = {
        "pain_jump": _pain_jump(given, now, rules),
        "pain_rising": _pain_rising(given, now, rules),
        "swelling_up": _swelling_up(given, now, rules),
        "girth_up": _girth_up(given, now, rules),
        "missed_in_a_row": _missed(before, now, rules),
    }
    if found["pain_jump"]:
        found["pain_rising"] = ""  # The sharper rule says it.
    by_code = {rule.code: rule for rule in rules.file.change_rule}
    hits = [_hit(by_code[code], words, rules) for code, words in found.items() if words]
    return (*hits, *_fever(now, rules))


def signs_named(now: SessionFields, rules: ClinicalRules) -> tuple[Hit, ...]:
    """The rules of signs that somebody chose from a list."""
    return tuple(_of_sign(code, rules.flags[code].covers, rules) for code in now.red_flags)


def _pain_jump(before: Sequence[SessionFields], now: SessionFields, rules: ClinicalRules) -> str:
    least = rules.thresholds.pain_up_at_once
    within = [value for value in (now.pain_before, now.pain_after) if value is not None]
    if len(within) == 2 and within[1] - within[0] >= least:
        return f"{_as_words('pain', within)} in the session"
    for measure in (_on_arrival, _at_the_end):
        series = _series(before, now, measure, 2)
        if series and series[1] - series[0] >= least:
            return _as_words("pain", series)
    return ""


def _pain_rising(before: Sequence[SessionFields], now: SessionFields, rules: ClinicalRules) -> str:
    least = rules.thresholds.pain_up_in_a_row
    for measure in (_on_arrival, _at_the_end):
        series = _series(before, now, measure, 3)
        if series and all(b - a >= least for a, b in pairwise(series)):
            return _as_words("pain", series)
    return ""


def _swelling_up(before: Sequence[SessionFields], now: SessionFields, rules: ClinicalRules) -> str:
    known = [one.swelling_grade for one in before if one.swelling_grade is not None]
    if now.swelling_grade is None or not known:
        return ""
    if now.swelling_grade - known[-1] < rules.thresholds.swelling_up_grades:
        return ""
    return f"swelling {known[-1]}+ → {now.swelling_grade}+"


def _girth_up(before: Sequence[SessionFields], now: SessionFields, rules: ClinicalRules) -> str:
    last = {(girth.site, girth.side): girth.cm for one in before for girth in one.girths}
    grown = [
        f"{_site(girth.side, girth.site)} {last[girth.site, girth.side]:g} → {girth.cm:g} cm"
        for girth in now.girths
        if (girth.site, girth.side) in last
        and girth.cm - last[girth.site, girth.side] >= rules.thresholds.girth_up_cm
    ]
    return ", ".join(grown)


def _missed(before: Sequence[SessionFields], now: SessionFields, rules: ClinicalRules) -> str:
    needed = rules.thresholds.missed_in_a_row
    lately = [*before, now][-needed:]
    if len(lately) < needed or not all(one.no_show for one in lately):
        return ""
    return f"{needed} missed visits in a row"


def _fever(now: SessionFields, rules: ClinicalRules) -> tuple[Hit, ...]:
    if now.temperature_c is None or now.temperature_c < rules.thresholds.temperature_c:
        return ()
    return (_of_sign(RedFlagCode.FEVER, f"temperature {now.temperature_c:g} °C", rules),)


def _series(
    before: Sequence[SessionFields], now: SessionFields, measure: _Measure, length: int
) -> list[float]:
    """The last `length` values, like with like; empty unless each of those sessions has one."""
    values = [measure(one) for one in [*before, now][-length:]]
    found = [value for value in values if value is not None]
    return found if len(found) == length else []


def _as_words(name: str, series: Sequence[float]) -> str:
    return f"{name} " + " → ".join(f"{value:g}" for value in series)


def _site(side: str | None, site: str) -> str:
    return f"{side} {site}".replace("_", " ") if side else site.replace("_", " ")


def _hit(rule: ChangeRule, words: str, rules: ClinicalRules) -> Hit:
    return Hit(
        rule=rule.code, urgency=rule.urgency, hold=rule.hold, version=rules.version, words=words
    )


def _of_sign(code: RedFlagCode, words: str, rules: ClinicalRules) -> Hit:
    rule = rules.flags[code]
    return Hit(
        rule=code.value, urgency=rule.urgency, hold=rule.hold, version=rules.version, words=words
    )
