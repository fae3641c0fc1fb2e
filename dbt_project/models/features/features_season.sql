{# The day of the year as a point on a circle, so that December lies next to January. #}
select
    as_of,
    customer_id,
    round(sin(2 * pi() * extract(doy from as_of) / 365.25), 6) as season_sin,
    round(cos(2 * pi() * extract(doy from as_of) / 365.25), 6) as season_cos
from {{ ref('spine') }}
