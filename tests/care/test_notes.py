"""Which note of a message is which, once the message was edited."""

import pytest

from bot.care.notes import places_of

A, B, C = "Session 1, pain 6\n", "Session 2, pain 4\n", "Session 3, pain 2"


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ([A], [A], [0]),
        ([A], ["Session 1, pain 5"], [0]),
        ([A, B], [A, "Session 2, pain 3"], [0, 1]),
        ([A, B], [B.strip()], [None, 0]),
        ([A, B], [A], [0, None]),
        ([A, B, C], [A, C], [0, None, 1]),
        ([A, B], ["Thanks"], [0, None]),
        ([B], [A, B], [1]),
        ([A, B], [B, C], [None, 0]),
        ([], [A], []),
    ],
)
def test_each_note_is_found_where_its_words_are(
    before: list[str], after: list[str], places: list[int | None]
) -> None:
    assert places_of(before, after) == places


def test_words_of_another_never_become_those_of_one_that_was_moved() -> None:
    assert places_of([A, B], ["Session 2, pain 3"], moved={0}) == [None, 0]
    assert places_of([A, B], ["Session 1, pain 5", B], moved={0}) == [0, 1]
