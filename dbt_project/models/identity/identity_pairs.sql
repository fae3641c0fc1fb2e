{{ config(materialized='table') }}
with shown as (
    select *
    from {{ ref('identity_sightings') }}
    where is_tie and not is_browser and distance < {{ distance("'visitor'") }}
),

pairs as (
    select
        a.state_id,
        a.member as member_a,
        b.member as member_b,
        a.is_contact as is_contact_a,
        b.is_contact as is_contact_b,
        min(a.distance) as distance,
        min(a.seen_at) as seen_at
    from shown as a
    inner join shown as b
        on b.state_id = a.state_id
        and b.identifier_number = a.identifier_number
        and b.member <> a.member
    group by 1, 2, 3, 4, 5
),

{# What two contacts of a pair say of their person at that time. #}
told as (
    select contacts.state_id, contacts.member, evidence.first_name, evidence.birth_date,
        evidence.gender
    from (
        select distinct state_id, member_a as member
        from pairs
        where is_contact_a and is_contact_b
    ) as contacts
    inner join {{ ref('identity_states') }} as states on states.state_id = contacts.state_id
    inner join {{ ref('identity_members') }} as members on members.member = contacts.member
    inner join {{ ref('identity_evidence') }} as evidence
        on evidence.profile_id = members.profile_id
        and evidence.known_from_date <= states.known_from_date
        and evidence.valid_from_date < states.valid_from_date
        and (
            evidence.valid_until_date >= states.valid_from_date
            or evidence.known_until_date > states.known_from_date
        )
)

select
    {{ node('pairs.state_id', 'pairs.member_a') }} as node_a,
    {{ node('pairs.state_id', 'pairs.member_b') }} as node_b,
    pairs.is_contact_a,
    pairs.is_contact_b,
    pairs.distance,
    pairs.seen_at,
    coalesce({{ are_different_people('told_a', 'told_b') }}, false) as are_different
from pairs
left join told as told_a
    on told_a.state_id = pairs.state_id and told_a.member = pairs.member_a
    and pairs.is_contact_b
left join told as told_b
    on told_b.state_id = pairs.state_id and told_b.member = pairs.member_b
    and pairs.is_contact_a
