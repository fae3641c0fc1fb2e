-- One row per customer, as the export's day saw them. Without an id, a hash of the e-mail address
-- is the id: an address must not be one, since ids are shown where addresses are not.
select
    coalesce(
        nullif(ltrim(trim("Customer ID"), ''''), ''), -- '123: a mark for spreadsheets
        'email:' || md5(nullif(lower(trim("Email")), ''))
    ) as contact_id,
    _extract_date as updated_at,
    "Email" as email,
    "Phone" as phone,
    "First Name" as first_name,
    "Last Name" as last_name,
    coalesce("Default Address City", "City") as city,
    coalesce("Default Address Country Code", "Country Code") as country,
    coalesce("Default Address Zip", "Zip") as postal_code,
    _line
from records
