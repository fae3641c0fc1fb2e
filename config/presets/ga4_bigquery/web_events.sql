-- One row per event that we have a word for; of events about products, one per item. The rest, and
-- what came without a visitor (consent denied), is set aside.
--
-- GA4 gives its events no id. One is made of who, when and what, and of the numbers of the batch in
-- which the event was sent; events that even so are alike are numbered in the order of what they
-- say. All this is the same when Google rewrites the table on the following days, and in Parquet as
-- in JSON (where integers are texts and NULLs are left out).
with named as (
    select
        *,
        case event_name
            when 'page_view' then 'page_view'
            when 'screen_view' then 'app_activity'
            when 'view_item' then 'product_view'
            when 'search' then 'search'
            when 'view_search_results' then 'search'
            when 'add_to_cart' then 'add_to_cart'
            when 'remove_from_cart' then 'remove_from_cart'
            when 'begin_checkout' then 'begin_checkout'
            when 'purchase' then 'purchase'
            when 'login' then 'sign_in'
        end as our_name
    from records
    where nullif(user_pseudo_id, '') is not null
),

-- A repeated field is an array or, in some Parquet files, {"list": [{"element": …}]}.
unpacked as (
    select
        *,
        list_transform(
            case json_type(event_params)
                when 'OBJECT' then json_extract(event_params, '$.list[*].element')
                else json_extract(event_params, '$[*]')
            end,
            lambda p: {
                'key': p ->> '$.key',
                'value': coalesce(
                    p ->> '$.value.string_value',
                    p ->> '$.value.int_value',
                    p ->> '$.value.double_value',
                    p ->> '$.value.float_value'
                )
            }
        ) as params,
        case json_type(items)
            when 'OBJECT' then json_extract(items, '$.list[*].element')
            else json_extract(items, '$[*]')
        end as products
    from named
    where our_name is not null
),

identified as (
    select
        *,
        concat_ws(
            '/', user_pseudo_id, event_timestamp, event_name,
            coalesce(event_bundle_sequence_id, '-'), coalesce(batch_page_id, '-'),
            coalesce(batch_ordering_id, '-'), coalesce(batch_event_index, '-')
        ) as same_moment,
        cast(list_sort(params) as varchar) || coalesce(cast(len(products) as varchar), '') as said
    from unpacked
),

numbered as (
    select
        *,
        md5(same_moment) || '-'
        || row_number() over (partition by same_moment order by said, _line) as id,
        case
            when our_name in ('product_view', 'add_to_cart', 'remove_from_cart')
                and len(products) > 0 then products
            else [cast(null as json)]
        end as about
    from identified
),

with_items as (
    select *, unnest(about) as item, generate_subscripts(about, 1) as item_number
    from numbered
)

select
    id || case when item is null then '' else '-' || item_number end as event_id,
    coalesce(
        strftime(make_timestamp(try_cast(event_timestamp as bigint)), '%Y-%m-%dT%H:%M:%S.%fZ'),
        event_timestamp
    ) as occurred_at,
    user_pseudo_id as visitor_id,
    our_name as event_name,
    -- GA4 numbers the sessions of each visitor apart.
    user_pseudo_id || '.' || list_filter(params, lambda p: p.key = 'ga_session_id')[1].value as session_id,
    user_id as contact_id,
    item ->> '$.item_id' as product_id,
    item ->> '$.item_category' as category,
    coalesce(
        ecommerce ->> '$.transaction_id',
        list_filter(params, lambda p: p.key = 'transaction_id')[1].value
    ) as order_id,
    list_filter(params, lambda p: p.key = 'page_location')[1].value as page,
    coalesce(
        collected_traffic_source ->> '$.manual_source',
        list_filter(params, lambda p: p.key = 'source')[1].value
    ) as source,
    coalesce(
        collected_traffic_source ->> '$.manual_medium',
        list_filter(params, lambda p: p.key = 'medium')[1].value
    ) as medium,
    coalesce(
        collected_traffic_source ->> '$.manual_campaign_name',
        list_filter(params, lambda p: p.key = 'campaign')[1].value
    ) as campaign,
    device ->> '$.category' as device,
    case privacy_info ->> '$.analytics_storage'
        when 'Yes' then 'granted'
        when 'No' then 'denied'
        when 'Unset' then null
        else privacy_info ->> '$.analytics_storage'
    end as consent_state,
    _line
from with_items
