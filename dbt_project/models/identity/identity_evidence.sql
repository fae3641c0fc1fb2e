{{ config(materialized='view') }}
{# What contacts say of their person. The first version speaks for the time since the record was made
   (all time, where nobody knows when): a name that is told late was the name before. #}
select
    profile_id,
    {{ name_key('first_name') }} as first_name,
    birth_date,
    gender,
    case
        when version_number > 1 then valid_from_date
        else coalesce(least(created_date, valid_from_date), date '0001-01-01')
    end as valid_from_date,
    valid_until_date,
    known_from_date,
    known_until_date,
    version_number = 1 or row(first_name, birth_date, gender) is distinct from lag(
        row(first_name, birth_date, gender)
    ) over (partition by profile_id order by version_number) as is_news
from {{ ref('contact_history') }}
