"""Made-up treatments to look at over time."""

from datetime import date, timedelta

from bot.care.codes import Region, Side
from bot.care.session import Girth, SessionFields
from bot.care.session import Session as StoredSession

FIRST_DAY = date(2026, 10, 5)


def session(
    number: int,
    day: date | None = None,
    *,
    confirmed: bool = True,
    withdrawn: bool = False,
    **fields: object,
) -> StoredSession:
    """The session of that number; twice a week unless a day is given."""
    return StoredSession(
        entry_id=f"e{number}",
        number=number,
        day=day or FIRST_DAY + timedelta(days=round((number - 1) * 3.5)),
        fields=SessionFields.model_validate(fields),
        confirmed=confirmed,
        withdrawn=withdrawn,
    )


def girth(site: Region, cm: float, side: Side | None = None) -> Girth:
    return Girth(site=site, cm=cm, side=side)


def three() -> list[StoredSession]:
    """The first three sessions after liposuction."""
    return [
        session(
            1,
            pain_before=6,
            pain_after=4,
            swelling_grade=3,
            girths=(girth(Region.ABDOMEN, 99),),
            sleep=4,
            garment_hours=20,
            duration_min=60,
            patient_quote="I can't bend yet",
        ),
        session(
            2,
            pain_before=5,
            pain_after=3,
            swelling_grade=2,
            girths=(girth(Region.ABDOMEN, 96.5),),
            sleep=5,
            garment_hours=22,
            duration_min=60,
            plan_change_request="ok to add scar work?",
        ),
        session(
            3,
            confirmed=False,
            pain_before=3,
            pain_after=1.5,
            swelling_grade=1,
            girths=(girth(Region.ABDOMEN, 92),),
            sleep=7,
            garment_hours=23,
            duration_min=45,
        ),
    ]


def forty() -> list[StoredSession]:
    """A long treatment with gaps, missed visits and girths on one side and on two."""
    found = []
    for number in range(1, 41):
        if number in {9, 23}:
            found.append(session(number, no_show=True))
            continue
        fade = 1 - number / 45
        girths = [girth(Region.ABDOMEN, round(102 - 14 * (1 - fade), 1))]
        if number % 3 == 0:
            girths.append(girth(Region.THIGHS, round(64 - 5 * (1 - fade), 1), Side.LEFT))
            girths.append(girth(Region.THIGHS, round(63 - 4 * (1 - fade), 1), Side.RIGHT))
        if number % 4 == 0:
            girths.append(girth(Region.ARMS, round(33 - 2 * (1 - fade), 1), Side.LEFT))
        found.append(
            session(
                number,
                confirmed=number % 6 != 0,
                pain_before=round(8 * fade + (number % 3) * 0.5, 1),
                pain_after=None if number % 5 == 0 else round(6 * fade, 1),
                swelling_grade=round(4 * fade),
                girths=tuple(girths),
                sleep=None if 12 <= number < 18 else round(3 + 6 * (1 - fade)),
                garment_hours=22 if number < 25 else 12,
                bruising=max(0, 3 - number // 4),
                fibrosis=1 if number < 12 else 0,
                anxiety=round(6 * fade),
                satisfaction=round(4 + 5 * (1 - fade)),
                duration_min=60,
                patient_quote="I can finally tie my own shoes" if number == 20 else None,
                plan_change_request="Ok to go down to once a week?" if number == 30 else None,
            )
        )
    return found
