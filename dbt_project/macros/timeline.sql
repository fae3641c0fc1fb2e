{# The columns of one kind of event in the timeline, each of its own SQL; what does not apply is
   NULL. `day`: the moment's date in the shop, where it is at hand. #}
{% macro timeline_event(
    event_type, key, occurred_at, day=none, channel='null', order_id='null', campaign_id='null',
    product_id='null', category='null', amount='null', detail='null'
) %}
        {{ key }} as event_key,
        profile_id,
        {{ occurred_at }} as occurred_at,
        {{ day or shop_date(occurred_at) }} as event_date,
        cast({{ channel }} as varchar) as channel,
        {{ event_type }} as event_type,
        cast({{ order_id }} as varchar) as order_id,
        cast({{ campaign_id }} as varchar) as campaign_id,
        cast({{ product_id }} as varchar) as product_id,
        cast({{ category }} as varchar) as category,
        cast({{ amount }} as decimal(18, 4)) as amount,
        cast({{ detail }} as varchar) as detail
{%- endmacro %}
