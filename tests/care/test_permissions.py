"""The gate's table: what is not in it is nobody's to do."""

import pytest

from bot.care.people import Part
from bot.care.permissions import Deed, may

OF_NO_CASE = (Deed.ERASE_PATIENT, Deed.REGISTER_PERSON, Deed.EDIT_LADDER, Deed.NUDGE)


@pytest.mark.parametrize("part", list(Part))
@pytest.mark.parametrize("deed", OF_NO_CASE)
def test_a_deed_that_is_not_in_the_table_is_nobody_s(part: Part, deed: Deed) -> None:
    assert may(part, deed) is False


def test_each_side_does_its_own_part() -> None:
    assert may(Part.THERAPIST, Deed.ACCEPT)
    assert not may(Part.SURGEON, Deed.ACCEPT)
    assert may(Part.SURGEON, Deed.CLOSE)
    assert not may(Part.COVERING_SURGEON, Deed.CLOSE)


def test_who_reads_in_an_emergency_changes_nothing() -> None:
    allowed = {deed for deed in Deed if may(Part.EMERGENCY, deed)}
    assert allowed == {
        *(Deed.SEE_CONCERN, Deed.SEE_PATIENT, Deed.READ_CASE, Deed.SEE_PLAN),
        Deed.EMERGENCY_ACCESS,
    }
