"""The consent gate's own reading of the raw records. Of what decided it shares no view and no line
of SQL, only who is the same person (identity) and which addresses there are: two people who read
the same law must come to the same answer.

Parameters: $midnight (the night's 00:00, naive UTC), $cut and $as_of (dates), $lawful_basis.
`gate_rows`: one row per line of a finished file that writes to somebody: file, line, channel,
address, is_audience. `gate_outlived`: what was said about one of their addresses before its person
was erased: channel, address, purpose, reason, said_at, until_date."""

_PEOPLE = """
person as (
    select profile_id, customer_id from identity.identity_history
    where $as_of >= valid_from_date and $as_of < valid_until_date
      and $cut >= known_from_date and $cut < known_until_date
),
versions as (
    select contact_id, email, phone, extract_date, coalesce(is_deleted, false) as is_deleted,
           row_number() over (
               partition by contact_id
               order by extract_date desc, updated_at desc, line desc, file desc, source desc
           ) as age,
           age = 1 as is_current
    from raw.contacts where extract_date <= $cut
),
held as (
    select contact_id, 'email' as channel, inbox(email) as address, is_current, is_deleted
    from versions where email is not null
    union all
    select contact_id, 'sms', phone, is_current, is_deleted from versions where phone is not null
    union all
    select contact_id, 'post', contact_id, is_current, is_deleted from versions
),
-- Addresses that a contact's refusal speaks for: those it has now, and those it had that nobody
-- else has now (a mistyped address that turned out to be somebody else's stays with its owner).
owned as (
    select distinct h.contact_id, h.channel, h.address
    from held h
    where h.is_current or not exists (
        from held o
        where o.is_current and o.channel = h.channel and o.address = h.address
          and o.contact_id <> h.contact_id
    )
)"""

_STATEMENTS = """
-- A refusal counts as soon as it is known, a grant only from the night after it was given.
spoken as (
    select coalesce(purpose, 'marketing') as purpose, channel as about, status, changed_at,
           contact_id, email, phone,
           coalesce('contact:' || contact_id, 'email:' || email, 'phone:' || phone) as profile_id
    from raw.consents
    where extract_date <= $cut and (status <> 'granted' or changed_at < $midnight)
),
marketing as (
    select 'email' as channel, inbox(email) as address, status, changed_at from spoken
    where purpose = 'marketing' and about = 'email' and email is not null
    union all
    select 'sms', phone, status, changed_at from spoken
    where purpose = 'marketing' and about = 'sms' and phone is not null
    union all
    select o.channel, o.address, s.status, s.changed_at
    from spoken s join owned o on o.contact_id = s.contact_id and o.channel = s.about
    where s.purpose = 'marketing'
),
-- The latest statement about an address wins; of several at that moment, the refusal.
latest as (
    select channel, address, bool_and(status = 'granted') as is_granted
    from (
        select * from marketing
        qualify changed_at = max(changed_at) over (partition by channel, address)
    )
    group by channel, address
),
grants as (
    select channel, address, max(changed_at) as granted_at
    from marketing where status = 'granted' group by channel, address
),
-- An objection binds the person, at every address and on every channel.
objections as (
    select customer_id, max(changed_at) as objected_at
    from spoken join person using (profile_id)
    where purpose = 'marketing' and status = 'objected' group by customer_id
),
-- A refusal that names no address of the channel it is about closes that channel for the person.
closed as (
    select customer_id, about as channel, max(changed_at) as refused_at
    from spoken join person using (profile_id)
    where purpose = 'marketing' and status <> 'granted' and contact_id is null
      and case about when 'email' then email is null when 'sms' then phone is null
          else about = 'post' end
    group by customer_id, about
),
profiling as (
    select customer_id from (
        select customer_id, status from spoken join person using (profile_id)
        where purpose = 'profiling'
        qualify changed_at = max(changed_at) over (partition by customer_id)
    )
    group by customer_id having not bool_and(status = 'granted')
)"""

