"""The progress report: its document, read back, and the same in plain words."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from bot.pictures.report import report_pdf
from bot.views.progress_report import draw_report_in_words, in_words, report_of
from tests.care.treatments import forty, session, three
from tests.pictures.samples import days, shown
from tests.views.client import read

THREE = shown(three(), plan_changes=days(5), concerns=days(4))
FORTY = shown(forty(), plan_changes=days(35, 90), concerns=days(20, 60))


@pytest.fixture(scope="module")
def document() -> PdfReader:
    return PdfReader(io.BytesIO(report_pdf(THREE)))


def text_of(document: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def tags(document: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the document's structure, in reading order."""

    def walk(part: PdfObject | None) -> Iterator[DictionaryObject]:
        found = part.get_object() if isinstance(part, IndirectObject) else part
        if isinstance(found, ArrayObject):
            for one in found:
                yield from walk(one)
        elif isinstance(found, DictionaryObject):
            if "/S" in found:
                yield found
            yield from walk(found.get("/K"))

    structure = catalog(document)["/StructTreeRoot"].get_object()
    assert isinstance(structure, DictionaryObject)
    yield from walk(structure["/K"])


def catalog(document: PdfReader) -> DictionaryObject:
    root = document.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    return root


def test_the_document_says_everything_in_reading_order(document: PdfReader) -> None:
    text = text_of(document)
    places = [
        text.index(part)
        for part in (
            "Progress report, case K7QF-3M",
            "Reason for referral: After liposuction",
            "Day after surgery: 48",
            "Plan: 10 sessions, 2 times a week",
            "Open questions",
            "urgent concern, acknowledged, not resolved: will see the patient",
            "the therapist asks: ok to add scar work?",
            "Session 3 against the first",
            "pain before 6 \u2192 3",
            "Salaffi 2004",
            "Against the one before",
            "In the patient",
            "I can't bend yet",
            "no verdict",
            "Trend",
            "Sessions No. Date Min",
            "23 not confirmed",
        )
    ]
    assert places == sorted(places)


def test_the_document_is_tagged_for_screen_readers(document: PdfReader) -> None:
    root = catalog(document)
    assert str(root["/MarkInfo"]) == "{'/Marked': True, '/Suspects': False}"
    assert str(root["/Lang"]) == "en-US"
    assert "'/DisplayDocTitle': True" in str(root["/ViewerPreferences"])
    assert document.metadata is not None
    assert document.metadata.title == "Progress report, case K7QF-3M"
    found = [str(tag["/S"]) for tag in tags(document)]
    assert found.count("/H1") == 1
    assert found.count("/H2") >= 5
    assert found.count("/Table") == 1
    assert found.count("/TR") == 1 + len(THREE.progress.sessions)
    assert found.count("/TH") == len(report_of(THREE).table.columns)
    assert "/L" in found


def test_the_document_says_that_it_keeps_to_pdf_ua() -> None:
    assert b"<pdfuaid:part>1</pdfuaid:part>" in report_pdf(THREE)


def test_the_picture_is_described_with_its_numbers(document: PdfReader) -> None:
    described = [str(tag["/Alt"]) for tag in tags(document) if "/Alt" in tag]
    assert described
    assert "Pain before 6, 5, 3" in described[0]
    assert "Girth abdomen 99 cm, 96.5 cm, 92 cm" in described[0]
    assert "Concern: Oct 9" in described[0]


def test_forty_sessions_have_a_row_each() -> None:
    document = PdfReader(io.BytesIO(report_pdf(FORTY)))
    rows = [tag for tag in tags(document) if str(tag["/S"]) == "/TR"]
    assert len(rows) >= 41
    assert "Feb 18" in text_of(document)
    assert "missed" in text_of(document)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert report_pdf(THREE) == report_pdf(THREE)


def test_people_s_words_are_never_markup() -> None:
    words = 'she said *#read("x")* <b> \\ $x$ @y _z_ [k] "q" 2~3 <!channel> \U0001f602 \u75db'
    odd = shown([session(1, pain_after=4, patient_quote=words)])
    text = text_of(PdfReader(io.BytesIO(report_pdf(odd))))
    assert '*#read("x")* <b> \\ $x$ @y _z_ [k] "q" 2~3' in text
    assert "\U0001f602" in text


def test_without_numbers_there_is_a_report_without_a_picture() -> None:
    bare = shown([session(1, tolerance="well")])
    text = text_of(PdfReader(io.BytesIO(report_pdf(bare))))
    assert "Given so far: 1 session" in text
    assert "Trend" not in text


def test_the_words_say_what_the_document_says() -> None:
    report = report_of(THREE)
    said = in_words(report)
    document = text_of(PdfReader(io.BytesIO(report_pdf(THREE))))
    for name, value in report.facts:
        assert f"{name}: {value}" in said
        assert f"{name}: {value}" in document
    for question in report.questions:
        assert question in said
        assert question in document
    assert "- Session 2, Oct 9, 60 min: pain before 5, pain after 3, swelling 2+" in said


def test_columns_that_no_session_fills_are_left_out() -> None:
    columns = report_of(shown([session(1, pain_after=3)])).table.columns
    assert columns == ("No.", "Date", "Pain")


def test_the_words_fit_into_slack_s_messages_and_nothing_is_lost() -> None:
    long = [
        replace(one, fields=one.fields.model_copy(update={"patient_quote": f"{n} " + "word " * 90}))
        for n, one in enumerate(forty())
    ]
    parts = [draw_report_in_words(shown(long), part) for part in range(6)]
    drawn = [part for part in parts if part is not None]
    assert len(drawn) > 1
    for message in drawn:
        lengths = [len(str(block.text.text)) for block in message.blocks]  # type: ignore[attr-defined]
        assert max(lengths) <= 3000
        assert sum(lengths) <= 13_200
        assert message.text == "Case K7QF-3M: progress report in words"
    whole = " ".join(" ".join(read(message) for message in drawn).split())
    for session_line in report_of(shown(long)).session_lines:
        assert session_line in whole
