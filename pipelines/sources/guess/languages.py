"""Words of German, French, Italian, Spanish, Dutch and Polish names and their English ones, and
English plurals. A word that ends with * stands for all that begin so. Small letters, no accents."""

from functools import cache

WORDS: dict[str, str] = {  # English → what it is called, too
    # what files are about
    "order": "orders bestellung* bestell auftrag auftraege commande* pedido* ordine ordini"
    " bestelling* bestel zamowien*",
    "customer": "customers kunde kunden client clients cliente clienti clientes klant klanten"
    " klantnummer klient*",
    "product": "products produit* article* artikel* articol* articul* producto* prodott* produkt*",
    "line": "lines zeile zeilen ligne* riga righe linea lineas regel regels",
    "position": "positions positionen posizion* posicion* pozycj*",
    "user": "users benutzer utilisateur* utente utenti usuario* gebruiker*",
    "item": "items",
    "cart": "carts basket* warenkorb panier* carrello carrito* winkelwagen koszyk*",
    "invoice": "invoices rechnung* facture* fattur* factura* factuur facturen faktur*",
    "supplier": "suppliers lieferant* fournisseur* fornitor* proveedor* leverancier* dostawc*",
    "store": "stores filiale* magasin* boutique* negozio negozi tienda* winkel winkels sklep*",
    "variant": "variants variante* varianti variation*",
    "category": "categories kategori* categori* warengruppe*",
    "brand": "brands marque* marca marke merk marka",
    "manufacturer": "manufacturers hersteller fabricant* produttor* fabrikant* producent*",
    "address": "addresses adresse* indirizz* direccion* adres adressen",
    # of orders
    "num": "nummer numer numeru",
    "date": "datum fecha data",
    "status": "statut* stato estado toestand zustand",
    "amount": "betrag montant* importo importe bedrag kwota wartosc",
    "unit": "units unitario unitaire einzel eenheid* jednostk* stueck",
    "subtotal": "zwischensumme subtotale subtotaal",
    "total": "totals gesamt summe suma sum totale totaal totaux somma razem",
    "price": "prices preis prix prezzo precio prijs cena ceny",
    "quantity": "menge anzahl quantite* quantita cantidad aantal ilosc",
    "tax": "taxes steuer mwst ust mehrwertsteuer impuesto* imposta btw podatek podatku podatki",
    "ttc": "brutto bruto brut gross lordo",
    "ht": "netto neto net",
    "shipping": "versand livraison envio spedizione verzend* dostaw*",
    "delivery": "liefer lieferung entrega consegna",
    "cost": "costs kosten costo coste costi koszt*",
    "discount": "discounts rabatt rabat rabais remise* sconto sconti descuento* korting* znizk*",
    "coupon": "coupons gutschein* buono cupon bon",
    "currency": "waehrung wahrung devise* moneda valuta waluta",
    "channel": "canal kanal canale kanaal",
    "payment": "payments zahlung* paiement* pagamento pagamenti pago pagos betaling* platnos*",
    # of people
    "email": "correo",
    "phone": "telefon* telephone telefoon fon handy mobil komork* cellulare movil",
    "firstname": "vorname prenom voornaam imie fname",
    "lastname": "nachname familienname cognome apellido* achternaam nazwisko lname",
    "birth": "geburt* naissance nascita nacimiento geboorte* urodz*",
    "gender": "geschlecht sexe sesso sexo geslacht plec",
    "salutation": "anrede civilite aanhef",
    "street": "strasse rue calle ulica straat",
    "postal": "pocztow*",
    "city": "stadt ville citta ciudad stad miasto woonplaats",
    "country": "land pays paese pais kraj",
    "language": "sprache langue lingua idioma taal jezyk",
    "consent": "einwilligung* consentement* consenso consentimiento toestemming zgod*",
    "registration": "registrier* inscription* registrazione registro registratie rejestracj*",
    # of all
    "name": "naam nazwa",
    "designation": "bezeichnung denominazione omschrijving",
    "code": "kod codigo codice",
    "created": "erstellt* erstellung* creation* cree creato creazione creado aangemaakt utworz*"
    " angelegt anlage",
    "updated": "geandert geaendert verandert veraendert aenderung* anderung* modificato modifica"
    " modificado modificacion gewijzigd modyfikacj* zmian* aktualisier* aktualizacj* aggiorn*",
    "last": "letzte* ultimo ultima dernier derniere laatste ostatni*",
    "active": "aktiv actif attivo activo actief aktywn*",
    "deleted": "geloscht geloescht supprime eliminato eliminado verwijderd usunie*",
    # of what became of an order
    "pending": "pendiente openstaand oczekuj*",
    "new": "neu nuovo nuevo nieuw nowe nowy nouveau",
    "open": "offen",
    "paid": "bezahlt paye payee pagato pagado betaald oplacon* zaplacon*",
    "shipped": "versandt versendet verschickt expedie* spedito enviado verzonden wyslan*",
    "delivered": "geliefert ausgeliefert livre livree consegnato entregado geleverd dostarczon*",
    "completed": "abgeschlossen erledigt termine* completato completado evaso voltooid afgerond"
    " zrealizowan* zakonczon*",
    "cancelled": "canceled storniert annule annulee annullato cancelado geannuleerd anulowan*",
    "refunded": "erstattet rembourse* rimborsato reembolsado terugbetaald zwrocon*",
}

DROPPED = {"de", "di", "del", "della", "dell", "du", "la", "van", "von", "der", "of", "the"}

_ENDING = 4  # letters after a stem
_EXACT: dict[str, str] = {}
_STEMS: dict[str, str] = {}
for _english, _said in WORDS.items():
    for _word in _said.split():
        (_STEMS if _word.endswith("*") else _EXACT)[_word.rstrip("*")] = _english


@cache
def english(word: str) -> str:
    """The English word for one that is known, the word itself for another."""
    if word in _EXACT:
        return _EXACT[word]
    stems = [s for s in _STEMS if word.startswith(s) and len(word) <= len(s) + _ENDING]
    return _STEMS[max(stems, key=len)] if stems else word


def words() -> frozenset[str]:
    """All the foreign words and stems."""
    return frozenset((*_EXACT, *_STEMS))
