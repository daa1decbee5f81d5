"""What an app answers: to a form, to a search, to a response_url. Slack looks at these as
strictly as at calls, and what it can't use, the person sees as trouble."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox import SlackRefuses
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    element,
    groups,
    input_block,
    modal,
    options,
    plain,
    section,
)
from tests.sandbox.conformance.office import Office

WORDS = element("plain_text_input", action_id="words")
FORM = modal(input_block(WORDS, block_id="said"), section(block_id="told"))
FILLED: dict[str, Any] = {"said": {"words": {"type": "plain_text_input", "value": "Hi"}}}
BROKEN = modal({"type": "header", "text": plain("x" * 151)})


async def submitted(office: Office, answer: dict[str, Any] | None) -> Any:
    """Submit the open form while the app answers like this."""
    if answer is not None:
        office.ear.answers["view_submission"] = answer
    assert office.ana.modal is not None
    return await office.ana.submits(office.ana.modal.id, FILLED)


async def test_an_empty_answer_closes_the_form(office: Office) -> None:
    await office.opens(FORM)

    outcome = await submitted(office, None)

    assert outcome.ok
    assert office.ana.modal is None


async def test_an_empty_answer_closes_one_form_of_a_stack(office: Office) -> None:
    first = await office.opens(FORM)
    await office.pushes(FORM)

    await submitted(office, None)

    assert [view.id for view in office.ana.modals] == [first["id"]]


async def test_clear_closes_them_all(office: Office) -> None:
    await office.opens(FORM)
    await office.pushes(FORM)

    await submitted(office, {"response_action": "clear"})

    assert office.ana.modals == []


async def test_errors_show_at_their_fields_and_the_form_stays(office: Office) -> None:
    await office.opens(FORM)

    outcome = await submitted(
        office, {"response_action": "errors", "errors": {"said": "Please say more."}}
    )

    assert outcome.errors == {"said": "Please say more."}
    assert office.ana.modal is not None


@pytest.mark.parametrize("errors", [{"nowhere": "x"}, {"told": "x"}, {}, None, "said", {"said": 3}])
async def test_errors_that_fit_no_input_are_trouble(office: Office, errors: Any) -> None:
    await office.opens(FORM)

    outcome = await submitted(office, {"response_action": "errors", "errors": errors})

    assert not outcome.ok
    assert outcome.errors == {}
    assert "trouble connecting" in outcome.text
    assert office.ana.modal is not None


async def test_update_puts_another_form_in_its_place(office: Office) -> None:
    view = await office.opens(FORM)

    await submitted(office, {"response_action": "update", "view": modal(title=plain("Next"))})

    assert office.ana.modal is not None
    assert office.ana.modal.id == view["id"]
    assert office.ana.modal.body["title"] == {**plain("Next"), "emoji": True}


async def test_push_puts_another_form_on_top(office: Office) -> None:
    await office.opens(FORM)

    await submitted(office, {"response_action": "push", "view": modal(title=plain("Next"))})

    assert len(office.ana.modals) == 2


@pytest.mark.parametrize("action", ["update", "push"])
@pytest.mark.parametrize(
    "view",
    [BROKEN, {"type": "home", "blocks": [section()]}, None, "view", {}],
    ids=["beyond a limit", "a home", "nothing", "words", "an empty object"],
)
async def test_a_view_that_slack_would_not_show_is_trouble(
    office: Office, action: str, view: Any
) -> None:
    opened = await office.opens(FORM)

    outcome = await submitted(office, {"response_action": action, "view": view})

    assert not outcome.ok
    assert "trouble connecting" in outcome.text
    assert [modal.id for modal in office.ana.modals] == [opened["id"]]


async def test_a_push_onto_three_is_trouble(office: Office) -> None:
    await office.opens(FORM)
    await office.pushes(FORM)
    await office.pushes(FORM)

    outcome = await submitted(office, {"response_action": "push", "view": FORM})

    assert not outcome.ok
    assert len(office.ana.modals) == 3


@pytest.mark.parametrize("answer", [{"response_action": "dance"}, {"hello": "there"}])
async def test_an_answer_that_means_nothing_is_trouble(
    office: Office, answer: dict[str, Any]
) -> None:
    await office.opens(FORM)

    outcome = await submitted(office, answer)

    assert not outcome.ok
    assert office.ana.modal is not None


# What an external select offers

SEARCH = modal(
    input_block(element("external_select", action_id="who", min_query_length=2), block_id="b")
)


async def offered(office: Office, answer: dict[str, Any], query: str = "an") -> list[Any]:
    view = await office.opens(SEARCH)
    office.ear.answers["block_suggestion"] = answer
    return list(await office.ana.asks_options(view["id"], "b", "who", query))


async def test_a_search_offers_what_the_app_found(office: Office) -> None:
    assert await offered(office, {"options": options(100)}) == options(100)
    told = await office.ear.payload("block_suggestion")
    assert told["value"] == "an"
    assert told["action_id"] == "who"
    assert told["block_id"] == "b"
    assert told["view"]["type"] == "modal"


async def test_a_search_may_be_in_groups(office: Office) -> None:
    assert await offered(office, {"option_groups": groups(2, 3)}) == groups(2, 3)


@pytest.mark.parametrize(
    "answer",
    [
        {"options": options(101)},
        {"option_groups": groups(101)},
        {"options": [{"text": plain("x" * 76), "value": "v"}]},
        {"options": [{"text": plain(), "value": "x" * 151}]},
        {"options": [{"text": plain()}]},
        {"options": options(1), "option_groups": groups(1)},
        {"options": "none"},
    ],
    ids=["101", "101 groups", "long words", "a long value", "no value", "both", "no list"],
)
async def test_a_search_beyond_a_limit_offers_nothing(
    office: Office, answer: dict[str, Any]
) -> None:
    with pytest.raises(SlackRefuses, match="invalid_options"):
        await offered(office, answer)


async def test_a_search_of_too_few_letters_asks_nobody(office: Office) -> None:
    assert await offered(office, {"options": options(3)}, query="a") == []
    assert "block_suggestion" not in [one.name for one in office.slack.record.deliveries]


# response_url

CARD = [actions(button("Accept", action_id="accept"), block_id="row")]


async def response_url(office: Office) -> tuple[str, str]:
    """A message with a button, pressed; its `ts` and the address that came with the press."""
    posted = await office.bot.chat_postMessage(channel=office.channel, text="Card", blocks=CARD)
    await office.ana.clicks(office.channel, posted["ts"], "accept")
    payload = await office.ear.payload("block_actions")
    return str(posted["ts"]), str(payload["response_url"])


async def answer(address: str, body: dict[str, Any]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, json=body) as response,
    ):
        return response.status


def texts(office: Office) -> list[str]:
    return [message.text for message in office.ana.messages(office.channel) if message.bot_id]


async def test_an_answer_is_for_the_one_who_pressed(office: Office) -> None:
    _, address = await response_url(office)

    assert await answer(address, {"text": "Thanks"}) == 200

    assert [message.text for message in office.ana.ephemerals(office.channel)] == ["Thanks"]
    assert office.lee.ephemerals(office.channel) == []
    assert texts(office) == ["Card"]


async def test_an_answer_may_be_for_the_channel(office: Office) -> None:
    _, address = await response_url(office)

    await answer(address, {"text": "Accepted", "response_type": "in_channel"})

    assert texts(office) == ["Card", "Accepted"]


async def test_an_answer_may_replace_the_message(office: Office) -> None:
    _, address = await response_url(office)

    await answer(address, {"text": "Accepted", "replace_original": True})

    assert texts(office) == ["Accepted"]
    assert [m.blocks for m in office.ana.messages(office.channel) if m.bot_id] == [[]]


async def test_an_answer_may_delete_the_message(office: Office) -> None:
    _, address = await response_url(office)

    assert await answer(address, {"delete_original": True}) == 200

    assert texts(office) == []


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "x", "blocks": [{"type": "nope"}]}, {"text": "x" * 40_001}],
    ids=["nothing", "no words", "broken blocks", "too long"],
)
async def test_an_answer_beyond_a_limit_is_refused(office: Office, body: dict[str, Any]) -> None:
    _, address = await response_url(office)

    assert await answer(address, body) == 400

    assert office.ana.ephemerals(office.channel) == []
    assert texts(office) == ["Card"]


async def test_an_address_is_good_for_five_answers(office: Office) -> None:
    _, address = await response_url(office)

    statuses = [await answer(address, {"text": f"{n}"}) for n in range(6)]

    assert statuses == [200] * 5 + [404]
    assert len(office.ana.ephemerals(office.channel)) == 5


async def test_an_address_is_good_for_thirty_minutes(office: Office) -> None:
    _, address = await response_url(office)

    office.slack.clock.advance(timedelta(minutes=29))
    assert await answer(address, {"text": "In time"}) == 200
    office.slack.clock.advance(timedelta(minutes=2))
    assert await answer(address, {"text": "Too late"}) == 404


async def test_a_made_up_address_is_none(office: Office) -> None:
    assert await answer(f"{office.slack.url}/actions/T1/2/nonsense", {"text": "Hi"}) == 404
