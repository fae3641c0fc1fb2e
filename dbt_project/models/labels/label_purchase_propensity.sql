{{ config(
    incremental_strategy='delete+insert',
    unique_key=['as_of', 'horizon_days'],
    full_refresh=false,
) }}
{{ horizon_orders('label_purchase_propensity') }}
select
    as_of,
    horizon_days,
    customer_id,
    case when orders_count > 0 then 1 else 0 end as label
from customer_horizons
