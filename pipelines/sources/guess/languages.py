"""Words of German, French, Italian, Spanish, Dutch and Polish names and their English ones, and
English plurals. A word that ends with * stands for all that begin so. Small letters, no accents."""

from functools import cache

WORDS: dict[str, str] = {  # English → what it is called, too
    # what files are about
    "order": "orders bestellung* bestell auftrag auftraege commande* pedido* ordine ordini"
    " bestelling* bestel zamowien*",
    "sale": "verkauf* vente* vendita vendite venta ventas verkoop* verkopen sprzedaz*",
    "customer": "customers kunde kunden client clients cliente clienti clientes klant klanten"
    " klantnummer klient*",
    "product": "products produit* article* artikel* articol* articul* producto* prodott* produkt*"
    " towar*",
    "line": "lines zeile zeilen ligne* riga righe linea lineas renglon* regel regels",
    "position": "positions positionen posizion* posicion* pozycj*",
    "user": "users benutzer utilisateur* utente utenti usuario* gebruiker*",
    "item": "items",
    "cart": "carts basket* warenkorb panier* carrello carrito* winkelwagen koszyk*",
    "invoice": "invoices rechnung* facture* fattur* factura* factuur facturen faktur*",
    "supplier": "suppliers lieferant* fournisseur* fornitor* proveedor* leverancier* dostawc*",
    "store": "stores filiale* laden magasin* boutique* negozio negozi tienda* winkel winkels"
    " sklep*",
    "stock": "bestand lagerbestand existencias giacenza* voorraad zapas*",
    "variant": "variants variante* varianti variation*",
    "category": "categories kategori* categori* warengruppe* familia* famiglia rubriek reparto",
    "brand": "brands marque* marca marke merk marka",
    "manufacturer": "manufacturers hersteller fabricant* produttor* fabrikant* producent*",
    "address": "addresses adresse* indirizz* direccion* adres adressen",
    "newsletter": "boletin nieuwsbrief biuletyn* infolettre",
    # of orders
    "num": "nummer numer numeru",
    "date": "datum fecha data",
    "status": "statut* stato estado toestand zustand",
    "amount": "betrag montant* importo importe bedrag kwota wartosc cuota",
    "total": "totals gesamt summe suma sum totale totaal totaux somma razem",
    "subtotal": "zwischensumme subtotale subtotaal",
    "unit": "units unitario unitaire einzel eenheid* jednostk* stueck stuk stuks",
    "price": "prices preis prix prezzo precio prijs cena ceny pvp",
    "quantity": "menge anzahl stueckzahl quantite* quantita cantidad aantal ilosc",
    "tax": "taxes steuer mwst ust mehrwertsteuer impuesto* iva imposta tva btw podatek podatku"
    " podatki",
    "ttc": "brutto bruto brut gross lordo",
    "ht": "netto neto net imponible imponibile",
    "shipping": "versand livraison envio spedizione verzend* dostaw* porto fracht",
    "delivery": "liefer lieferung entrega consegna",
    "cost": "costs kosten costo coste costi koszt* gastos gasto spese frais",
    "group": "gruppe groep gruppo grupo grupa groupe",
    "discount": "discounts rebate rabatt rabat rabais remise* sconto sconti descuento* korting*"
    " znizk*",
    "coupon": "coupons gutschein* buono cupon",
    "receipt": "receipts kassenbon* kassabon* bon bons scontrin* paragon*",
    "till": "kasse kassen kassa caisse cassa caja",
    "included": "enthalten* inklusive inclus incluso incluido",
    "currency": "waehrung wahrung devise* divisa* moneda valuta waluta",
    "channel": "canal kanal canale kanaal",
    "payment": "payments zahlung* paiement* pagamento pagamenti pago pagos betaling* platnos*",
    # of people
    "email": "correo",
    "phone": "telefon* telephone telefoon fon handy mobil komork* cellulare movil",
    "firstname": "vorname prenom voornaam imie fname",
    "lastname": "nachname familienname cognome apellido* achternaam nazwisko lname",
    "birth": "geburt* naissance nascita nacimiento geboorte* urodz*",
    "gender": "geschlecht sexe sesso sexo geslacht plec genere",
    "salutation": "anrede civilite aanhef tratamiento",
    "street": "strasse rue calle ulica straat",
    "postal": "pocztow*",
    "city": "stadt wohnort ville citta comune ciudad poblacion localidad stad miasto woonplaats"
    " plaats miejscowosc",
    "country": "land pays paese nazione pais kraj",
    "language": "sprache langue lingua idioma taal jezyk",
    "consent": "einwilligung* zustimmung consentement* consenso consentimiento toestemming zgod*",
    "marketing": "werbung publicite pubblicita publicidad reclame reklam*",
    "accepts": "accept akzeptiert accepte accetta acepta",
    "registration": "registrier* inscription* registrazione registro registratie rejestracj* alta",
    # of all
    "name": "naam nazwa",
    "description": "beschreibung descrizione descripcion opis",
    "designation": "bezeichnung denominazione omschrijving",
    "code": "kod codigo codice",
    "created": "erstellt* erstellung* creation* cree creato creazione creado aangemaakt aanmaak"
    " utworz* angelegt anlage inserimento dodani*",
    "updated": "geandert geaendert verandert veraendert aenderung* anderung* modificato modifica"
    " modificado modificacion gewijzigd wijziging* modyfikacj* zmian* aktualisier* aktualizacj*"
    " aggiorn* actualiz* bijgewerkt",
    "last": "letzte* ultimo ultima dernier derniere laatste ostatni*",
    "active": "aktiv actif attivo activo actief aktywn*",
    "deleted": "geloscht geloescht supprime eliminato eliminado verwijderd usunie*",
    # of what became of an order
    "pending": "pendiente attesa ausstehend wartend openstaand afwachting oczekuj*",
    "draft": "bozza borrador entwurf concept brouillon",
    "quote": "preventivo presupuesto angebot offerte devis",
    "new": "neu nuovo nuevo nieuw nowe nowy nouveau",
    "open": "offen",
    "processing": "bearbeitung traitement lavorazione elaborazione proceso procesando behandeling"
    " realizacji przetwarzan*",
    "paid": "bezahlt paye payee pagato saldato pagado cobrado betaald oplacon* zaplacon*",
    "shipped": "versandt versendet verschickt expedie* spedito enviado verzonden wyslan*",
    "delivered": "geliefert ausgeliefert zugestellt livre livree consegnato entregado geleverd"
    " bezorgd dostarczon*",
    "completed": "abgeschlossen erledigt termine* completato completado finalizado evaso voltooid"
    " afgerond afgehandeld zrealizowan* zakonczon*",
    "cancelled": "canceled storniert annule annulee annullato cancelado anulado geannuleerd"
    " anulowan*",
    "refunded": "erstattet retourniert rembourse* rimborsato reembolsado devuelto terugbetaald"
    " zwrocon*",
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
