"""The progress report as a document: tagged PDF/UA, with the trend's picture as lines.

Typst writes it: it tags headings, lists, table headers and the picture's description by itself and
refuses to write what breaks PDF/UA-1, and its wheel needs no library of the system. Data goes in
as JSON, so whatever people wrote is text and never markup.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Final

import matplotlib
import typst

from bot.pictures.trend import trend_svg
from bot.shown.case import ShownProgress
from bot.views.progress_report import Report, report_of
from bot.views.text import literal

_TEMPLATE: Final = "report.typ"
_WIDE: Final = "Girth, cm"


def report_pdf(shown: ShownProgress) -> bytes:
    """The report as PDF/UA-1. The same report gives the same bytes: it is dated by its own day."""
    inputs = {"report": json.dumps(_data(report_of(shown)))}
    if shown.progress.has_values:
        inputs["picture"] = trend_svg(shown).decode()
    # matplotlib brings the font that its picture is drawn in: no font of the system is needed.
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    document = typst.compile(
        files("bot.pictures").joinpath(_TEMPLATE).read_bytes(),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(folder)]),
        timestamp=0,
    )
    if not isinstance(document, bytes):
        raise TypeError("a PDF is one piece of bytes")
    return document


def _data(report: Report) -> dict[str, object]:
    return {
        "title": report.title,
        "facts": report.facts,
        "goals": [literal(goal) for goal in report.goals],
        "changes": report.changes,
        "columns": report.table.columns,
        "widths": ["wide" if name == _WIDE else "auto" for name in report.table.columns],
        "rows": report.table.rows,
        "quotes": [(name, literal(words)) for name, words in report.quotes],
        "feedback": report.feedback,
        "questions": [literal(question) for question in report.questions],
        "alt_text": report.alt_text,
        "note": report.note,
    }
