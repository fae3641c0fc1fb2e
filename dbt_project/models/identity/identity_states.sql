{{ config(materialized='table') }}
{# What an extract brings changes the dates from its earliest news on. #}
with recent_news as (
    {{ identity_news() }}
),

touched as (
    select clusters.cluster, news.known_from_date, min(news.change_date) as first_date
    from recent_news as news
    inner join {{ ref('identity_clusters') }} as clusters on clusters.profile_id = news.profile_id
    group by 1, 2
),

members as (
    select cluster, profile_id
    from {{ ref('identity_clusters') }}
    where cluster in (select cluster from touched)
),

news as (
    {{ identity_news(among='members') }}
),

{# Everything from here to the end of identity_owners is counted in numbers: texts would take ten
   times the memory. #}
numbered as (
    select *, dense_rank() over (order by cluster) as cluster_number from touched
),

changes as (
    select distinct
        numbered.cluster,
        numbered.cluster_number,
        numbered.known_from_date,
        numbered.first_date,
        news.change_date as valid_from_date
    from numbered
    inner join members on members.cluster = numbered.cluster
    inner join news
        on news.profile_id = members.profile_id
        and news.known_from_date <= numbered.known_from_date
        and news.change_date >= numbered.first_date
    where news.change_date > date '0001-01-02'
)

select
    row_number() over (order by cluster_number, known_from_date, valid_from_date) as state_id,
    *
from changes
