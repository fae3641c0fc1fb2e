"""What tools call things: names of columns and values, in English and French.

Small letters without accents and signs; the likeliest name first. `words.py` compares them."""

ENTITY_WORDS: dict[str, str] = {
    "contacts": "contact customer client crm subscriber member profile personne partner tiers kna",
    "consents": "consent optin consentement preference gdpr rgpd subscriber newsletter abonne",
    "products": "product produit catalogue catalog article item sku mara makt",
    "stores": "store magasin boutique shop location",
    "stock": "stock inventory inventaire",
    "orders": "order commande sale vente transaction purchase invoice receipt ticket vbak doc"
    " document piece",
    "order_lines": "line lineitem ligne detail item basket panier vbap",
    "web_events": "event web hit analytics tracking session visit",
    "campaigns": "campaign campagne mailing newsletter plan",
    "campaign_aliases": "alias mapping",
    "campaign_sends": "send envoi sent recipient destinataire delivery",
    "campaign_events": "activity event open click reaction activite",
    "subscriptions": "subscription abonnement trial membership",
    "attributes": "attribute survey enquete answer enrichment",
    "exclusions": "exclusion blacklist suppression blocklist",
    "exchange_rates": "rate exchange currency devise taux fx",
    "erasure_requests": "erasure deletion forget effacement suppression",
}

