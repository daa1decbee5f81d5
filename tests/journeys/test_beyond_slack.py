"""A concern goes beyond Slack: by a rung of its ladder, and when Slack does not answer."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.sandbox import Fault, FaultKind
from tests.journeys.test_ladders import opens_ladders, worried


class Pager:
    """The pager's provider, on this machine."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        sent = await request.json()
        self.calls.append(f"{sent['title']} / {sent['message']}")
        return web.Response()


@pytest.fixture
async def pager() -> AsyncIterator[tuple[Pager, str]]:
    taken = Pager()
    app = web.Application()
    app.router.add_post("/", taken.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield taken, f"pager=json://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.fixture
def more_settings(pager: tuple[Pager, str]) -> dict[str, str]:
    """The clinic has a pager."""
    return {"CARELOOP_OUTSIDE": pager[1]}


async def test_a_rung_calls_the_pager_and_its_fate_is_kept(
    clinic: Clinic, case: Case, pager: tuple[Pager, str]
) -> None:
    overview = await opens_ladders(clinic)
    ladder = await overview.presses("Edit", nth=2)
    rung = await ladder.presses("Add a rung")
    await rung.submits(who="outside:pager", after="5", times="1", hours="around_the_clock")
    assert ladder.seen.says("After 5 min", "pager, outside Slack")
    await ladder.submits()
    await clinic.coordinator.form().closes()
    await overview.closes()

    await worried(case)
    alert = await clinic.surgeon.gets_message("Urgent concern", "pager is told")
    await clinic.passes(minutes=5)
    assert len(pager[0].calls) == 1
    assert f"urgent concern, {case.code}" in pager[0].calls[0]
    assert "pale" not in pager[0].calls[0]

    form = await alert.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("Dr. Ana Rivera", "hold treatment")
    read = await alert.clicks("Read")
    assert read.seen.says("pager, delivered")


async def test_when_slack_does_not_answer_for_two_minutes_the_pager_rings_once(
    clinic: Clinic, case: Case, pager: tuple[Pager, str]
) -> None:
    for method in ("auth.*", "chat.*", "dnd.*"):
        clinic.slack.faults.add(Fault(FaultKind.RESET_BEFORE, method=method, times=None))
    await clinic.therapist.replies(case, "concern: she looks pale to me")
    await clinic.passes(minutes=1)
    assert pager[0].calls == []
    await clinic.stop_bot()
    await clinic.start_bot()  # while Slack still does not answer

    await clinic.passes(minutes=2)
    assert len(pager[0].calls) == 1
    assert "Slack does not answer" in pager[0].calls[0]
    assert "pale" not in pager[0].calls[0]
    await clinic.passes(minutes=5)
    assert len(pager[0].calls) == 1

    clinic.slack.faults.clear()
    await clinic.passes(minutes=2)
    posted = await case.thread_shows("Urgent concern", "Told pager")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="hold", note="")
    await case.thread_shows("Dr. Ana Rivera", "hold treatment")
    assert posted.seen.says("acknowledged")
