{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_since() }}",
) }}
{% set key = ['campaign_id', 'contact_id', 'email', 'sent_at', 'send_id'] %}

with aliases as (
    select alias, extract_date, max(campaign_id) as campaign_id
    from {{ ref('stg_campaign_aliases') }}
    group by 1, 2
),

sends as (
    select *, {{ row_hash(key) }} as send_key
    from {{ ref('stg_campaign_sends') }}
    where profile_id is not null and extract_date >= {{ first_unread() }}
),

{# The tool's own id of a campaign, when the sends carry that: the newest alias that had arrived. #}
named as (
    select
        sends.send_key,
        sends.extract_date,
        max_by(aliases.campaign_id, aliases.extract_date) as campaign_id
    from sends
    inner join aliases
        on aliases.alias = sends.campaign_id and aliases.extract_date <= sends.extract_date
    group by 1, 2
),

staged as (
    select
        sends.send_key,
        coalesce(named.campaign_id, sends.campaign_id) as campaign_id,
        sends.send_id,
        sends.profile_id,
        sends.contact_id,
        sends.email,
        sends.sent_at,
        {{ shop_date('sends.sent_at') }} as sent_date,
        sends.arm as sent_arm,
        sends.assignment_probability,
        sends.variant,
        sends.extract_date as known_from_date
    from sends
    left join named
        on named.send_key = sends.send_key and named.extract_date = sends.extract_date
),

{{ first_seen('staged', 'send_key') }},

addressed as (
    select
        first_seen.*,
        coalesce(campaign.channel, 'email') as channel,
        case
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
    send_key,
    campaign_id,
    send_id,
    profile_id,
    contact_id,
    email,
    channel,
    address,
    {{ contact_point_id('channel', 'address') }} as contact_point_id,
    sent_at,
    sent_date,
    case when lower(sent_arm) = 'control' then 'control' else campaign_id end as arm,
    coalesce(lower(sent_arm) <> 'control', true) as is_treated,
    assignment_probability,
    variant,
    known_from_date
from addressed
