"""What an operator's machines read: numbers, by closed sets, and nothing of whom they are about."""

from collections.abc import Iterator

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot.boundary import attempt, count_errors
from bot.metrics import Metrics
from bot.store.errors import DatabaseBusy
from bot.transport.health import Health, HealthPort


async def _get(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as answer,
    ):
        return answer.status, await answer.text()


def _samples(text: str) -> Iterator[tuple[str, dict[str, str], float]]:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            yield sample.name, dict(sample.labels), sample.value


async def test_in_socket_mode_they_are_on_a_port_of_their_own() -> None:
    metrics = Metrics()
    metrics.passed("slash_commands", 0.02)
    store_is_there = True

    async def text() -> bytes:
        if not store_is_there:
            raise DatabaseBusy("away")
        return metrics.text()

    async def check() -> None:
        await text()

    port = HealthPort(Health({"store": check}, text), 0)
    await port.start()
    assert (await _get(port.port, "/healthz"))[0] == 200
    assert (await _get(port.port, "/readyz"))[0] == 200
    status, answer = await _get(port.port, "/metrics")
    assert status == 200
    assert (
        "careloop_acknowledgement_seconds_count",
        {"kind": "slash_commands"},
        1.0,
    ) in list(_samples(answer))

    store_is_there = False
    assert (await _get(port.port, "/metrics"))[0] == 503
    assert (await _get(port.port, "/readyz"))[0] == 503
    await port.close()


async def test_an_unforeseen_error_is_counted_where_it_was_caught() -> None:
    metrics = Metrics()
    count_errors(metrics.failed)

    async def fails() -> None:
        raise LookupError("Jordan Ellis")

    await attempt(fails(), "send")
    text = metrics.text().decode()
    assert ("careloop_errors_total", {"where": "send"}, 1.0) in list(_samples(text))
    assert "Jordan" not in text
