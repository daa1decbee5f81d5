"""What is read about progress, in the thread and by whoever asked."""

from datetime import UTC, date, datetime

from bot.care.concern import ConcernState, Severity
from bot.shown.case import ShownQuestion
from bot.views import gallery as samples
from bot.views.gallery_progress import progress_messages, treatment
from bot.views.progress_messages import LONGEST_ALT_TEXT, report_file, trend_file
from bot.views.progress_report import report_of
from bot.views.progress_words import in_short, question_line
from tests.care.treatments import forty, session
from tests.pictures.samples import shown
from tests.views.client import read

DRAWN = progress_messages(samples.under_way())
ASKED = datetime(2026, 4, 14, 12, 7, tzinfo=UTC)


def test_the_card_sets_the_last_session_beside_the_first_with_what_it_means() -> None:
    assert (
        "*Session 2 against the first*\n"
        "\u2022 pain before 6 \u2192 4: \u22122, much better to patients\n"
        "\u2022 swelling 3+ \u2192 2+: \u22121\n"
        "\u2022 abdomen 99 \u2192 96.5 cm: \u22122.5\n"
        "_Not confirmed yet._ _By Salaffi 2004, n=825; no verdict._"
    ) in read(DRAWN["case card, with progress"])
    assert "[Trend] [Progress report]" in read(DRAWN["case card, with progress"])


def test_a_file_s_name_and_comment_carry_the_case_code_and_no_more() -> None:
    picture = trend_file(treatment(samples.CASE), ASKED, samples.SURGEON)
    document = report_file(treatment(samples.CASE), ASKED, samples.SURGEON)
    assert picture.name == "K7QF-3M-trend.png"
    assert document.name == "K7QF-3M-progress-report.pdf"
    assert picture.comment == "Trend of case K7QF-3M, for <@U0RIVERA>"
    assert document.comment == "Progress report of case K7QF-3M, for <@U0RIVERA>"
    assert picture.title == "K7QF-3M trend, Apr 14, 2026, 12:07 UTC"


def test_the_picture_in_words_holds_its_numbers_and_fits() -> None:
    short = trend_file(treatment(samples.CASE), ASKED, samples.SURGEON).alt_text or ""
    assert "Pain before 6, 4." in short
    assert "Concern: Apr 13." in short
    for longest in (200, 400, LONGEST_ALT_TEXT):
        said = in_short(shown(forty()).progress, longest)
        assert len(said) <= longest
        assert "in the progress report" in said or longest == LONGEST_ALT_TEXT


def test_the_report_in_words_is_plain_text() -> None:
    said = read(DRAWN["progress report in words"])
    assert "the therapist asks: Ok to add scar work next week?" in said
    assert "*" not in said
    assert said.startswith("(Case K7QF-3M: progress report in words)")


def test_a_patient_was_asked_where_more_than_sleep_was_scored() -> None:
    report = report_of(
        shown(
            [
                session(1, pain_after=6, sleep=4),
                session(2, pain_after=5, sleep=5, satisfaction=6),
                session(3, sleep=6, medication_change="reduced"),
            ]
        )
    )
    assert [said for _, said in report.feedback] == [
        "satisfaction 6/10, sleep 5/10",
        "pain medicine reduced",
    ]


def test_the_report_counts_what_happened_once_by_its_days() -> None:
    facts = dict(report_of(shown([session(1), session(2, no_show=True)])).facts)
    assert facts["Missed visits"] == "Oct 9"
    assert facts["Concerns"] == "none"
    assert [name for name in facts if name.startswith("Missed")] == ["Missed visits"]


def test_what_waits_for_an_answer_is_named_as_people_say_it() -> None:
    question = ShownQuestion(date(2026, 10, 8), Severity.SOON, ConcernState.OPEN)
    assert question_line(question) == "Oct 8, concern to be seen soon, not acknowledged"
