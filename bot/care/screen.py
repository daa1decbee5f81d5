"""The contraindication screen: what is asked, what holds, what needs the surgeon's clearance.

What it asks is data of the clinical rules, with its version; where it comes from stands there too.
"""

from collections.abc import Iterable
from datetime import date

from bot.care.codes import Region
from bot.care.referral_form import PARTS, Field, FormStep, ReferralForm
from bot.care.request import Screen, ScreenAnswer
from bot.care.rules import ClinicalRules, Contraindications, Screening


def general(asked: Iterable[Screening]) -> tuple[Screening, ...]:
    """What is asked whatever is treated."""
    return tuple(one for one in asked if not one.regions)


def there(asked: Iterable[Screening], areas: Iterable[Region]) -> tuple[Screening, ...]:
    """What is asked because of the areas that are to be treated."""
    treated = set(areas)
    return tuple(one for one in asked if treated.intersection(one.regions))


def screen_problems(form: ReferralForm, rules: Contraindications) -> dict[Field, str]:
    """Why massage cannot be asked for yet; empty if the screen lets it pass."""
    found: dict[Field, str] = {}
    held = _among(rules.hold, form.holds)
    if held:
        found[Field.HOLDS] = (
            f"Massage is held: {_listed(held)}. Refer once it is over; what you wrote is kept "
            "as a draft for 3 days."
        )
    if not form.screened:
        found[Field.SCREENED] = "Tick this once you have gone through the list."
    needed = _needed(form, rules)
    if needed and not form.clearance:
        found[Field.CLEARANCE] = f"Write your clearance for: {_listed(needed)}."
    return found


def screen_of(form: ReferralForm, rules: ClinicalRules) -> Screen:
    """The screen as it is kept with the referral."""
    needed = _needed(form, rules.file.contraindications)
    return Screen(
        version=rules.version,
        found=tuple(ScreenAnswer(code=one.code, asks=one.asks) for one in needed),
        clearance=form.clearance,
    )


def _needed(form: ReferralForm, rules: Contraindications) -> tuple[Screening, ...]:
    asked = (*general(rules.clearance), *there(rules.clearance, form.areas))
    return _among(asked, form.clearances)


def _among(asked: Iterable[Screening], codes: Iterable[str]) -> tuple[Screening, ...]:
    chosen = set(codes)
    return tuple(one for one in asked if one.code in chosen)


def _listed(found: Iterable[Screening]) -> str:
    return "; ".join(one.asks.lower() for one in found)


def open_steps(form: ReferralForm, rules: Contraindications, today: date) -> frozenset[FormStep]:
    """The steps in which something has to be put right or chosen still."""
    found = {step for step in PARTS if form.problems(today, [step])}
    if screen_problems(form, rules):
        found.add(FormStep.SCREEN)
    if not form.therapist:
        found.add(FormStep.THERAPIST)
    return frozenset(found)
