"""Each warning sign in the many words that people have for it, said and not said to be there."""

import json
from datetime import date

import pytest

from bot.care.reader import read_note
from bot.care.rules import load_rules
from tests.care.scoring import NOTES

RULES = load_rules()
POSTED = date(2026, 5, 5)
PHRASES = json.loads((NOTES / "sign-phrases.json").read_text("utf-8"))


def flags(text: str) -> set[str]:
    return {flag.code.value for flag in read_note(text, POSTED, RULES).red_flags}


@pytest.mark.parametrize("code", sorted(PHRASES["present"]))
def test_a_sign_is_seen_in_many_words(code: str) -> None:
    said = PHRASES["present"][code]
    missed = [words for words in said if code not in flags(f"MLD arms 30 min. {words}.")]
    assert not missed


@pytest.mark.parametrize("frame", PHRASES["not_present"])
def test_a_sign_denied_past_warned_of_or_of_others_is_not_present(frame: str) -> None:
    """`{}` in the frame stands for each sign in turn."""
    named = [words for several in PHRASES["named"].values() for words in several]
    seen = [words for words in named if flags(frame.format(words))]
    assert not seen


@pytest.mark.parametrize(("code", "text"), PHRASES["present_although"])
def test_a_sign_is_seen_although_a_denial_a_warning_or_another_person_stands_near(
    code: str, text: str
) -> None:
    assert code in flags(text)
    assert code in flags(f"MLD arms 30 min. {text}.")


def test_plain_notes_of_nothing_raise_few_false_alarms() -> None:
    """Warm towels, a red dress, burning calories: words of signs in sentences without any."""
    said = [line for line in (NOTES / "uneventful.txt").read_text("utf-8").splitlines() if line]
    wrong = [line for line in said if flags(f"MLD arms 30 min. {line}. Pain 3/10")]
    print(f"uneventful: {len(wrong)} of {len(said)} raise a false alarm")  # noqa: T201 - to be seen
    assert len(wrong) <= len(said) * 0.05, wrong


def test_signs_in_short_messages_of_other_writers_are_seen_and_their_look_alikes_are_not() -> None:
    """One or two sentences each, many of them there to mislead."""
    lines = (NOTES / "sign-snippets.jsonl").read_text("utf-8").splitlines()
    right = extra = missed = 0
    mistakes: list[str] = []
    for line in lines:
        snippet = json.loads(line)
        posted = date.fromisoformat(snippet["posted_on"])
        seen = {flag.code.value for flag in read_note(snippet["text"], posted, RULES).red_flags}
        meant = set(snippet["red_flags"])
        right += len(seen & meant)
        extra += len(seen - meant)
        missed += len(meant - seen)
        if seen != meant:
            mistakes.append(f"{snippet['id']}: missed {meant - seen}, extra {seen - meant}")
    precision, recall = right / (right + extra), right / (right + missed)
    print(f"snippets: {len(lines)}, precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201 - to be seen
    assert precision >= 0.98, mistakes
    assert recall >= 0.98, mistakes


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("calf L 41 / R 36.5, last visit both 36.5", {"calf_dvt"}),
        ("calf 38 on the right, 43 on the left", {"calf_dvt"}),
        ("calf 38 both sides", set()),
        ("upper arm L 34, R 31; on Friday both were 31", {"asymmetry"}),
        ("upper arm L 32, R 31; on Friday both were 31", set()),
        ("abdomen R = 2+ edema, L = trace. Last visit both trace", {"asymmetry"}),
        ("JP outputs: 20, 22, 19, then 85 this morning", {"drain_problem"}),
        ("JP outputs: 85, 60, 40, then 20 this morning", set()),
        ("jp was 30 yesterday, today 95", {"drain_problem"}),
        ("drain today 30, yesterday 95", set()),
    ],
)
def test_measures_side_by_side_say_what_no_word_says(text: str, seen: set[str]) -> None:
    assert flags(text) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("right claf sore and swolen", {"calf_dvt"}),
        ("flank is wram to touch", {"warmth"}),
        ("drian output clowdy today", {"drain_problem"}),
        ("Mrs. Hart enjoyed the breathy flute music, we breached nothing", set()),
        ("gaming and gazing at her phone, raking leaves at dusk", set()),
    ],
)
def test_slips_of_the_words_signs_hang_on_are_understood(text: str, seen: set[str]) -> None:
    assert flags(text) == seen


def test_a_relative_who_writes_for_the_patient_and_one_who_is_the_patient_are_told_apart() -> None:
    assert flags("Daughter texts: mama just had convulsions on the kitchen floor") == {"seizure"}
    assert flags("kid brought a bug home, now mom (our pt) has fever") == {"fever"}
    assert not flags("her mom has fever, kid had convulsions")
