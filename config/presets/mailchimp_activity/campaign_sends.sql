-- One row per e-mail sent to a member. Only the activity feed of a member has sends; the report of
-- a campaign tells who received it, but not when.
with acts as (
    select
        email_id,
        email_address,
        campaign_id,
        unnest(json_extract(activity, '$[*]')) as act,
        _line
    from records
)

select
    coalesce(act ->> '$.campaign_id', campaign_id) as campaign_id,
    email_id as contact_id,
    email_address as email,
    coalesce(act ->> '$.timestamp', act ->> '$.created_at_timestamp') as sent_at,
    _line
from acts
where coalesce(act ->> '$.action', act ->> '$.activity_type') = 'sent'
