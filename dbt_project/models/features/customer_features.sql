{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of',
    full_refresh=false,
    post_hook=[
        "{{ forget_old_dates() }}", "{{ forget_objectors() }}", "{{ forget_traces() }}"
    ],
) }}
select
    spine.as_of,
    spine.customer_id,
    spine.extract_cut,
    spine.why,
    rfm.* exclude (as_of, customer_id),
    orders.* exclude (as_of, customer_id),
    web.* exclude (as_of, customer_id),
    engagement.* exclude (as_of, customer_id),
    profile.* exclude (as_of, customer_id),
    season.* exclude (as_of, customer_id)
from {{ ref('spine') }} as spine
{%- for group in ['rfm', 'orders', 'web', 'engagement', 'profile', 'season'] %}
inner join {{ ref('features_' ~ group) }} as {{ group }}
    on {{ group }}.as_of = spine.as_of and {{ group }}.customer_id = spine.customer_id
{%- endfor %}
