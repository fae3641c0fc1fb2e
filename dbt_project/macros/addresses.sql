{# What an e-mail address looks like by itself. The lists are our own, of well-known names. #}

{# Somebody's desk rather than a person. #}
{% macro is_role_address(address) -%}
    (split_part({{ address }}, '@', 1) in (
        'admin', 'administration', 'accueil', 'billing', 'compta', 'comptabilite', 'contact',
        'direction', 'facturation', 'hello', 'help', 'hostmaster', 'info', 'infos', 'kontakt',
        'mail', 'marketing', 'office', 'postmaster', 'sales', 'secretariat', 'service', 'support',
        'team', 'webmaster'
    ))
{%- endmacro %}

{# A mailbox made to be thrown away. #}
{% macro is_disposable(address) -%}
    (split_part({{ address }}, '@', 2) in (
        '10minutemail.com', 'dispostable.com', 'fakeinbox.com', 'getnada.com', 'grr.la',
        'guerrillamail.com', 'jetable.org', 'mailcatch.com', 'maildrop.cc', 'mailinator.com',
        'mailnesia.com', 'mintemail.com', 'mohmal.com', 'sharklasers.com', 'spamgourmet.com',
        'temp-mail.org', 'tempmail.com', 'throwawaymail.com', 'trashmail.com', 'yopmail.com',
        'yopmail.fr'
    ))
{%- endmacro %}

{# A marketplace's alias of its buyer: its sellers may answer about an order there, not advertise. #}
{% macro is_relay(address) -%}
    (regexp_full_match(
        split_part({{ address }}, '@', 2),
        'marketplace[.]amazon[.].+|members[.]ebay[.].+|allegromail[.]pl|scs[.]tiktokw[.]us'
            || '|verkopen[.]bol[.]com'
    ))
{%- endmacro %}

{# Who runs the mailbox: providers differ in what they deliver and in whose opens are a machine's. #}
{% macro mailbox_provider(address) -%}
    case
        {%- for provider, domains in {
            'google': ['gmail.com', 'googlemail.com'],
            'microsoft': ['outlook.com', 'outlook.fr', 'hotmail.com', 'hotmail.fr', 'live.com',
                'live.fr', 'msn.com'],
            'yahoo': ['yahoo.com', 'yahoo.fr', 'ymail.com', 'aol.com'],
            'apple': ['icloud.com', 'me.com', 'mac.com'],
            'orange': ['orange.fr', 'wanadoo.fr'],
            'free': ['free.fr'],
            'sfr': ['sfr.fr', 'neuf.fr', 'numericable.fr'],
            'laposte': ['laposte.net'],
            'gmx': ['gmx.de', 'gmx.net', 'gmx.com', 'gmx.fr', 'web.de'],
            'proton': ['proton.me', 'protonmail.com', 'pm.me'],
        }.items() %}
        when split_part({{ address }}, '@', 2) in ('{{ domains | join("', '") }}')
            then '{{ provider }}'
        {%- endfor %}
        else 'other'
    end
{%- endmacro %}

{# The hashes by which those who sell data name an address, in hexadecimal. #}
{% macro email_hashes(email) -%}
    {{ return(adapter.dispatch('email_hashes')(email)) }}
{%- endmacro %}

{% macro default__email_hashes(email) -%}
    {{ return(['md5(' ~ email ~ ')', 'sha1(' ~ email ~ ')', 'sha256(' ~ email ~ ')']) }}
{%- endmacro %}

{% macro spark__email_hashes(email) -%}
    {{ return(['md5(' ~ email ~ ')', 'sha1(' ~ email ~ ')', 'sha2(' ~ email ~ ', 256)']) }}
{%- endmacro %}
