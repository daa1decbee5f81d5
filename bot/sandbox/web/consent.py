"""The consent page of `oauth/v2/authorize`."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import oauth
from bot.sandbox.state.model import App
from bot.sandbox.state.workspace import Workspace

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Allow {app}?</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
main {{ max-width: 32rem; margin: 3rem auto; padding: 0 1rem; }}
button {{ font: inherit; padding: .4rem 1.2rem; margin-right: .5rem; }}
</style></head><body><main>
<h1>{app} is asking to be added to {team}</h1>
<p>It will be able to use:</p><ul>{scopes}</ul>
<form method="post">{hidden}
<p><label>You are <select name="user">{people}</select></label></p>
<button name="answer" value="allow">Allow</button>
<button name="answer" value="cancel">Cancel</button>
</form></main></body></html>"""


@dataclass
class Consent:
    workspace: Workspace

    async def show(self, request: web.Request) -> web.StreamResponse:
        app, redirect_uri = self._asked(dict(request.query))
        fields = {
            "client_id": app.client_id,
            "redirect_uri": redirect_uri,
            "state": request.query.get("state", ""),
        }
        people = [user for user in self.workspace.state.users.values() if not user.is_bot]
        page = _PAGE.format(
            app=escape(app.name),
            team=escape(self.workspace.team.name),
            scopes="".join(f"<li><code>{escape(scope)}</code></li>" for scope in app.scopes),
            hidden="".join(
                f'<input type="hidden" name="{name}" value="{escape(value)}">'
                for name, value in fields.items()
            ),
            people="".join(
                f'<option value="{escape(user.id)}">{escape(user.real_name)}</option>'
                for user in people
            ),
        )
        return web.Response(text=page, content_type="text/html")

    def _asked(self, query: dict[str, str]) -> tuple[App, str]:
        app = oauth.app_of_client(self.workspace, query.get("client_id", ""))
        scopes = query.get("scope", "").replace(" ", ",").split(",")
        return app, oauth.check_request(app, scopes, query.get("redirect_uri", ""))

    async def decide(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        app, redirect_uri = self._asked(form)
        back = {"state": form.get("state", "")}
        if form.get("answer") == "allow":
            user = form.get("user", "")
            if user not in self.workspace.state.users:
                raise SlackRefuses("user_not_found")
            back["code"] = oauth.consent(self.workspace, app, user, redirect_uri).code
        else:
            back["error"] = "access_denied"
        raise web.HTTPFound(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(back)}")