COLUMN_WORDS: dict[str, str] = {
    "contact_id": "customer id, client id, id client, contact id, customer number, user id, uid, "
    "account id, member id, code client, num client, no client, idclient, cust id, custno, "
    "person id, partner id, client externe id, client id externe, tiers, code tiers, kunnr",
    "updated_at": "updated at, date updated, date modified, date maj, last modified, modified, "
    "maj, last update, date modif, changed, modified on, lastmodifieddate, last changed, "
    "write date, time stamp, update time, derniere modification le, date last active, "
    "lastupdated, aedat, updat, laeda",
    "created_at": "created at, date created, date added, creation date, date creation, "
    "registered, signup date, joined, created on, date inscription, createdate, member since, "
    "cree le, create time, date registered, registration date, date joined, registration, erdat, "
    "ersda, create date, create, register, insert",
    "email": "email, e mail, mail, courriel, email address, adresse email, adresse mail, mel, "
    "primary email, recipient",
    "phone": "phone, telephone, tel, mobile, portable, phone number, gsm, cell, telf 1, "
    "mobile phone",
    "first_name": "first name, firstname, prenom, given name, forename, nome, vorname, nombre, "
    "name 2",
    "last_name": "last name, lastname, cogn, cognome, nachname, apellido, nom, "
    "surname, family name, nom de famille, name 1, "
    "intitule, libelle, name, full name, display name",
    "birth_date": "birth date, birthdate, birthday, date naissance, dob, date of birth, naissance",
    "gender": "gender, sex, sexe, civilite, salutation, title, genre",
    "postal_code": "postal code, zip, zipcode, plz, postleitzahl, cap, zip code, code postal, "
    "postcode, cp, pstlz, zip code prefix, mailing postal code, postal",
    "city": "city, ville, loc, localita, citta, ort, stadt, ciudad, "
    "town, locality, commune, ort 01, mailing city",
    "country": "country, pays, country code, land 1, mailing country",
    "language": "language, langue, locale, lang",
    "loyalty_id": "loyalty card, loyalty id, card number, num carte, carte fidelite, no carte, "
    "loyalty number, card no, numero carte",
    "loyalty_tier": "loyalty tier, tier, statut fidelite, level, niveau, fidelity status",
    "acquisition_source": "source, origine, acquisition source, origin, lead source, "
    "canal acquisition",
    "is_deleted": "is deleted, deleted, supprime, inactive, archived",
    "channel": "channel, canal, sales channel, source name, medium, canal de vente",
    "status": "status, statut, state, etat, order status, financial status, gbstk",
    "changed_at": "changed at, date statut, status date, consent date, date consentement, "
    "change status at, timestamp, updated at, date",
    "purpose": "purpose, finalite",
    "origin": "origin, source, origine",
    "product_id": "product id, sku, item id, article, code article, ref, reference, product, "
    "id produit, ean, product code, item code, variant sku, productsku, matnr",
    "name": "name, nom, title, titre, libelle, des, descr, bezeichnung, "
    "label, designation, description, product name, nombre, nome, "
    "store name, campaign name, subject, attribute, question, maktx, arktx, intitule",
    "category": "category, categorie, categories, category name, product type, famille, family, "
    "department, rayon, univers, categorie article, categ id, matkl, code famille, famille niv 1, "
    "category id, collection, taxon, product group, group",
    "subcategory": "subcategory, sous categorie, sub category, sous famille, class, famille niv 2",
    "brand": "brand, marque, vendor, manufacturer",
    "price": "price, prix, unit price, retail price, prix ttc, list price, prix vente, "
    "sale price, default price, regular price, standard price",
    "unit_margin": "margin, marge, unit margin",
    "is_active": "is active, active, published, available, enabled, visible, status",
    "store_id": "store id, store, magasin, boutique, location, shop id, code magasin, store code, "
    "id magasin, code, site, etablissement",
    "observed_at": "observed at, counted at, date, timestamp, date inventaire, as of, "
    "snapshot date, answered at",
    "quantity": "quantity, qty, qty ordered, quantity ordered, quantite, unit quantity, "
    "available, stock, on hand, units, nb, pieces, kwmeng, quantite facturee, quantite fact, "
    "amount",
    "order_id": "order id, order number, order, commande, num commande, no commande, id commande, "
    "sale id, numero commande, transaction id, invoice, order no, orderno, reference commande, "
    "sales order, ticket, num ticket, piece, num piece, vbeln, receipt, receipt id, receipt num, "
    "numero",
    "ordered_at": "ordered at, order date, date commande, placed at, created at, purchase date, "
    "transaction date, order time, date achat, processed at, sold at, date created, date order, "
    "create time, date creation, date de la commande, date, invoice date, purchase timestamp, "
    "date piece, piece date, doc date, erdat, effective date",
    "total_amount": "total amount, total, montant, amount, total ttc, montant ttc, grand total, "
    "order total, net amount, total price, ca, montant total, value, total paid, total sales, "
    "calc total, total paid real, netwr, total document, price",
    "cancelled_at": "cancelled at, canceled at, date annulation, cancellation date",
    "visitor_id": "visitor id, visitor, cookie, cookie id, anonymous id, "
    "fullvisitorid, user pseudo id, device id",
    "currency": "currency, devise, currency code, monnaie, waerk, currency iso code",
    "discount_amount": "discount amount, discount, discount total, total discounts, remise, "
    "reduction, montant remise, rabais",
    "shipping_amount": "shipping amount, shipping, shipping total, total shipping, frais de port, "
    "livraison, delivery cost, port, freight, shipping cost, shipping rate, cost",
    "tax_amount": "tax amount, tax, tax total, total tax, calc tax, tva, taxes, vat, montant tva, "
    "included tax",
    "coupon_code": "coupon code, coupon, promo code, discount code, code promo, voucher",
    "line_number": "line number, line, ligne, num ligne, no ligne, line no, position, line item, "
    "lineno, rang, posnr, ligne num, pos, pos num",
    "unit_price": "unit price, price, prix unitaire, prix, pu, pu ttc, item price, "
    "lineitem price, prix unit, price unit, unit retail, netpr",
    "occurred_at": "occurred at, timestamp, event time, ts, date, event date, returned at, "
    "event timestamp, time, datetime, hit time",
    "event_id": "event id, hit id, id, event key, uuid",
    "event_name": "event name, event, metric, action, event type, type, hit type, activity, "
    "activity type, evenement",
    "session_id": "session id, session, visit id, ga session id",
    "page": "page, url, page path, page url, page location",
    "source": "source, utm source, traffic source",
    "medium": "medium, utm medium, traffic medium",
    "campaign": "campaign, utm campaign, campagne",
    "device": "device, device category, device type, appareil",
    "consent_state": "consent state, consent, consentement",
    "campaign_id": "campaign id, id campagne, campaign, campagne, code campagne, campaign code, "
    "mailing id, message id, id",
    "starts_at": "starts at, scheduled date, scheduled at, scheduled, send time, start date, "
    "start, date debut, debut, begin, launch date, send date",
    "ends_at": "ends at, end date, end, date fin, fin",
    "theme": "theme, thematique, topic",
    "offer_type": "offer type, offer, offre, type offre",
    "offer_rate": "offer rate, rate, taux, discount rate, percent",
    "cost_per_contact": "cost per contact, cost, cout, unit cost, cout contact",
    "capacity": "capacity, capacite, max contacts, limit, quota",
    "audience": "audience, target, cible",
    "alias": "alias, external id, tool id, utm campaign, synonym",
    "sent_at": "sent at, sent date, send date, date envoi, sent, send time, sendtime, timestamp, "
    "date",
    "send_id": "send id, message id, id envoi, delivery id, recipient id",
    "arm": "arm, bras, group, groupe, cell",
    "assignment_probability": "assignment probability, probability, share",
    "variant": "variant, variante, version, ab",
    "is_machine": "is machine, machine open, bot, is bot, prefetch",
    "subscription_id": "subscription id, abonnement, id abonnement, subscription, contract id",
    "plan": "plan, formule, product, offer",
    "trial_started_at": "trial started at, trial start, debut essai, start date",
    "trial_ends_at": "trial ends at, trial end, fin essai",
    "converted_at": "converted at, conversion date, activated at, date conversion",
    "monthly_amount": "monthly amount, mrr, price, prix mensuel, montant mensuel, amount",
    "hashed_email": "hashed email, email hash, email sha256, sha256, email md5",
    "value": "value, valeur, answer, reponse, val",
    "provider": "provider, fournisseur, source, partner",
    "reason": "reason, motif, raison, type",
    "until": "until, end date, date fin, expires, valid until",
    "date": "date, rate date, day, jour",
    "rate": "rate, taux, exchange rate, cours",
    "requested_at": "requested at, request date, date demande, date, timestamp",
}

