"""Modals: sent, refused, closed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import render
from bot.sandbox.blockkit import check_submission, find_element
from bot.sandbox.people import answers
from bot.sandbox.people.asking import Asking
from bot.sandbox.people.outcome import NotSeen, Outcome
from bot.sandbox.people.spots import InView, in_view, values_at
from bot.sandbox.state import apps, views
from bot.sandbox.state.model import App, View
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, JsonValue, text_at


@dataclass(frozen=True)
class Forms:
    asking: Asking

    @property
    def _workspace(self) -> Workspace:
        return self.asking.workspace

    async def submit(self, user: str, view_id: str, values: JsonObject) -> Outcome:
        """Send a modal's form. What Slack's own client refuses never reaches the app."""
        view = in_view(self._workspace, user, view_id).view
        if not views.is_open(self._workspace, view) or "submit" not in view.body:
            raise NotSeen("not_found")
        app = self._workspace.app(view.app_id)
        view.values = values_at(InView(app, view), values)
        complaints = check_submission(view.body, view.values)
        if complaints:
            return Outcome(False, error="not_complete", errors=complaints)
        payload: JsonObject = {
            "type": "view_submission",
            **self.asking.common(app, user),
            "api_app_id": app.id,
            "trigger_id": self.asking.trigger(app, user),
            "view": render.view(self._workspace, view),
            "response_urls": self._response_urls(app, user, view),
        }
        answer = await self.asking.ask(app, "view_submission", payload)
        if answer.failure is not None:
            return Outcome(False, "We had some trouble connecting. Try again?", "operation_timeout")
        return answers.to_submission(self._workspace, app, view, answer)

    def _response_urls(self, app: App, user: str, view: View) -> list[JsonValue]:
        """For inputs that ask for one: where the app may post, by what was chosen."""
        given: list[JsonValue] = []
        for block_id, entries in view.values.items():
            for action_id, entry in (entries if isinstance(entries, dict) else {}).items():
                element = find_element(view.body, block_id, action_id)
                if element is None or element.get("response_url_enabled") is not True:
                    continue
                chosen = entry if isinstance(entry, dict) else {}
                channel = text_at(chosen, "selected_conversation") or text_at(
                    chosen, "selected_channel"
                )
                if channel:
                    address = apps.give_response_url(self._workspace, app, user, channel)
                    given.append(
                        {
                            "block_id": block_id,
                            "action_id": action_id,
                            "channel_id": channel,
                            "response_url": self.asking.url(address),
                        }
                    )
        return given

    async def close(self, user: str, view_id: str, *, everything: bool = False) -> None:
        """Close a modal (or, with the cross of a stack, all of them)."""
        view = in_view(self._workspace, user, view_id).view
        if not views.is_open(self._workspace, view):
            raise NotSeen("not_found")
        stack = self._workspace.state.modals[user]
        gone = tuple(stack) if everything or view.body.get("clear_on_close") else (view,)
        told = [one for one in reversed(gone) if one.body.get("notify_on_close")]
        if len(gone) > 1:
            views.close_all(self._workspace, user)
        else:
            views.close_top(self._workspace, view)
        for one in told:
            app = self._workspace.app(one.app_id)
            payload: JsonObject = {
                "type": "view_closed",
                **self.asking.common(app, user),
                "api_app_id": app.id,
                "view": render.view(self._workspace, one),
                "is_cleared": len(gone) > 1,
            }
            await self.asking.ask(app, "view_closed", payload)
