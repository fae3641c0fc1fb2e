{# Under which names (of attributes, or of further columns of contacts) people say what they prefer.
   Other names: map them to one of these in the configuration. #}
{% macro declared_names() -%}
    {{ return({
        'contact_frequency': ['preferred_contact_frequency', 'contact_frequency',
            'frequence_contact', 'frequence_preferee'],
        'channel': ['preferred_channel', 'canal_prefere'],
        'store': ['preferred_store', 'magasin_prefere', 'boutique_preferee'],
        'category': ['preferred_category', 'favourite_category', 'favorite_category',
            'categorie_preferee'],
    }) }}
{%- endmacro %}

{# A preferred frequency or channel in one word; NULL where it is none of ours. #}
{% macro declared_word(topic, value) -%}
    case
        {%- for ours, theirs in {
            'daily': ['daily', 'quotidien', 'quotidienne'],
            'weekly': ['weekly', 'hebdomadaire'],
            'monthly': ['monthly', 'mensuel', 'mensuelle'],
            'rarely': ['rarely', 'seldom', 'rarement'],
            'never': ['never', 'jamais'],
        }.items() %}
        when {{ topic }} = 'contact_frequency' and lower({{ value }}) in ('{{ theirs | join("', '") }}')
            then '{{ ours }}'
        {%- endfor %}
        {%- for ours, theirs in {
            'web': ['web', 'site', 'online', 'en ligne'],
            'app': ['app', 'appli', 'application'],
            'store': ['store', 'shop', 'boutique', 'magasin'],
            'phone': ['phone', 'telephone', 'téléphone'],
            'marketplace': ['marketplace'],
        }.items() %}
        when {{ topic }} = 'channel' and lower({{ value }}) in ('{{ theirs | join("', '") }}')
            then '{{ ours }}'
        {%- endfor %}
    end
{%- endmacro %}

{# How often somebody opens messages, in the words in which people say how often they want them. #}
{% macro frequency_word(opens_per_month) -%}
    case
        when {{ opens_per_month }} >= 15 then 'daily'
        when {{ opens_per_month }} >= 2 then 'weekly'
        when {{ opens_per_month }} >= 0.5 then 'monthly'
        when {{ opens_per_month }} > 0 then 'rarely'
        else 'never'
    end
{%- endmacro %}

{# Country and first two signs of a postal code (in France the département); NULL without either. #}
{% macro postal_area(country, postal_code) -%}
    ({{ country }} || ' ' || left({{ postal_code }}, 2))
{%- endmacro %}
