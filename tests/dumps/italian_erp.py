"""Tables of an Italian ERP: documents of several kinds in one table, Italian names and words,
decimal commas."""

from pathlib import Path

from tests.dumps.shop import Order, Shop, net, time, write

STATO = {"pending": "In attesa", "paid": "Pagato", "shipped": "Spedito", "completed": "Evaso",
         "cancelled": "Annullato", "refunded": "Rimborsato"}  # fmt: skip
TIME = "%d/%m/%Y %H:%M"


def _euro(cents: int) -> str:
    return f"{cents / 100:,.2f}".replace(",", "x").replace(".", ",").replace("x", ".")


def _head(o: Order, cart: bool) -> dict[str, object]:
    return {
        "id_documento": o.id,
        "tipo_documento": "Preventivo" if cart else "Ordine",
        "numero_documento": f"{'PR' if cart else 'OR'}{o.id:05d}",
        "data_documento": time(o.placed or o.begun, TIME),
        "data_modifica": time(o.updated, TIME),
        "codice_cliente": f"CL{o.customer.id:04d}",
        "stato": "Bozza" if cart else STATO[o.state],
        "totale_imponibile": _euro(net(o.total)),
        "totale_iva": _euro(o.tax),
        "totale_documento": _euro(o.total),
        "spese_spedizione": _euro(o.shipping),
        "sconto": _euro(o.discount),
        "valuta": "EUR",
        "note": "",
    }


def make(folder: Path) -> None:
    shop = Shop(carts=True)
    write(folder / "documenti.csv", [_head(o, o.is_cart) for o in shop.orders], ";")
    write(
        folder / "righe_documento.csv",
        [
            {
                "id_riga": line.id,
                "id_documento": o.id,
                "numero_riga": line.rank,
                "codice_articolo": line.product.sku,
                "descrizione": line.product.name,
                "quantita": line.quantity,
                "prezzo_unitario": _euro(line.price),
                "importo": _euro(line.total),
            }
            for o in shop.orders
            for line in o.lines
        ],
        ";",
    )
    write(
        folder / "clienti.csv",
        [
            {
                "codice_cliente": f"CL{c.id:04d}",
                "nome": c.first,
                "cognome": c.last,
                "indirizzo_email": c.email,
                "cellulare": c.phone,
                "data_nascita": f"{c.born:%d/%m/%Y}" if c.born else "",
                "sesso": "F" if c.is_woman else "M",
                "indirizzo": "rue Haute",
                "cap": c.postcode,
                "citta": c.town,
                "nazione": "FR",
                "consenso_marketing": "SI" if c.agreed else "NO",
                "data_registrazione": time(c.joined, TIME),
                "data_modifica": time(c.updated, TIME),
            }
            for c in shop.customers
        ],
        ";",
    )
    write(
        folder / "articoli.csv",
        [
            {
                "codice_articolo": p.sku,
                "descrizione": p.name,
                "categoria": shop.kinds[p.kind],
                "marca": p.brand,
                "prezzo_vendita": _euro(p.price),
                "prezzo_acquisto": _euro(net(p.price) // 2),
                "attivo": "SI",
                "giacenza": 50,
            }
            for p in shop.products
        ],
        ";",
    )
    write(
        folder / "fornitori.csv",
        [{"codice_fornitore": f"FO{n}", "ragione_sociale": f"Ditta {n}", "citta": "Milano",
          "email": f"info@ditta{n}.example"} for n in range(1, 8)],
        ";",
    )  # fmt: skip


RIGHT = """
amounts: {includes_tax: true, includes_shipping: true}
sources:
  orders:
    entity: orders
    path: documenti.csv
    format: csv
    delimiter: ";"
    decimal: ","
    timestamp_format: "%d/%m/%Y %H:%M"
    columns:
      order_id: id_documento
      ordered_at: data_documento
      updated_at: data_modifica
      status: stato
      total_amount: totale_documento
      tax_amount: totale_iva
      shipping_amount: spese_spedizione
      discount_amount: sconto
      currency: valuta
      contact_id: codice_cliente
    values:
      status: {In attesa: pending, Pagato: paid, Spedito: shipped, Evaso: completed,
               Annullato: cancelled, Rimborsato: refunded}
    skip:
      stato: [Bozza]
  lines:
    entity: order_lines
    path: righe_documento.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      order_id: id_documento
      line_number: numero_riga
      product_id: codice_articolo
      quantity: quantita
      unit_price: prezzo_unitario
  customers:
    entity: contacts
    path: clienti.csv
    format: csv
    delimiter: ";"
    timestamp_format: "%d/%m/%Y %H:%M"
    date_format: "%d/%m/%Y"
    columns:
      contact_id: codice_cliente
      email: indirizzo_email
      phone: cellulare
      first_name: nome
      last_name: cognome
      birth_date: data_nascita
      gender: sesso
      postal_code: cap
      city: citta
      country: nazione
      created_at: data_registrazione
      updated_at: data_modifica
  consent:
    entity: consents
    path: clienti.csv
    format: csv
    delimiter: ";"
    timestamp_format: "%d/%m/%Y %H:%M"
    columns: {contact_id: codice_cliente, status: consenso_marketing, changed_at: data_modifica}
    constants: {channel: email}
    values:
      status: {"NO": withdrawn, SI: granted}
  products:
    entity: products
    path: articoli.csv
    format: csv
    delimiter: ";"
    decimal: ","
    columns:
      product_id: codice_articolo
      name: descrizione
      category: categoria
      brand: marca
      price: prezzo_vendita
      is_active: attivo
    values:
      is_active: {SI: "true"}
"""
