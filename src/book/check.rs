//! What the types cannot say: entries that name each other, days that cannot be, customers that cannot be written to.

use chrono::NaiveDate;

use super::claims::unfit_policies;
use super::context::CheckContext;
use super::mistake::Mistake;
use super::read::{Book, Entry, SourceFile};
use super::vat::{id_objection, objection};
use crate::calendar::last_of_month;
use crate::customer::{Customer, Delivery};
use crate::invoice::OneOff;
use crate::items::Item;
use crate::money::Currency;
use crate::party::one_line;
use crate::recurring::{Align, Contract, End, MOST_PERIODS};

/// Checks the book as a whole.
pub fn check(book: &Book, context: &CheckContext<'_>) -> Vec<Mistake> {
    let mut found = Vec::new();
    for entry in book.customers.values() {
        Checker { source: &entry.source, context, found: &mut found }.customer(&entry.value);
    }
    for entry in book.contracts.values() {
        let customer = book.customers.get(&entry.value.customer);
        Checker { source: &entry.source, context, found: &mut found }.contract(&entry.value, customer);
    }
    for entry in book.one_offs.values() {
        let customer = book.customers.get(&entry.value.customer);
        Checker { source: &entry.source, context, found: &mut found }.one_off(&entry.value, customer);
    }
    found.extend(unfit_policies(book, context));
    found
}

struct Checker<'a> {
    source: &'a SourceFile,
    context: &'a CheckContext<'a>,
    found: &'a mut Vec<Mistake>,
}

