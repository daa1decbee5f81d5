"""Installing by consent: the page, the code, the token."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from bot.sandbox import InstalledApp, LocalSlack
from tests.sandbox.manifest import SCOPES, manifest

# slack_sdk sends the client's id and secret by an aiohttp class that is on its way out.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

BACK = "http://127.0.0.1:3000/slack/oauth_redirect"


async def consents(slack: LocalSlack, app: InstalledApp, answer: str = "allow") -> dict[str, str]:
    """What comes back to the app when the first person answers the page."""
    asked = AuthorizeUrlGenerator(
        client_id=app.app.client_id,
        scopes=SCOPES,
        redirect_uri=BACK,
        authorization_url=f"{slack.url}/oauth/v2/authorize",
    ).generate("state-7")
    user = next(iter(slack.workspace.state.users.values()))
    async with aiohttp.ClientSession() as session:
        async with session.get(asked) as page:
            text = await page.text()
            assert app.name in text
            assert "chat:write" in text
        form = {
            "client_id": app.app.client_id,
            "redirect_uri": BACK,
            "state": "state-7",
            "user": user.id,
            "answer": answer,
        }
        url = f"{slack.url}/oauth/v2/authorize"
        async with session.post(url, data=form, allow_redirects=False) as response:
            back = response.headers["Location"]
    assert back.startswith(BACK)
    return {key: values[0] for key, values in parse_qs(urlsplit(back).query).items()}


@pytest.fixture
def app(slack: LocalSlack) -> InstalledApp:
    slack.add_person("ana.rivera", "Dr. Ana Rivera")
    return slack.register_app(manifest())


@pytest.fixture
def anonymous(slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(base_url=f"{slack.url}/api/")


async def test_consent_gives_a_token_that_works(
    slack: LocalSlack, app: InstalledApp, anonymous: AsyncWebClient
) -> None:
    client = AsyncWebClient(token=app.bot_token, base_url=f"{slack.url}/api/")
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    back = await consents(slack, app)
    assert back["state"] == "state-7"
    answer = await anonymous.oauth_v2_access(
        client_id=app.app.client_id,
        client_secret=app.app.client_secret,
        code=back["code"],
        redirect_uri=BACK,
    )
    assert set(answer.data) == {
        "ok",
        "app_id",
        "authed_user",
        "scope",
        "token_type",
        "access_token",
        "bot_user_id",
        "team",
        "enterprise",
        "is_enterprise_install",
    }
    assert answer["scope"].split(",") == SCOPES
    token = AsyncWebClient(token=answer["access_token"], base_url=f"{slack.url}/api/")
    assert (await token.auth_test())["user_id"] == app.bot_user_id
    assert app.app.client_secret not in str(list(slack.record.calls))


async def test_a_code_serves_once_within_ten_minutes_with_the_right_secret(
    slack: LocalSlack, app: InstalledApp, anonymous: AsyncWebClient, clock: MovableClock
) -> None:
    async def exchange(code: str, secret: str = "", redirect_uri: str = BACK) -> str:
        try:
            await anonymous.oauth_v2_access(
                client_id=app.app.client_id,
                client_secret=secret or app.app.client_secret,
                code=code,
                redirect_uri=redirect_uri,
            )
        except SlackApiError as refusal:
            return str(refusal.response["error"])
        return "ok"

    code = (await consents(slack, app))["code"]
    assert await exchange(code, secret="wrong") == "bad_client_secret"
    assert await exchange("made-up") == "invalid_code"
    assert await exchange(code, redirect_uri="http://elsewhere/") == "bad_redirect_uri"
    assert await exchange(code) == "ok"
    assert await exchange(code) == "code_already_used"
    late = (await consents(slack, app))["code"]
    clock.advance(timedelta(minutes=10))
    assert await exchange(late) == "invalid_code"


async def test_saying_no_goes_back_without_a_code(slack: LocalSlack, app: InstalledApp) -> None:
    assert await consents(slack, app, "cancel") == {"error": "access_denied", "state": "state-7"}


async def test_the_page_is_not_shown_for_an_address_or_scope_that_is_not_the_apps(
    slack: LocalSlack, app: InstalledApp
) -> None:
    url = f"{slack.url}/oauth/v2/authorize"
    known = {"client_id": app.app.client_id, "redirect_uri": BACK}
    for wrong, code in (
        ({"redirect_uri": "http://evil.example/"}, "bad_redirect_uri"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"client_id": "1.2"}, "invalid_client_id"),
    ):
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, params={**known, **wrong}) as response,
        ):
            assert (await response.json())["error"] == code
