"""A treatment plan in plain words: what it says, how versions differ, who signed. Escaped."""

from collections.abc import Callable
from datetime import date

from bot.care.codes import Region, Technique
from bot.care.plan import Frequency, Pressure
from bot.care.treatment_plan import Difference, PlanField, PlanState, TreatmentPlan
from bot.shown.plan import ShownPlanVersion
from bot.views.session_words import TECHNIQUES
from bot.views.text import escape, lowered, mention, on_day, when

_LABELS: dict[PlanField, Callable[[str], str]] = {
    PlanField.FREQUENCY: lambda value: Frequency(value).label,
    PlanField.PRESSURE: lambda value: Pressure(value).label if value else "",
    PlanField.START_BY: lambda value: on_day(date.fromisoformat(value)) if value else "",
    PlanField.AREAS: lambda value: lowered(Region(value).label),
    PlanField.TECHNIQUES: lambda value: TECHNIQUES[Technique(value)],
}
_STANDS: dict[PlanState, str] = {
    PlanState.PROPOSED: "waits for an answer",
    PlanState.IN_FORCE: "in force",
    PlanState.REPLACED: "replaced",
    PlanState.DECLINED: "declined",
    PlanState.AMENDED: "answered with another proposal",
    PlanState.TAKEN_BACK: "taken back",
}


def plan_lines(plan: TreatmentPlan) -> list[str]:
    """What a plan says, a line each; what it does not say is left out."""
    said: list[tuple[PlanField, str]] = [
        (PlanField.SESSIONS, f"{plan.sessions}, {lowered(plan.frequency.label)}"),
        (PlanField.START_BY, on_day(plan.start_by) if plan.start_by else ""),
        (PlanField.AREAS, ", ".join(lowered(area.label) for area in plan.areas)),
        (PlanField.TECHNIQUES, ", ".join(TECHNIQUES[one] for one in plan.techniques)),
        (PlanField.PRESSURE, lowered(plan.pressure.label) if plan.pressure else ""),
        (PlanField.GOALS, plan.goals),
        (PlanField.STOP_RULES, plan.stop_rules),
        (PlanField.HOME_CARE, plan.home_care),
    ]
    return [f"*{field.label}:* {escape(words)}" for field, words in said if words]


def difference_line(difference: Difference) -> str:
    """One change, in words that a screen reader reads well: no signs for plus and minus."""
    label = _LABELS.get(difference.field, str)
    name = f"*{difference.field.label}:*"
    if difference.added or difference.removed:
        parts = []
        if difference.added:
            parts.append("add " + ", ".join(escape(label(one)) for one in difference.added))
        if difference.removed:
            parts.append("leave out " + ", ".join(escape(label(one)) for one in difference.removed))
        return f"{name} {'; '.join(parts)}"
    before, after = escape(label(difference.before)), escape(label(difference.after))
    if not before:
        return f"{name} {after} (new)"
    if not after:
        return f"{name} nothing any more (was: {before})"
    return f"{name} {after} (was: {before})"


def version_line(version: ShownPlanVersion) -> str:
    """Who proposed and who signed a version, and when."""
    line = (
        f"*Version {version.number}*, {_STANDS[version.state]}. "
        f"Proposed by {mention(version.proposed_by)} {when(version.proposed_at)}"
    )
    if version.answered_by is None or version.answered_at is None:
        return f"{line}."
    verb = {
        PlanState.DECLINED: "declined",
        PlanState.AMENDED: "answered with another proposal",
        PlanState.TAKEN_BACK: "taken back",
    }.get(version.state, "countersigned")
    return f"{line}, {verb} by {mention(version.answered_by)} {when(version.answered_at)}."
