-- One row per thing that a member did with an e-mail; whoever did nothing is set aside, and so is
-- what belongs to no campaign (notes, sign-ups). Words that are not known stay as they are.
with acts as (
    select
        email_id,
        email_address,
        campaign_id,
        unnest(json_extract(activity, '$[*]')) as act,
        _line
    from records
),

named as (
    select
        *,
        coalesce(act ->> '$.action', act ->> '$.activity_type') as word,
        coalesce(act ->> '$.campaign_id', campaign_id) as campaign
    from acts
)

select
    campaign as campaign_id,
    email_id as contact_id,
    email_address as email,
    case word when 'unsub' then 'unsubscribe' when 'abuse' then 'complaint' else word end as event_name,
    coalesce(act ->> '$.timestamp', act ->> '$.created_at_timestamp') as occurred_at,
    _line
from named
where campaign is not null and (word is null or word not in ('sent', 'order', 'ecomm'))
