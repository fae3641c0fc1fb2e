{{ config(materialized='table') }}
{# The dates that the map is asked for and does not have; the map itself reads this table. #}
{% set present = adapter.get_relation(this.database, this.schema, 'identity_map') if execute %}
with wanted as (
    {{ date_rows(var('identity_dates')) }}
    union
    select as_of from ({{ date_rows(var('identity_missing')) }}) as missing
    {%- if present is not none %}
    where as_of not in (select as_of from {{ present }})
    {%- endif %}
),

edges as (
    select
        wanted.as_of,
        edges.profile_id,
        edges.identifier_type,
        edges.identifier,
        edges.profile_id not like 'visitor:%' as is_person,
        min(edges.known_from_date) as known_from_date
    from {{ ref('identity_edges') }} as edges
    inner join wanted on edges.seen_date < wanted.as_of
    where edges.known_from_date <= {{ cut() }}
    group by 1, 2, 3, 4, 5
),

{# Browsers whose visitor refused to be recognised: an order does not tie them to a person either. #}
refusals as (
    select distinct wanted.as_of, visits.visitor_id
    from {{ ref('web_visits') }} as visits
    inner join wanted on visits.visit_date < wanted.as_of
    where visits.denied_events_count > 0 and visits.known_from_date <= {{ cut() }}
),

shared as (
    select as_of, identifier_type, identifier
    from edges
    where is_person and identifier_type <> 'contact'
    group by 1, 2, 3
    having count(distinct profile_id) > case
        when identifier_type = 'visitor' then {{ var('max_contacts_per_visitor') }}
        else {{ var('max_profiles_per_identifier') }}
    end
),

shared_browsers as (
    select as_of, profile_id
    from edges
    where not is_person and identifier_type in ('contact', 'email')
    group by 1, 2
    having count(distinct identifier_type || identifier) filter (where identifier_type = 'contact')
            > {{ var('max_contacts_per_visitor') }}
        or count(distinct identifier) filter (where identifier_type = 'email')
            > {{ var('max_contacts_per_visitor') }}
),

allowed as (
    select edges.*
    from edges
    left join refusals
        on refusals.as_of = edges.as_of
        and edges.is_person
        and edges.identifier_type = 'visitor'
        and refusals.visitor_id = edges.identifier
    left join shared
        on shared.as_of = edges.as_of
        and shared.identifier_type = edges.identifier_type
        and shared.identifier = edges.identifier
    left join shared_browsers
        on shared_browsers.as_of = edges.as_of
        and shared_browsers.profile_id = edges.profile_id
    where refusals.as_of is null and shared.as_of is null and shared_browsers.as_of is null
),

{# Who an order names a browser of is that browser's visitor. #}
ties as (
    select as_of, profile_id, identifier_type, identifier from allowed
    union
    select as_of, 'visitor:' || identifier, identifier_type, identifier
    from allowed
    where identifier_type = 'visitor'
),

{# Every person keeps a customer, tied or not. #}
people as (
    select distinct as_of, profile_id from edges where is_person
),

members as (
    select as_of, profile_id from people
    union
    select as_of, profile_id from ties
),

{# A node is a profile at a date, one number: DuckDB would join everybody of a date with everybody
   if the date were a second key of the components. #}
numbers as (
    select as_of, profile_id, row_number() over (order by as_of, profile_id) as node
    from members
),

{# A customer is called after the earliest of its profiles that is a person. #}
first_known as (
    select as_of, profile_id, min(known_from_date) as known_from_date
    from edges
    where is_person
    group by 1, 2
)

select
    numbers.as_of,
    numbers.profile_id,
    numbers.node,
    first_known.known_from_date,
    ties.identifier_type,
    ties.identifier
from numbers
left join ties on ties.as_of = numbers.as_of and ties.profile_id = numbers.profile_id
left join first_known
    on first_known.as_of = numbers.as_of and first_known.profile_id = numbers.profile_id
