"""Who asked to be erased, and all that is theirs, written down in `ops.erasing` before anything is
taken away: a run that is killed goes on with the same plan."""

import duckdb

from pipelines import keyed
from pipelines.specs import identifiers
from pipelines.specs.night import Night
from pipelines.warehouse import transaction

_ASKED = """
create or replace temp table asked as
select contact_id, {email} as email, max(requested_at) as requested_at
from {requests} where extract_date <= $as_of group by all"""

# Who everybody is by all that is known tonight.
_PRESENT = """
create or replace temp table present as
select profile_id, customer_id from identity.identity_history
where valid_until_date = date '9999-12-31' and known_until_date = date '9999-12-31'"""

# An address that several customers have is taken to be asked for by the one whose it is first.
_PEOPLE = """
create or replace temp table people as
with by_contact as (
    select asked.contact_id, present.customer_id, asked.requested_at
    from asked join present on present.profile_id = 'contact:' || asked.contact_id
),
by_email as (
    select asked.email, asked.requested_at, min_by(
        present.customer_id,
        row(edges.profile_id not like 'contact:%', edges.known_from_date, edges.profile_id)
    ) as customer_id
    from asked
    join identity.identity_edges as edges
        on edges.identifier_type = 'email' and edges.identifier = asked.email
    join present on present.profile_id = edges.profile_id and present.customer_id is not null
    where edges.profile_id not like 'visitor:%' and not exists (
        select 1 from by_contact where by_contact.contact_id = asked.contact_id
    )
    group by 1, 2
)
select customer_id, max(requested_at) as requested_at
from (
    select customer_id, requested_at from by_contact
    union all select customer_id, requested_at from by_email
)
where customer_id is not null group by 1"""

_IDS = """
create or replace temp table theirs as
select present.profile_id, people.customer_id, people.requested_at
from present join people using (customer_id);

create or replace temp table shown as
select edges.identifier_type, edges.identifier, edges.given, theirs.requested_at
from theirs join identity.identity_edges as edges using (profile_id)
union
select split_part(profile_id, ':', 1), substr(profile_id, strpos(profile_id, ':') + 1), null,
    requested_at
from theirs;

create or replace temp table of_others as
with others as (
    select profile_id from present
    where customer_id not in (select customer_id from people)
)
select edges.identifier_type, edges.identifier
from others join identity.identity_edges as edges using (profile_id)
where others.profile_id not like 'visitor:%' and edges.identifier_type <> 'contact'
union
select split_part(profile_id, ':', 1), substr(profile_id, strpos(profile_id, ':') + 1) from others
union
-- A browser on which somebody else signed in, or gave an address that is not theirs too.
select 'visitor', substr(edges.profile_id, 9)
from identity.identity_edges as edges
join identity.identity_edges as same
    on same.identifier_type = edges.identifier_type and same.identifier = edges.identifier
join others on others.profile_id = same.profile_id and others.profile_id not like 'visitor:%'
where edges.profile_id like 'visitor:%' and edges.identifier_type in ('contact', 'email')
    and not exists (
        select 1 from shown where shown.identifier_type = edges.identifier_type
            and shown.identifier = edges.identifier
    );

insert into erasing
select identifier_type, identifier, max(requested_at)
from shown anti join of_others using (identifier_type, identifier) group by all;
insert into erasing
select 'spelling', given, max(requested_at)
from shown anti join of_others using (identifier_type, identifier)
where given is not null and given <> identifier group by all;
insert into erasing
select 'profile', identifier_type || ':' || identifier, requested_at from erasing
where identifier_type in ('contact', 'loyalty', 'email', 'phone', 'visitor')"""

_NAMED = """
insert into erasing
select kind, identifier, max(requested_at) from (
    select 'contact' as kind, contact_id as identifier, requested_at from asked
    union all
    select 'email', email, requested_at from asked
) as named
where identifier is not null
    and not exists (from of_others where identifier_type = kind
        and of_others.identifier = named.identifier)
    and not exists (from erasing where identifier_type = kind
        and erasing.identifier = named.identifier)
group by all;
insert into erasing
select 'profile', identifier_type || ':' || identifier, requested_at from erasing as named
where identifier_type in ('contact', 'email') and not exists (
    from erasing where identifier_type = 'profile'
        and identifier = named.identifier_type || ':' || named.identifier
);
-- An address that somebody else has too stays with them, and is not written to either.
insert into erasing
select distinct 'email', email, null::timestamp from asked
where email in (select identifier from of_others where identifier_type = 'email');
insert into erasing
select 'request',
    concat_ws('|', coalesce(contact_id, ''), coalesce({raw_email}, ''), requested_at),
    requested_at
from raw.erasure_requests where extract_date <= $as_of"""

