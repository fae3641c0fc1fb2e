-- One row per e-mail that Klaviyo counts as received. Without the names of metrics nobody can tell
-- a receipt from an open: an extract is then taken for receipts only when it holds one metric, the
-- one it was asked for.
with told_apart as (
    select
        *,
        min("relationships.metric.data.id") over () = max("relationships.metric.data.id") over ()
            as holds_one_metric
    from records
)

select
    "attributes.event_properties.$message" as campaign_id,
    "relationships.profile.data.id" as contact_id,
    email,
    "attributes.datetime" as sent_at,
    _line
from told_apart
where metric_name = 'Received Email' or (metric_name is null and holds_one_metric)
