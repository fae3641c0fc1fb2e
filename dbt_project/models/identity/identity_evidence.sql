{{ config(materialized='view') }}
{# What contacts say of their person. The first version speaks for the time before it, too: a name
   that was known late was the name all along. #}
select
    profile_id,
    {{ name_key('first_name') }} as first_name,
    birth_date,
    gender,
    case when version_number = 1 then date '0001-01-01' else valid_from_date end as valid_from_date,
    valid_until_date,
    known_from_date,
    known_until_date,
    version_number = 1 or row(first_name, birth_date, gender) is distinct from lag(
        row(first_name, birth_date, gender)
    ) over (partition by profile_id order by version_number) as is_news
from {{ ref('contact_history') }}