# What happened after the request is a new beginning, and stays.
_PARTS = """
insert into erasing
select 'order', order_id, max(theirs.requested_at)
from marts.order_history as orders
join erasing as theirs
    on theirs.identifier_type = 'profile' and theirs.identifier = orders.profile_id
where orders.ordered_at <= theirs.requested_at group by all;
insert into erasing
select 'send', send_id, max(theirs.requested_at)
from marts.campaign_contacts as sends
join erasing as theirs
    on theirs.identifier_type = 'profile' and theirs.identifier = sends.profile_id
where sends.sent_at <= theirs.requested_at and send_id is not null group by all;
insert into erasing
with ids as (
    select customer_id, requested_at from people
    union all
    select told.customer_id, theirs.requested_at
    from (
        select profile_id, customer_id from identity.identity_history
        union select profile_id, customer_id from identity.customer_ledger
    ) as told
    join erasing as theirs
        on theirs.identifier_type = 'profile' and theirs.identifier = told.profile_id
    where told.customer_id not in (
        select customer_id from present anti join people using (customer_id)
        where customer_id is not null
    )
)
select 'customer', customer_id, max(requested_at) from ids
where customer_id is not null group by all;
-- To whom their messages to an address belong, that stays with somebody else.
insert into erasing
select distinct 'heir', md5(channel || '|' || identifier) || ' ' || first(
    present.customer_id
    order by edges.profile_id not like 'contact:%', edges.known_from_date, edges.profile_id
), null::timestamp
from (select distinct identifier_type, identifier from shown
    semi join of_others using (identifier_type, identifier)) as shared
join channels using (identifier_type)
join identity.identity_edges as edges using (identifier_type, identifier)
join (select * from present anti join people using (customer_id)) as present using (profile_id)
where edges.profile_id not like 'visitor:%' and present.customer_id is not null
group by channel, identifier"""

_DERIVED = """
insert into erasing
select 'customer', 'c_' || left(md5(identifier), 16), requested_at from erasing as profiles
where identifier_type = 'profile' and not exists (
    from erasing where identifier_type = 'customer'
        and identifier = 'c_' || left(md5(profiles.identifier), 16)
);
insert into erasing
select 'point', md5(channel || '|' || identifier), requested_at
from erasing join channels using (identifier_type) where requested_at is not null;
insert into erasing
select distinct 'hashed_email', digest, requested_at
from (
    select unnest([md5(text), sha1(text), sha256(text)]) as digest, requested_at
    from (
        select identifier as text, requested_at from erasing where identifier_type = 'email'
        union select lower(identifier), requested_at from erasing
        where identifier_type = 'spelling' and identifier like '%@%'
    ) where requested_at is not null
)"""

_WRITE = """
insert into ops.erasing
select identifier_type, identifier, max(requested_at), $as_of
from erasing where identifier is not null group by 1, 2"""
# Who is erased again is known anew by what is loaded after it.
_FORGET = """
delete from ops.recognised where exists (
    from ops.erasing where erasing.identifier_type = recognised.identifier_type
        and erasing.identifier = recognised.identifier
)"""


