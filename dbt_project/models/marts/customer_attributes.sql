{{ config(materialized='view') }}
{% set latest = [
    'first_name', 'last_name', 'birth_date', 'gender', 'postal_code', 'city', 'country', 'language',
    'email', 'phone', 'loyalty_id', 'loyalty_tier'
] %}
with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

{# What else is told of people (surveys, preferences, bought data, further columns of contacts): the
   latest word on each name. #}
told as (
    select
        map.customer_id,
        attributes.*,
        count(*) over (partition by map.customer_id, attributes.name) as values_count,
        row_number() over (
            partition by map.customer_id, attributes.name
            order by attributes.observed_at desc, attributes.known_from_date desc,
                attributes.provider, attributes.value, attributes.profile_id
        ) as recency
    from (
        select
            profile_id, name, value,
            max(observed_at) as observed_at,
            {%- for column in ['known_from_date', 'provider', 'found_in'] %}
            max_by({{ column }}, {{ row_order(['observed_at', 'known_from_date', 'attribute_key']) }})
                as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('attribute_history') }}
        where known_from_date <= {{ cut() }}
        group by 1, 2, 3
    ) as attributes
    inner join map on map.profile_id = attributes.profile_id
),

by_contacts as (
    {%- for column in latest + ['acquisition_source', 'created_at'] %}
    select
        customer_id,
        '{{ column }}' as attribute,
        cast({{ column }} as varchar) as value,
        {{ column }}_contact_id as contact_id,
        '{{ 'latest_live_contact' if column in latest else 'first_contact' }}' as chosen_by,
        {{ column }}_values_count as values_count
    from {{ ref('golden_records') }}
    where {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    {{ as_of() }} as as_of,
    golden.customer_id,
    golden.attribute,
    golden.value,
    'contacts' as found_in,
    contact.profile_id,
    cast(null as varchar) as provider,
    contact.updated_at as observed_at,
    case
        when contact.is_deleted and golden.chosen_by = 'latest_live_contact'
            then 'latest_deleted_contact'
        else golden.chosen_by
    end as chosen_by,
    cast(golden.values_count - 1 as bigint) as other_values_count
from by_contacts as golden
inner join {{ ref('contact_history') }} as contact on contact.contact_id = golden.contact_id
where {{ known_at('contact') }}
union all
select
    {{ as_of() }}, customer_id, name, value, found_in, profile_id, provider, observed_at,
    'latest_told', values_count - 1
from told
where recency = 1
