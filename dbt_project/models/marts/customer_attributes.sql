{{ config(materialized='view') }}
{% set latest = [
    'first_name', 'last_name', 'birth_date', 'gender', 'postal_code', 'city', 'country', 'language',
    'email', 'phone', 'loyalty_id', 'loyalty_tier'
] %}
with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

hashes as (
    {%- for hash in email_hashes('given') %}
    select
        {{ hash }} as hashed_email,
        {{ contact_point_id("'email'", 'given') }} as contact_point_id
    from {{ ref('identity_edges') }}
    where identifier_type = 'email' and known_from_date <= {{ cut() }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{# Most surveys name an address that no other record is keyed by, and those who sell data only its
   hash: it is told of whoever has it today. #}
owners as (
    select profile_id as person, customer_id from map
    union all
    select said.profile_id, points.customer_id
    from (
        select
            profile_id,
            {{ contact_point_id("'email'", "substr(profile_id, length('email:') + 1)") }}
                as contact_point_id
        from (
            select distinct profile_id
            from {{ ref('attribute_history') }}
            where profile_id like 'email:%' and known_from_date <= {{ cut() }}
        ) as named
        anti join map on map.profile_id = named.profile_id
    ) as said
    inner join {{ ref('contact_points') }} as points
        on points.contact_point_id = said.contact_point_id
    where points.customer_id is not null
    union all
    select distinct said.hashed_email, points.customer_id
    from (
        select distinct hashed_email
        from {{ ref('attribute_history') }}
        where hashed_email is not null and known_from_date <= {{ cut() }}
    ) as said
    inner join hashes on hashes.hashed_email = said.hashed_email
    inner join {{ ref('contact_points') }} as points
        on points.contact_point_id = hashes.contact_point_id
    where points.customer_id is not null
),

{# What else is told of people (surveys, preferences, bought data, further columns of contacts): the
   latest word on each name. #}
told as (
    select
        *,
        count(*) over (partition by customer_id, name) as values_count,
        row_number() over (
            partition by customer_id, name
            order by observed_at desc, known_from_date desc, provider, value
        ) as recency
    from (
        select
            owners.customer_id,
            attributes.*,
            row_number() over (
                partition by owners.customer_id, attributes.name, attributes.value
                order by attributes.observed_at desc, attributes.known_from_date desc,
                    attributes.attribute_key
            ) as recency_of_value
        from {{ ref('attribute_history') }} as attributes
        inner join owners
            on owners.person = coalesce(attributes.profile_id, attributes.hashed_email)
        where attributes.known_from_date <= {{ cut() }}
    ) as words
    where recency_of_value = 1
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