def plan(con: duckdb.DuckDBPyConnection, night: Night, key: str) -> None:
    """Fill `ops.erasing` from the requests that are loaded, unless a plan is there already, and
    `ops.suppressions` with what must outlive it. Have identity know what is loaded tonight; a
    warehouse without identity erases what the requests name themselves."""
    if con.execute("from ops.erasing limit 1").fetchall():
        con.execute(_FORGET)  # the load before took them for people who are only not written to
        return
    present = _tables(con)
    with transaction(con):
        con.execute(
            "create or replace temp table erasing"
            " (identifier_type varchar, identifier varchar, requested_at timestamp)"
        )
        con.execute(
            "create or replace temp table channels as select * from (values "
            + ", ".join(
                f"('{kind}', '{channel}')"
                for kind, names in identifiers.CHANNELS.items()
                for channel in names
            )
            + ") as named(identifier_type, channel)"
        )
        cleaned = "staging.stg_erasure_requests" in present
        requests = "staging.stg_erasure_requests" if cleaned else "raw.erasure_requests"
        email = identifiers.compared("email", "email")
        con.execute(_ASKED.format(email=email, requests=requests), {"as_of": night.as_of})
        if "identity.identity_history" in present:
            con.execute(_PRESENT)
            con.execute(_PEOPLE)
            con.execute(_IDS)
        else:
            con.execute(
                "create or replace temp table of_others"
                " (identifier_type varchar, identifier varchar)"
            )
        for statement in _NAMED.format(raw_email=email).split(";"):
            con.execute(statement, {"as_of": night.as_of} if "$as_of" in statement else None)
        if "identity.identity_history" in present:
            con.execute(_PARTS)
        con.execute(_DERIVED)
        con.execute(_WRITE, {"as_of": night.as_of})
        _suppress(con, night, key, present)
        con.execute(_FORGET)


_SPOKEN = """
create or replace temp table outlives as
with points as (
    select distinct identifier_type, identifier, channel, requested_at
    from ops.erasing join channels using (identifier_type)
),
asked as (select max(requested_at) as requested_at from ops.erasing)
select identifier_type, identifier, channel, 'marketing' as purpose, 'erased' as reason,
    coalesce(points.requested_at, asked.requested_at) as said_at, null::date as until_date
from points, asked"""
_ANSWERS = """
union all
select points.identifier_type, points.identifier, points.channel, 'marketing', told.reason,
    told.said_at, null
from points
join (
    select contact_point_id, 'complaint' as reason, max(occurred_at) as said_at
    from marts.campaign_responses where event_name = 'complaint' group by all
    union all
    select contact_point_id, 'bounce', max(occurred_at) filter (event_name = 'bounce') as bounced_at
    from marts.campaign_responses group by all
    having bounced_at >= coalesce(
        max(occurred_at) filter (event_name = 'delivered'), '-infinity'
    )
) as told on told.contact_point_id = md5(points.channel || '|' || points.identifier)"""
# An objection to profiling is the person's, at whatever address they come back.
_PROFILING = """
union all
select points.identifier_type, points.identifier, points.channel, 'profiling', 'objected',
    max(refused.said_at), null
from points
join (
    select theirs.customer_id, edges.identifier_type, edges.identifier
    from theirs join identity.identity_edges as edges using (profile_id)
    union
    select customer_id, split_part(profile_id, ':', 1),
        substr(profile_id, strpos(profile_id, ':') + 1)
    from theirs
) as named using (identifier_type, identifier)
join (
    select customer_id, max(changed_at) filter (status <> 'granted') as said_at
    from marts.consent_history join theirs using (profile_id)
    where purpose = 'profiling' group by 1
    having said_at >= coalesce(max(changed_at) filter (status = 'granted'), '-infinity')
) as refused using (customer_id)
group by all"""
_EXCLUSIONS = """
union all
select points.identifier_type, points.identifier, points.channel, 'marketing',
    'excluded_' || listed.reason, asked.requested_at, max(listed.until)
from points, asked, raw.exclusions as listed
where points.identifier = case points.identifier_type when 'contact' then trim(listed.contact_id)
    when 'phone' then trim(listed.phone) else {email} end
group by all"""
_KEEP = """
insert into ops.suppressions
select identifier_type, {digest}, channel, purpose, reason, said_at, until_date, $as_of
from outlives"""


def _suppress(con: duckdb.DuckDBPyConnection, night: Night, key: str, present: set[str]) -> None:
    spoken = _SPOKEN
    if "marts.campaign_responses" in present:
        spoken += _ANSWERS
    if {"marts.consent_history", "identity.identity_history"} <= present:
        spoken += _PROFILING
    spoken += _EXCLUSIONS.format(email=identifiers.compared("email", "listed.email"))
    con.execute(spoken)
    digest = keyed.hashed_sql("identifier_type || '|' || identifier")
    con.execute(_KEEP.format(digest=digest), {"as_of": night.as_of, **keyed.parameters(key)})


def _tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
    ).fetchall()
    return {name for (name,) in rows}
