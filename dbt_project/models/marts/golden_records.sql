{# Of each attribute what the latest live contact says that says anything. Where somebody is from and
   since when: the first contact. Nearly all have one contact only, and nothing to choose. #}
{% set latest = [
    'first_name', 'last_name', 'birth_date', 'gender', 'postal_code', 'city', 'country', 'language',
    'email', 'phone', 'loyalty_id', 'loyalty_tier'
] %}
{% set first = ['acquisition_source', 'created_at'] %}

with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

contacts as (
    select
        map.customer_id,
        contact.contact_id,
        contact.is_deleted,
        contact.updated_at,
        {%- for column in latest + first %}
        contact.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('contact_history') }} as contact
    inner join map on map.profile_id = contact.profile_id
    where {{ known_at('contact') }}
),

several as (
    select customer_id from contacts group by 1 having count(*) > 1
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id order by is_deleted desc, updated_at, contact_id desc
        ) as newness,
        row_number() over (
            partition by customer_id
            order by coalesce(created_at, updated_at) desc, contact_id desc
        ) as age
    from contacts
    where customer_id in (select customer_id from several)
)

select
    {{ as_of() }} as as_of,
    customer_id,
    contact_id,
    1 as contacts_count,
    {%- for column in latest + first %}
    {{ column }},
    case when {{ column }} is not null then contact_id end as {{ column }}_contact_id,
    case when {{ column }} is null then 0 else 1 end as {{ column }}_values_count
    {{- ',' if not loop.last }}
    {%- endfor %}
from contacts
where customer_id not in (select customer_id from several)
union all
select
    {{ as_of() }},
    customer_id,
    max_by(contact_id, newness),
    cast(count(*) as integer),
    {%- for column in latest + first %}
    {%- set order = 'newness' if column in latest else 'age' %}
    max_by({{ column }}, {{ order }}) filter (where {{ column }} is not null),
    max_by(contact_id, {{ order }}) filter (where {{ column }} is not null),
    cast(count(distinct {{ column }}) as integer){{ ',' if not loop.last }}
    {%- endfor %}
from ranked
group by customer_id