VALUE_WORDS: dict[str, str] = {
    "pending": "pending, open, new, on hold, holded, en attente, created, en cours, draft, "
    "unpaid, enc, att, devis, devis envoye, quotation, brouillon, awaiting, pending payment",
    "paid": "paid, fac, val, in progress, in process, bezahlt, pagato, pagado, settled, captured, "
    "payment received, payee, paye, authorized, confirmed, confirmee, validee, ok, "
    "invoiced, facturee, processing, preparation, en preparation, en cours de preparation, "
    "paiement accepte, payment accepted, bon de commande, sale, unfulfilled, fulfillment, "
    "in fulfillment",
    "shipped": "shipped, exp, expediee, expedie, sent, in transit, fulfilled, en livraison, "
    "dispatched",
    "completed": "completed, complete, liv, sol, clo, livree, livre, delivered, done, terminee, "
    "closed, soldee, true, verrouille, locked, partially refunded, partial refund, "
    "partly refunded, refunded partially, partially returned, "
    "partiellement remboursee, teilweise erstattet",
    "cancelled": "cancelled, canceled, cancel, ann, annulee, annule, voided, void, failed, "
    "abandoned, refusee, declined, erreur de paiement, payment error",
    "refunded": "refunded, rmb, avo, avoir, remboursee, rembourse, returned, retournee, "
    "credit owed, credited, re crediting, recrediting, gutschrift, wiedergutschrift, chargeback",
    "web": "web, site, online, internet, online store, ecommerce, website, eshop",
    "app": "app, appli, mobile app, ios, android, application",
    "store": "store, boutique, magasin, pos, retail, shop, offline",
    "phone": "phone, telephone, call, call center, tel",
    "marketplace": "marketplace, amazon, ebay, place de marche",
    "email": "email, mail, e mail, courriel, newsletter",
    "sms": "sms, text, mobile",
    "push": "push, notification",
    "post": "post, courrier, postal, direct mail, letter",
    "granted": "granted, accord, yes, oui, optin, opt in, subscribed, abonne, active, actif, "
    "true, 1, o, y",
    "withdrawn": "withdrawn, retrait, no, non, optout, opt out, unsubscribed, desabonne, "
    "inactive, cleaned, false, 0, n",
    "objected": "objected, opposition, refus, objection",
    "marketing": "marketing, commercial, newsletter, promotion",
    "profiling": "profiling, profilage",
    "open_tracking": "open tracking, suivi des ouvertures, tracking",
    "page_view": "page view, pageview, page vue, view page, screen view",
    "product_view": "product view, view item, product viewed, detail, vue produit, fiche produit",
    "search": "search, recherche, view search results, site search",
    "add_to_cart": "add to cart, ajout panier, added to cart, cart add",
    "remove_from_cart": "remove from cart, retrait panier, cart remove",
    "begin_checkout": "begin checkout, initiate checkout, started checkout, checkout started, "
    "checkout, commande debut",
    "purchase": "purchase, order completed, achat, transaction, placed order",
    "sign_in": "sign in, login, connexion, signed in",
    "app_activity": "app activity, app open, session start, first open",
    "store_locator": "store locator, magasins, find store",
    "delivered": "delivered, delivery, received, received email, livre, recu",
    "open": "open, opened, opened email, ouverture, ouvert",
    "click": "click, clicked, clicked email, clic, link click",
    "bounce": "bounce, bounced, bounced email, hard bounce, soft bounce, npai, rebond",
    "unsubscribe": "unsubscribe, unsubscribed, unsub, desinscription, desabonnement, opt out",
    "complaint": "complaint, spam, marked email as spam, abuse, plainte",
    "chosen": "chosen, targeted, cible, segment",
    "everyone": "everyone, all, tous, newsletter",
    "staff": "staff, employee, salarie, interne, internal",
    "seed": "seed, test, bat",
    "litigation": "litigation, litige, dispute, contentieux",
    "vip": "vip",
    "denied": "denied, refused, no, non, refus, false, 0",
}

