"""Bolt's runner of listeners, which answers Slack in the moment in which a listener acknowledges.

Bolt's own looks every 10 ms whether the listener has acknowledged, and the listener runs on before
the answer is on its way. Here the acknowledgement wakes the answer, and the answer leaves first.
"""

import asyncio
import time
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.listener.async_listener import AsyncListener
from slack_bolt.listener.asyncio_runner import AsyncioListenerRunner
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse


def answer_promptly(app: AsyncApp) -> None:
    """Have `app` answer as soon as its listeners acknowledge."""
    own = app.listener_runner
    app._async_listener_runner = _PromptRunner(
        logger=own.logger,
        process_before_response=own.process_before_response,
        listener_error_handler=own.listener_error_handler,
        listener_start_handler=own.listener_start_handler,
        listener_completion_handler=own.listener_completion_handler,
        lazy_listener_runner=own.lazy_listener_runner,
    )


class _PromptAck(AsyncAck):
    """Tells when it was called, and lets the answer leave before the listener goes on."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.given = asyncio.Event()

    async def __call__(self, *args: Any, **kwargs: Any) -> BoltResponse:
        response = await super().__call__(*args, **kwargs)
        self.given.set()
        await asyncio.sleep(0)
        return response


# Slack waits no longer. https://docs.slack.dev/interactivity/handling-user-interaction
ACKNOWLEDGE_WITHIN = 3.0


class _PromptRunner(AsyncioListenerRunner):
    async def run(
        self,
        request: AsyncBoltRequest,
        response: BoltResponse,
        listener_name: str,
        listener: AsyncListener,
        starting_time: float | None = None,
    ) -> BoltResponse | None:
        if listener.lazy_functions or self.process_before_response or request.lazy_only:
            return await super().run(request, response, listener_name, listener, starting_time)
        ack = _PromptAck()
        request.context["ack"] = ack
        if listener.auto_acknowledgement and not request.lazy_only:
            # Bolt's own forgets the acknowledgement of an event whose listener fails before the
            # answer is on its way, and answers 500: Slack would bring the same event again.
            await ack()
        began = starting_time if starting_time is not None else time.time()
        work = asyncio.ensure_future(self._carry_out(ack, request, response, listener))
        work.add_done_callback(lambda _: ack.given.set())
        try:
            async with asyncio.timeout(max(0.0, ACKNOWLEDGE_WITHIN - (time.time() - began))):
                await ack.given.wait()
        except TimeoutError:
            self.logger.warning("Failed to run listener: it did not acknowledge in time")
        return ack.response

    async def _carry_out(
        self,
        ack: AsyncAck,
        request: AsyncBoltRequest,
        response: BoltResponse,
        listener: AsyncListener,
    ) -> None:
        try:
            await self.listener_start_handler.handle(request=request, response=response)
            await listener.run_ack_function(request=request, response=response)
        except Exception as error:  # noqa: BLE001 - handed to Bolt's error handler, as Bolt does
            failed: BoltResponse | None = None
            if ack.response is None:
                failed = BoltResponse(status=500)
            await self.listener_error_handler.handle(error=error, request=request, response=failed)
            ack.response = failed or ack.response
        finally:
            await self.listener_completion_handler.handle(request=request, response=response)
