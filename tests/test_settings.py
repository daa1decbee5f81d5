"""Settings: every problem is told at once, what to do is said, and no secret is shown."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.logs import LogFormat, LogLevel
from bot.settings import Mode, Settings, SettingsInvalid, check_startup, load_and_check
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.vault import Vault

KEY = new_master_key("1")
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "CARELOOP_KEYS": KEY,
}
HTTP = {
    **GOOD,
    "CARELOOP_MODE": "http",
    "SLACK_SIGNING_SECRET": "signing-secret-0123456789",
    "CARELOOP_TLS_AHEAD": "yes",
}
LOCAL = {**GOOD, "SLACK_API_URL": "http://127.0.0.1:8765/api"}


def problems_of(values: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.of(values)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return {problem.name: problem.what for problem in caught.value.problems}


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    import os

    for name in os.environ:
        if name.startswith(("CARELOOP_", "SLACK_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    return monkeypatch


def test_three_values_are_enough_in_socket_mode() -> None:
    settings = Settings.of(GOOD)
    assert settings.mode is Mode.SOCKET
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.talks_to_real_slack
    assert settings.address.file == Path("careloop.db").resolve()
    assert settings.master_keys.current_id == "1"
    assert (settings.log_level, settings.log_format) == (LogLevel.INFO, LogFormat.JSON)
    assert settings.sends_per_second == 1.0


def test_http_mode_needs_the_signing_secret_and_no_app_token() -> None:
    values = {name: value for name, value in HTTP.items() if name != "SLACK_APP_TOKEN"}
    assert Settings.of(values).mode is Mode.HTTP
    assert (
        "anybody could pass for Slack"
        in problems_of(values | {"SLACK_SIGNING_SECRET": ""})["SLACK_SIGNING_SECRET"]
    )


def test_the_environment_wins_over_the_file(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in GOOD.items()))
    file.chmod(0o600)
    bare_environment.setenv("CARELOOP_LOG_LEVEL", "warning")
    bare_environment.setenv("SLACK_BOT_TOKEN", "xoxb-2-other")
    settings = Settings.load(file)
    assert settings.log_level is LogLevel.WARNING
    assert settings.slack_bot_token.get_secret_value() == "xoxb-2-other"
    assert settings.slack_app_token.get_secret_value() == "xapp-1-secret"


def test_an_empty_environment_names_everything_that_is_missing(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    del bare_environment
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load(tmp_path / ".env")
    assert [problem.name for problem in caught.value.problems] == [
        "CARELOOP_KEYS",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
    ]
    assert "careloop keys new" in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    problems = problems_of(
        {
            "CARELOOP_MODE": "pigeon",
            "SLACK_BOT_TOKEN": "xapp-wrong-kind",
            "SLACK_APP_TOKEN": "xoxb-wrong-kind",
            "SLACK_API_URL": "https://slack.example.com/api/",
            "DATABASE_URL": "mysql://root:hunter2@db/careloop",
            "CARELOOP_KEYS": "1:bm90LWxvbmctZW5vdWdo",
            "CARELOOP_PORT": "http",
            "CARELOOP_CLINIC_CHANNEL": "#clinic",
            "CARELOOP_LOG_LEVEL": "chatty",
            "CARELOOP_SENDS_PER_SECOND": "0",
            "CARELOOP_CHANNEL": "C1",
            "CARELOOP_LOGLEVEL": "info",
        }
    )
    assert set(problems) == {
        "CARELOOP_MODE", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "DATABASE_URL",
        "CARELOOP_KEYS", "CARELOOP_PORT", "CARELOOP_CLINIC_CHANNEL", "CARELOOP_LOG_LEVEL",
        "CARELOOP_SENDS_PER_SECOND", "CARELOOP_CHANNEL", "CARELOOP_LOGLEVEL",
    }  # fmt: skip
    assert problems["CARELOOP_MODE"] == "must be socket or http"
    assert "begin with xoxb-" in problems["SLACK_BOT_TOKEN"]
    assert "begin with xapp-" in problems["SLACK_APP_TOKEN"]
    assert problems["CARELOOP_KEYS"] == "key 1 has 15 bytes where 32 are needed"
    assert "did you mean CARELOOP_LOG_LEVEL" in problems["CARELOOP_LOGLEVEL"]
    assert "whole number" in problems["CARELOOP_PORT"]


@pytest.mark.parametrize(
    "url",
    ["http://slack.com/api/", "https://slack.com.evil.example/api/", "http://10.0.0.8/api/",
     "https://evilslack.com/api/", "ftp://127.0.0.1/", "slack.com", "http://[::1", "x" * 300],
)  # fmt: skip
def test_tokens_go_to_nobody_but_slack_and_this_machine(url: str) -> None:
    assert "SLACK_API_URL" in problems_of({**GOOD, "SLACK_API_URL": url})


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost:1", "[::1]:1"])
def test_a_local_slack_may_be_anywhere_on_this_machine(host: str) -> None:
    settings = Settings.of({**GOOD, "SLACK_API_URL": f"http://{host}/api"})
    assert settings.slack_api_url == f"http://{host}/api/"
    assert not settings.talks_to_real_slack


def test_the_time_is_never_moved_on_the_real_slack(tmp_path: Path) -> None:
    moved = {"CARELOOP_CLOCK_FILE": str(tmp_path / "clock")}
    assert Settings.of(LOCAL | moved).clock_file == tmp_path / "clock"
    assert "only a local Slack" in problems_of(GOOD | moved)["CARELOOP_CLOCK_FILE"]


def test_no_secret_shows_in_a_representation_or_an_error() -> None:
    url = "postgresql://careloop:hunter2@db/careloop"
    settings = Settings.of({**HTTP, "DATABASE_URL": url})
    shown = f"{settings!r} {settings!s} {settings.model_dump()} {settings.model_dump_json()}"
    with pytest.raises(SettingsInvalid) as caught:
        Settings.of({**HTTP, "SLACK_BOT_TOKEN": "hunter2", "SLACK_APP_TOKEN": "hunter2"})
    shown += f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
    for secret in ("xoxb-1-secret", "xapp-1-secret", "signing-secret", "hunter2", KEY[2:]):
        assert secret not in shown


def test_the_example_file_names_every_setting_and_nothing_else() -> None:
    example = Path(__file__).parents[1] / ".env.example"
    named = set(dotenv_values(example))
    assert named == {field.alias for field in Settings.model_fields.values()}


def test_the_example_file_filled_in_is_accepted(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    del bare_environment
    text = (Path(__file__).parents[1] / ".env.example").read_text()
    for name, value in GOOD.items():
        text = text.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    file = tmp_path / ".env"
    file.write_text(text)
    file.chmod(0o600)
    assert Settings.load(file) == Settings.of(GOOD)


# --- What would be dangerous ----------------------------------------------------------------------


def test_http_mode_needs_a_server_ahead_that_speaks_tls() -> None:
    undeclared = {**HTTP, "CARELOOP_TLS_AHEAD": ""}
    assert "speaks no TLS" in problems_of(undeclared)["CARELOOP_TLS_AHEAD"]
    assert "CARELOOP_MODE=socket" in problems_of(undeclared)["CARELOOP_TLS_AHEAD"]
    assert problems_of({**HTTP, "CARELOOP_TLS_AHEAD": "perhaps"})
    local = {**undeclared, "SLACK_API_URL": "http://127.0.0.1:8765/api"}
    assert Settings.of(local).mode is Mode.HTTP  # nothing leaves this machine


@pytest.mark.parametrize("secret", ["", "   ", "short", " signing-secret-0123456789"])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    told = problems_of({**HTTP, "SLACK_SIGNING_SECRET": secret})["SLACK_SIGNING_SECRET"]
    assert "Basic Information, Signing Secret" in told


def test_debug_logs_are_for_a_local_slack() -> None:
    assert (
        "write whole messages"
        in problems_of({**GOOD, "CARELOOP_LOG_LEVEL": "debug"})["CARELOOP_LOG_LEVEL"]
    )
    assert Settings.of({**LOCAL, "CARELOOP_LOG_LEVEL": "debug"}).log_level is LogLevel.DEBUG


@pytest.mark.parametrize(
    ("mode", "refused"),
    [(0o644, True), (0o604, True), (0o602, True), (0o660, True), (0o600, False), (0o640, False)],
)
def test_a_file_with_secrets_that_others_may_open_is_refused(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch, mode: int, refused: bool
) -> None:
    del bare_environment
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in GOOD.items()))
    file.chmod(mode)
    if not refused:
        assert Settings.load(file) == Settings.of(GOOD)
        return
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load(file)
    [problem] = caught.value.problems
    assert problem.name == ".env"
    assert "chmod 600 .env" in problem.what
    assert "CARELOOP_KEYS, SLACK_APP_TOKEN, SLACK_BOT_TOKEN" in problem.what
    assert KEY not in str(caught.value)


def test_a_file_without_secrets_may_be_open(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    for name, value in GOOD.items():
        bare_environment.setenv(name, value)
    file = tmp_path / ".env"
    file.write_text("DATABASE_URL=sqlite:///careloop.db\nCARELOOP_CHECKPOINTS=/mnt/kept/\n")
    file.chmod(0o644)
    assert Settings.load(file).mode is Mode.SOCKET


def test_what_is_dangerous_is_told_with_all_the_rest(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    del bare_environment
    keys = tmp_path / "keys"
    keys.write_text(KEY)
    keys.chmod(0o644)
    file = tmp_path / ".env"
    file.write_text(
        "CARELOOP_MODE=http\nSLACK_BOT_TOKEN=xoxb-1\nCARELOOP_LOG_LEVEL=debug\n"
        f"CARELOOP_KEYS_FILE={keys}\nCARELOOP_CHECKPOINTS=s3://bucket/x\n"
    )
    file.chmod(0o644)
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load(file)
    assert {problem.name for problem in caught.value.problems} == {
        "CARELOOP_KEYS_FILE", "CARELOOP_CHECKPOINTS", "SLACK_SIGNING_SECRET", "CARELOOP_TLS_AHEAD",
        "CARELOOP_LOG_LEVEL", ".env",
    }  # fmt: skip
    assert "mount the bucket" in str(caught.value)


# --- What only a look at the database can tell ---------------------------------------------------


async def test_a_prepared_database_with_its_keys_has_no_problem(database_url: str) -> None:
    database = await Database.open(database_url)
    await Vault.start(database, MasterKeys.parse(KEY))
    assert await check_startup(Settings.of({**GOOD, "DATABASE_URL": database_url})) == []
    await database.close()


async def test_a_wrong_key_for_this_database_is_named(database_url: str) -> None:
    database = await Database.open(database_url)
    await Vault.start(database, MasterKeys.parse(KEY))
    await database.close()
    other = Settings.of(
        {**GOOD, "DATABASE_URL": database_url, "CARELOOP_KEYS": new_master_key("1")}
    )
    [problem] = await check_startup(other)
    assert problem.name == "CARELOOP_KEYS"
    assert "master key 1 is not the one" in problem.what


async def test_a_missing_token_and_an_unreachable_database_are_told_in_one_go(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    bare_environment.setenv("DATABASE_URL", "postgresql://careloop:hunter2@127.0.0.1:1/careloop")
    bare_environment.setenv("SLACK_APP_TOKEN", "xapp-1")
    bare_environment.setenv("CARELOOP_PROT", "3000")
    with pytest.raises(SettingsInvalid) as caught:
        await load_and_check(tmp_path / ".env")
    assert [problem.name for problem in caught.value.problems] == [
        "CARELOOP_KEYS",
        "SLACK_BOT_TOKEN",
        "CARELOOP_PROT",
        "DATABASE_URL",
    ]
    assert "hunter2" not in str(caught.value)


async def test_settings_that_hold_against_the_database_are_given(
    database_url: str, tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    for name, value in {**GOOD, "DATABASE_URL": database_url}.items():
        bare_environment.setenv(name, value)
    assert (await load_and_check(tmp_path / ".env")).mode is Mode.SOCKET
    bare_environment.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nothing.db'}")
    with pytest.raises(SettingsInvalid, match="careloop db migrate"):
        await load_and_check(tmp_path / ".env")


async def test_a_database_that_is_not_up_to_date_says_what_to_run(
    empty_database_url: str,
) -> None:
    [problem] = await check_startup(Settings.of({**GOOD, "DATABASE_URL": empty_database_url}))
    assert "careloop db migrate" in problem.what


async def test_a_database_that_cannot_be_reached_is_named_without_its_password() -> None:
    url = "postgresql://careloop:hunter2@127.0.0.1:1/careloop"
    [problem] = await check_startup(Settings.of({**GOOD, "DATABASE_URL": url}))
    assert problem.name == "DATABASE_URL"
    assert "cannot be reached" in problem.what
    assert "hunter2" not in str(problem)
