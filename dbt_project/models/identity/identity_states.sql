{{ config(materialized='table') }}
{# When who is who may change within a cluster: an identifier is shown, or by too many; a contact
   tells another name; a browser's visitor refuses. What an extract brings changes the dates from its
   earliest news on. #}
with news as (
    select profile_id, known_from_date, seen_date + 1 as change_date
    from {{ ref('identity_edges') }}
    union
    select profile_id, known_from_date, valid_from_date + 1
    from {{ ref('identity_evidence') }}
    where is_news
    union
    select ties.profile_id, visits.known_from_date, visits.visit_date + 1
    from {{ ref('web_visits') }} as visits
    inner join {{ ref('identity_ties') }} as ties
        on ties.identifier_type = 'visitor' and ties.identifier = visits.visitor_id
    where visits.denied_events_count > 0
    union
    select ties.profile_id, one_too_many.known_from_date, one_too_many.seen_date + 1
    from {{ ref('identity_ties') }} as one_too_many
    inner join {{ ref('identity_ties') }} as ties on ties.shared = one_too_many.shared
    where one_too_many.places_too_many = 1
),

touched as (
    select clusters.cluster, news.known_from_date, min(news.change_date) as first_date
    from news
    inner join {{ ref('identity_clusters') }} as clusters on clusters.profile_id = news.profile_id
    where news.known_from_date >= {{ first_unlearnt() }}
    group by 1, 2
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
    inner join {{ ref('identity_clusters') }} as clusters on clusters.cluster = numbered.cluster
    inner join news
        on news.profile_id = clusters.profile_id
        and news.known_from_date <= numbered.known_from_date
        and news.change_date >= numbered.first_date
    where news.change_date > date '0001-01-02'
)

select
    row_number() over (order by cluster_number, known_from_date, valid_from_date) as state_id,
    *
from changes
