"""Weighs negspacy (NegEx) against the reader's own context rules on the labelled notes.

The library is no part of the project. In a throwaway environment that also holds the project:
`pip install negspacy && python -m tests.care.against_negspacy`. Both judge the same phrases,
those of our vocabulary, so that only the judgement of context is compared.
"""

# ruff: noqa: T201
import time
from collections.abc import Callable
from datetime import date

from bot.care.reader import read_note
from bot.care.reader.note import Note
from bot.care.rules import ClinicalRules, load_rules
from tests.care.scoring import LabelledNote, labelled

Place = tuple[str, int, int]  # a sign's code and its place in the text
Judge = Callable[[str, list[Place]], set[str]]


def places(note: LabelledNote, rules: ClinicalRules) -> list[Place]:
    """Every sign that the vocabulary finds, whatever is said of it."""
    prepared = Note(note["text"], date.fromisoformat(note["posted_on"]), rules)
    hits = prepared.found.get("flag", [])
    return [(hit.code, *prepared.span(hit.start, hit.end)) for hit in hits]


def negspacy_judge() -> Judge:
    """NegEx with its "sensitive" clinical terms, over a blank English pipeline."""
    import spacy  # type: ignore[import-not-found]
    from negspacy.negation import Negex  # type: ignore[import-not-found]
    from negspacy.termsets import termset  # type: ignore[import-not-found]

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    terms = termset("en_clinical_sensitive").get_patterns()
    negex = Negex(pipeline, "negex", terms, ent_types=[], extension_name="negex", chunk_prefix=[])

    def judge(text: str, found: list[Place]) -> set[str]:
        document = pipeline(text)
        spans = [document.char_span(a, b, label=c, alignment_mode="expand") for c, a, b in found]
        document.ents = spacy.util.filter_spans([span for span in spans if span is not None])
        return {entity.label_ for entity in negex(document).ents if not entity._.negex}

    return judge


def main() -> None:
    rules = load_rules()
    notes = labelled("learning") + labelled("held-back")

    def ours(text: str, _found: list[Place]) -> set[str]:
        return {flag.code.value for flag in read_note(text, date(2026, 1, 1), rules).red_flags}

    judges: dict[str, Judge] = {
        "every phrase counts": lambda _text, found: {code for code, _, _ in found},
        "negspacy": negspacy_judge(),
        "the reader, whole": ours,
    }
    for name, judge in judges.items():
        right = extra = missed = 0
        started = time.process_time()
        for note in notes:
            labels = note["fields"].get("red_flags", [])
            gold = set(labels) if isinstance(labels, list) else set()
            got = judge(note["text"], places(note, rules))
            right, extra = right + len(got & gold), extra + len(got - gold)
            missed += len(gold - got)
        each = (time.process_time() - started) / len(notes) * 1000
        figures = f"precision {right / (right + extra):.3f}, recall {right / (right + missed):.3f}"
        print(f"{name}: {figures}, {each:.1f} ms a note")


if __name__ == "__main__":
    main()
