"""How well the guard finds who a patient is, and how seldom it speaks of nothing. Figures shown."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from bot.care.identifiers import Kind, find
from bot.care.request import Identifiers
from tests.care.identifiers.made_up import WORDS_TOO, messages, patient, patients
from tests.care.scoring import labelled

FILES = ["learning", "held-back", *(f"round-{number}" for number in range(1, 10))]
KNOWN = (Kind.NAME, Kind.BIRTH_DATE, Kind.RECORD_NUMBER, Kind.PHONE)


def test_whatever_is_known_of_a_patient_is_found_in_every_writing() -> None:
    """Among the twenty patients of a channel, with slips in case, accents and spacing."""
    others = patients(seed=7, many=19)
    missed: list[tuple[str, str]] = []
    told: Counter[Kind] = Counter()
    for one in messages(seed=1, many=400):
        told[one.kind] += 1
        found = find(one.text, [*others, one.who])
        if not any(f.kind is one.kind and f.start < one.end and one.start < f.end for f in found):
            missed.append((one.text, one.who.model_dump_json()))
    print(f"recall: {1 - len(missed) / told.total():.4f} of {told.total()}: {dict(told)}")  # noqa: T201
    assert set(told) == set(KNOWN)
    assert missed == []


def test_what_is_replaced_leaves_nothing_of_it_in_the_words() -> None:
    left = []
    for one in messages(seed=2, many=200):
        found = find(one.text, [one.who])
        inside = "".join(
            char
            for at, char in enumerate(one.text[one.start : one.end], one.start)
            if not any(f.start <= at < f.end for f in found)
        )
        if one.kind is Kind.NAME and sum(map(str.isalpha, inside)) > 1:  # an "s" may stay
            left.append((one.text, inside))
        if one.kind is not Kind.NAME and any(map(str.isdigit, inside)):
            left.append((one.text, inside))
    assert left == []


def test_ordinary_notes_seldom_raise_an_alarm() -> None:
    """Every labelled note, in channels of forty patients whose names and numbers are made up."""
    alarms: list[tuple[str, str]] = []
    read = 0
    for seed in range(3):
        channel = patients(seed=100 + seed, many=40)
        for file in FILES:
            for note in labelled(file):
                read += 1
                alarms += [
                    (note["text"][f.start : f.end], note["id"]) for f in find(note["text"], channel)
                ]
    rate = len({note for _, note in alarms}) / read
    print(f"false alarms: {rate:.4%} of {read} readings: {alarms}")  # noqa: T201
    assert read > 1000
    assert rate < 0.01


@pytest.mark.parametrize(
    "write",
    [
        lambda name: f"saw {name} today, 60 min MLD",
        lambda name: f"Session 2. Pt {name} tolerated it well",
        lambda name: f"{name} came in with pain 4",
        lambda name: f"{name}'s garment is too tight",
        lambda name: f"mrs {name.lower()} is better",
        lambda name: f"Swelling 2+, told {name} to rest",
    ],
)
def test_a_name_that_is_an_everyday_word_is_found_where_it_is_used_as_a_name(
    write: Callable[[str], str],
) -> None:
    for name in WORDS_TOO:
        who = _called(f"{name} Xylander")
        assert [f.kind for f in find(write(name), [who])] == [Kind.NAME], write(name)


def test_a_name_that_is_an_everyday_word_is_left_alone_where_it_is_a_word() -> None:
    """Of forty patients who are all called like words: said apart, as nobody's channel is that."""
    chance = random.Random(3)
    channel = [_called(f"{chance.choice(WORDS_TOO)} {chance.choice(WORDS_TOO)}") for _ in range(40)]
    read, alarms = 0, []
    for file in FILES:
        for note in labelled(file):
            read += 1
            found = find(note["text"], channel)
            if found:
                alarms.append([note["text"][f.start : f.end] for f in found])
    print(f"false alarms where all are called like words: {len(alarms) / read:.2%} {alarms}")  # noqa: T201
    assert len(alarms) / read < 0.03


def _called(name: str) -> Identifiers:
    return patient(random.Random(11)).model_copy(update={"name": name})
