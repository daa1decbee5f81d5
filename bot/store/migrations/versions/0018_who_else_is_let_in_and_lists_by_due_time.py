"""colleagues let into a case, strangers in a channel, work named anew; and lists by due time.

What somebody has open is read in the order in which it is due, and what two colleagues have
together without opening each of their referrals: each by an index that holds all that is asked.
"""

import sqlalchemy as sa
from alembic import op

from bot.store import append_only
from bot.store.append_only import Guard

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOVES = (
    *("accept", "decline", "ask_information", "give_information", "book"),
    *("log_session", "miss_session", "hold", "keep_hold", "resume", "cancel"),
    *("ask_to_cancel", "take_back_cancel", "confirm_cancel", "complete"),
    *("cannot_finish", "ask_about_outcome", "answer_outcome", "review"),
    *("close_declined", "refer_on"),
)
_PARTS = ("surgeon", "therapist", "covering_surgeon", "coordinator", "emergency", "outsider")
_MORE_PARTS = ("covering_therapist", "invited")
_OF_A_COORDINATOR = ("name_another", "close_for_absent")
_FIXED = (
    *("id", "referral_id", "number", "move", "came_from", "led_to", "by_id", "at"),
    "reason",
)
_RECORD = ("ended_as", "answer_minutes", "updates_on_time", "updates_late")


def _closed_set(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _allow(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """What a column may hold; Alembic compares the check by its name only."""
    allowed = ", ".join(f"'{value}'" for value in values)
    check = f"ck_{table}_{name}"
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(check), type_="check")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f(check), f"{column} IN ({allowed})")


def _moves(kinds: tuple[str, ...], older: str = "") -> None:
    """What a move may be; `older` puts what the older schema can't say in its words. The table is
    guarded, and one that SQLite rebuilds has lost its guard."""
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        for deed in ("delete", "update"):
            op.execute(f"DROP TRIGGER moves_no_{deed}")
    else:
        op.execute("DROP TRIGGER moves_append_only ON moves")
        op.execute("DROP TRIGGER moves_no_truncate ON moves")
        op.execute("DROP FUNCTION moves_append_only()")
    if older:
        op.execute(older)
    _allow("moves", "move", "move", kinds)
    for statement in append_only.guard("moves", Guard.ONLY_REPLACED, dialect, _FIXED):
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("invited_by_id", sa.String(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_as", _closed_set("invitation_end", "taken_back", "case_ended"), nullable=True
        ),
        sa.Column("ended_by_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_as IS NULL)",
            name=op.f("ck_invitations_ended_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_invitations_referral_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_invitations_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_invitations_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_invitations_ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_person", "invitations", ["person_id", "ended_at"])
    op.create_table(
        "strangers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("room_id", sa.String(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "settled_as", _closed_set("stranger_end", "removed", "let_in", "left"), nullable=True
        ),
        sa.Column("settled_by_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_as IS NULL)",
            name=op.f("ck_strangers_settled_somehow"),
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_strangers_room_id")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_strangers_settled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strangers")),
    )
    for name, table, columns, still in (
        ("uq_invitations_open", "invitations", ["referral_id", "person_id"], "ended_at"),
        ("uq_strangers_open", "strangers", ["room_id", "slack_user_id"], "settled_at"),
    ):
        only = sa.text(f"{still} IS NULL")
        op.create_index(name, table, columns, unique=True, sqlite_where=only, postgresql_where=only)
    _allow("referrals", "part", "next_owner", (*_PARTS, *_MORE_PARTS))
    for side, other in (("surgeon", "therapist"), ("therapist", "surgeon")):
        op.create_index(f"ix_referrals_{side}_due", "referrals", [f"{side}_id", "next_due"])
        op.create_index(
            f"ix_referrals_{side}_record", "referrals", [f"{side}_id", f"{other}_id", *_RECORD]
        )
    op.create_index("ix_referrals_team_due", "referrals", ["team_id", "next_due"])
    _moves((*_MOVES, *_OF_A_COORDINATOR))


def downgrade() -> None:
    _moves(
        _MOVES,
        "UPDATE moves SET move = 'cancel' WHERE move IN ('name_another', 'close_for_absent')",
    )
    op.drop_index("ix_referrals_team_due", "referrals")
    for side in ("surgeon", "therapist"):
        op.drop_index(f"ix_referrals_{side}_record", "referrals")
        op.drop_index(f"ix_referrals_{side}_due", "referrals")
    _allow("referrals", "part", "next_owner", _PARTS)
    op.drop_table("strangers")
    op.drop_table("invitations")