_SUPPRESSIONS = """
campaign_of as (
    select campaign_id, any_value(
               channel order by extract_date desc, line desc, file desc, source desc
           ) as channel
    from raw.campaigns where extract_date <= $cut group by campaign_id
),
alias_of as (
    select alias, any_value(campaign_id order by extract_date desc, campaign_id desc) as campaign_id
    from raw.campaign_aliases where extract_date <= $cut group by alias
),
sent as (
    select distinct on (send_id) send_id, campaign_id, contact_id, email
    from raw.campaign_sends where extract_date <= $cut and send_id is not null
    order by send_id, extract_date, campaign_id, contact_id, email
),
refusals as (
    select e.event_name, e.occurred_at, e.extract_date,
           coalesce(e.contact_id, s.contact_id) as contact_id,
           coalesce(e.email, s.email) as email, coalesce(c.channel, 'email') as channel
    from raw.campaign_events e
    left join sent s using (send_id)
    left join alias_of a on a.alias = coalesce(e.campaign_id, s.campaign_id)
    left join campaign_of c
        on c.campaign_id = coalesce(a.campaign_id, e.campaign_id, s.campaign_id)
    where e.extract_date <= $cut and e.event_name in ('unsubscribe', 'complaint')
),
-- It speaks for the address that got the message: the one named, or the contact's at that time.
refused as (
    select 'email' as channel, inbox(email) as address, event_name, occurred_at
    from refusals where channel = 'email' and email is not null
    union all
    select r.channel, case r.channel when 'email' then inbox(v.email) else v.phone end,
           r.event_name, r.occurred_at
    from refusals r
    asof join (select distinct on (contact_id, extract_date) * from versions
               order by contact_id, extract_date, age) v
        on v.contact_id = r.contact_id and v.extract_date <= r.extract_date
    where r.channel in ('email', 'sms') and (r.channel = 'sms' or r.email is null)
),
exclusions as (
    select inbox(email) as email, phone, 'contact:' || contact_id as profile_id from (
        select * from raw.exclusions where extract_date <= $cut
        qualify row_number() over (
            partition by email, phone, contact_id, reason
            order by extract_date desc, line desc, file desc, source desc
        ) = 1
    )
    where until is null or until >= $as_of
),
-- Given to a marketplace, not to the shop: only its orders name them, or it made them itself.
lent as (
    select channel, address from (
        select 'email' as channel, inbox(email) as address, channel as sold_on
        from raw.orders where extract_date <= $cut and email is not null
        union all
        select 'sms', phone, channel from raw.orders
        where extract_date <= $cut and phone is not null
    )
    semi join mailed using (channel, address)
    group by channel, address having count(*) = count(*) filter (where sold_on = 'marketplace')
    except (
        select channel, address from held
        union all
        select 'email', inbox(email) from raw.subscriptions where extract_date <= $cut
    )
    union
    select channel, address from mailed
    where channel = 'email' and regexp_matches(address,
        '@(marketplace[.]amazon|members[.]ebay)[.]|@(allegromail[.]pl|scs[.]tiktokw[.]us|'
        || 'verkopen[.]bol[.]com)$')
),
-- Every profile that gave the address was deleted, or somebody asked for it to be forgotten.
gone as (
    select h.channel, h.address
    from held h where h.is_current
    group by h.channel, h.address
    having bool_and(h.is_deleted) and not exists (
        from identity.identity_edges e
        where e.identifier = h.address and e.profile_id not like 'contact:%'
          and e.profile_id not like 'visitor:%'
    )
    union
    select 'email', inbox(email) from raw.erasure_requests
    where extract_date <= $cut and email is not null
    union
    select h.channel, h.address
    from raw.erasure_requests r join held h using (contact_id)
    where r.extract_date <= $cut and h.is_current
)"""

