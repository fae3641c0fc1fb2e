{{ config(materialized='view') }}
{# A view: as a table it would be made anew each night with everybody's id of tonight. `publish` keeps
   its last months. It reads the history of who is who, so that it stays that of the night when the
   map is asked for other dates. #}
with map as (
    select profile_id, customer_id
    from {{ ref('identity_history') }} as history
    where {{ owned_at('history', as_of()) }}
),

versions as (
    select *
    from {{ ref('order_history') }} as orders
    where {{ valid_at('orders', as_of()) }}
),

cancelled as (
    select
        orders.*,
        coalesce(versions.cancelled_at, versions.updated_at, versions.valid_from) as ended_at
    from {{ ref('orders') }} as orders
    inner join versions on versions.order_id = orders.order_id
    where not orders.is_kept
),

first_known_orders as (
    select order_id, known_from_date from {{ ref('order_history') }} where version_number = 1
),

{# Of a return without a moment: that of its order, or the day before the extract that brought it. #}
return_lines as (
    select
        lines.order_line_key,
        lines.order_id,
        lines.product_id,
        products.category,
        versions.profile_id,
        versions.channel,
        lines.quantity * lines.unit_price * versions.exchange_rate as amount,
        coalesce(
            lines.occurred_at,
            case when lines.known_from_date = firsts.known_from_date then versions.ordered_at end,
            {{ shop_midnight('(lines.known_from_date - 1)') }}
        ) as returned_at
    from {{ ref('order_line_history') }} as lines
    inner join versions on versions.order_id = lines.order_id
    inner join first_known_orders as firsts on firsts.order_id = lines.order_id
    left join {{ ref('product_history') }} as products
        on products.product_id = lines.product_id and {{ known_at('products') }}
    where lines.is_return and {{ known_at('lines') }}
),

accounts as (
    select
        *,
        case when version_number = 1 then coalesce(created_at, updated_at) else valid_from end
            as changed_at,
        lag(is_deleted, 1, false) over (partition by contact_id order by version_number)
            as was_deleted
    from {{ ref('contact_history') }}
    where known_from_date <= {{ cut() }}
),

events as (
    select {{ timeline_event(
        "'order'", "'order|' || order_id", 'ordered_at', 'ordered_date',
        channel='channel', order_id='order_id', amount='total_amount', detail='coupon_code'
    ) }}
    from {{ ref('orders') }}

    union all
    select {{ timeline_event(
        "'cancellation'", "'cancellation|' || order_id", 'ended_at',
        channel='channel', order_id='order_id', amount='-net_amount', detail='status'
    ) }}
    from cancelled

    union all
    select {{ timeline_event(
        "'return'", "'return|' || order_line_key", 'returned_at',
        channel='channel', order_id='order_id', product_id='product_id', category='category',
        amount='amount'
    ) }}
    from return_lines

    union all
    select {{ timeline_event(
        "'message_sent'", "'send|' || send_key", 'sent_at', 'sent_date',
        channel='channel', campaign_id='campaign_id', detail='variant'
    ) }}
    from {{ ref('campaign_contacts') }}
    where is_treated and known_from_date <= {{ cut() }}

    union all
    select {{ timeline_event(
        "case event_name
            when 'open' then 'message_opened' when 'click' then 'message_clicked'
            when 'bounce' then 'message_bounced' when 'delivered' then 'message_delivered'
            when 'unsubscribe' then 'unsubscribed' else 'complained'
        end",
        "'response|' || response_key", 'occurred_at', 'occurred_date',
        channel='channel', campaign_id='campaign_id', detail="case when is_machine then 'machine' end"
    ) }}
    from {{ ref('campaign_answers') }}
    where known_from_date <= {{ cut() }}

    union all
    select {{ timeline_event(
        "'consent_' || status", "'consent|' || consent_key", 'changed_at', 'changed_date',
        channel='channel', detail='purpose'
    ) }}
    from {{ ref('consent_history') }}
    where known_from_date <= {{ cut() }}

    union all
    select {{ timeline_event(
        "case when is_deleted then 'account_deleted' else 'account_created' end",
        "'account|' || contact_id || '|' || cast(version_number as varchar)", 'changed_at',
        detail='acquisition_source'
    ) }}
    from accounts
    where version_number = 1 or (is_deleted and not was_deleted)

    {%- for column, event in {
        'trial_started_at': 'trial_started', 'converted_at': 'subscription_converted',
        'cancelled_at': 'subscription_cancelled'
    }.items() %}

    union all
    select {{ timeline_event(
        "'" ~ event ~ "'", "'" ~ event ~ "|' || subscription_id", column, detail='plan'
    ) }}
    from {{ ref('subscription_history') }} as subscriptions
    where {{ column }} is not null and {{ known_at('subscriptions') }}
    {%- endfor %}

    union all
    select {{ timeline_event(
        'event_name', "'web|' || event_id || '|' || cast(occurred_at as varchar)", 'occurred_at',
        'event_date',
        channel="case when device = 'app' or event_name = 'app_activity' then 'app' else 'web' end",
        order_id='order_id', product_id='product_id', category='category',
        detail='coalesce(page, campaign, source)'
    ) }}
    from {{ ref('web_events') }}
    where is_allowed and known_from_date <= {{ cut() }}
)

select
    events.event_key,
    map.customer_id,
    events.* exclude (event_key, profile_id)
from events
inner join map on map.profile_id = events.profile_id
where events.event_date < {{ as_of() }}
