"""The two halves of a form: the button that opens it, and the deed when it comes back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, Protocol

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.handlers.answers import Answers, Body
from bot.handlers.payloads import Click, Submission, read
from bot.views.carried import Action
from bot.views.errors import Words

Fill = Callable[[Click], Awaitable[View]]
# A click in a modal, and the modal as Slack sent it.
Replace = Callable[[Click, Body], Awaitable[View]]
# The submission and the view as Slack sent it, which a form's `read` checks.
Take = Callable[[Submission, Body], Awaitable[View | None]]


class Opened(Protocol):
    """What can be shown before it is known what is in it."""

    @classmethod
    def loading(cls) -> View: ...


class Form(Protocol):
    """What comes back filled in."""

    callback_id: ClassVar[str]

    @classmethod
    def trouble(cls, words: Words) -> Mapping[str, str]: ...


class Modals:
    """Registers forms with Bolt, each answered in Slack's time."""

    def __init__(self, app: AsyncApp, answers: Answers) -> None:
        self._app = app
        self._answers = answers

    def opens(self, action: Action, opened: type[Opened]) -> Callable[[Fill], Fill]:
        """`action` opens a modal, which what is decorated fills."""

        def register(fill: Fill) -> Fill:
            async def listener(ack: AsyncAck, body: Body) -> None:
                await ack()
                click = read(Click, body)
                await self._answers.in_modal(
                    click.trigger_id, opened.loading(), lambda: fill(click)
                )

            self._app.action(action)(listener)
            return fill

        return register

    def opens_above(self, action: Action, opened: type[Opened]) -> Callable[[Fill], Fill]:
        """As `opens`, above the modal in which the button was pressed, if it was in one."""

        def register(fill: Fill) -> Fill:
            async def listener(ack: AsyncAck, body: Body) -> None:
                await ack()
                click = read(Click, body)
                show = self._answers.on_top if click.modal_id else self._answers.in_modal
                await show(click.trigger_id, opened.loading(), lambda: fill(click))

            self._app.action(action)(listener)
            return fill

        return register

    def replaces(self, action: Action) -> Callable[[Replace], Replace]:
        """What is decorated is shown in place of the modal in which `action` was pressed; it gets
        that modal, with all that was typed into it."""

        def register(fill: Replace) -> Replace:
            async def listener(ack: AsyncAck, body: Body) -> None:
                await ack()
                click = read(Click, body)
                await self._answers.in_place(
                    click.trigger_id, click.modal_id, lambda: fill(click, body.get("view") or {})
                )

            self._app.action(action)(listener)
            return fill

        return register

    def takes(
        self,
        form: type[Form],
        at_fields: Callable[[Exception], Mapping[str, str] | None] = lambda _: None,
        afterwards: Callable[[Body], Awaitable[None]] | None = None,
    ) -> Callable[[Take], Take]:
        """What is decorated is done when `form` is sent; it gives the view to show instead, if
        any. `at_fields` says which errors belong to which field; `afterwards` is done with the
        view as sent once Slack has its answer, if all went well."""

        def register(take: Take) -> Take:
            async def listener(ack: AsyncAck, body: Body) -> None:
                submission = read(Submission, body)
                kept = await self._answers.form(
                    ack,
                    take(submission, body["view"]),
                    form.trouble,
                    at_fields,
                    view_id=submission.view.id,
                )
                if kept and afterwards is not None:
                    await afterwards(body["view"])

            self._app.view(form.callback_id)(listener)
            return take

        return register
