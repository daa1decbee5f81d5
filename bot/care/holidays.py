"""Public holidays by country, or by a part of it: `US`, `US-NY`, `DE-BY`.

From the `holidays` library (MIT), which computes them for any year. It takes a third of a second to
load, so that is done when a region is first asked for.
"""

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

# Of a clinic's people; each calendar is a few kilobytes a year.
_MOST_REGIONS = 64


def known_region(text: str) -> str | None:
    """`text` as a region is written, if its holidays are known; None otherwise."""
    region = text.strip().upper().replace("_", "-")
    country, _, part = region.partition("-")
    if not country.isalpha() or len(country) != 2:
        return None
    known = _countries().get(country)
    if known is None or (part and part not in known):
        return None
    return f"{country}-{part}" if part else country


def holiday(region: str, day: date) -> str | None:
    """What holiday `day` is in `region`, in English; None on any other day, or in no region."""
    if not region:
        return None
    return _calendar(region).get(day)


def is_holiday(region: str, day: date) -> bool:
    """Whether `day` is a public holiday in `region`; never in no region (`""`)."""
    return bool(region) and day in _calendar(region)


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    import holidays  # noqa: PLC0415

    return holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=_MOST_REGIONS)
def _calendar(region: str) -> "HolidayBase":
    """Fills itself year by year as it is asked."""
    import holidays  # noqa: PLC0415

    country, _, part = region.partition("-")
    return holidays.country_holidays(country, subdiv=part or None, language="en_US")
