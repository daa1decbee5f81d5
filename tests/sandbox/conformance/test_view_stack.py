"""Modals: three to a stack, one trigger each, and nobody writes over what they have not seen."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blockkit import JsonObject
from bot.sandbox.delivery.triggers import TRIGGER_LIFE_SECONDS
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    element,
    home,
    input_block,
    modal,
    plain,
    section,
)
from tests.sandbox.conformance.office import Office, client_of, refusal
from tests.sandbox.manifest import manifest


def form(name: str = "Form", **more: Any) -> dict[str, Any]:
    field = element("plain_text_input", action_id="words")
    return modal(input_block(field, block_id="said"), title=plain(name), **more)


async def test_three_modals_lie_on_each_other_and_a_fourth_does_not(office: Office) -> None:
    first = await office.opens(form("One"))
    second = await office.pushes(form("Two"))
    third = await office.pushes(form("Three"))

    refused = await refusal(
        office.bot.views_push(trigger_id=await office.trigger(), view=form("Four"))
    )

    assert refused.error == "push_limit_reached"
    assert [view.id for view in office.ana.modals] == [first["id"], second["id"], third["id"]]
    assert first["previous_view_id"] is None
    assert second["previous_view_id"] == first["id"]
    assert third["previous_view_id"] == second["id"]
    assert {first["root_view_id"], second["root_view_id"], third["root_view_id"]} == {first["id"]}


async def test_closing_the_top_one_makes_room_again(office: Office) -> None:
    await office.opens(form("One"))
    await office.pushes(form("Two"))
    third = await office.pushes(form("Three"))

    await office.ana.closes(third["id"])

    again = await office.pushes(form("Another third"))
    assert office.ana.modal is not None
    assert office.ana.modal.id == again["id"]


async def test_an_opened_view_is_told_with_slack_s_fields(office: Office) -> None:
    view = await office.opens(
        form(callback_id="refer", private_metadata="{}", external_id="mine", notify_on_close=True)
    )

    assert view["type"] == "modal"
    assert view["callback_id"] == "refer"
    assert view["private_metadata"] == "{}"
    assert view["external_id"] == "mine"
    assert view["notify_on_close"] is True
    assert view["clear_on_close"] is False
    assert view["app_id"] == office.app.app_id
    assert view["bot_id"] == office.app.bot_id
    assert view["team_id"].startswith("T")
    assert view["title"] == {"type": "plain_text", "text": "Form", "emoji": True}
    assert view["close"] is None
    assert view["state"] == {"values": {}}
    assert view["hash"]


async def test_a_trigger_works_once(office: Office) -> None:
    trigger = await office.trigger()
    await office.bot.views_open(trigger_id=trigger, view=form())

    for call in (office.bot.views_open, office.bot.views_push):
        refused = await refusal(call(trigger_id=trigger, view=form()))
        assert refused.error == "trigger_exchanged"
    assert len(office.ana.modals) == 1


async def test_a_trigger_lives_three_seconds(office: Office) -> None:
    trigger, later = await office.trigger(), await office.trigger()

    office.slack.triggers.monotonic = lambda: TRIGGER_LIFE_SECONDS
    await office.bot.views_open(trigger_id=trigger, view=form())
    office.slack.triggers.monotonic = lambda: TRIGGER_LIFE_SECONDS + 0.001
    refused = await refusal(office.bot.views_open(trigger_id=later, view=form()))

    assert refused.error == "expired_trigger_id"


@pytest.mark.parametrize("trigger", ["12345.98765.abcd2358fdea", "nonsense"])
async def test_a_trigger_that_was_never_given_is_invalid(office: Office, trigger: str) -> None:
    refused = await refusal(office.bot.views_open(trigger_id=trigger, view=form()))

    assert refused.error == "invalid_trigger_id"


async def test_a_trigger_belongs_to_the_app_it_was_given_to(office: Office) -> None:
    other = office.slack.install_app(manifest(name="Other", command="/other"))
    trigger = await office.trigger()

    refused = await refusal(
        client_of(office.slack, other.bot_token).views_open(trigger_id=trigger, view=form())
    )

    assert refused.error == "invalid_trigger_id"


async def test_a_missing_trigger_is_an_argument_that_is_missing(office: Office) -> None:
    refused = await refusal(office.bot.api_call("views.open", json={"view": form()}))

    assert refused.error == "invalid_arguments"
    assert refused.messages == ["[ERROR] missing required field: trigger_id"]


async def test_an_update_against_an_old_hash_is_a_conflict(office: Office) -> None:
    view = await office.opens(form())
    newer = await office.bot.views_update(view_id=view["id"], hash=view["hash"], view=form("Newer"))
    assert newer["view"]["hash"] != view["hash"]

    refused = await refusal(
        office.bot.views_update(view_id=view["id"], hash=view["hash"], view=form("Stale"))
    )

    assert refused.error == "hash_conflict"
    assert office.ana.modal is not None
    assert office.ana.modal.body["title"]["text"] == "Newer"  # type: ignore[index, call-overload]


async def test_a_home_against_an_old_hash_is_a_conflict(office: Office) -> None:
    first = await office.bot.views_publish(user_id=office.ana.id, view=home())
    await office.bot.views_publish(
        user_id=office.ana.id, view=home(section()), hash=first["view"]["hash"]
    )

    refused = await refusal(
        office.bot.views_publish(user_id=office.ana.id, view=home(), hash=first["view"]["hash"])
    )

    assert refused.error == "hash_conflict"


async def test_a_home_is_each_person_s_own(office: Office) -> None:
    await office.bot.views_publish(user_id=office.ana.id, view=home(section(block_id="ana")))

    assert office.ana.home(office.app.app_id) is not None
    assert office.lee.home(office.app.app_id) is None


async def test_a_view_is_updated_by_its_external_id(office: Office) -> None:
    view = await office.opens(form(external_id="case-1"))

    answer = await office.bot.views_update(external_id="case-1", view=form("Found"))

    assert answer["view"]["id"] == view["id"]


async def test_an_external_id_stands_once(office: Office) -> None:
    await office.opens(form(external_id="case-1"))

    refused = await refusal(
        office.bot.views_push(trigger_id=await office.trigger(), view=form(external_id="case-1"))
    )

    assert refused.error == "duplicate_external_id"


async def test_a_view_that_is_closed_can_t_be_updated(office: Office) -> None:
    view = await office.opens(form())
    await office.ana.closes(view["id"])

    refused = await refusal(office.bot.views_update(view_id=view["id"], view=form()))

    assert refused.error == "not_found"


async def test_another_app_s_view_can_t_be_updated(office: Office) -> None:
    other = office.slack.install_app(manifest(name="Other", command="/other"))
    view = await office.opens(form())

    refused = await refusal(
        client_of(office.slack, other.bot_token).views_update(view_id=view["id"], view=form())
    )

    assert refused.error == "not_found"


async def test_a_modal_can_t_become_a_home(office: Office) -> None:
    view = await office.opens(form())

    refused = await refusal(office.bot.views_update(view_id=view["id"], view=home()))

    assert refused.error == "invalid_arguments"


@pytest.mark.parametrize("view", [home(), {"type": "workflow_step", "blocks": []}])
async def test_only_modals_are_opened_and_pushed(office: Office, view: dict[str, Any]) -> None:
    for call in (office.bot.views_open, office.bot.views_push):
        refused = await refusal(call(trigger_id=await office.trigger(), view=view))
        assert refused.error == "invalid_arguments"
    assert office.ana.modal is None


async def test_only_a_home_is_published(office: Office) -> None:
    refused = await refusal(office.bot.views_publish(user_id=office.ana.id, view=form()))

    assert refused.error == "invalid_arguments"


async def test_a_view_beyond_250_kilobytes_is_too_large(office: Office) -> None:
    large = section(text={"type": "mrkdwn", "text": "x" * 2_990})

    refused = await refusal(
        office.bot.views_publish(user_id=office.ana.id, view=home(*[large] * 100))
    )

    assert refused.error == "view_too_large"


async def test_what_is_typed_stays_where_an_update_keeps_the_field(office: Office) -> None:
    kept = input_block(element("plain_text_input", action_id="words"), block_id="said")
    row = actions(button("More", action_id="more"), block_id="row")
    view = await office.opens(modal(kept, row))
    typed: JsonObject = {"said": {"words": {"type": "plain_text_input", "value": "Half a sen"}}}
    await office.ana.acts_in_view(view["id"], "more", state=typed)
    told = await office.ear.payload("block_actions")
    assert told["view"]["state"]["values"]["said"]["words"]["value"] == "Half a sen"

    await office.bot.views_update(view_id=view["id"], view=modal(section(), kept))

    done = await office.ana.submits(view["id"], {})
    assert done.ok
    sent = await office.ear.payload("view_submission")
    assert sent["view"]["state"]["values"]["said"]["words"]["value"] == "Half a sen"


async def test_what_the_client_checks_never_reaches_the_app(office: Office) -> None:
    short = element("plain_text_input", action_id="words", min_length=5)
    view = await office.opens(modal(input_block(short, block_id="said")))
    typed: JsonObject = {"said": {"words": {"type": "plain_text_input", "value": "Hi"}}}

    empty = await office.ana.submits(view["id"], {})
    brief = await office.ana.submits(view["id"], typed)

    assert empty.errors == {"said": "Please complete this required field."}
    assert brief.errors == {"said": "Please use at least 5 characters."}
    names = [delivery.name for delivery in office.slack.record.deliveries]
    assert "view_submission" not in names
