"""A patient who can be recognized goes through every listener, and shows nowhere but in a modal.

The listeners are Bolt's own list: one that no payload reaches is pointed out.
"""

import io
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from slack_bolt.listener.async_listener import AsyncCustomListener
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.logs import LogFormat, LogLevel, configure_logs
from bot.sandbox import AppMode
from bot.sandbox.record import CallMade
from bot.services.deeds import Deeds
from tests.threats.attacker import Attacker, Recorded
from tests.threats.canaries import BIRTH_DATE, CANARY, RECORD_NUMBER, TELEPHONE, Payloads

IDENTIFIERS = (CANARY, BIRTH_DATE, RECORD_NUMBER, TELEPHONE)
CLINICAL = "quixotic"
# Only there they may stand: what somebody opens, and what they are typing.
_MODALS = ("views.open", "views.update", "views.push")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, from the lowest level on."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs(LogLevel.DEBUG, LogFormat.JSON, stream)
    yield stream
    root.handlers[:], root.level = handlers, level


@dataclass
class Listeners:
    """Which listeners were called, and by what; one can be made to fail."""

    called: dict[str, Recorded] = field(default_factory=dict)
    sending: Recorded | None = None
    failing: bool = False

    def heard(self, listener: AsyncCustomListener) -> None:
        if self.sending is not None:
            self.called[_name(listener)] = self.sending
        if self.failing:
            fail()


def fail(*_: object, **__: object) -> NoReturn:
    """As an error of a library that repeats what it was given."""
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        raise RuntimeError(f"no place for {CANARY}") from error


def _name(listener: AsyncCustomListener) -> str:
    code = listener.ack_function.__code__
    closed = [str(cell.cell_contents) for cell in listener.ack_function.__closure__ or ()]
    return f"{code.co_filename}:{code.co_firstlineno} {id(listener.ack_function)} {len(closed)}"


@pytest.fixture
def listeners(monkeypatch: pytest.MonkeyPatch) -> Listeners:
    found = Listeners()
    run = AsyncCustomListener.run_ack_function

    async def watched(
        self: AsyncCustomListener, *, request: AsyncBoltRequest, response: BoltResponse
    ) -> BoltResponse | None:
        found.heard(self)
        return await run(self, request=request, response=response)

    monkeypatch.setattr(AsyncCustomListener, "run_ack_function", watched)
    return found


@pytest.fixture
async def clinic(sqlite_url: str, logged: io.StringIO) -> AsyncIterator[Clinic]:
    async with open_clinic(sqlite_url, MovableClock(), mode=AppMode.HTTP) as opened:
        yield opened


async def test_a_recognizable_patient_shows_nowhere_but_in_a_modal(
    clinic: Clinic,
    listeners: Listeners,
    logged: io.StringIO,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = await clinic.surgeon.refers(
        clinic.therapist,
        name=f"{CANARY} Quill",
        birth_date=BIRTH_DATE,
        record_number=RECORD_NUMBER,
        phone=TELEPHONE,
        note="quixotic",
    )
    await clinic.therapist.gets_message(case.code)
    row = case.card.button("Patient details").value.partition('referral_id":"')[2][:24]
    answers: list[str] = []
    everything: list[Recorded] = []
    team = clinic.slack.workspace.state.team.id
    everything += Payloads(clinic.surgeon.user_id, team, case.channel_id, row).all()
    everything += Payloads(clinic.therapist.user_id, team, case.channel_id, row).forms()
    answers += await _send(clinic, listeners, everything)

    assert clinic.bot is not None
    every = {
        _name(one)
        for one in clinic.bot.bolt._async_listeners  # Bolt has no other way to ask
        if isinstance(one, AsyncCustomListener)
    }
    assert every - set(listeners.called) == set()

    once = list({id(one): one for one in listeners.called.values()}.values())
    with monkeypatch.context() as broken:
        broken.setattr(Deeds, "begin", fail)
        broken.setattr(Deeds, "look", fail)
        answers += await _send(clinic, listeners, once)
    listeners.failing = True
    answers += await _send(clinic, listeners, once)
    listeners.failing = False
    listeners.sending = None

    told = (await clinic.bot.auditor.metrics()).decode()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("careloop.db*"))
    names = " ".join(path.name for path in tmp_path.rglob("*"))
    said = [one.arguments for one in _calls(clinic) if one.method not in _MODALS]
    assert "careloop_errors_total" in told
    assert "RuntimeError" in logged.getvalue()
    for where, text in {
        "log": logged.getvalue(),
        "metrics": told,
        "answers": " ".join(answers),
        "names of files": names,
        "database and journal": stored.decode(errors="ignore"),
        "fallback texts": " ".join(str(one.get("text")) for one in said),
    }.items():
        assert (where, _found(text, *IDENTIFIERS, CLINICAL)) == (where, [])
    # What people write is quoted in their thread, without who the patient is.
    assert _found(str(said), *IDENTIFIERS) == []


def _found(text: str, *secrets: str) -> list[str]:
    return [one for one in secrets if one.casefold() in text.casefold()]


async def _send(clinic: Clinic, listeners: Listeners, some: Sequence[Recorded]) -> list[str]:
    """The bodies of the bot's answers."""
    attacker = Attacker(clinic)
    answers = []
    for one in some:
        listeners.sending = one
        status, answer = await attacker.answer_over_http(one)
        assert status < 500 or listeners.failing, f"{status} to {one.kind} {one.name}"
        if '"response_action": "update"' not in answer:  # else a modal
            answers.append(answer)
    await clinic.settled()
    return answers


def _calls(clinic: Clinic) -> Sequence[CallMade]:
    return list(clinic.slack.record.calls)
