"""Everything that a client can send, sent by somebody whose case it is not.

Found by enumeration: what is registered and not here fails. Whoever asks is refused, the refusal is
in the audit, nothing has changed, and they read the same as if there were no such thing.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

import pytest

from bot.sandbox import PersonKind
from bot.views.carried import Action
from tests.threats.attacker import Recorded, carried_otherwise, state_of
from tests.threats.canaries import forms
from tests.threats.everything import NOT_THERE, ROWS, Asked, everything
from tests.threats.scene import NAMES, Scene, scene_of

_AT_ONCE: Final = 50
CLOSED: Final = " closed"
# What each who is registered may do of their own, or what tells them nothing of a case: all else is
# refused to whoever is not of the case. Who adds a button to it says why.
OWN: Final[Mapping[str, str]] = {
    "/careloop": "says which commands there are",
    "/network": "the directory, which is about colleagues",
    "/network emergency": "the same, with a word that it does not know",
    **dict.fromkeys(("find_colleague", "see_colleague"), "the directory"),
    **dict.fromkeys(("own_entry", "enter_work", "enter_licence", "enter_practice"), "their entry"),
    **dict.fromkeys(("entry_work", "entry_licence", "entry_practice"), "the forms of their entry"),
    **dict.fromkeys(("enter_absence", "working_time"), "their own time"),
    "raise_a_concern": "asks which of their own cases, of which they have none",
    "open_thread": "a link: Slack opens it, or does not",
}
# Colleagues are no secret among colleagues: who is there may be told from who is not.
OF_THE_DIRECTORY: Final = frozenset({"refer_to"})
# What coordination needs, none of which shows who the patient is, or what was said of them.
COORDINATION: Final[Mapping[str, str]] = {
    **{name: why for name, why in OWN.items() if name != "raise_a_concern"},
    **dict.fromkeys(("acknowledge_concern", "hand_on_concern"), "that somebody answers"),
    **dict.fromkeys(("ladders", "edit_ladder", "add_rung", "change_rung"), "who is told when"),
    "edit_telephone": "which telephone to use when nobody answers",
    **dict.fromkeys(("emergency_group", "leave_emergency_group"), "who is in the group"),
    **dict.fromkeys(("/careloop emergency", "emergency_access"), "opens the group for them"),
    "why_emergency": "why a case was opened",
    "end_absence": "somebody came back early",
    "more": "what is next, with whom",
    "name_room": "which channel a pair uses",
}
# What each who has a Slack account may press without being registered.
HARMLESS: Final = frozenset({"/careloop", "open_thread"})


@pytest.fixture
async def scene(sqlite_url: str) -> AsyncIterator[Scene]:
    async with scene_of(sqlite_url) as opened:
        yield opened


def _place(one: Asked) -> tuple[str, ...]:
    """Where it is pressed or sent from."""
    return one.name, str(one.payload.get("text")), str(sorted(one.payload))


async def test_whoever_is_not_of_the_case_is_refused_in_the_same_words_as_if_there_were_none(
    scene: Scene,
) -> None:
    outsider = scene.clinic.other_therapist.user_id
    before = await scene.of_others(outsider)
    not_refused, told_apart, shown = set(), set(), set()
    ids = {**dict.fromkeys(ROWS, NOT_THERE), "user": outsider}
    nothing = {_place(one): one for one in scene.asked(ids)}
    for one in scene.asked():
        found = await scene.sends(one, outsider)
        assert not found.failed, one.name
        if found.shows_anything_of(scene.case):
            shown.add(one.name)
        if not found.refused:
            not_refused.add(one.name)
        elif (await scene.sends(nothing[_place(one)], outsider)).read != found.read:
            told_apart.add(one.name)
    assert shown == set()
    assert told_apart == OF_THE_DIRECTORY
    assert {name for name in not_refused if not name.endswith(CLOSED)} == OWN.keys()
    assert await scene.of_others(outsider) == before
    assert await scene.errors() == []


async def test_strangers_guests_others_and_coordinators_change_and_see_nothing_of_it(
    scene: Scene,
) -> None:
    clinic = scene.clinic
    stranger = clinic.joins("pat.stranger", "Pat Stranger").user_id
    guest = clinic.joins("gus.guest", "Gus Guest", PersonKind.GUEST).user_id
    await clinic.settled()
    open_to: dict[str, set[str]] = {}
    before = await state_of(clinic)
    for who, user_id, team in (
        ("stranger", stranger, ""),
        ("guest", guest, ""),
        ("of another organisation", clinic.surgeon.user_id, "T0FOREIGN"),
        ("coordinator", clinic.coordinator.user_id, ""),
    ):
        if who == "coordinator":  # who may do something; up to here nothing has changed
            assert await state_of(clinic) == before
        open_to[who] = set()
        for one in (asked for asked in scene.asked() if not asked.name.endswith(CLOSED)):
            found = await scene.sends(one, user_id, team)
            assert not found.failed, (who, one.name)
            secrets = NAMES if who == "coordinator" else (*NAMES, scene.case.code)
            assert not any(secret in found.read for secret in secrets), (who, one.name)
            if not found.refused:
                open_to[who].add(one.name)
    assert open_to.pop("coordinator") == COORDINATION.keys()
    assert set().union(*open_to.values()) == HARMLESS
    assert await scene.errors() == []


async def test_each_field_that_comes_back_is_read_strictly(scene: Scene) -> None:
    """Sent by those whose case it is: each field in turn, in one of ten ways."""
    await _change_fields(scene, every=10)


@pytest.mark.soak
async def test_each_field_is_read_strictly_however_it_is_changed(scene: Scene) -> None:
    await _change_fields(scene, every=1)


async def _change_fields(scene: Scene, every: int) -> None:
    team = scene.clinic.slack.workspace.state.team.id
    some: list[Recorded] = []
    pair = scene.clinic.surgeon.user_id, scene.clinic.therapist.user_id
    for number, one in enumerate(scene.asked()):
        sent = one.by(pair[number % 2], team, number)
        changed = list(carried_otherwise(sent.payload, [NOT_THERE]))
        some += [sent.but(payload) for payload in changed[number % every :: every]]
    assert len(some) > 1500 / every
    for start in range(0, len(some), _AT_ONCE):
        together = some[start : start + _AT_ONCE]
        statuses = await asyncio.gather(*(scene.attacker.over_http(one) for one in together))
        assert [status for status in statuses if status >= 500] == []
        await scene.clinic.settled()
    assert await scene.errors() == []


def test_everything_that_is_registered_is_tried() -> None:
    ids = {**dict.fromkeys(ROWS, NOT_THERE), "user": "U1"}
    names = {one.name for one in everything(ids, "C1", "1.000001")}
    assert {action.value for action in Action} - names == set()
    assert set(forms()) - names == set()
