{% set asked_for = [
    'first_name', 'last_name', 'birth_date', 'gender', 'postal_code', 'city', 'country', 'language',
    'loyalty_id'
] %}
{# Who objects to profiling is in no list that is made of what people did. #}
with customers as (
    select
        customer_id,
        net_revenue_365d_amount,
        orders_count_365d,
        last_order_at,
        coalesce({{ in_window(shop_date('last_order_at'), as_of(), silent_days()) }}, false)
            as has_bought_lately
    from {{ ref('customer_360') }}
    where not is_profiling_objected
),

points as (
    select * from {{ ref('contact_point_quality') }}
),

deleted as (
    select customer_id
    from {{ ref('contact_points') }}
    where customer_id is not null
    group by 1
    having bool_and(deleted_at is not null or blocked_reason in ('deleted', 'suppressed_erased'))
),

per_person as (
    select
        customer_id,
        bool_or(channel = 'email') as has_email,
        bool_or(channel in ('sms', 'phone')) as has_phone,
        bool_and(has_bounced) filter (where channel = 'email') as has_bounced,
        bool_or(consent_status = 'granted') as has_granted,
        bool_or(consent_status in ('withdrawn', 'objected')) as has_refused
    from points
    where customer_id is not null
    group by 1
),

buyers as (
    select
        customers.customer_id,
        customers.net_revenue_365d_amount,
        coalesce(purchases.last_channel, '') as channel,
        coalesce(purchases.last_store_id, '') as store_id,
        coalesce(per_person.has_email, false) as has_email,
        coalesce(per_person.has_phone, false) as has_phone,
        per_person.customer_id is not null as has_address,
        coalesce(per_person.has_granted, false) as has_granted,
        coalesce(per_person.has_refused, false) as has_refused
    from customers
    inner join {{ ref('customer_purchases') }} as purchases
        on purchases.customer_id = customers.customer_id
    left join per_person on per_person.customer_id = customers.customer_id
    left join deleted on deleted.customer_id = customers.customer_id
    where customers.orders_count_365d > 0 and deleted.customer_id is null
),

lacking as (
    {%- for name in asked_for %}
    select buyers.customer_id, buyers.channel, '{{ name }}' as item, buyers.net_revenue_365d_amount
    from buyers
    left join {{ ref('golden_records') }} as golden on golden.customer_id = buyers.customer_id
    where golden.{{ name }} is null
    union all
    {%- endfor %}
    select customer_id, channel, 'email', net_revenue_365d_amount from buyers where not has_email
    union all
    select customer_id, channel, 'phone', net_revenue_365d_amount from buyers where not has_phone
),

messages as (
    select
        sends.contact_point_id,
        count(*) as messages_count,
        count(*) filter (where {{ in_window('sends.sent_date', as_of(), cost_days()) }})
            as recent_count,
        sum(campaigns.cost_per_contact)
            filter (where {{ in_window('sends.sent_date', as_of(), cost_days()) }}) as cost_amount
    from {{ ref('campaign_contacts') }} as sends
    left join {{ ref('campaigns') }} as campaigns on campaigns.campaign_id = sends.campaign_id
    where sends.is_treated
        and sends.known_from_date <= {{ cut() }}
        and {{ in_window('sends.sent_date', as_of(), silent_days()) }}
    group by 1
),

refusals as (
    select contact_point_id from {{ ref('tracking_refusals') }} where contact_point_id is not null
    union
    select points.contact_point_id
    from {{ ref('tracking_refusals') }} as refused
    inner join {{ ref('identity_map') }} as map
        on map.profile_id = refused.profile_id and map.as_of = {{ as_of() }}
    inner join points on points.customer_id = map.customer_id
),

written_to as (
    select
        points.contact_point_id,
        points.channel,
        points.customer_id,
        messages.recent_count,
        messages.cost_amount,
        messages.messages_count >= {{ silent_messages() }}
            and points.channel = 'email'
            and refusals.contact_point_id is null
            and customers.customer_id is not null
            and not customers.has_bought_lately
            and coalesce(
                not {{ in_window(shop_date('points.last_human_open_at'), as_of(), silent_days()) }},
                true
            )
            and coalesce(
                not {{ in_window(shop_date('points.last_human_click_at'), as_of(), silent_days()) }},
                true
            ) as is_silent,
        points.has_bounced,
        points.is_syntax_valid,
        points.is_disposable,
        points.is_role_address
    from points
    inner join messages on messages.contact_point_id = points.contact_point_id
    left join refusals on refusals.contact_point_id = points.contact_point_id
    left join customers on customers.customer_id = points.customer_id
),

{# What weighs most comes first, so that no address is counted twice. #}
to_stop as (
    select
        *,
        case
            when has_bounced then 'bounced'
            when not is_syntax_valid then 'syntax_invalid'
            when is_disposable then 'disposable'
            when is_role_address then 'role_address'
            when is_silent then 'no_reaction'
        end as item
    from written_to
    where recent_count > 0
),

silent as (
    select customer_id
    from written_to
    where channel = 'email' and customer_id is not null
    group by 1
    having bool_and(is_silent)
),

elsewhere as (
    select distinct
        points.customer_id,
        points.channel,
        case
            when not per_person.has_email then 'no_email'
            when per_person.has_bounced then 'bounced'
            when silent.customer_id is not null then 'no_reaction'
        end as item,
        customers.net_revenue_365d_amount
    from points
    inner join per_person on per_person.customer_id = points.customer_id
    inner join customers on customers.customer_id = points.customer_id
    left join silent on silent.customer_id = points.customer_id
    where points.is_contactable and points.is_syntax_valid and points.channel <> 'email'
),

advised as (
    select
        'enrich' as kind, channel, item, count(*) as people_count,
        cast(null as bigint) as points_count, cast(null as bigint) as messages_count,
        sum(net_revenue_365d_amount) as value_amount
    from lacking
    group by 1, 2, 3
    union all
    select
        'stop_mailing', channel, item, count(distinct customer_id), count(*),
        cast(sum(recent_count) as bigint), sum(cost_amount)
    from to_stop
    where item is not null
    group by 1, 2, 3
    union all
    select
        'reach_otherwise', channel, item, count(*), null, null, sum(net_revenue_365d_amount)
    from elsewhere
    where item is not null
    group by 1, 2, 3
    union all
    select
        'ask_consent', channel, store_id, count(*), null, null, sum(net_revenue_365d_amount)
    from buyers
    where has_address and not has_granted and not has_refused
    group by 1, 2, 3
)

select
    {{ as_of() }} as as_of,
    kind,
    channel,
    item,
    people_count,
    points_count,
    messages_count,
    cast(value_amount as decimal(18, 4)) as value_amount,
    {{ advice_basis('kind', 'item') }} as basis,
    row_number() over (
        partition by kind
        order by value_amount desc nulls last, coalesce(messages_count, people_count) desc, channel,
            item
    ) as rank
from advised
