"""What is said about identifiers and about closing, for the gallery."""

from datetime import UTC, datetime

from slack_sdk.models.views import View

from bot.care.erasing import ErasureReason
from bot.care.identifiers import Kind
from bot.care.rooms import RoomTrouble
from bot.notices import IdentifiersTyped, Typed
from bot.shown.privacy import ShownErased, ShownSuspension
from bot.views.erased import draw_erased_card, draw_erased_for_person
from bot.views.identifiers_typed import draw_identifiers_typed, draw_replaced
from bot.views.message import Message
from bot.views.room_news import draw_room_suspended


def privacy_messages() -> dict[str, Message | View]:
    """Name of the sample to what is drawn."""
    return {
        **{
            f"identifiers typed, {typed.value}": draw_identifiers_typed(
                IdentifiersTyped(
                    referral_id="3f2a9c01b7d84e6655aa0c1d",
                    typed=typed,
                    subject_id="9d1be0aa4c7f42cf8b3e5d20",
                    found=found,
                ),
                "K7QF-3M",
            )
            for typed, found in (
                (Typed.REPLY, (Kind.NAME, Kind.BIRTH_DATE)),
                (Typed.CONCERN, (Kind.PHONE,)),
                (Typed.REFERRAL, tuple(Kind)),
            )
        },
        **{
            f"record erased, {because.value}, {name}": draw(
                ShownErased("K7QF-3M", datetime(2026, 11, 23, 15, 0, tzinfo=UTC), because, link)
            )
            for because in ErasureReason
            for name, draw, link in (
                ("card", draw_erased_card, None),
                ("for the pair", draw_erased_for_person, "https://clinic.slack.com/archives/C1/p1"),
            )
        },
        **{
            f"room suspended, {why.value}, {'settled' if is_ended else 'open'}": (
                draw_room_suspended(ShownSuspension(why, "U012AB3CD", "U045EF6GH", is_ended))
            )
            for why in RoomTrouble
            for is_ended in (False, True)
        },
        "room suspended, with who is in it": draw_room_suspended(
            ShownSuspension(
                RoomTrouble.SOMEBODY_ADDED, "U012AB3CD", "U045EF6GH", False, ("U0STRANGER",)
            )
        ),
        "identifiers replaced": draw_replaced(Typed.REPLY, 2),
        "identifiers replaced before": draw_replaced(Typed.CONCERN, 0),
    }
