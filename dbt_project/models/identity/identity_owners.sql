{{ config(materialized='table') }}
with components as (
    {{ connected_components(ref('identity_links')) }}
),

people as (
    select
        sightings.state_id,
        sightings.member,
        sightings.is_contact,
        coalesce(components.component, {{ node('sightings.state_id', 'sightings.member') }})
            as person,
        min(sightings.first_known) as first_known
    from {{ ref('identity_sightings') }} as sightings
    left join components
        on components.node = {{ node('sightings.state_id', 'sightings.member') }}
    where not sightings.is_browser
    group by 1, 2, 3, 4
),

{# A customer is called after the profile that was known first: who comes later renames nobody. #}
names as (
    select person, min_by(member, {{ row_order(['first_known', 'member']) }}) as name
    from people
    group by 1
),

browser_facts as (
    select
        state_id,
        case when is_browser then member else named_member end as browser,
        case when is_browser then named_member else member end as member,
        identifier_number,
        distance,
        is_typed,
        is_tie,
        is_crowded,
        is_browser,
        seen_at
    from {{ ref('identity_sightings') }}
    where is_browser or distance = {{ distance("'visitor'") }}
),

{# A browser is whose who signed in on it, or ordered by it, first. #}
by_person as (
    select
        facts.state_id,
        facts.browser,
        min_by(people.person, {{ row_order(['facts.seen_at', 'facts.member']) }}) as person
    from browser_facts as facts
    inner join people on people.state_id = facts.state_id and people.member = facts.member
    where facts.is_tie
    group by 1, 2
),

{# An address alone tells whose browser it is where one person has it, and of an address that was only
   typed, where that is no contact. #}
by_address as (
    select facts.state_id, facts.browser, min(people.person) as person
    from browser_facts as facts
    inner join {{ ref('identity_sightings') }} as persons
        on persons.state_id = facts.state_id
        and persons.identifier_number = facts.identifier_number
        and persons.is_tie
        and not persons.is_browser
    inner join people on people.state_id = persons.state_id and people.member = persons.member
    where facts.is_browser and facts.is_tie and facts.distance = {{ distance("'email'") }}
    group by 1, 2
    having count(distinct people.person) = 1
        and not bool_or(facts.is_typed and people.is_contact)
),

browsers as (
    select state_id, browser, bool_or(is_crowded) as is_crowded
    from browser_facts
    where browser is not null
    group by 1, 2
),

owners as (
    select state_id, member, person from people
    union all
    select
        browsers.state_id,
        browsers.browser,
        case when not browsers.is_crowded then coalesce(by_person.person, by_address.person) end
    from browsers
    left join by_person
        on by_person.state_id = browsers.state_id and by_person.browser = browsers.browser
    left join by_address
        on by_address.state_id = browsers.state_id and by_address.browser = browsers.browser
),

dated as (
    select
        owners.member,
        names.name,
        states.known_from_date,
        states.first_date,
        states.valid_from_date,
        row_number() over member_dates as place,
        lag(names.name) over member_dates as name_before
    from owners
    inner join {{ ref('identity_states') }} as states on states.state_id = owners.state_id
    left join names on names.person = owners.person
    window member_dates as (
        partition by owners.member, states.known_from_date order by states.valid_from_date
    )
)

select member, name, known_from_date, first_date, valid_from_date
from dated
where place = 1 or name is distinct from name_before
