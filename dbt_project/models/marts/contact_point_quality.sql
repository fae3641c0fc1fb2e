{% set golden = [
    'first_name', 'last_name', 'birth_date', 'gender', 'postal_code', 'city', 'country', 'language',
    'email', 'phone', 'loyalty_id', 'acquisition_source'
] %}
with points as (
    select
        contact_point_id, channel, address, customer_id, consent_status, consent_changed_at,
        is_contactable
    from {{ ref('contact_points') }}
),

answers as (
    select
        contact_point_id,
        max(occurred_at) filter (where event_name = 'delivered') as last_delivered_at,
        max(occurred_at) filter (where event_name = 'open' and not is_machine)
            as last_human_open_at,
        max(occurred_at) filter (where event_name = 'click' and not is_machine)
            as last_human_click_at
    from {{ ref('campaign_answers') }}
    where contact_point_id is not null and known_from_date <= {{ cut() }}
    group by 1
),

messages as (
    select
        contact_point_id,
        count(*) filter (where {{ in_window('sent_date', as_of(), 91) }}) as messages_count_91d,
        count(*) as messages_count
    from {{ ref('campaign_contacts') }}
    where is_treated and known_from_date <= {{ cut() }} and sent_date < {{ as_of() }}
    group by 1
),

bounces as (
    select contact_point_id
    from {{ ref('suppression_grounds') }}
    where reason = 'bounce' and is_standing and contact_point_id is not null
),

people as (
    select
        customer_id,
        contacts_count,
        {{ share(
            'case when ' ~ golden | join(' is null then 0 else 1 end + case when ')
            ~ ' is null then 0 else 1 end', golden | length
        ) }} as completeness_rate
    from {{ ref('golden_records') }}
),

addresses as (
    select customer_id, channel, count(*) as addresses_count
    from points
    group by 1, 2
),

looked_at as (
    select
        points.*,
        case
            when points.channel = 'email' then points.address like '_%@_%._%'
                and points.address not like '%@%@%' and points.address not like '% %'
                and points.address not like '%..%'
            when points.channel in ('sms', 'phone') then points.address like '+________%'
            else true
        end as is_syntax_valid,
        points.channel = 'email' and {{ is_role_address('points.address') }} as is_role_address,
        points.channel = 'email' and {{ is_disposable('points.address') }} as is_disposable,
        case when points.channel = 'email' then {{ mailbox_provider('points.address') }} end
            as mailbox_provider,
        bounces.contact_point_id is not null as has_bounced,
        answers.last_delivered_at,
        answers.last_human_open_at,
        answers.last_human_click_at,
        coalesce(messages.messages_count_91d, 0) as messages_count_91d,
        coalesce(messages.messages_count, 0) as messages_count,
        coalesce(people.completeness_rate, 0) as completeness_rate,
        coalesce(people.contacts_count, 0) as contacts_count,
        addresses.addresses_count,
        greatest(
            answers.last_human_open_at, answers.last_human_click_at, customers.last_order_at,
            customers.last_visit_at, points.consent_changed_at
        ) as last_active_at
    from points
    left join answers on answers.contact_point_id = points.contact_point_id
    left join messages on messages.contact_point_id = points.contact_point_id
    left join bounces on bounces.contact_point_id = points.contact_point_id
    left join people on people.customer_id = points.customer_id
    left join addresses
        on addresses.customer_id = points.customer_id and addresses.channel = points.channel
    left join {{ ref('customer_360') }} as customers on customers.customer_id = points.customer_id
)

select
    {{ as_of() }} as as_of,
    contact_point_id,
    channel,
    customer_id,
    is_contactable,
    consent_status,
    is_syntax_valid,
    is_role_address,
    is_disposable,
    mailbox_provider,
    has_bounced,
    last_delivered_at,
    last_human_open_at,
    last_human_click_at,
    messages_count_91d,
    messages_count,
    completeness_rate,
    cast({{ days_between(shop_date('last_active_at'), as_of()) }} as integer) as inactive_days,
    contacts_count,
    addresses_count
from looked_at
