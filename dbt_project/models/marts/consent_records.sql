{# Which address each consent record speaks for. A grant given by contact_id holds for the address
   that the contact had then; a refusal for every address that the contact ever had or gets: a new
   address does not undo a "no". Refusals count as soon as an extract brings them, even when they
   are from after midnight: the law wants them obeyed, and no feature reads them here. #}
with records as (
    select
        *,
        case status when 'objected' then 2 when 'withdrawn' then 1 else 0 end as strictness
    from {{ ref('consent_history') }}
    where purpose = 'marketing'
        and known_from_date <= {{ cut() }}
        and (status <> 'granted' or changed_date < {{ as_of() }})
),

own_address as (
    select
        channel,
        case when channel in ('email', 'push') then email when channel in ('sms', 'phone') then phone
        end as address,
        status,
        strictness,
        changed_at
    from records
),

{# Versions of each contact, the first reaching back to the beginning. #}
contacts as (
    select
        contact_id,
        email,
        phone,
        case when version_number = 1 then timestamp '0001-01-01' else valid_from end as from_at,
        coalesce(
            lead(valid_from) over (partition by contact_id order by version_number),
            timestamp '9999-12-31'
        ) as until_at
    from {{ ref('contact_history') }}
    where known_from_date <= {{ cut() }}
),

contact_address as (
    select
        records.channel,
        case
            when records.channel in ('email', 'push') then contacts.email
            when records.channel in ('sms', 'phone') then contacts.phone
            else contacts.contact_id
        end as address,
        records.status,
        records.strictness,
        records.changed_at
    from records
    inner join contacts on contacts.contact_id = records.contact_id
    where records.status <> 'granted'
        or (contacts.from_at <= records.changed_at and contacts.until_at > records.changed_at)
)

select distinct * from own_address where address is not null
union
select distinct * from contact_address where address is not null
