with decisions as (
    select
        decisions.*,
        {# Who the address belongs to now: a merge since then moves the orders, not the decision. #}
        coalesce(points.customer_id, decisions.customer_id) as present_customer_id
    from {{ source('activation', 'decisions') }} as decisions
    left join {{ ref('contact_points') }} as points
        on points.contact_point_id = decisions.contact_point_id
    where decisions.is_slot and decisions.as_of < {{ as_of() }}
),

orders_after as (
    select
        decisions.as_of,
        decisions.contact_point_id,
        count(*) as orders_count,
        sum(orders.net_amount) as revenue_amount
    from decisions
    inner join {{ ref('orders') }} as orders
        on orders.customer_id = decisions.present_customer_id
        and {{ in_horizon('orders.ordered_date', 'decisions.as_of', var('outcome_days')) }}
    where orders.is_kept
    group by 1, 2
)

select
    decisions.as_of,
    decisions.contact_point_id,
    decisions.channel,
    decisions.present_customer_id as customer_id,
    decisions.arm,
    decisions.group_name,
    decisions.assignment_probability,
    decisions.segment,
    decisions.as_of + {{ var('outcome_days') }} <= {{ as_of() }} as is_matured,
    cast(coalesce(orders_after.orders_count, 0) > 0 as integer) as purchased,
    cast(coalesce(orders_after.revenue_amount, 0) as decimal(18, 4)) as revenue_amount
from decisions
left join orders_after
    on orders_after.as_of = decisions.as_of
    and orders_after.contact_point_id = decisions.contact_point_id
