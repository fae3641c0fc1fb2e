{# Under which ids the people who object to profiling have been known, and when: by what is or was
   known of who is who, and by what the nights recorded. While an id was somebody else's it is not
   theirs. #}
with profiles as (
    select distinct people.profile_id
    from {{ ref('consent_words') }} as words
    inner join ({{ people_from_now_on() }}) as people on people.customer_id = words.customer_id
    where words.purpose = 'profiling' and words.status <> 'granted'
)

select
    history.customer_id,
    history.valid_from_date,
    history.valid_until_date,
    history.known_from_date,
    history.known_until_date
from profiles
inner join {{ ref('identity_history') }} as history on history.profile_id = profiles.profile_id
union
select
    ledger.customer_id,
    ledger.since_as_of,
    ledger.until_as_of,
    ledger.since_as_of,
    ledger.until_as_of
from profiles
inner join {{ ref('customer_ledger') }} as ledger on ledger.profile_id = profiles.profile_id
