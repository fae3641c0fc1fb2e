{{ config(materialized='table') }}
with components as (
    {{ connected_components(ref('identity_links')) }}
),

people as (
    select
        sightings.state_id,
        sightings.profile_id,
        coalesce(components.component, sightings.node) as person,
        min(sightings.first_known) as first_known
    from {{ ref('identity_sightings') }} as sightings
    left join components on components.node = sightings.node
    where not sightings.is_browser
    group by 1, 2, 3
),

{# A customer is called after the profile that was known first: who comes later renames nobody. #}
names as (
    select
        person,
        'c_' || left(
            md5(min_by(profile_id, {{ row_order(['first_known', 'profile_id']) }})), 16
        ) as customer_id
    from people
    group by 1
),

signed_in as (
    select state_id, profile_id as browser, seen_at, 'contact:' || identifier as profile_id
    from {{ ref('identity_sightings') }}
    where is_browser and is_tie and identifier_type = 'contact'
    union all
    select state_id, 'visitor:' || identifier, seen_at, profile_id
    from {{ ref('identity_sightings') }}
    where not is_browser and is_tie and identifier_type = 'visitor'
),

{# A browser is whose who signed in on it, or ordered by it, first. #}
by_person as (
    select
        signed_in.state_id,
        signed_in.browser,
        min_by(people.person, {{ row_order(['signed_in.seen_at', 'signed_in.profile_id']) }}) as person
    from signed_in
    inner join people
        on people.state_id = signed_in.state_id and people.profile_id = signed_in.profile_id
    group by 1, 2
),

{# An address alone tells whose browser it is where one person has it, and of an address that was only
   typed, where that is no contact. #}
by_address as (
    select browsers.state_id, browsers.profile_id as browser, min(people.person) as person
    from {{ ref('identity_sightings') }} as browsers
    inner join {{ ref('identity_sightings') }} as persons
        on persons.state_id = browsers.state_id
        and persons.identifier_type = 'email'
        and persons.identifier = browsers.identifier
        and persons.is_tie
        and not persons.is_browser
    inner join people
        on people.state_id = persons.state_id and people.profile_id = persons.profile_id
    where browsers.is_browser and browsers.is_tie and browsers.identifier_type = 'email'
    group by 1, 2
    having count(distinct people.person) = 1
        and not bool_or(browsers.is_typed and people.profile_id like 'contact:%')
),

crowded as (
    select distinct
        state_id,
        case when is_browser then profile_id else 'visitor:' || identifier end as browser
    from {{ ref('identity_sightings') }}
    where is_crowded and (is_browser or identifier_type = 'visitor')
),

browsers as (
    select distinct state_id, profile_id as browser
    from {{ ref('identity_sightings') }}
    where is_browser
    union
    select state_id, 'visitor:' || identifier
    from {{ ref('identity_sightings') }}
    where not is_browser and identifier_type = 'visitor'
),

owners as (
    select state_id, profile_id, person from people
    union all
    select
        browsers.state_id,
        browsers.browser,
        case
            when crowded.browser is null then coalesce(by_person.person, by_address.person)
        end
    from browsers
    left join by_person
        on by_person.state_id = browsers.state_id and by_person.browser = browsers.browser
    left join by_address
        on by_address.state_id = browsers.state_id and by_address.browser = browsers.browser
    left join crowded
        on crowded.state_id = browsers.state_id and crowded.browser = browsers.browser
)

select
    states.known_from_date,
    states.first_date,
    states.valid_from_date,
    owners.profile_id,
    names.customer_id
from owners
inner join {{ ref('identity_states') }} as states on states.state_id = owners.state_id
left join names on names.person = owners.person
