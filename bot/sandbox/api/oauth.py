"""oauth.v2.access and auth.revoke: tokens come and go."""

from __future__ import annotations

from bot.sandbox.api.method import Arguments, Call, Method, Tier, Token
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import apps, oauth
from bot.sandbox.wire import JsonObject


class Access(Arguments):
    client_id: str = ""
    client_secret: str = ""
    code: str = ""
    redirect_uri: str = ""
    grant_type: str = "authorization_code"


class Revoke(Arguments):
    test: bool = False


def access(call: Call, args: Access) -> JsonObject:
    if args.grant_type != "authorization_code":
        raise SlackRefuses("invalid_grant_type")
    app, user = oauth.exchange(
        call.workspace, args.client_id, args.client_secret, args.code, args.redirect_uri
    )
    team = call.workspace.team
    return {
        "app_id": app.id,
        "authed_user": {"id": user},
        "scope": ",".join(app.scopes),
        "token_type": "bot",
        "access_token": app.bot_token,
        "bot_user_id": app.bot_user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def revoke(call: Call, args: Revoke) -> JsonObject:
    if args.test:
        return {"revoked": False}
    apps.uninstall(call.workspace, call.app)
    return {"revoked": True}


METHODS = (
    Method("oauth.v2.access", Access, access, (), Tier.FOUR, Token.NONE),
    Method("auth.revoke", Revoke, revoke),
)
