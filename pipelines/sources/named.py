"""Which loaded records show an identifier of given people, and since when they must not."""

import duckdb

from pipelines.specs import identifiers
from pipelines.specs.contract import Entity

_NAMED = """
create or replace temp table named (
    entity varchar, _path varchar, _row bigint, extract_date date, profile_id varchar,
    is_asked_for boolean, is_part boolean, is_of_before boolean, is_new_beginning boolean,
    shown struct(identifier_type varchar, identifier varchar)[]
)"""


def start(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `named`, empty: one row per record found, with its place, profile
    and what it shows. `is_asked_for`: a request is about one of its identifiers (about others only
    not to write). `is_part`: it goes with somebody's order or message, whenever it happened.
    `is_of_before`: not later than the request; of a contact, whose changes may be the shop's, also
    what came no later than the night that erased. `is_new_beginning`: later, and no farewell."""
    con.execute(_NAMED)


def find(con: duckdb.DuckDBPyConnection, entity: Entity, rows: str, people: str) -> None:
    """Add to `named` the records among `rows` (SQL: raw rows with `_path` and `_row`) that show an
    identifier of the table `people` (identifier_type, identifier, requested_at, as_of)."""
    asked = con.execute(f"select distinct identifier_type from {people}").fetchall()
    every = keys_of(entity)
    kinds = [kind for kind in every if (kind,) in asked]
    if not kinds or not rows:
        return
    keys = ", ".join(f"{sql} as {kind}_key" for kind, sql in every.items())
    joins = " ".join(
        f"left join (from {people} where identifier_type = '{kind}') as the_{kind}"
        f" on the_{kind}.identifier = {kind}_key"
        for kind in kinds
    )
    shown = ", ".join(
        f"{{identifier_type: '{kind}', identifier: the_{kind}.identifier}}" for kind in kinds
    )
    # A profile is called after the address as it was given.
    given = {kind: "lower(trim(email))" if kind == "email" else sql for kind, sql in every.items()}
    profile = identifiers.profile(entity, given)
    is_state = "extract_date <= erased_on" if entity.name == "contacts" else "false"
    con.execute(
        f"insert into named select '{entity.name}', _path, _row, extract_date, profile_id,"
        " requested_at is not null, coalesce(is_part, false),"
        f" coalesce(moment <= requested_at, false) or coalesce({is_state}, false),"
        f" coalesce(moment > requested_at and not is_farewell and not ({is_state}), false),"
        " list_filter(shown, lambda x: x.identifier is not null)"
        f" from (select _path, _row, extract_date, profile_id, moment, is_farewell,"
        f" greatest({_of(kinds, 'requested_at')}) as requested_at,"
        f" greatest({_of(kinds, 'as_of')}) as erased_on,"
        f" coalesce({_of([k for k in kinds if k in identifiers.PARTS], 'identifier') or 'null'})"
        f" is not null as is_part, [{shown}] as shown"
        f" from (select _path, _row, extract_date, {profile} as profile_id,"
        f" {identifiers.moment(entity)} as moment,"
        f" {identifiers.says_farewell(entity)} or line = 0 as is_farewell, {keys} from ({rows}))"
        f" {joins} where coalesce({_of(kinds, 'identifier')}) is not null)"
    )


def _of(kinds: list[str], column: str) -> str:
    return ", ".join(f"the_{kind}.{column}" for kind in kinds)


def keys_of(entity: Entity) -> dict[str, str]:
    """Kind → SQL of the identifier in a record of an entity, as it is compared."""
    columns = identifiers.of(entity)
    keys = {kind: identifiers.compared(kind, column) for column, kind in columns.items()}
    if entity.name == "erasure_requests":
        keys["request"] = (
            "concat_ws('|', coalesce(contact_id, ''), coalesce(email, ''), requested_at)"
        )
    if entity.name == "web_events":
        keys["event"] = "event_id || '|' || occurred_at"
    return keys
