//! What was named is not there, is named otherwise, or is something else.

use super::table::refusals;
use crate::id::PaymentId;

refusals! {
    /// What was named is not there, or is something else.
    NameRefusal {
        Nothing { name: String }
            "nichts in den Büchern heißt {name}",
            "nothing in the books is named {name}",
            ["invoice", "list"], ["customer", "list"], ["payments"];
        Near { name: String, near: Vec<String> }
            "nichts in den Büchern heißt {name}; ähnlich: {near}",
            "nothing in the books is named {name}; the nearest: {near}",
            ["invoice", "list"], ["customer", "list"], ["payments"];
        Several { name: String, names: Vec<String> }
            "{name} kann mehreres heißen: {names}. Schreiben Sie es genau so",
            "{name} may be one of these: {names}. Write it exactly";
        Account { name: String, known: Vec<String> }
            "{name} ist keines Ihrer Konten; es gibt: {known}",
            "{name} is no account of yours; there is: {known}";
        Customer { number: String }
            "einen Kunden {number} gibt es nicht",
            "there is no customer {number}",
            ["customer", "list"];
        Payment { payment: PaymentId }
            "eine Zahlung {payment} gibt es nicht",
            "there is no payment {payment}",
            ["payments"];
        Invoice { number: String }
            "eine Rechnung {number} gibt es nicht",
            "there is no invoice {number}",
            ["invoice", "list"];
        Letter { name: String, invoices: Vec<String> }
            "{name} ist ein Schreiben zu {invoices}; nennen Sie eine Rechnung",
            "{name} is a letter on {invoices}; name an invoice";
        NoInvoice { name: String }
            "{name} ist keine Rechnung",
            "{name} is no invoice",
            ["why", name];
        NoCustomer { name: String }
            "{name} ist kein Kunde",
            "{name} is no customer",
            ["customer", "list"];
        NoPayment { name: String }
            "{name} ist keine Zahlung; Zahlungen heißen wie P-4690",
            "{name} is no payment; payments are named like P-4690",
            ["payments"];
        NoRefund { name: String }
            "{name} ist keine Erstattung",
            "{name} is no refund",
            ["why", name];
        Twice { name: String }
            "{name} ist zweimal genannt",
            "{name} is named twice";
        NoHistory { name: String }
            "von {name} gibt es keine Geschichte",
            "{name} has no history";
    }
}
