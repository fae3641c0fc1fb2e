{% set is_kept_up = is_tonight_made('customer_purchases') %}

with wanted as (
    {{ date_rows(var('as_ofs')) }}
),

people as (
    select distinct map.as_of, map.customer_id, map.extract_cut
    from {{ ref('identity_map') }} as map
    inner join wanted on wanted.as_of = map.as_of
    where map.profile_id not like 'visitor:%'
),

{# Objecting to profiling stops scoring, not only sending. As for sends, an objection counts as soon
   as it is known, also in snapshots of the past that models would learn from. #}
maps as (
    select map.as_of, map.profile_id, map.customer_id
    from {{ ref('identity_map') }} as map
    inner join wanted on wanted.as_of = map.as_of
),

objectors as (
    {{ profiling_objectors('maps', ['as_of', 'customer_id']) }}
),

buyers as (
    select distinct as_of, customer_id
    from {{ ref('customer_orders') }}
    where is_kept
    {%- if is_kept_up %} and as_of <> {{ as_of() }}
    union all
    select {{ as_of() }}, customer_id from {{ ref('customer_purchases') }}
    {%- endif %}
)

select
    people.as_of,
    people.customer_id,
    people.extract_cut,
    case when buyers.customer_id is null then 'lead' else 'buyer' end as why
from people
left join buyers
    on buyers.as_of = people.as_of and buyers.customer_id = people.customer_id
left join objectors
    on objectors.as_of = people.as_of and objectors.customer_id = people.customer_id
where objectors.customer_id is null