AMBIGUOUS: dict[str, str] = {  # what a word means in another tool
    word: f"taken so; other tools say it of what is {other}"
    for other, words in {
        "refunded, or done": "closed",
        "pending": "processing, in progress, confirmed, ok, sale, fac, val, en cours",
        "paid, not yet sent": "complete, created, open, new, enc, att, unfulfilled",
        "completed": "delivered, sent, exp, bon de commande, shipped",
        "shipped": "liv, sol, clo, locked, true",
        "refunded": "ann",
        "cancelled": "rmb, avo, avoir",
        "not agreed to, but in use": "active",
        "not withdrawn, but out of use": "inactive",
        "withdrawn because it bounced": "cleaned",
        "a call or an app": "mobile, text",
        "not for tests": "test",
        "of another kind": "type, detail, session start",
    }.items()
    for word in words.split(", ")
}

KNOWN_CODES: dict[str, dict[str, str]] = {  # a column's words → the codes its tool comes with
    "current state": {  # PrestaShop
        **{"1": "pending", "2": "paid", "3": "paid", "4": "shipped", "5": "completed"},
        **{"6": "cancelled", "7": "refunded", "8": "cancelled", "9": "paid", "10": "pending"},
        **{"11": "paid", "12": "pending", "13": "pending"},
    },
    "gbstk": {"A": "pending", "B": "paid", "C": "completed"},  # SAP
    "subscriber status": {"1": "granted", "2": "withdrawn", "3": "withdrawn", "4": "withdrawn"},
}

OPT_INS: dict[str, str] = {  # words of a column that says yes or no → the channel
    "newsletter": "email",
    "email optin": "email",
    "optin email": "email",
    "optin mail": "email",
    "accepts email marketing": "email",
    "accepts marketing": "email",
    "email consent": "email",
    "is subscribed": "email",
    "subscribed": "email",
    "abonne": "email",
    "optin": "email",
    "receive marketing emails": "email",
    "marketing emails": "email",
    "email marketing": "email",
    "emailing": "email",
    "marketing consent": "email",
    "consentement": "email",
    "rgpd": "email",
    "sms optin": "sms",
    "optin sms": "sms",
    "accepts sms marketing": "sms",
    "accepts sms": "sms",
    "sms consent": "sms",
    "push optin": "push",
    "optin push": "push",
    "phone optin": "phone",
    "optin telephone": "phone",
    "post optin": "post",
    "optin courrier": "post",
}

