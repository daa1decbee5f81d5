"""The same patient in care with others: how often one may look, and what the pair can answer."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

# Looks for different patients in a day. A surgeon refers fewer; who tries names tries more.
MOST_LOOKS: Final = 20
LOOKS_COUNTED_FOR: Final = timedelta(days=1)


class ShareState(StrEnum):
    """Where a wish to share a case stands. It is answered once."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
