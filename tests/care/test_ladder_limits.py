"""A ladder's limits hold to the minute: what just keeps them is taken, one more is refused."""

import pytest

from bot.care.concern import Severity
from bot.care.ladder import Ladder, Rung, Tell
from bot.care.ladder_limits import LIMITS, MOST_MOMENTS, MOST_RUNGS, problems

URGENT = LIMITS[Severity.URGENT]


def ladder(*rungs: Rung, repeat: int = 30, resolve: int = 24) -> Ladder:
    last = Rung(tell=Tell.EVERYBODY, after_minutes=URGENT.top)
    return Ladder(rungs=(*rungs, last), repeat_minutes=repeat, resolve_hours=resolve)


def surgeon(after: int, times: int = 1, every: int = 0) -> Rung:
    return Rung(tell=Tell.SURGEON, after_minutes=after, times=times, every_minutes=every)


def found(checked: Ladder) -> tuple[str, ...]:
    return problems(checked, Severity.URGENT, frozenset())


@pytest.mark.parametrize(
    ("kept", "broken", "said"),
    [
        (
            ladder(*[surgeon(8 * n) for n in range(MOST_RUNGS - 1)]),
            ladder(*[surgeon(8 * n) for n in range(MOST_RUNGS)]),
            "There are more than 8 rungs.",
        ),
        (
            ladder(surgeon(0, MOST_MOMENTS // 3 + 1, 2), surgeon(20, 7, 1), surgeon(30, 7, 2)),
            ladder(surgeon(0, MOST_MOMENTS // 3 + 1, 2), surgeon(20, 8, 1), surgeon(30, 7, 2)),
            "It tells people more than 24 times before the top.",
        ),
        (
            ladder(surgeon(0, 2, 1), surgeon(30)),
            ladder(surgeon(0, 2, 0), surgeon(30)),
            "A rung that is told more than once needs the minutes between.",
        ),
        (
            ladder(surgeon(URGENT.first), surgeon(30)),
            ladder(surgeon(URGENT.first + 1), surgeon(30)),
            "The first is told after 16 min: urgent allows 15 min.",
        ),
        (
            ladder(surgeon(0), surgeon(30), resolve=URGENT.resolve_hours),
            ladder(surgeon(0), surgeon(30), resolve=URGENT.resolve_hours + 1),
            "It climbs again only 73 hours after it is acknowledged: urgent allows 72.",
        ),
        (
            ladder(surgeon(0), surgeon(30), repeat=URGENT.repeat),
            ladder(surgeon(0), surgeon(30), repeat=URGENT.repeat + 1),
            "After the top everybody is told every 1 h 1 min: urgent allows 1 h.",
        ),
        (
            ladder(surgeon(0), surgeon(30)),
            Ladder(
                rungs=(
                    *(surgeon(0), surgeon(30), surgeon(55)),
                    Rung(tell=Tell.EVERYBODY, after_minutes=URGENT.top + 1),
                ),
                repeat_minutes=30,
                resolve_hours=24,
            ),
            "The top is reached after 1 h 1 min: urgent allows 1 h.",
        ),
    ],
)
def test_a_limit_is_kept_to_the_minute(kept: Ladder, broken: Ladder, said: str) -> None:
    assert found(kept) == ()
    assert found(broken) == (said,)


def test_a_ladder_that_tells_nobody_who_can_answer_is_refused_in_words() -> None:
    calls = Rung(tell=Tell.CLINIC_CHANNEL, after_minutes=0)
    alone = Ladder(rungs=(calls,), repeat_minutes=30, resolve_hours=24)
    assert found(alone) == (
        "No rung tells a surgeon.",
        "No rung tells a coordinator, so nobody would know that the surgeons are silent.",
        "The first rung tells no person.",
    )