PRIVACY: dict[str, str] = {  # of a column that says yes or no to a use of data, with its own date
    **dict.fromkeys(("privacy", "priv", "consenso", "gdpr", "dsgvo", "einwilligung"), "email"),
}

OPT_OUTS: dict[str, str] = {  # of a column whose yes means no
    "email optout": "email",
    "optout email": "email",
    "optout": "email",
    "unsubscribed": "email",
    "desabonne": "email",
    "do not email": "email",
    "do num email": "email",
    "num email": "email",
    "liste noire": "email",
    "blacklisted": "email",
    "opted out of email": "email",
    "is blacklist": "email",
    "sms optout": "sms",
    "optout sms": "sms",
    "stop sms": "sms",
    "num phone": "phone",
    "do num call": "phone",
}

SHORT = {  # one spelling for what tools shorten, and for words that mean the same
    short: word
    for word, shorts in {
        "num": "no nr numero number nbr",
        "client": "cli clt",
        "customer": "cust",
        "commande": "cde cmd",
        "order": "ord",
        "article": "art",
        "product": "prod",
        "reference": "ref",
        "vente": "ven vte",
        "achat": "ach",
        "libelle": "lib lbl",
        "designation": "design",
        "description": "desc",
        "code": "cd cod",
        "date": "dt dat",
        "montant": "mt mnt mtt",
        "amount": "amt",
        "adresse": "adr",
        "prenom": "prn",
        "telephone": "tel",
        "ville": "vil",
        "creation": "crea cre",
        "naissance": "nais naiss",
        "famille": "fam",
        "subcategory": "sfam",
        "ligne": "lig",
        "line": "ln",
        "statut": "stat sta etat eta",
        "event": "evt evn",
        "canal": "can",
        "devise": "dev",
        "remise": "rem rse",
        "magasin": "mag",
        "campagne": "camp",
        "maj": "modif mod",
        "optin": "optins",
        "updated": "upd mtime mdate",
        "created": "add ctime cdate",
        "marque": "marq mrq",
        "prix": "pu pv",
        "quantity": "qte qty qta qt",
        "shipping": "ship shipment",
        "firstname": "fname",
        "lastname": "lname",
        "salutation": "civ sal",
        "stock": "stk",
        "debut": "deb",
        "type": "typ",
    }.items()
    for short in shorts.split()
}

GLUED = {  # what is short only within a glued name, such as CLIPRE or CDEDAT
    "id": "id",
    "sum": "total",
    "del": "delivery",
    "bill": "bill",
    "ship": "shipping",
    "fon": "phone",
    "pos": "position",
    "trans": "trans",
    "db": "db",
    "at": "at",
    "ctime": "created",
    "mtime": "updated",
    "parent": "parent",
    "news": "newsletter",
    "optin": "optin",
    "zip": "zip",
    "standard": "standard",
    "nr": "num",
    "pre": "prenom",
    "pay": "pays",
    "opt": "optin",
    "act": "actif",
    "dna": "date naissance",
    "ddn": "date naissance",
    "dcr": "date creation",
    "dmj": "date maj",
    "dmaj": "date maj",
    "ttc": "ttc",
    "doc": "doc",
    "niv": "niv",
    "entete": "entete",
    "ht": "ht",
    "tva": "tva",
    "nom": "nom",
    "cp": "cp",
    "mel": "mel",
    "sms": "sms",
    "port": "port",
}

CONSTANTS: dict[tuple[str, str], str] = {  # what may be said of every record where no column does
    ("products", "category"): "uncategorised",
    ("orders", "status"): "completed",
    ("contacts", "updated_at"): "2000-01-01",
    ("order_lines", "quantity"): "1",
    ("campaigns", "channel"): "email",
    ("consents", "channel"): "email",
}

INSTEAD: dict[tuple[str, str], str] = {  # a column that will do where another is missing
    ("contacts", "contact_id"): "email",
    ("contacts", "updated_at"): "created_at",
    ("products", "name"): "product_id",
    ("campaigns", "name"): "campaign_id",
}
