{{ config(materialized='view') }}
{# Who is who at the dates of the present call, as far as its cut knows. #}
with wanted as (
    select {{ as_of() }} as as_of
    union
    select as_of from ({{ date_rows(var('as_ofs') + var('map_dates')) }}) as asked
)

select wanted.as_of, history.profile_id, history.customer_id, {{ cut() }} as extract_cut
from {{ ref('identity_history') }} as history
inner join wanted
    on history.valid_from_date <= wanted.as_of and history.valid_until_date > wanted.as_of
where {{ known_at('history') }}
