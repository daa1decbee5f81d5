"""Whatever is typed: the reader answers, shows where it read, and stays quick."""

import json
import time
from datetime import date
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.care.codes import RedFlagCode
from bot.care.reader import Reading, read_note
from bot.care.reader.lines import read_lines
from bot.care.reader.read import LONGEST_NOTE
from bot.care.rules import ClinicalRules, load_rules
from tests.care.scoring import labelled

RULES = load_rules()
POSTED = date(2026, 11, 12)
TEXTS = [
    note["text"]
    for name in ("learning", "held-back", *(f"round-{number}" for number in range(1, 19)))
    for note in labelled(name)
]
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def read(text: str) -> Reading:
    return read_note(text, POSTED, RULES)


def places(reading: Reading) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for spans in reading.spans.values():
        for part in spans.values() if isinstance(spans, dict) else [spans]:
            found.extend(part)
    return found


@quick
@given(st.text(max_size=400))
def test_any_text_is_read_without_a_crash_and_its_places_lie_within_it(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in places(read(text)))


@quick
@given(st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=60))
def test_any_mix_of_the_words_of_notes_is_read(words: list[str]) -> None:
    text = " ".join(words)
    reading = read(text)
    assert all(0 <= start < end <= len(text) for start, end in places(reading))
    assert set(reading.spans) <= set(reading.fields())
    json.dumps(reading.fields())


@quick
@given(st.sampled_from(TEXTS), st.integers(0, 400), st.sampled_from("İßﬁ️‍😀\u0301½→\u2028\x00"))
def test_odd_characters_anywhere_do_not_shift_the_places(text: str, at: int, odd: str) -> None:
    text = text[:at] + odd + text[at:]
    reading = read(text)
    for name in ("concern", "patient_quote", "plan_change_request"):
        value = reading.fields().get(name)
        if value is not None:
            spans = reading.spans[name]
            assert isinstance(spans, list)
            assert text[spans[0][0] : spans[0][1]] == value


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("Session 3, MLD 60 min abd. Pain 6→3", "session_number", "Session 3"),
        ("Session 3, MLD 60 min abd. Pain 6→3", "duration_min", "60 min"),
        ("Session 3, MLD 60 min abd. Pain 6→3", "pain_before", "6"),
        ("MLD abd, temp 100.8F", "temperature_c", "100.8"),
        ("mld abd, back Thursday", "next_visit", "Thursday"),
        ("mld abd, tolerated well", "tolerance", "tolerated well"),
        ("mld abd, drain 20 mL/24h", "drain_ml", "20 mL"),
        ("mld abd, swelling moderate", "swelling_grade", "swelling moderate"),
    ],
)
def test_a_value_shows_the_words_it_came_from(text: str, field: str, words: str) -> None:
    spans = read(text).spans[field]
    assert isinstance(spans, list)
    start, end = spans[0]
    assert text[start:end] == words


def test_a_warning_sign_names_its_rule_version_urgency_and_words() -> None:
    (flag,) = read("MLD abd. Left calf is swollen and hot.").red_flags
    assert flag.code is RedFlagCode.CALF_DVT
    assert flag.rule_version == RULES.version
    assert (flag.urgency, flag.hold) == ("urgent", True)
    assert flag.words.startswith("Left calf is swollen")


BULLETS = [
    "visit #6", "75 mins", "MLD + MFR: abd, flanks", "pain 5/10 → 2/10", "garment 23/7",
    "swelling 1+", "bruising none", "temp 98.4F", "sleep 7/10", "no red flags", "next: 11/16",
]  # fmt: skip


@quick
@given(st.permutations(BULLETS))
def test_the_order_of_bullets_does_not_matter(bullets: list[str]) -> None:
    def sorted_fields(lines: list[str]) -> dict[str, object]:
        fields = read("\n".join(f"- {line}" for line in lines)).fields()
        return {k: sorted(v) if isinstance(v, list) else v for k, v in fields.items()}  # type: ignore[type-var]

    assert sorted_fields(bullets) == sorted_fields(BULLETS)


@quick
@given(st.sampled_from(TEXTS), st.booleans())
def test_adding_no_fever_never_adds_a_warning_sign(text: str, first: bool) -> None:
    longer = f"No fever. {text}" if first else f"{text}\nNo fever."
    flags = {flag.code for flag in read(longer).red_flags}
    assert flags <= {flag.code for flag in read(text).red_flags}


