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

standing as (
    select
        customer_id,
        count(*) filter (where is_kept) as orders_count,
        min(ordered_at) filter (where is_kept) as first_order_at,
        max(ordered_at) filter (where is_kept) as last_order_at,
        sum(net_amount) filter (where is_kept) as net_revenue_amount,
        count(*) filter (where is_kept and returned_amount > 0) as returns_count,
        count(*) filter (where is_kept and {{ in_window('ordered_date', as_of(), 365) }})
            as orders_count_365d,
        sum(net_amount) filter (where is_kept and {{ in_window('ordered_date', as_of(), 365) }})
            as net_revenue_365d_amount
    from {{ ref('orders') }}
    where customer_id is not null
    group by 1
),

channels as (
    select customer_id, max_by(channel, {{ row_order(['orders_count', 'channel']) }}) as main_channel
    from (
        select customer_id, channel, count(*) as orders_count
        from {{ ref('orders') }}
        where is_kept and customer_id is not null and channel is not null
        group by 1, 2
    ) as per_channel
    group by 1
),

categories as (
    select
        customer_id,
        max_by(category, {{ row_order(['lines_count', 'category']) }}) as favourite_category
    from (
        select customer_id, category, count(*) as lines_count
        from {{ ref('order_lines') }}
        where is_kept and not is_return and customer_id is not null and category is not null
        group by 1, 2
    ) as per_category
    group by 1
),

visits as (
    select map.customer_id, max(visits.last_event_at) as last_visit_at
    from {{ ref('web_visits') }} as visits
    inner join map on map.profile_id = visits.profile_id
    where visits.known_from_date <= {{ cut() }}
        and visits.visit_date < {{ as_of() }}
        and visits.events_count > 0
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
    coalesce(standing.orders_count, 0) as orders_count,
    standing.first_order_at,
    standing.last_order_at,
    cast(coalesce(standing.net_revenue_amount, 0) as decimal(18, 4)) as net_revenue_amount,
    coalesce(standing.returns_count, 0) as returns_count,
    coalesce(standing.orders_count_365d, 0) as orders_count_365d,
    cast(coalesce(standing.net_revenue_365d_amount, 0) as decimal(18, 4))
        as net_revenue_365d_amount,
    channels.main_channel,
    categories.favourite_category,
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
left join standing on standing.customer_id = customers.customer_id
left join channels on channels.customer_id = customers.customer_id
left join categories on categories.customer_id = customers.customer_id
left join {{ ref('customer_stages') }} as stages on stages.customer_id = customers.customer_id
left join visits on visits.customer_id = customers.customer_id
left join {{ ref('golden_records') }} as golden on golden.customer_id = customers.customer_id
left join reachable on reachable.customer_id = customers.customer_id
left join profiling_objections on profiling_objections.customer_id = customers.customer_id
