{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    full_refresh=false,
    post_hook="{{ forget_old_dates() }}",
) }}
with components as (
    {{ connected_components(ref('identity_links')) }}
),

members as (
    select distinct as_of, profile_id, node, known_from_date from {{ ref('identity_ties') }}
),

labelled as (
    select
        members.as_of,
        members.profile_id,
        members.known_from_date,
        coalesce(components.component, members.node) as component
    from members
    left join components on components.node = members.node
),

{# A browser that signs in does not rename anybody. #}
names as (
    select
        as_of,
        component,
        min_by(profile_id, {{ row_order(['known_from_date', 'profile_id']) }}) as name
    from labelled
    where known_from_date is not null
    group by 1, 2
)

select
    labelled.as_of,
    labelled.profile_id,
    'c_' || left(md5(names.name), 16) as customer_id,
    {{ cut() }} as extract_cut
from labelled
inner join names
    on names.as_of = labelled.as_of and names.component = labelled.component
