-- One row per event of an e-mail. Events of other metrics (orders, visits) are set aside, and those
-- of no message (who unsubscribes on a page). The id of a metric stays as it is, for `values` of the
-- source to translate.
with named as (
    select
        *,
        case metric_name
            when 'Received Email' then 'delivered'
            when 'Opened Email' then 'open'
            when 'Clicked Email' then 'click'
            when 'Bounced Email' then 'bounce'
            when 'Unsubscribed' then 'unsubscribe'
            when 'Unsubscribed from Email Marketing' then 'unsubscribe'
            when 'Marked Email as Spam' then 'complaint'
            when 'Marked as Spam Email' then 'complaint'
        end as our_name
    from records
)

select
    "attributes.event_properties.$message" as campaign_id, -- of the message, in a campaign or flow
    "relationships.profile.data.id" as contact_id,
    email,
    coalesce(our_name, "relationships.metric.data.id") as event_name,
    "attributes.datetime" as occurred_at,
    coalesce(
        "attributes.event_properties.machine_open", "attributes.event_properties.Bot Click"
    ) as is_machine,
    _line
from named
where (our_name is not null or metric_name is null)
    and "attributes.event_properties.$message" is not null