_OFFENCES = {
    "unknown_address_in_export": "from mailed r where not is_known",
    "withdrawn_address_in_export": """
        from mailed r join latest l using (channel, address) where not l.is_granted""",
    "objected_address_in_export": """
        from mailed r join objections o using (customer_id)
        left join grants g on g.channel = r.channel and g.address = r.address
        where g.granted_at is null or g.granted_at <= o.objected_at""",
    "closed_channel_address_in_export": """
        from mailed r join closed c using (customer_id, channel)
        left join grants g using (channel, address)
        where g.granted_at is null or g.granted_at <= c.refused_at""",
    "profiling_objected_address_in_export": "from mailed r semi join profiling using (customer_id)",
    "address_without_consent_in_export": """
        from mailed r anti join latest using (channel, address)
        left join lent using (channel, address)
        where $lawful_basis = 'opt_in' or lent.address is not null
           or $lawful_basis = 'soft_opt_in' and not exists (
               from marts.orders o
               where o.customer_id = r.customer_id and o.is_kept
                 and coalesce(o.channel, '') <> 'marketplace'
           )""",
    "unsubscribed_address_in_export": """
        from mailed r join refused u using (channel, address)
        left join grants g using (channel, address)
        where u.event_name = 'complaint' or g.granted_at is null
           or g.granted_at <= u.occurred_at""",
    "erased_address_in_export": """
        from mailed r join gate_outlived o using (channel, address)
        left join grants g using (channel, address)
        where o.reason <> 'erased' and o.purpose = 'marketing'
                and (o.until_date is null or o.until_date >= $as_of)
           or o.reason = 'erased' and (g.granted_at is null or g.granted_at <= o.said_at)
           or o.purpose = 'profiling' and not exists (
               from spoken s join person p using (profile_id)
               where p.customer_id = r.customer_id and s.purpose = 'profiling'
                 and s.status = 'granted' and s.changed_at > o.said_at
           )""",
    "excluded_address_in_export": """
        from mailed r where r.address in (select email from exclusions where email is not null)
           or r.address in (select phone from exclusions where phone is not null)
           or r.customer_id in (select customer_id from exclusions join person using (profile_id))
        """,
    "deleted_address_in_export": "from mailed r semi join gone using (channel, address)",
    "holdout_in_audience": """
        from mailed r where is_audience and (
            contact_point_id in (
                select contact_point_id from activation.groups where group_name <> 'active')
            or contact_point_id in (
                select contact_point_id from activation.decisions
                where as_of = $as_of and group_name <> 'active'))""",
    "undecided_address_in_audience": """
        from mailed r where is_audience and contact_point_id not in (
            select contact_point_id from activation.decisions
            where as_of = $as_of and is_slot and arm <> 'no_contact')""",
}

_MAILED = """
mailed as (
    select r.* replace (inbox(r.address) as address), p.contact_point_id, p.customer_id,
           p.address is not null as is_known
    from gate_rows r left join marts.contact_points p using (channel, address)
)"""

# One inbox is one, however its address is written. What is no e-mail address stays as it is.
INBOX = r"""
create or replace temp macro inbox(address) as case
    when regexp_full_match(address, '.+@(gmail|googlemail)[.]com')
        then regexp_replace(regexp_extract(address, '^[^+@]*'), '[.]', '', 'g') || '@gmail.com'
    when regexp_full_match(
        address, '.+@((outlook|hotmail|live)[.](com|fr)|(icloud|me|fastmail|protonmail)[.]com'
        || '|proton[.]me|pm[.]me)'
    ) then regexp_replace(address, '[+][^@]*@', '@')
    else address
end"""
CHECKS = tuple(_OFFENCES)
OFFENCES = (
    f"with {_MAILED}, {_PEOPLE}, {_STATEMENTS}, {_SUPPRESSIONS} select * from ("
    + " union all ".join(
        f"select distinct '{name}' as name, r.file, r.line {rest}"
        for name, rest in _OFFENCES.items()
    )
    + ") order by name, file, line"
)
