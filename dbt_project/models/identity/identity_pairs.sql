{{ config(materialized='table') }}
with shown as (
    select *, profile_id like 'contact:%' as is_contact
    from {{ ref('identity_sightings') }}
    where is_tie and not is_browser and identifier_type <> 'visitor'
),

pairs as (
    select
        a.state_id,
        a.node as node_a,
        b.node as node_b,
        a.profile_id as profile_a,
        b.profile_id as profile_b,
        a.is_contact as is_contact_a,
        b.is_contact as is_contact_b,
        min({{ distance('a.identifier_type') }}) as distance,
        min(a.seen_at) as seen_at
    from shown as a
    inner join shown as b
        on b.state_id = a.state_id
        and b.identifier_type = a.identifier_type
        and b.identifier = a.identifier
        and b.node <> a.node
    group by 1, 2, 3, 4, 5, 6, 7
),

{# What two contacts of a pair say of their person at that time. #}
told as (
    select contacts.state_id, contacts.profile_id, evidence.first_name, evidence.birth_date,
        evidence.gender
    from (
        select distinct state_id, profile_a as profile_id
        from pairs
        where is_contact_a and is_contact_b
    ) as contacts
    inner join {{ ref('identity_states') }} as states on states.state_id = contacts.state_id
    inner join {{ ref('identity_evidence') }} as evidence
        on evidence.profile_id = contacts.profile_id
        and evidence.known_from_date <= states.known_from_date
        and evidence.valid_from_date < states.valid_from_date
        and (
            evidence.valid_until_date >= states.valid_from_date
            or evidence.known_until_date > states.known_from_date
        )
)

select
    pairs.node_a,
    pairs.node_b,
    pairs.is_contact_a,
    pairs.is_contact_b,
    pairs.distance,
    pairs.seen_at,
    coalesce({{ are_different_people('told_a', 'told_b') }}, false) as are_different
from pairs
left join told as told_a
    on told_a.state_id = pairs.state_id and told_a.profile_id = pairs.profile_a
    and pairs.is_contact_b
left join told as told_b
    on told_b.state_id = pairs.state_id and told_b.profile_id = pairs.profile_b
    and pairs.is_contact_a
