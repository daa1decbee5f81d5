"""What buttons and forms bring back is read strictly."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.carried import (
    AboutConcern,
    AboutReferral,
    Action,
    Carried,
    Nothing,
    Tampered,
)

KINDS = [AboutReferral, AboutConcern, Nothing]
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)


@settings(deadline=None)
@given(IDS)
def test_what_was_carried_comes_back(one: str) -> None:
    for about in (
        AboutReferral(referral_id=one),
        AboutConcern(concern_id=one),
        Nothing(),
    ):
        assert type(about).read(about.write()) == about


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "null",
        "[]",
        "r1",
        '"r1"',
        "{",
        '{"v":2,"referral_id":"r1","concern_id":"c1"}',
        '{"v":"1"}',
        '{"v":true}',
        '{"v":1,"referral_id":"r1","concern_id":"c1","admin":true}',
        '{"v":1,"referral_id":"","concern_id":""}',
        '{"v":1,"referral_id":"r1\\n","concern_id":"c1\\n"}',
        '{"v":1,"referral_id":"a b","concern_id":"a b"}',
        '{"v":1,"referral_id":["r1"],"concern_id":["c1"]}',
        '{"v":1,"referral_id":7,"concern_id":7}',
        json.dumps({"v": 1, "referral_id": "x" * 65, "concern_id": "x" * 65}),
    ],
)
def test_anything_else_is_refused(kind: type[Carried], sent: str | None) -> None:
    with pytest.raises(Tampered) as refused:
        kind.read(sent)
    assert refused.value.where == kind.__name__


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_the_reader_or_shows_in_its_refusal(sent: str) -> None:
    with pytest.raises(Tampered) as refused:
        AboutReferral.read(sent)
    assert str(refused.value) == "AboutReferral"


def test_a_referral_s_button_is_not_a_concern_s() -> None:
    with pytest.raises(Tampered):
        AboutConcern.read(AboutReferral(referral_id="r1").write())


def test_a_button_value_is_far_below_slacks_2000_characters() -> None:
    longest = AboutReferral(referral_id="x" * 64).write()
    assert len(longest) < 200


def test_no_two_buttons_share_an_action() -> None:
    assert len({action.value for action in Action}) == len(Action)
