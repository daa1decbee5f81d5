"""Events about people and about the app itself."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import render
from bot.sandbox.delivery.audience import Audience
from bot.sandbox.state import happenings as h
from bot.sandbox.state.model import App, User
from bot.sandbox.wire import JsonObject


@dataclass(frozen=True)
class PeopleEvents:
    audience: Audience

    def hear(self, happening: h.Happening) -> None:
        match happening:
            case h.UserChanged(user, event_ts):
                self._user_changed(user, event_ts)
            case h.TeamJoined(user, event_ts):
                shown = render.user(self.audience.workspace, user)
                self.audience.to_all({"type": "team_join", "user": shown, "event_ts": event_ts})
            case h.DndChanged(user, event_ts):
                self._dnd_changed(user, event_ts)
            case h.HomeOpened():
                self._home_opened(happening)
            case h.AppRemoved(app, event_ts):
                self._removed(app, event_ts)
            case _:
                return

    def _user_changed(self, user: User, event_ts: str) -> None:
        shown = render.user(self.audience.workspace, user)
        for kind in ("user_change", "user_profile_changed", "user_status_changed"):
            self.audience.to_all(
                {
                    "type": kind,
                    "user": shown,
                    "cache_ts": self.audience.workspace.seconds(),
                    "event_ts": event_ts,
                }
            )

    def _dnd_changed(self, user: User, event_ts: str) -> None:
        self.audience.to_all(
            {
                "type": "dnd_updated_user",
                "user": user.id,
                "dnd_status": render.dnd(self.audience.workspace, user),
                "event_ts": event_ts,
            }
        )

    def _home_opened(self, done: h.HomeOpened) -> None:
        app = self.audience.workspace.state.apps.get(done.app_id)
        if app is None or "app_home_opened" not in app.bot_events:
            return
        event: JsonObject = {
            "type": "app_home_opened",
            "user": done.user.id,
            "channel": done.channel,
            "tab": done.tab,
            "event_ts": done.event_ts,
        }
        if done.view is not None and done.tab == "home":
            event["view"] = render.view(self.audience.workspace, done.view)
        self.audience.send(app, event, channel=done.channel)

    def _removed(self, app: App, event_ts: str) -> None:
        tokens: JsonObject = {"oauth": [], "bot": [app.bot_user_id]}
        revoked: JsonObject = {"type": "tokens_revoked", "tokens": tokens, "event_ts": event_ts}
        self.audience.send_last(app, revoked)
        self.audience.send_last(app, {"type": "app_uninstalled", "event_ts": event_ts})
