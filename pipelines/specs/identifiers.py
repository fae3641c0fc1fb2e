"""The identifiers of people in the records of the input contract: which column holds what kind, how
two of them are compared, and when a record happened. For what has to find a person before anything
is known of who is who (`identity` does that, in SQL of its own)."""

from pipelines.specs.contract import ENTITIES, Entity, Kind

# Column of the contract → kind of identifier. Orders and sends stand for their person in records
# that name nobody else (order lines, what was answered to a message).
KINDS = {
    "contact_id": "contact",
    "email": "email",
    "phone": "phone",
    "loyalty_id": "loyalty",
    "visitor_id": "visitor",
    "hashed_email": "hashed_email",
    "order_id": "order",
    "send_id": "send",
}
PROFILES = ("contact", "loyalty", "email", "phone", "visitor")  # the strongest first
PARTS = ("order", "send", "request", "event")  # what goes with its person whenever it happened
CHANNELS = {"email": ("email", "push"), "phone": ("sms", "phone"), "contact": ("post",)}

_DOTLESS_HOSTS = ("gmail.com", "googlemail.com")
_PLUS_HOSTS = (
    "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.com", "live.fr", "icloud.com",
    "me.com", "fastmail.com", "proton.me", "protonmail.com", "pm.me",
)  # fmt: skip
_MOMENTS = {
    "order_lines": "occurred_at",
    "subscriptions": "coalesce(trial_started_at, converted_at)",
}
_FAREWELLS = {"contacts": "coalesce(is_deleted, false)", "consents": "status <> 'granted'"}


def of(entity: Entity) -> dict[str, str]:
    """Column → kind of the identifiers in records of an entity; empty where it tells of nobody."""
    return {c.name: KINDS[c.name] for c in entity.columns if c.name in KINDS}


def compared(kind: str, value: str) -> str:
    """SQL: an identifier as it is compared. An e-mail address as its provider delivers it."""
    if kind == "email":
        return _inbox(f"lower(trim({value}))")
    return f"lower({value})" if kind == "hashed_email" else f"trim({value})"


def compared_text(kind: str, value: str) -> str:
    """The same of a text."""
    if kind == "email":
        email = value.strip(" ").lower()
        local, _, host = email.partition("@")
        name = local.partition("+")[0]
        if host in _DOTLESS_HOSTS:
            return f"{name.replace('.', '')}@gmail.com"
        return f"{name}@{host}" if host in _PLUS_HOSTS else email
    return value.lower() if kind == "hashed_email" else value.strip(" ")


def profile(entity: Entity, kinds: dict[str, str]) -> str:
    """SQL: the profile of a record, by its strongest identifier; of what is done in a browser, the
    browser's. `kinds`: kind → SQL of the identifier as it is compared. NULL where the record names
    nobody."""
    wanted = ("visitor",) if entity.name == "web_events" else PROFILES
    found = [f"'{kind}:' || {kinds[kind]}" for kind in wanted if kind in kinds]
    return f"coalesce({', '.join(found)})" if found else "null::varchar"


def moment(entity: Entity) -> str:
    """SQL: when a record happened, in UTC; NULL where nobody says."""
    return _MOMENTS.get(entity.name) or entity.event_time or "null::timestamp"


def says_farewell(entity: Entity) -> str:
    """SQL: a record that ends something (a contact deleted, a consent withdrawn). Whoever is not
    there does not come back by it."""
    return _FAREWELLS.get(entity.name, "false")


def free_texts(entity: Entity) -> list[str]:
    """The columns of an entity in which anything may stand."""
    columns = [c for c in entity.columns if c.kind in (Kind.TEXT, Kind.ID) and not c.allowed]
    return [c.name for c in columns if c.name not in KINDS]


def entities() -> list[Entity]:
    """The entities whose records name people."""
    return [entity for entity in ENTITIES.values() if of(entity)]


def _inbox(email: str) -> str:
    host, name = f"split_part({email}, '@', 2)", f"split_part(split_part({email}, '@', 1), '+', 1)"
    dotless, plus = (", ".join(f"'{h}'" for h in hosts) for hosts in (_DOTLESS_HOSTS, _PLUS_HOSTS))
    return (
        f"case when {host} in ({dotless})"
        f" then replace({name}, '.', '') || '@gmail.com'"
        f" when {host} in ({plus}) then {name} || '@' || {host} else {email} end"
    )