@quick
@given(st.sampled_from(TEXTS), st.data())
def test_a_piece_of_a_note_is_read_without_a_crash(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    read(text[start:])
    read(text[:start])


def seconds(text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


REPEATED = [
    "no fever ",
    "a",
    "(",
    '"',
    '"a" ',
    "pain 6 ",
    "calf ",
    "mld abd ",
    "swelling 2+ ",
    "12 ",
    "1/2 ",
    "back monday ",
    "told her if ",
    "concern: ",
    "ok to add ",
    "tylenol off ",
    "drain 20 ml ",
    "says ",
    "was 6 now ",
    "husband has fever ",
    "in 2 weeks ",
    "60 min ",
    "left flank 92 cm ",
    "six out of ten ",
    "- ",
    "? ",
    "\n",
    "٣ ",
    "no ",
    "or ",
]


@pytest.mark.parametrize("piece", REPEATED)
def test_the_time_grows_no_faster_than_the_text(piece: str) -> None:
    """Four times the text takes nowhere near sixteen times as long (no catastrophic pattern)."""
    long = (piece * 4_000)[:LONGEST_NOTE]
    shorter = min(seconds(long[: LONGEST_NOTE // 4]) for _ in range(3))
    longer = min(seconds(long) for _ in range(3))
    assert longer < 10 * shorter + 0.01


@pytest.mark.parametrize("piece", ["no fever ", "calf hot ", "(", "pain 6 "])
def test_the_longest_message_takes_no_more_than_its_share(piece: str) -> None:
    """40,000 characters against ten readings of 4,000."""
    whole = (piece * 40_000)[:40_000]
    tenth = min(seconds(whole[:LONGEST_NOTE]) for _ in range(3))
    assert min(seconds(whole) for _ in range(2)) < 15 * tenth + 0.01


def test_a_warning_sign_at_the_end_of_a_very_long_text_is_not_missed() -> None:
    text = (
        "MLD abd 60 min, pain 3/10. "
        + "She talked about her garden. " * 1300
        + "L calf hot, swollen."
    )
    reading = read(text)
    assert [flag.code for flag in reading.red_flags] == [RedFlagCode.CALF_DVT]
    start, end = reading.red_flags[0].spans[0]
    assert "calf hot" in text[start:end]


def test_lines_are_read_one_by_one_and_a_bad_one_is_told_without_its_words() -> None:
    lines = [
        {"id": "n1", "posted_on": "2026-11-12", "text": "MLD abd. fever", "fields": {"ignored": 1}},
        {"id": "n2", "posted_on": "someday", "text": "private words"},
        {"id": 3, "posted_on": "2026-11-12", "text": ""},
    ]
    source = "\n".join([*(json.dumps(line) for line in lines), "", "not json"])
    out, complaints = StringIO(), StringIO()

    assert read_lines(StringIO(source), out, complaints) == 1

    first, third = (json.loads(line) for line in out.getvalue().splitlines())
    assert first["id"] == "n1"
    assert first["fields"]["red_flags"] == ["fever"]
    assert first["spans"]["red_flags"] == {"fever": [[9, 14]]}
    assert third == {"id": 3, "fields": {"is_update": False}, "spans": {}}
    assert "line 2" in complaints.getvalue()
    assert "line 5" in complaints.getvalue()
    assert "private words" not in complaints.getvalue()
    assert read_lines(StringIO(json.dumps(lines[0])), StringIO(), StringIO()) == 0


@pytest.fixture(scope="module")
def rules() -> ClinicalRules:
    return RULES


def test_every_code_has_a_rule_with_a_source(rules: ClinicalRules) -> None:
    assert set(rules.flags) == set(RedFlagCode)
    assert all(rule.source and rule.covers and rule.words for rule in rules.flags.values())


def test_a_second_side_without_its_unit_may_be_the_last_word() -> None:
    girths = read("MLD legs. R calf 40 cm, L calf 39.5").fields()["girths"]
    assert girths == [
        {"site": "calves", "cm": 40, "side": "right"},
        {"site": "calves", "cm": 39.5, "side": "left"},
    ]


@quick
@given(st.sampled_from(TEXTS), st.data())
def test_a_note_cut_off_anywhere_with_its_words_mixed_is_read(
    text: str, data: st.DataObject
) -> None:
    words = data.draw(st.permutations(text.split()))
    read(" ".join(words))
    read(" ".join(words[: data.draw(st.integers(0, len(words)))]))
