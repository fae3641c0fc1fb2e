{# What people say of themselves beside what they do. Who objects to profiling is not compared. #}
{% set names = declared_names() %}
{% set window_days, months = 91, 3 %}

with people as (
    select customer_id from {{ ref('customer_360') }} where not is_profiling_objected
),

stores as (
    select store_id, lower(name) as name, {{ postal_area('country', 'postal_code') }} as area
    from (
        select
            *, row_number() over (partition by store_id order by extract_date desc) as recency
        from {{ ref('stg_stores') }}
        where extract_date <= {{ cut() }}
    ) as versions
    where recency = 1
),

golden as (
    select
        customer_id,
        {{ postal_area('country', 'postal_code') }} as area,
        postal_code_contact_id
    from {{ ref('golden_records') }}
),

told as (
    select
        customer_id,
        case
            {%- for topic, spellings in names.items() %}
            when attribute in ('{{ spellings | join("', '") }}') then '{{ topic }}'
            {%- endfor %}
        end as topic,
        attribute,
        value,
        observed_at
    from {{ ref('customer_attributes') }}
    where found_in <> 'contacts' or chosen_by = 'latest_told'
),

{# One word per topic: the latest, whatever its attribute is called. #}
latest as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by customer_id, topic order by observed_at desc, attribute
            ) as recency
        from told
        where topic is not null
    ) as ranked
    where recency = 1
),

{# In the words in which the facts are: a store by its id, a category as products write it. A word
   that stands for nothing that can be observed is left out. #}
declared as (
    select
        latest.customer_id,
        latest.topic,
        latest.attribute,
        latest.observed_at as declared_at,
        case
            when latest.topic = 'store' then coalesce(by_id.store_id, by_name.store_id)
            when latest.topic = 'category' then categories.category
            else {{ declared_word('latest.topic', 'latest.value') }}
        end as declared
    from latest
    left join stores as by_id
        on latest.topic = 'store' and lower(by_id.store_id) = lower(latest.value)
    left join (
        select name, min(store_id) as store_id from stores group by 1 having count(*) = 1
    ) as by_name
        on latest.topic = 'store' and by_name.name = lower(latest.value)
    left join (
        select lower(category) as name, min(category) as category
        from {{ ref('product_history') }} as products
        where {{ known_at('products') }}
        group by 1
    ) as categories
        on latest.topic = 'category' and categories.name = lower(latest.value)
    union all
    select golden.customer_id, 'area', 'postal_code', contact.updated_at, golden.area
    from golden
    inner join {{ ref('contact_history') }} as contact
        on contact.contact_id = golden.postal_code_contact_id
    where {{ known_at('contact') }}
),

in_stores as (
    select orders.customer_id, stores.store_id, stores.area, count(*) as times_count
    from {{ ref('orders') }} as orders
    inner join stores
        on stores.store_id = orders.store_id and coalesce(orders.channel = 'store', true)
    where orders.is_kept and orders.customer_id is not null
    group by 1, 2, 3
),

counted as (
    {%- for topic, column in [('store', 'store_id'), ('area', 'area')] %}
    select
        customer_id, '{{ topic }}' as topic, {{ column }} as value, sum(times_count) as times_count
    from in_stores
    where {{ column }} is not null
    group by 1, 2, 3
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{# Who refuses open tracking is not known to read or not to read. #}
refusals as (
    select points.customer_id
    from {{ ref('tracking_refusals') }} as refused
    inner join {{ ref('contact_points') }} as points
        on points.contact_point_id = refused.contact_point_id
    union
    select map.customer_id
    from {{ ref('tracking_refusals') }} as refused
    inner join {{ ref('identity_map') }} as map
        on map.profile_id = refused.profile_id and map.as_of = {{ as_of() }}
),

written_to as (
    select distinct points.customer_id
    from {{ ref('contact_point_quality') }} as points
    left join refusals on refusals.customer_id = points.customer_id
    where points.messages_count_91d > 0
        and points.channel = 'email'
        and points.customer_id is not null
        and refusals.customer_id is null
),

opened as (
    select points.customer_id, count(distinct {{ row_order(
        ['answers.contact_point_id', 'answers.campaign_id', 'answers.send_id']
    ) }}) as opens_count
    from {{ ref('campaign_answers') }} as answers
    inner join {{ ref('contact_points') }} as points
        on points.contact_point_id = answers.contact_point_id
    where answers.event_name = 'open'
        and not answers.is_machine
        and answers.known_from_date <= {{ cut() }}
        and {{ in_window(shop_date('answers.occurred_at'), as_of(), window_days) }}
    group by 1
),

observed as (
    select
        customer_id,
        topic,
        max_by(value, {{ row_order(['times_count', 'value']) }}) as observed,
        {{ share('max(times_count)', 'sum(times_count)') }} as observed_value
    from counted
    group by 1, 2
    {%- for topic, column in [
        ('channel', 'main_channel'), ('category', 'favourite_category')
    ] %}
    union all
    select customer_id, '{{ topic }}', {{ column }}, {{ column }}_rate
    from {{ ref('customer_purchases') }}
    where {{ column }} is not null
    {%- endfor %}
    union all
    select
        customer_id,
        'contact_frequency',
        {{ frequency_word('opens_per_month') }},
        opens_per_month
    from (
        select
            written_to.customer_id,
            {{ share('coalesce(opened.opens_count, 0)', months) }} as opens_per_month
        from written_to
        left join opened on opened.customer_id = written_to.customer_id
    ) as monthly
)

select
    {{ as_of() }} as as_of,
    declared.customer_id,
    declared.topic,
    declared.attribute,
    declared.declared,
    declared.declared_at,
    observed.observed,
    observed.observed_value,
    lower(declared.declared) = lower(observed.observed) as is_agreeing
from declared
inner join people on people.customer_id = declared.customer_id
inner join observed
    on observed.customer_id = declared.customer_id and observed.topic = declared.topic
where declared.declared is not null
