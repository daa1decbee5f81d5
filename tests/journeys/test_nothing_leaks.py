"""A patient who can be recognized goes through the whole loop, and shows nowhere but where told."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.logs import LogFormat, LogLevel, configure_logs
from tests.threats.canaries import BIRTH_DATE, CANARY, RECORD_NUMBER, TELEPHONE

SECRETS = (CANARY, BIRTH_DATE, RECORD_NUMBER, TELEPHONE, "quixotic", "left calf")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, from the lowest level on."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs(LogLevel.DEBUG, LogFormat.JSON, stream)
    yield stream
    root.handlers[:], root.level = handlers, level


async def live_through_everything(clinic: Clinic) -> None:
    case = await clinic.surgeon.refers(
        clinic.therapist,
        name=f"{CANARY} Quill",
        birth_date=BIRTH_DATE,
        record_number=RECORD_NUMBER,
        phone=TELEPHONE,
        note="quixotic",
    )
    await clinic.therapist.presses(case, "Accept")
    form = await clinic.therapist.opens(case, "Patient details")
    assert form.seen.says(CANARY)
    ts = await clinic.therapist.replies(case, f"{CANARY} came, quixotic as ever")
    await clinic.therapist.edits(case, ts, f"{CANARY} came, quixotic")
    await clinic.therapist.replies(case, "concern: left calf hot")
    alert = await clinic.surgeon.gets_message(case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="hold", note="quixotic")
    await clinic.stop_bot()
    await clinic.therapist.replies(case, f"{CANARY} again")
    await clinic.start_bot()
    await clinic.passes(days=10)


async def test_no_log_line_carries_patient_data(sqlite_url: str, logged: io.StringIO) -> None:
    async with open_clinic(sqlite_url, MovableClock()) as clinic:
        await live_through_everything(clinic)
    text = logged.getvalue()
    assert "started" in text
    assert [secret for secret in SECRETS if secret.casefold() in text.casefold()] == []


async def test_no_patient_data_stands_in_the_database_file_in_clear(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_clinic(sqlite_url, MovableClock()) as clinic:
        await live_through_everything(clinic)
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("careloop.db*"))
    assert clinic.surgeon.user_id.encode() in stored  # opaque ids are there in clear
    assert [secret for secret in SECRETS if secret.encode() in stored] == []


async def test_names_show_in_no_message_of_the_bot_and_no_channel_s_name(sqlite_url: str) -> None:
    async with open_clinic(sqlite_url, MovableClock()) as clinic:
        await live_through_everything(clinic)
        channels = clinic.slack.workspace.state.channels.values()
        said = [
            f"{message.text} {message.blocks}"
            for channel in channels
            for message in channel.messages.values()
            if message.bot_id
        ]
        named = [f"{channel.name} {channel.topic} {channel.purpose}" for channel in channels]
        fallbacks = [
            message.text
            for channel in channels
            for message in channel.messages.values()
            if message.bot_id
        ]
    identifiers = SECRETS[:4]
    assert said
    assert [s for s in identifiers if s in " ".join(said + named)] == []
    assert [s for s in (*SECRETS, "liposuction") if s in " ".join(fallbacks)] == []