impl Checker<'_> {
    /// Notes a mistake at a key.
    fn wrong(&mut self, path: &[&str], what: impl Into<String>, advice: impl Into<String>) {
        let mistake = Mistake::in_file(&self.source.path, what).at_key(&self.source.text, path).advice(advice);
        self.found.push(mistake);
    }

    fn customer(&mut self, customer: &Customer) {
        self.line_of_text(&["name"], &customer.name);
        self.line_of_text(&["address", "street"], &customer.address.street);
        self.line_of_text(&["address", "city"], &customer.address.city);
        if let Some(contact) = &customer.contact {
            self.line_of_text(&["contact", "name"], &contact.name);
        }
        if customer.delivery == Delivery::Mail && customer.email.invoice.is_empty() {
            self.wrong(
                &["number"],
                "the customer has no e-mail address for invoices.",
                "Add `[email]` with `invoice = \"…\"`, or say `delivery = \"post\"`.",
            );
        }
        if let Some(what) = id_objection(customer) {
            self.wrong(&["vat_id"], what, "Write it as the customer does on its own invoices, or leave it out.");
        }
        self.policy(customer.dunning_policy.as_deref());
        self.currency(customer.currency);
        for (key, value) in
            [("bank_fee_tolerance", customer.bank_fee_tolerance), ("writeoff_below", customer.writeoff_below)]
        {
            if value.is_some_and(|value| value.is_sign_negative() && !value.is_zero()) {
                self.wrong(&[key], format!("`{key}` is less than nothing."), "Write \"0\" or more.");
            }
        }
        for (place, discount) in customer.discounts.iter().enumerate() {
            let percent = discount.percent;
            if percent.is_sign_negative() || percent.is_zero() || percent >= rust_decimal::Decimal::ONE_HUNDRED {
                let place = place.to_string();
                self.wrong(
                    &["discount", &place, "percent"],
                    format!("a discount of {percent} % is not possible."),
                    "A Skonto is more than 0 and less than 100 percent.",
                );
            }
        }
    }

    fn contract(&mut self, contract: &Contract, customer: Option<&Entry<Customer>>) {
        self.customer_exists(&contract.customer, customer);
        self.items(&contract.lines);
        self.vat(&contract.lines, customer);
        self.policy(contract.dunning_policy.as_deref());
        self.payer_text(contract.payer_text.as_deref());
        self.currency(contract.currency);
        self.billed_through(contract);
        let rhythm = contract.rhythm();
        if contract.align == Align::Calendar && rhythm.grid_months().is_none() {
            self.wrong(
                &["align"],
                format!("periods of {} cannot follow the calendar.", contract.interval),
                "Only months whose number divides a year can; leave out `align`, or choose another interval.",
            );
        }
        if contract.anchor_day.is_some() {
            if contract.align == Align::Calendar || contract.interval.months().is_none() {
                self.wrong(
                    &["anchor_day"],
                    "`anchor_day` needs periods of months, counted from the start.",
                    "Leave it out.",
                );
            } else if last_of_month(contract.start) != contract.start {
                self.wrong(
                    &["start"],
                    format!("{} is not the last day of its month, as `anchor_day = \"last\"` says.", contract.start),
                    "Correct the start, or leave out `anchor_day`.",
                );
            }
        }
        match &contract.end {
            Some(End::Until(day)) if *day < contract.start => {
                self.wrong(&["end"], format!("the contract ends on {day}, before it starts."), "Correct start or end.");
            }
            Some(End::Count(0)) => {
                self.wrong(&["end"], "the contract ends after no invoice.", "Write `count = 1` or more.")
            }
            _ => {}
        }
        for (place, pause) in contract.pauses.iter().enumerate() {
            if pause.to < pause.from {
                self.wrong(&["pauses", &place.to_string()], "the pause ends before it begins.", "Correct its days.");
            }
        }
        if contract.issue_offset_days.abs() > 366 {
            self.wrong(
                &["issue_offset_days"],
                "an invoice cannot be moved by more than a year.",
                "Write a number from -366 to 366.",
            );
        }
    }

    fn one_off(&mut self, one_off: &OneOff, customer: Option<&Entry<Customer>>) {
        self.customer_exists(&one_off.customer, customer);
        self.items(&one_off.lines);
        self.vat(&one_off.lines, customer);
        self.policy(one_off.dunning_policy.as_deref());
        self.payer_text(one_off.payer_text.as_deref());
        self.currency(one_off.currency);
        if one_off.service_through() < one_off.service_from {
            self.wrong(&["service_through"], "the service ends before it begins.", "Correct its days.");
        }
    }

    /// What was invoiced elsewhere ends with a period: the days after it would be billed twice, or never.
    fn billed_through(&mut self, contract: &Contract) {
        let Some(day) = contract.billed_through.filter(|day| *day >= contract.start) else { return };
        let whole = contract.clone();
        let whole = Contract { end: None, pauses: Vec::new(), ..whole };
        let mut before = None;
        for period in whole.periods().take(MOST_PERIODS) {
            if period.ends_on == day {
                return;
            }
            if period.ends_on > day {
                let ends = before.map(|day| format!("{day} or ")).unwrap_or_default();
                self.wrong(
                    &["billed_through"],
                    format!("{day} lies in the midst of a period, so some days would be billed twice."),
                    format!("Name the last day of a period: {ends}{}.", period.ends_on),
                );
                return;
            }
            before = Some(period.ends_on);
        }
    }

    /// Classes without tax need reasons that the law knows.
    fn vat(&mut self, items: &[Item], customer: Option<&Entry<Customer>>) {
        for (place, item) in items.iter().enumerate() {
            let place = place.to_string();
            let path = ["line", &place, "vat"];
            let is_written = Mistake::in_file("", "").at_key(&self.source.text, &path).place.is_some();
            let customer = customer.map(|entry| &entry.value);
            let Some((what, advice)) = objection(item.vat, is_written, customer, self.context) else { continue };
            let what = format!("the line \"{}\" {what}", item.name);
            let at = if is_written { &path[..] } else { &path[..2] };
            self.wrong(at, what, advice);
        }
    }

    fn customer_exists(&mut self, number: &str, customer: Option<&Entry<Customer>>) {
        if customer.is_none() {
            self.wrong(
                &["customer"],
                format!("there is no customer {number} in the book."),
                "Correct the number, or add the customer in book/customers/.",
            );
        }
    }

    fn items(&mut self, items: &[Item]) {
        if items.is_empty() {
            self.wrong(&["number"], "it charges nothing.", "Add at least one `[[line]]`.");
        }
        for (place, item) in items.iter().enumerate() {
            let place = place.to_string();
            self.line_of_text(&["line", &place, "name"], &item.name);
            match (item.unit_price, item.prices.is_empty()) {
                (None, true) => self.wrong(
                    &["line", &place],
                    format!("the line \"{}\" has no price.", item.name),
                    "Add `unit_price = \"…\"`, or `prices` with a day each.",
                ),
                (Some(_), false) => self.wrong(
                    &["line", &place, "unit_price"],
                    format!("the line \"{}\" has both `unit_price` and `prices`.", item.name),
                    "Keep one of both.",
                ),
                _ => {}
            }
            let prices = item.unit_price.iter().chain(item.prices.iter().map(|step| &step.unit_price));
            if prices.clone().any(|price| price.normalize().scale() > 6) {
                self.wrong(
                    &["line", &place],
                    format!("a price of the line \"{}\" has more than six decimals.", item.name),
                    "Six are the most that invoices have.",
                );
            }
            let mut days: Vec<NaiveDate> = item.prices.iter().map(|step| step.from).collect();
            days.sort_unstable();
            if days.windows(2).any(|pair| pair[0] == pair[1]) {
                self.wrong(
                    &["line", &place, "prices"],
                    format!("the line \"{}\" has two prices from the same day.", item.name),
                    "Keep one of both.",
                );
            }
        }
    }

    /// A text that is too short stands in other texts by chance. (The matcher looks for no shorter one.)
    fn payer_text(&mut self, text: Option<&str>) {
        const SHORTEST: usize = 4;
        let is_short = |text: &&str| text.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST;
        if let Some(text) = text.filter(is_short) {
            self.wrong(
                &["payer_text"],
                format!("`{text}` is too short to tell one payment from another."),
                format!(
                    "Write at least {SHORTEST} letters or digits of what the standing order says, or leave it out."
                ),
            );
        }
    }

    fn policy(&mut self, name: Option<&str>) {
        let known: Vec<&str> = self.context.policies.iter().map(|policy| policy.name).collect();
        if let Some(name) = name.filter(|name| !known.contains(name)) {
            let known = known.join(", ");
            self.wrong(
                &["dunning_policy"],
                format!("there is no dunning policy `{name}`."),
                format!("The configuration has: {known}."),
            );
        }
    }

    fn currency(&mut self, currency: Option<Currency>) {
        if let Some(currency) = currency.filter(|currency| !self.context.currencies.contains(currency)) {
            self.wrong(
                &["currency"],
                format!("no bank account in {currency} is configured, so nobody could pay."),
                "Add a `[[bank_account]]` in that currency to settled.toml.",
            );
        }
    }

    /// Checks a text that must fit on one line of a letter.
    fn line_of_text(&mut self, path: &[&str], text: &str) {
        if text.trim().is_empty() {
            self.wrong(path, "this text is empty.", "Write it out.");
        } else if one_line(text) != text.trim() {
            self.wrong(
                path,
                "this text has line breaks, control characters or runs of blanks.",
                format!("Write `\"{}\"`.", one_line(text)),
            );
        } else if text.chars().count() > 200 {
            self.wrong(
                path,
                "this text is longer than 200 characters.",
                "Shorten it; more can go into `description` or `note`.",
            );
        }
    }
}
