{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{% set key = ['campaign_id', 'send_id', 'contact_id', 'email', 'event_name', 'occurred_at'] %}

with aliases as (
    select alias, extract_date, max(campaign_id) as campaign_id
    from {{ ref('stg_campaign_aliases') }}
    group by 1, 2
),

events as (
    select *, {{ row_hash(key) }} as response_key
    from {{ ref('stg_campaign_events') }}
    where extract_date >= {{ first_unread() }}
),

named as (
    select
        events.response_key,
        events.extract_date,
        max_by(aliases.campaign_id, aliases.extract_date) as campaign_id
    from events
    inner join aliases
        on aliases.alias = events.campaign_id and aliases.extract_date <= events.extract_date
    group by 1, 2
),

{# A response that names the send takes its person, address and campaign: those of the first send
   with that id, which no later extract changes. #}
ranked_sends as (
    select
        *,
        row_number() over (partition by send_id order by known_from_date, send_key) as sighting
    from {{ ref('campaign_contacts') }}
    where send_id is not null
),

sends as (
    select * from ranked_sends where sighting = 1
),

staged as (
    select
        events.response_key,
        coalesce(named.campaign_id, events.campaign_id, sends.campaign_id) as campaign_id,
        events.send_id,
        coalesce(events.profile_id, sends.profile_id) as profile_id,
        events.contact_id,
        events.email,
        sends.channel as send_channel,
        sends.address as send_address,
        events.event_name,
        events.occurred_at,
        {{ shop_date('events.occurred_at') }} as occurred_date,
        coalesce(events.is_machine, false) as is_machine,
        events.extract_date as known_from_date
    from events
    left join named
        on named.response_key = events.response_key and named.extract_date = events.extract_date
    left join sends
        on sends.send_id = events.send_id and sends.known_from_date <= events.extract_date
),

{{ first_seen('staged', 'response_key') }},

addressed as (
    select
        first_seen.*,
        coalesce(first_seen.send_channel, campaign.channel, 'email') as channel,
        case
            when first_seen.send_address is not null then first_seen.send_address
            when coalesce(campaign.channel, 'email') in ('sms', 'phone') then contact.phone
            when coalesce(campaign.channel, 'email') = 'post' then first_seen.contact_id
            else coalesce(first_seen.email, contact.email)
        end as address
    from first_seen
    left join {{ ref('campaign_history') }} as campaign
        on campaign.campaign_id = first_seen.campaign_id
        and campaign.known_from_date <= first_seen.known_from_date
        and campaign.known_until_date > first_seen.known_from_date
    left join {{ ref('contact_history') }} as contact
        on contact.contact_id = first_seen.contact_id
        and contact.known_from_date <= first_seen.known_from_date
        and contact.known_until_date > first_seen.known_from_date
)

select
    response_key,
    campaign_id,
    send_id,
    profile_id,
    channel,
    address,
    {{ contact_point_id('channel', 'address') }} as contact_point_id,
    event_name,
    occurred_at,
    occurred_date,
    is_machine,
    known_from_date
from addressed
