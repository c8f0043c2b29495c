"""Every table of the hub, in the order a record walks the street."""

from hub.store.tables.access import (
    api_keys,
)
from hub.store.tables.alerts import (
    alert_events,
    alerts,
)
from hub.store.tables.canonical import (
    canonical_issues,
    canonical_records,
    canonical_refs,
    mapped_connections,
)
from hub.store.tables.changes import (
    change_counter,
    changes,
)
from hub.store.tables.columns import (
    BigInt,
    Ref,
    metadata,
)
from hub.store.tables.erasure import (
    erasures,
    kept_records,
    suppressions,
)
from hub.store.tables.facts import (
    fact_days,
    fact_history,
    fact_sources,
    facts,
    project_norms,
    restless,
)
from hub.store.tables.hints import (
    hints,
)
from hub.store.tables.links import (
    links,
    number_tokens,
)
from hub.store.tables.notices import (
    alert_actions,
    alert_deliveries,
    alert_handling,
    alert_tellings,
    announcements,
    notice_groups,
    outbox,
    rule_states,
    silences,
)
from hub.store.tables.resolution import (
    crosswalk,
    crosswalk_history,
    edges,
    entities,
    entity_events,
    judgements,
    profile_records,
    profiles,
    resolution_bases,
    review_pairs,
    token_holders,
)
from hub.store.tables.secrets import (
    secrets,
)
from hub.store.tables.sync import (
    checkpoints,
    credential_ends,
    drift,
    known_pages,
    leases,
    quarantine,
    runs,
    source_records,
    source_versions,
    work,
)
from hub.store.tables.views import (
    search_grams,
    search_items,
    search_tokens,
    views,
)
from hub.store.tables.vorgaenge import (
    link_candidates,
    link_decisions,
    vorgaenge,
    vorgang_departments,
    vorgang_dwells,
    vorgang_events,
    vorgang_gaps,
    vorgang_member_history,
    vorgang_members,
    vorgang_phases,
)

__all__ = [
    "BigInt",
    "Ref",
    "alert_actions",
    "alert_deliveries",
    "alert_events",
    "alert_handling",
    "alert_tellings",
    "alerts",
    "announcements",
    "api_keys",
    "canonical_issues",
    "canonical_records",
    "canonical_refs",
    "change_counter",
    "changes",
    "checkpoints",
    "credential_ends",
    "crosswalk",
    "crosswalk_history",
    "drift",
    "edges",
    "entities",
    "entity_events",
    "erasures",
    "fact_days",
    "fact_history",
    "fact_sources",
    "facts",
    "hints",
    "judgements",
    "kept_records",
    "known_pages",
    "leases",
    "link_candidates",
    "link_decisions",
    "links",
    "mapped_connections",
    "metadata",
    "notice_groups",
    "number_tokens",
    "outbox",
    "profile_records",
    "profiles",
    "project_norms",
    "quarantine",
    "resolution_bases",
    "restless",
    "review_pairs",
    "rule_states",
    "runs",
    "search_grams",
    "search_items",
    "search_tokens",
    "secrets",
    "silences",
    "source_records",
    "source_versions",
    "suppressions",
    "token_holders",
    "views",
    "vorgaenge",
    "vorgang_departments",
    "vorgang_dwells",
    "vorgang_events",
    "vorgang_gaps",
    "vorgang_member_history",
    "vorgang_members",
    "vorgang_phases",
    "work",
]
