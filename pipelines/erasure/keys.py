"""By which columns a table's rows are somebody's: derived from the names that columns have in every
room, so that a new table cannot be forgotten."""

from collections.abc import Collection

# Column → kinds in `ops.erasing` whose identifiers it may hold.
KEYS = {
    "profile_id": ("profile",),
    "customer_id": ("customer",),
    "old_customer_id": ("customer",),
    "new_customer_id": ("customer",),
    "present_customer_id": ("customer",),
    "contact_point_id": ("point",),
    "contact_id": ("contact",),
    "email": ("email",),
    "phone": ("phone",),
    "loyalty_id": ("loyalty",),
    "visitor_id": ("visitor",),
    "hashed_email": ("hashed_email",),
    "address": ("email", "phone", "contact"),
    "order_id": ("order",),
    "send_id": ("send",),
}
# Text columns that tell nobody apart, alone in a table.
IMPERSONAL = {
    "as_of", "channel", "status", "reason", "segment", "arm", "model", "version", "flag",
    "metric", "kind", "item_id", "outcome", "destination", "file", "sha256", "source", "entity",
    "columns", "column_name", "unknown_columns", "landed_as", "campaign_id", "name", "theme",
    "category", "subcategory", "offer_type", "coupon_code", "audience", "row_hash", "product_id",
    "brand", "store_id", "currency", "variant", "group_name", "purpose", "alias", "measure", "step",
    "unit", "channel_group", "learnt_from", "order_band", "basis", "item",
}  # fmt: skip
# Written by hand elsewhere: `sources` takes people out of quarantine; the others hold keyed hashes,
# or are the erasure's own.
BY_HAND = frozenset(
    ("ops.quarantine", "ops.erasures", "ops.suppressions", "ops.recognised", "ops.erasing")
)


def keys_of(columns: Collection[str]) -> list[str]:
    """Those of the columns by which rows are somebody's."""
    return [column for column in columns if column in KEYS]


def is_derived(table: str) -> bool:
    """Whether a table of identity is made anew by the transform of the night, whole, from facts:
    clusters, places and names of others change with who is gone."""
    return table.startswith("identity.") and table != "identity.customer_ledger"


def is_kept_up(table: str, columns: Collection[str]) -> bool:
    """Whether a night makes anew only what the nights since a row's `extract_cut` have changed."""
    return table.startswith("marts.") and "extract_cut" in columns


def forgotten(tables: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """Tables with text columns that may tell who somebody is, and no key by which rows go.
    `tables`: name → column → type."""
    found = {}
    for table, columns in tables.items():
        if table in BY_HAND or is_derived(table) or keys_of(columns):
            continue
        texts = [c for c, kind in columns.items() if kind == "VARCHAR" and c not in IMPERSONAL]
        if texts:
            found[table] = texts
    return found
