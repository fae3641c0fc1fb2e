"""Who is who as the pipeline says it, beside who really is who.

A pair is two profiles of one customer; it is right if somebody uses both. Two profiles of a person
can be linked if a chain of ties between the person's own profiles leads from one to the other. An
address or a browser that several people use can be linked to one of them only: to the one whose
customer has it, or, where nobody does, to the first."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

_TRUTH = """
create or replace temp table uses as
select distinct
    case kind when 'contact_id' then 'contact' when 'loyalty_id' then 'loyalty' else kind end
        || ':' || case kind when 'phone' then '+33' || value[2:] else value end as profile_id,
    person_id
from read_parquet('{truth}/identifiers/*.parquet')
union
select distinct 'visitor:' || visitor_id, person_id
from read_parquet('{truth}/visitors/*.parquet')
"""
_SAID = """
select profile_id, customer_id
from identity.identity_history
where valid_from_date <= date '{as_of}' and valid_until_date > date '{as_of}'
  and known_from_date <= date '{as_of}' and known_until_date > date '{as_of}'
"""
# Connected components of `pairs`: each node gets the smallest that it hangs together with.
_LABELS = """
labels(node, component) using key (node) as (
    select distinct node_a, node_a from pairs
    union (
        select pairs.node_b, min(changed.component)
        from labels as changed
        join pairs on pairs.node_a = changed.node
        join recurring.labels as present on present.node = pairs.node_b
        where changed.component < present.component
        group by 1
    )
)"""
# For comparison: whoever shows an identifier that another shows, too, is the same person.
_NAIVE = f"""
with recursive pairs as (
    select distinct profile_id as node_a, identifier_type || ':' || identifier as node_b
    from identity.identity_edges
    union
    select identifier_type || ':' || identifier, profile_id from identity.identity_edges
),
{_LABELS}
select node as profile_id, component as customer_id from labels
where node in (select profile_id from identity.identity_edges)
"""
# Somebody who alone uses a profile of the customer, most of them: whose customer it is.
_OWNER = """
create or replace temp table owners as
select customer_id, mode(person_id order by person_id) as person_id
from said join uses using (profile_id)
group by customer_id
"""
_LINKABLE = f"""
create or replace temp table mine as
with ranked as (
    select u.profile_id, u.person_id,
           row_number() over (
               partition by u.profile_id
               order by coalesce(o.person_id = u.person_id, false) desc, u.person_id
           ) as place
    from uses u
    left join said s using (profile_id)
    left join owners o using (customer_id)
)
select profile_id, person_id from ranked where place = 1;

create or replace temp table ties as
select distinct a.person_id || ' ' || a.profile_id as node_a,
                b.person_id || ' ' || b.profile_id as node_b
from (select distinct profile_id, identifier_type || ':' || identifier as named
      from identity.identity_edges) e
join uses a on a.profile_id = e.profile_id
join uses b on b.profile_id = e.named and b.person_id = a.person_id
where a.profile_id <> b.profile_id;

create or replace temp table linkable as
with recursive pairs as (
    select node_a, node_b from ties union all select node_b, node_a from ties
),
{_LABELS},
members as (
    select m.profile_id, l.component
    from labels l
    join mine m on m.person_id || ' ' || m.profile_id = l.node
    where m.profile_id in (select profile_id from identity.identity_edges)
)
select a.profile_id as one, b.profile_id as other
from members a join members b on a.component = b.component and a.profile_id < b.profile_id
"""
_PAIRS = """
create or replace temp table pairs as
select a.profile_id as one, b.profile_id as other
from said a join said b on a.customer_id = b.customer_id and a.profile_id < b.profile_id
"""
_COUNTS = """
select
    (select count(*) from pairs),
    (select count(*) from (
        select distinct one, other from pairs
        join uses a on a.profile_id = one
        join uses b on b.profile_id = other and b.person_id = a.person_id)),
    (select count(*) from linkable),
    (select count(*) from linkable semi join pairs using (one, other)),
    (select max(people) from (
        select count(distinct person_id) as people from said
        join (select profile_id, any_value(person_id) as person_id from uses
              group by 1 having count(*) = 1) using (profile_id)
        group by customer_id))
"""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """`precision` and `recall` of pairs, 0 to 1; `most_people`: in one customer."""

    pairs: int
    precision: float
    recall: float
    most_people: int


def accuracy(warehouse: Path, truth: Path, as_of: date, *, is_naive: bool = False) -> Accuracy:
    """How right the warehouse's identity is as of a night, beside the simulator's `truth` folder;
    or, `is_naive`, how right it would be if each shared identifier tied its people together."""
    said = _NAIVE if is_naive else _SAID.format(as_of=as_of)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute(_TRUTH.format(truth=truth))
        con.execute(f"create or replace temp table said as {said}")
        for text in (_OWNER, _LINKABLE, _PAIRS):
            con.execute(text)
        [(pairs, right, linkable, found, most)] = con.execute(_COUNTS).fetchall()
    return Accuracy(pairs, right / pairs, found / linkable, most)
