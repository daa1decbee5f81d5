"""Every kind of person and channel, with the flags and the codes that Slack has for them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import PersonKind, SlackRefuses
from tests.sandbox.conformance.office import Office, refusal

FLAGS = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "is_owner")
KINDS = {
    PersonKind.MEMBER: set[str](),
    PersonKind.OWNER: {"is_owner"},
    PersonKind.GUEST: {"is_restricted"},
    PersonKind.SINGLE_CHANNEL_GUEST: {"is_restricted", "is_ultra_restricted"},
    PersonKind.FOREIGN: {"is_stranger"},
    PersonKind.DEACTIVATED: {"deleted"},
}


def add(office: Office, kind: PersonKind, **more: Any) -> str:
    return office.slack.add_person(name=f"a.{kind}", real_name=f"A {kind}", kind=kind, **more)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_person_carries_the_flags_of_their_kind(office: Office, kind: PersonKind) -> None:
    user = (await office.bot.users_info(user=add(office, kind)))["user"]

    assert {flag for flag in FLAGS if user.get(flag)} == KINDS[kind]


async def test_a_bot_is_one(office: Office) -> None:
    user = (await office.bot.users_info(user=office.app.bot_user_id))["user"]

    assert user["is_bot"] is True
    assert user["profile"]["bot_id"] == office.app.bot_id
    assert user["profile"]["api_app_id"] == office.app.app_id


async def test_a_stranger_is_of_another_team(office: Office) -> None:
    own = (await office.bot.users_info(user=office.ana.id))["user"]
    stranger = (await office.bot.users_info(user=add(office, PersonKind.FOREIGN)))["user"]

    assert stranger["team_id"] != own["team_id"]


@pytest.mark.parametrize(
    ("tz", "offset"),
    [("UTC", 0), ("Asia/Kolkata", 19800), ("Asia/Kathmandu", 20700), ("Pacific/Kiritimati", 50400)],
)
async def test_a_person_has_a_time_zone(office: Office, tz: str, offset: int) -> None:
    user = (await office.bot.users_info(user=add(office, PersonKind.MEMBER, tz=tz)))["user"]

    assert (user["tz"], user["tz_offset"]) == (tz, offset)
    assert user["tz_label"]


async def test_nobody_writes_to_somebody_who_has_left(office: Office) -> None:
    gone = add(office, PersonKind.DEACTIVATED)

    opening = await refusal(office.bot.conversations_open(users=gone))
    inviting = await refusal(office.bot.conversations_invite(channel=office.channel, users=gone))

    assert opening.error == "user_disabled"
    assert inviting.error == "user_disabled"
    assert inviting.body["errors"] == [{"user": gone, "ok": False, "error": "user_disabled"}]


async def test_a_guest_sees_only_where_they_are(office: Office) -> None:
    guest = office.slack.person(add(office, PersonKind.GUEST))

    with pytest.raises(SlackRefuses):
        guest.channel(office.channel)

    await office.bot.conversations_invite(channel=office.channel, users=guest.id)
    assert guest.channel(office.channel).id == office.channel


async def test_a_single_channel_guest_has_one(office: Office) -> None:
    guest = add(office, PersonKind.SINGLE_CHANNEL_GUEST)
    second = office.slack.add_channel(
        name="second", members=[office.ana.id, office.app.bot_user_id]
    )
    await office.bot.conversations_invite(channel=office.channel, users=guest)

    refused = await refusal(office.bot.conversations_invite(channel=second, users=guest))

    assert refused.error == "ura_max_channels"


async def test_a_stranger_makes_the_channel_a_shared_one(office: Office) -> None:
    stranger = add(office, PersonKind.FOREIGN)
    assert not (await office.bot.conversations_info(channel=office.channel))["channel"][
        "is_ext_shared"
    ]

    await office.bot.conversations_invite(channel=office.channel, users=stranger)

    shown = (await office.bot.conversations_info(channel=office.channel))["channel"]
    assert shown["is_ext_shared"] is True
    assert shown["is_shared"] is True


NOBODY = "U0NOBODY000"
INVITED: list[tuple[str, str]] = [
    ("{ana}", "already_in_channel"),
    ("{bot}", "cant_invite_self"),
    (NOBODY, "user_not_found"),
    ("", "no_user"),
]


@pytest.mark.parametrize(("who", "error"), INVITED)
async def test_who_can_t_be_invited(office: Office, who: str, error: str) -> None:
    named = {"{ana}": office.ana.id, "{bot}": office.app.bot_user_id}

    refused = await refusal(
        office.bot.conversations_invite(channel=office.channel, users=named.get(who, who))
    )

    assert refused.error == error


async def test_one_who_can_t_be_invited_keeps_the_others_out_too(office: Office) -> None:
    new = add(office, PersonKind.MEMBER)

    await refusal(office.bot.conversations_invite(channel=office.channel, users=f"{new},{NOBODY}"))

    members = (await office.bot.conversations_members(channel=office.channel))["members"]
    assert new not in members


async def test_who_can_t_be_removed(office: Office) -> None:
    place: dict[str, Any] = {"channel": office.channel}
    outside = add(office, PersonKind.MEMBER)

    async def code(user: str) -> str:
        return (await refusal(office.bot.conversations_kick(**place, user=user))).error

    assert await code(office.app.bot_user_id) == "cant_kick_self"
    assert await code(outside) == "not_in_channel"
    assert await code(NOBODY) == "user_not_found"


NAMES = {
    "": "invalid_name_required",
    "x" * 81: "invalid_name_maxlength",
    "Upper": "invalid_name_specials",
    "two words": "invalid_name_specials",
    "dot.ted": "invalid_name_specials",
    "---": "invalid_name_punctuation",
    "clinic": "name_taken",
}


@pytest.mark.parametrize("name", NAMES)
async def test_what_a_channel_can_t_be_called(office: Office, name: str) -> None:
    refused = await refusal(office.bot.conversations_create(name=name))

    assert refused.error == NAMES[name]


async def test_what_a_channel_can_be_called(office: Office) -> None:
    for name in ("x" * 80, "case-k7qf_2m", "chirurgie-über"):
        created = await office.bot.conversations_create(name=name, is_private=True)
        assert created["channel"]["name"] == name
        assert created["channel"]["is_private"] is True
        assert created["channel"]["creator"] == office.app.bot_user_id


async def test_a_topic_has_250_characters(office: Office) -> None:
    place: dict[str, Any] = {"channel": office.channel}
    await office.bot.conversations_setTopic(**place, topic="x" * 250)
    await office.bot.conversations_setPurpose(**place, purpose="x" * 250)

    for refused in (
        await refusal(office.bot.conversations_setTopic(**place, topic="x" * 251)),
        await refusal(office.bot.conversations_setPurpose(**place, purpose="x" * 251)),
    ):
        assert refused.error == "too_long"


async def test_who_can_t_be_found(office: Office) -> None:
    assert (await refusal(office.bot.users_info(user=NOBODY))).error == "user_not_found"
    looking = office.bot.users_lookupByEmail(email="nobody@clinic.org")
    assert (await refusal(looking)).error == "users_not_found"


async def test_reactions_are_once_each(office: Office) -> None:
    ts = await office.ana.posts(office.channel, "Hi")
    place: dict[str, Any] = {"channel": office.channel, "timestamp": ts}
    await office.bot.reactions_add(**place, name="eyes")

    assert (
        await refusal(office.bot.reactions_add(**place, name="eyes"))
    ).error == "already_reacted"
    assert (
        await refusal(office.bot.reactions_add(**place, name="no such!"))
    ).error == "invalid_name"
    await office.bot.reactions_remove(**place, name="eyes")
    assert (await refusal(office.bot.reactions_remove(**place, name="eyes"))).error == "no_reaction"


async def test_bots_don_t_write_to_bots(office: Office) -> None:
    refused = await refusal(office.bot.conversations_open(users=office.app.bot_user_id))

    assert refused.error == "cannot_dm_bot"
