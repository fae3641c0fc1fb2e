with map as (
    select profile_id, customer_id from {{ ref('identity_map') }} where as_of = {{ as_of() }}
),

customers as (
    select
        customer_id,
        count(*) as profile_count
    from map
    group by 1
),

recent as (
    select
        customer_id,
        count(*) as orders_count_365d,
        sum(net_amount) as net_revenue_365d_amount
    from {{ ref('orders') }}
    where is_kept and customer_id is not null and {{ in_window('ordered_date', as_of(), 365) }}
    group by 1
),

reachable as (
    select
        customer_id,
        bool_or(is_contactable and channel = 'email') as is_contactable_email,
        bool_or(is_contactable and channel = 'sms') as is_contactable_sms
    from {{ ref('contact_points') }}
    group by 1
),

profiling_objections as (
    select distinct customer_id
    from {{ ref('consent_words') }}
    where purpose = 'profiling' and status <> 'granted' and customer_id is not null
)

select
    {{ as_of() }} as as_of,
    customers.customer_id,
    coalesce(purchases.orders_count, 0) as orders_count,
    purchases.first_order_at,
    purchases.last_order_at,
    cast(coalesce(purchases.net_revenue_amount, 0) as decimal(18, 4)) as net_revenue_amount,
    coalesce(purchases.returns_count, 0) as returns_count,
    coalesce(recent.orders_count_365d, 0) as orders_count_365d,
    cast(coalesce(recent.net_revenue_365d_amount, 0) as decimal(18, 4))
        as net_revenue_365d_amount,
    purchases.main_channel,
    purchases.favourite_category,
    stages.lifecycle_stage,
    stages.subscription_stage,
    visits.last_visit_at,
    golden.contact_id,
    golden.first_name,
    golden.last_name,
    golden.language,
    golden.city,
    golden.postal_code,
    golden.country,
    golden.loyalty_tier,
    golden.acquisition_source,
    golden.created_at,
    coalesce(reachable.is_contactable_email, false) as is_contactable_email,
    coalesce(reachable.is_contactable_sms, false) as is_contactable_sms,
    profiling_objections.customer_id is not null as is_profiling_objected,
    customers.profile_count
from customers
left join {{ ref('customer_purchases') }} as purchases
    on purchases.customer_id = customers.customer_id
left join recent on recent.customer_id = customers.customer_id
left join {{ ref('customer_stages') }} as stages on stages.customer_id = customers.customer_id
left join {{ ref('customer_visits') }} as visits
    on visits.customer_id = customers.customer_id
left join {{ ref('golden_records') }} as golden on golden.customer_id = customers.customer_id
left join reachable on reachable.customer_id = customers.customer_id
left join profiling_objections on profiling_objections.customer_id = customers.customer_id
