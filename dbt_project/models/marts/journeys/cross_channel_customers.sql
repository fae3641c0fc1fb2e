with windows as (
    select
        *,
        {{ in_window('ordered_date', as_of(), 182) }} as is_recent,
        {{ in_window('ordered_date', as_of() ~ ' - 182', 182) }} as is_earlier
    from {{ ref('purchase_journeys') }}
    where customer_id is not null
),

totals as (
    select
        customer_id,
        count(*) as orders_count,
        count(*) filter (where channel in ('web', 'app')) as online_orders_count,
        count(*) filter (where channel = 'store') as store_orders_count,
        count(is_researched_online) as tellable_store_orders_count,
        count(*) filter (where is_researched_online) as researched_store_orders_count,
        count(*) filter (where channel = 'store' and has_looked_for_store)
            as located_store_orders_count,
        count(*) filter (where is_click_and_collect) as click_and_collect_orders_count,
        count(*) filter (where has_store_purchase_of_category_before)
            as store_before_online_orders_count,
        count(*) filter (where is_channel_change) as channel_changes_count
    from windows
    group by 1
),

per_channel as (
    select
        customer_id,
        channel,
        count(*) filter (where is_recent) as recent_count,
        count(*) filter (where is_earlier) as earlier_count
    from windows
    where channel is not null and (is_recent or is_earlier)
    group by 1, 2
),

main_channels as (
    select
        customer_id,
        max_by(channel, {{ row_order(['recent_count', 'channel']) }})
            filter (where recent_count > 0) as recent_channel,
        max_by(channel, {{ row_order(['earlier_count', 'channel']) }})
            filter (where earlier_count > 0) as earlier_channel
    from per_channel
    group by 1
)

select
    {{ as_of() }} as as_of,
    totals.*,
    totals.online_orders_count > 0 and totals.store_orders_count > 0 as is_cross_channel,
    {{ share('totals.researched_store_orders_count', 'totals.tellable_store_orders_count') }}
        as researched_online_rate,
    {{ share('totals.click_and_collect_orders_count', 'totals.online_orders_count') }}
        as click_and_collect_rate,
    main_channels.recent_channel as main_channel_182d,
    main_channels.earlier_channel as main_channel_previous_182d,
    main_channels.recent_channel <> main_channels.earlier_channel as has_migrated
from totals
left join main_channels on main_channels.customer_id = totals.customer_id
