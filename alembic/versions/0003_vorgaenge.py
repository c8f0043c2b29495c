"""Business cases with their members, phases and gaps, and links that wait for a person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ref = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "link_candidates",
        sa.Column("from_ref", ref, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("target", ref, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("from_ref", "role", "target", name=op.f("pk_link_candidates")),
        sa.UniqueConstraint("id", name=op.f("uq_link_candidates_id")),
    )
    op.create_index(op.f("ix_link_candidates_party"), "link_candidates", ["party"], unique=False)
    op.create_index(
        op.f("ix_link_candidates_score_id"), "link_candidates", ["score", "id"], unique=False
    )
    op.create_index(op.f("ix_link_candidates_target"), "link_candidates", ["target"], unique=False)
    op.create_table(
        "link_decisions",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("from_ref", ref, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("target_ref", ref, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_decisions")),
    )
    op.create_index(
        op.f("ix_link_decisions_from_ref"), "link_decisions", ["from_ref"], unique=False
    )
    op.create_index(
        op.f("ix_link_decisions_target_ref"), "link_decisions", ["target_ref"], unique=False
    )
    op.create_table(
        "vorgaenge",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("phase_since", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("value_minor", number, nullable=True),
        sa.Column("quoted_minor", number, nullable=True),
        sa.Column("ordered_minor", number, nullable=True),
        sa.Column("invoiced_minor", number, nullable=True),
        sa.Column("credited_minor", number, nullable=True),
        sa.Column("paid_minor", number, nullable=True),
        sa.Column("opened_at", sa.Text(), nullable=True),
        sa.Column("last_event_at", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("departments", sa.Text(), nullable=False),
        sa.Column("gaps", sa.Text(), nullable=False),
        sa.Column("contradictions", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("split_from", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vorgaenge")),
    )
    op.create_index(op.f("ix_vorgaenge_party"), "vorgaenge", ["party"], unique=False)
    op.create_index(
        op.f("ix_vorgaenge_state_last_event_at_id"),
        "vorgaenge",
        ["state", "last_event_at", "id"],
        unique=False,
    )
    op.create_table(
        "vorgang_departments",
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("vorgang_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("department", "vorgang_id", name=op.f("pk_vorgang_departments")),
    )
    op.create_index(
        op.f("ix_vorgang_departments_vorgang_id"),
        "vorgang_departments",
        ["vorgang_id"],
        unique=False,
    )
    op.create_table(
        "vorgang_dwells",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("p90_days", sa.Integer(), nullable=False),
        sa.Column("vorgaenge", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "phase", name=op.f("pk_vorgang_dwells")),
    )
    op.create_table(
        "vorgang_events",
        sa.Column("seq", number, autoincrement=True, nullable=False),
        sa.Column("vorgang_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_vorgang_events")),
    )
    op.create_index(
        op.f("ix_vorgang_events_vorgang_id"), "vorgang_events", ["vorgang_id"], unique=False
    )
    op.create_table(
        "vorgang_gaps",
        sa.Column("vorgang_id", sa.Text(), nullable=False),
        sa.Column("gap", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("vorgang_id", "gap", name=op.f("pk_vorgang_gaps")),
    )
    op.create_index(
        op.f("ix_vorgang_gaps_gap_department_since"),
        "vorgang_gaps",
        ["gap", "department", "since"],
        unique=False,
    )
    op.create_table(
        "vorgang_member_history",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("vorgang_id", sa.Text(), nullable=False),
        sa.Column("ref", ref, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("share_pct", sa.Float(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vorgang_member_history")),
    )
    op.create_index(
        op.f("ix_vorgang_member_history_ref"), "vorgang_member_history", ["ref"], unique=False
    )
    op.create_index(
        op.f("ix_vorgang_member_history_vorgang_id"),
        "vorgang_member_history",
        ["vorgang_id"],
        unique=False,
    )
    op.create_table(
        "vorgang_members",
        sa.Column("vorgang_id", sa.Text(), nullable=False),
        sa.Column("ref", ref, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("share_pct", sa.Float(), nullable=False),
        sa.Column("via", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("vorgang_id", "ref", name=op.f("pk_vorgang_members")),
    )
    op.create_index(op.f("ix_vorgang_members_ref"), "vorgang_members", ["ref"], unique=False)
    op.create_table(
        "vorgang_phases",
        sa.Column("vorgang_id", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.Text(), nullable=False),
        sa.Column("left_at", sa.Text(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("vorgang_id", "phase", name=op.f("pk_vorgang_phases")),
    )
    op.create_index(
        op.f("ix_vorgang_phases_kind_phase_days"),
        "vorgang_phases",
        ["kind", "phase", "days"],
        unique=False,
    )
    # What is linked already is told once.
    op.execute(
        "INSERT INTO work (stage, item) SELECT 'thread', ref FROM canonical_records WHERE true ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    op.execute("DELETE FROM work WHERE stage IN ('propose', 'vorgang')")
    op.drop_index(op.f("ix_vorgang_phases_kind_phase_days"), table_name="vorgang_phases")
    op.drop_table("vorgang_phases")
    op.drop_index(op.f("ix_vorgang_members_ref"), table_name="vorgang_members")
    op.drop_table("vorgang_members")
    op.drop_index(op.f("ix_vorgang_member_history_vorgang_id"), table_name="vorgang_member_history")
    op.drop_index(op.f("ix_vorgang_member_history_ref"), table_name="vorgang_member_history")
    op.drop_table("vorgang_member_history")
    op.drop_index(op.f("ix_vorgang_gaps_gap_department_since"), table_name="vorgang_gaps")
    op.drop_table("vorgang_gaps")
    op.drop_index(op.f("ix_vorgang_events_vorgang_id"), table_name="vorgang_events")
    op.drop_table("vorgang_events")
    op.drop_table("vorgang_dwells")
    op.drop_index(op.f("ix_vorgang_departments_vorgang_id"), table_name="vorgang_departments")
    op.drop_table("vorgang_departments")
    op.drop_index(op.f("ix_vorgaenge_state_last_event_at_id"), table_name="vorgaenge")
    op.drop_index(op.f("ix_vorgaenge_party"), table_name="vorgaenge")
    op.drop_table("vorgaenge")
    op.drop_index(op.f("ix_link_decisions_target_ref"), table_name="link_decisions")
    op.drop_index(op.f("ix_link_decisions_from_ref"), table_name="link_decisions")
    op.drop_table("link_decisions")
    op.drop_index(op.f("ix_link_candidates_target"), table_name="link_candidates")
    op.drop_index(op.f("ix_link_candidates_score_id"), table_name="link_candidates")
    op.drop_index(op.f("ix_link_candidates_party"), table_name="link_candidates")
    op.drop_table("link_candidates")
