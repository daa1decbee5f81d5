"""What is an identifier and what is none, case by case."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.identifiers import Kind, find, kinds_of, replace
from bot.care.request import Identifiers

WHO = Identifiers(
    name="Jordan Ellis",
    birth_date=date(1984, 5, 17),
    record_number="MRN-204418",
    phone="+1 212 555 0142",
)
NOBODY = Identifiers(name="Zuleika Dobson", birth_date=date(1911, 10, 26))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Jordan slept well", "[name] slept well"),
        ("ask JORDAN ELLIS about it", "ask [name] about it"),
        ("jor dan's garment", "[name]'s garment"),
        ("j o r d a n came", "[name] came"),
        ("born 17 de mayo de 1984", "born [date of birth]"),
        ("5/17/84 and 6/18/84", "[date of birth] and 6/18/84"),
        ("chart 204 418", "chart [record number]"),
        ("call (212) 555-0142 today", "call [phone number] today"),
        ("SSN 123-45-6789", "SSN [social security number]"),
        ("MRN: 77", "MRN: 77"),
        ("MRN: 77123", "MRN: [record number]"),
        ("her mail is a.b@example.org", "her mail is [e-mail address]"),
        ("lives at 1200 West Oak Street", "lives at [address]"),
        ("DOB 3/4/1990", "DOB [date of birth]"),
        ("next visit 3/4/2026, pain 6 -> 3", "next visit 3/4/2026, pain 6 -> 3"),
        ("jordanian food, elliswood", "jordanian food, elliswood"),
        ("60 min drive, 30 min MLD", "60 min drive, 30 min MLD"),
        ("girths 88 / 92 / 101 cm, 1234 steps", "girths 88 / 92 / 101 cm, 1234 steps"),
    ],
)
def test_identifiers_go_and_the_words_around_them_stay(written: str, kept: str) -> None:
    assert replace(written, find(written, [WHO])) == kept


def test_the_names_of_others_are_not_looked_for() -> None:
    assert find("Jordan came, Dr. Rivera called", [NOBODY]) == ()


def test_what_was_found_is_told_by_its_kind_alone() -> None:
    found = find("Jordan, 5/17/84, 212-555-0142, Ellis", [WHO])
    assert kinds_of(found) == (Kind.NAME, Kind.BIRTH_DATE, Kind.PHONE)
    assert "Jordan" not in repr(found)


@pytest.mark.parametrize("between", ["\u200b", "\u00ad", "\u202e", "\u2060"])
def test_invisible_characters_hide_nothing(between: str) -> None:
    written = f"Jor{between}dan has 204{between}418"
    assert kinds_of(find(written, [WHO])) == (Kind.NAME, Kind.RECORD_NUMBER)


@given(st.text(max_size=300))
def test_any_text_is_read_and_what_is_not_found_stays(text: str) -> None:
    found = find(text, [WHO, NOBODY])
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))
    if not found:
        assert replace(text, found) == text


def test_a_long_text_is_read_in_time_that_grows_with_its_length() -> None:
    """Nobody holds the bot up with a text made for it: no pattern goes back and forth."""
    from time import process_time

    def spent(text: str) -> float:
        begun = process_time()
        find(text, [WHO] * 5)
        return process_time() - begun

    for piece in ("1 ", "a ", "Jordan ", "1-1/", "nineteen ", "+1(", "j-o-", "12 A "):
        short, long = spent(piece * (2_000 // len(piece))), spent(piece * (40_000 // len(piece)))
        assert long < max(short, 0.02) * 200, piece
