{# An identifier, or NULL where it is a value that stands for nobody. #}
{% macro clean(column) -%}
    {%- set words = var('placeholder_identifiers') + var('blocked_values') -%}
    {%- set value = 'lower(trim(' ~ column ~ '))' if column == 'email' else 'trim(' ~ column ~ ')' -%}
    case
        when lower(trim({{ column }})) in (
            {%- for word in words %}'{{ word | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor -%}
        ) then null
        {#- 0000000, +33000000000 #}
        when replace(replace(trim({{ column }}), '+', ''), '0', '') = '' then null
        {%- if column == 'phone' %}
        when trim({{ column }}) like '%00000000' then null
        {%- endif %}
        else {{ value }}
    end
{%- endmacro %}

{# The profile of a row: its strongest filled identifier among `columns`. #}
{% macro profile_id(columns) -%}
    {%- set kinds = {
        'contact_id': 'contact', 'loyalty_id': 'loyalty', 'email': 'email', 'phone': 'phone',
        'visitor_id': 'visitor'
    } -%}
    coalesce(
        {%- for column, kind in kinds.items() if column in columns -%}
        {{ ', ' if not loop.first }}'{{ kind }}:' || {{ column }}
        {%- endfor -%}
    )
{%- endmacro %}

{# An address as it is compared: one inbox is one, however its address is written. #}
{% macro address_key(channel, address) -%}
    case when {{ channel }} in ('email', 'push') then {{ email_key(address) }} else {{ address }} end
{%- endmacro %}

{# The key of a contact point. #}
{% macro contact_point_id(channel, address) -%}
    md5({{ channel }} || '|' || {{ address_key(channel, address) }})
{%- endmacro %}

{# Where a customer stands, by the distance of the last order measured in the customer's own pace:
   twice the mean gap from three orders on, kept between 8 and 26 weeks; 13 weeks before that. #}
{% macro segment(orders_count, first_order_date, last_order_date, at_date) -%}
    {%- set recency = days_between(last_order_date, at_date) -%}
    {%- set span = days_between(first_order_date, last_order_date) -%}
    {%- set pace -%}
    (case when {{ orders_count }} >= 3
        then greatest(56, least(182, 2 * {{ span }} / ({{ orders_count }} - 1))) else 91 end)
    {%- endset -%}
    case
        when coalesce({{ orders_count }}, 0) = 0 then 'lead'
        when {{ orders_count }} = 1 and {{ recency }} <= 91 then 'new'
        when {{ recency }} <= {{ pace }} then 'active'
        when {{ recency }} <= 2 * {{ pace }} then 'at_risk'
        else 'lapsed'
    end
{%- endmacro %}

{# One value that orders like the columns one after the other, for picks with a total order. #}
{% macro row_order(columns) -%}
    {{ return(adapter.dispatch('row_order')(columns)) }}
{%- endmacro %}

{% macro default__row_order(columns) -%} row({{ columns | join(', ') }}) {%- endmacro %}

{% macro spark__row_order(columns) -%} struct({{ columns | join(', ') }}) {%- endmacro %}

{# Customers of `map` (profile_id and `keys`) whose last word on profiling, as the cut knows it, is
   no. A tie counts as no. #}
{% macro profiling_objectors(map, keys) %}
    select {{ keys | join(', ') }}
    from (
        select profile_id, purpose, status, changed_at, known_from_date
        from {{ ref('consent_history') }}
        union all
        {#- Said before an erasure, by somebody who is back. #}
        select profile_id, purpose, 'objected', changed_at, known_from_date
        from {{ ref('outlived_objections') }}
    ) as consents
    inner join {{ map }} on {{ map }}.profile_id = consents.profile_id
    where consents.purpose = 'profiling' and consents.known_from_date <= {{ cut() }}
    group by {{ keys | join(', ') }}
    having max(consents.changed_at) filter (where consents.status <> 'granted')
        >= coalesce(
            max(consents.changed_at) filter (where consents.status = 'granted'),
            timestamp '0001-01-01'
        )
{% endmacro %}
