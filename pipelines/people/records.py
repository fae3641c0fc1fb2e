"""The records of the extracts that tell of one customer, as the contract reads them."""

from typing import Any

import duckdb

from pipelines.people.lookup import PRESENT
from pipelines.specs import identifiers
from pipelines.specs.contract import ENTITIES, Entity

_PROFILES = f"""(
    with {PRESENT}
    select profile_id from present
    where customer_id = $customer
)"""
_NAMED_BY_KEY = {
    "order_lines": ("orders", "order_id"),
    "campaign_events": ("campaign_sends", "send_id"),
}


def of(con: duckdb.DuckDBPyConnection, customer_id: str) -> dict[str, list[dict[str, Any]]]:
    """Entity of the contract → its records, of those that have any."""
    found = {}
    for entity in ENTITIES.values():
        condition = _is_theirs(entity)
        if condition is None:
            continue
        result = con.execute(
            f"from raw.{entity.name} where {condition} order by all", {"customer": customer_id}
        )
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        if rows:
            found[entity.name] = rows
    return found


def _is_theirs(entity: Entity) -> str | None:
    """SQL: whether a record tells of the customer; None where none of the entity does."""
    kinds = identifiers.of(entity)
    conditions = []
    named = {kind: identifiers.compared(kind, f'"{c}"') for c, kind in kinds.items()}
    profile = identifiers.profile(entity, named)
    if profile != "null::varchar":
        conditions.append(f"{profile} in {_PROFILES}")
    if entity.name in _NAMED_BY_KEY:
        of_whom, key = _NAMED_BY_KEY[entity.name]
        theirs = _is_theirs(ENTITIES[of_whom])
        conditions.append(f"{key} in (select {key} from raw.{of_whom} where {theirs})")
    return " or ".join(conditions) or None
