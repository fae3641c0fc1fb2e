{# What an order depends on: its versions and lines, and which of them count by tonight; who its
   profile is; what its products cost when it was placed, and are called today. #}
{% set models = ['order_states', 'order_line_states', 'customer_purchases', 'purchase_gaps'] %}
{% set known, seen = last_made('extract_cut', models), last_made('as_of', models) %}

with people as (
    {{ moved_profiles(known, seen) }}
),

products as (
    select later.product_id
    from {{ ref('product_history') }} as later
    left join {{ ref('product_history') }} as earlier
        on earlier.product_id = later.product_id
        and earlier.version_number = later.version_number - 1
    where later.known_from_date > {{ known }}
        and (
            earlier.product_id is null
            {%- for column in ['name', 'category', 'brand'] %}
            or later.{{ column }} is distinct from earlier.{{ column }}
            {%- endfor %}
        )
)

select order_id
from {{ ref('order_history') }}
where known_from_date > {{ known }}
    or ordered_date >= {{ seen }}
    or valid_from_date >= {{ seen }}
    or ended_date >= {{ seen }}
    or profile_id in (select profile_id from people)
union
select order_id
from {{ ref('order_line_history') }}
where known_from_date > {{ known }}
    or occurred_date >= {{ seen }}
    or product_id in (select product_id from products)
union
{{ made_since('order_states', 'order_id') }}
union
{{ made_since('order_line_states', 'order_id') }}
