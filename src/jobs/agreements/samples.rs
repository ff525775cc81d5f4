//! Papers and mails of an invented customer, in the business's own letterhead: what `check` tries and `paper preview` shows.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use crate::customer::{Customer, Delivery, Tone};
use crate::document::{Enclosed, Files, Paper, QrBill};
use crate::dunning::{
    Accrual, Claim, ClaimedSpan, DunnedInvoice, DunningDocument, Enclosure, Policy, Stage, WithdrawalDocument,
    WithdrawnItem,
};
use crate::invoice::{AccountOfDay, Buyer, Document, DocumentKind, Draft, OneOff, PayTo};
use crate::language::Language;
use crate::letter;
use crate::letter::{
    AccountLine, Dossier, Happened, Leaving, Medium, NoticeLine, Step, TemplateError, Templates, Text,
};
use crate::money::{Amount, Currency};
use crate::reference::CreditorReference;
use crate::shell::config::Config;

/// A customer of whom everything is known that a paper can show.
const CUSTOMER: &str = r#"
number = "K-1001"
name = "Becker GmbH"
buyer_reference = "04011000-12345-67"
order_number = "4711"
vat_id = "DE123456788"
address = { street = "Hauptstraße 5", postcode = "50667", city = "Köln" }
contact = { name = "Petra Becker" }
discount = [{ days = 10, percent = "2" }]
"#;

/// An invoice that says everything that a paper can show.
const INVOICE: &str = r#"
number = "A-1"
customer = "K-1001"
title = "Umzug des Mailservers"
service_from = 2026-03-02
service_through = 2026-03-13
note = "Wie besprochen."
[[line]]
name = "Technikerstunden"
description = "Planung und Umzug"
quantity = "6.5"
unit = "hour"
unit_price = "95.00"
discount_percent = "5"
"#;

/// The name of a customer that no line holds, with letters of three alphabets.
const LONG_NAME: &str = "Ελληνική Εταιρεία Πληροφορικής και Επικοινωνιών – Общество с ограниченной ответственностью \
                         «Восток-Запад Консалтинг» GmbH & Co. Kommanditgesellschaft";

/// How many lines the long ones of the papers have.
const MANY: usize = 60;

/// The day of the samples.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 16).expect("a day")
}

/// The invented customer, who reads a language.
fn customer(language: Language) -> Customer {
    Customer { language, ..toml::from_str(CUSTOMER).expect("the sample is a customer") }
}

/// Makes an invoice of this business; nothing where its settings allow none.
pub(super) fn invoice(config: &Config) -> Option<Document> {
    draft(config, &customer(Language::default()), 1)
}

fn draft(config: &Config, customer: &Customer, lines: usize) -> Option<Document> {
    let mut one_off: OneOff = toml::from_str(INVOICE).expect("the sample is an invoice");
    one_off.lines = one_off.lines.into_iter().cycle().take(lines).collect();
    let draft = Draft::of(&one_off.charge(), customer, &config.terms(today()), today()).ok()?;
    Some(draft.numbered(&number(config, "invoice", 1)))
}

/// A number of the business's own series.
fn number(config: &Config, series: &str, sequence: i64) -> String {
    config.series(series).series.number(today(), sequence)
}

/// Samples in one language.
pub(super) struct Samples<'a> {
    config: &'a Config,
    templates: &'a Templates,
    customer: Customer,
    invoice: Document,
    account: AccountOfDay,
}

impl<'a> Samples<'a> {
    /// Makes samples in a language; nothing where the settings allow no invoice.
    pub(super) fn of(config: &'a Config, templates: &'a Templates, language: Language) -> Option<Samples<'a>> {
        let customer = customer(language);
        let invoice = draft(config, &customer, 1)?;
        let account = config.account_of_day([&invoice], today())?;
        Some(Samples { config, templates, customer, invoice, account })
    }

    /// The papers by the names of their files, but for those that enclose others.
    ///
    /// # Errors
    /// When a template of the owner's fails.
    pub(super) fn papers(&self) -> Result<Vec<(String, Paper)>, TemplateError> {
        let mut papers = vec![self.named("invoice", invoice_paper(self.invoice.clone()))];
        let long = Customer { name: LONG_NAME.to_owned(), ..self.customer.clone() };
        papers.extend(draft(self.config, &long, MANY).map(|long| self.named("invoice-long", invoice_paper(long))));
        papers.extend(self.in_other_currencies().into_iter().map(|invoice| {
            let kind = if QrBill::of(&invoice).is_some() { "qr-bill" } else { "invoice" };
            self.named(&format!("{kind}-{}", invoice.currency), invoice_paper(invoice))
        }));
        for (policy, place) in self.stages() {
            let letter = self.dunning(policy, place, 2);
            papers.push(self.named(&letter.stage_name, self.dunning_paper(&letter)?));
        }
        if let Some((policy, place)) = self.stages().pop() {
            let letter = self.dunning(policy, place, MANY);
            papers.push(self.named(&format!("{}-long", letter.stage_name), self.dunning_paper(&letter)?));
            papers.push(self.named("open-items", Paper::Letter(Box::new(self.open_items(&letter)))));
        }
        let withdrawal = self.withdrawal();
        let text =
            self.templates.write("withdrawal", self.language(), letter::withdrawal(&withdrawal, &self.customer))?;
        papers.push(self.named("withdrawal", Paper::Letter(Box::new(letter::withdrawal_sheet(&withdrawal, &text)))));
        Ok(papers)
    }

    /// The papers that show others, which were typeset before.
    pub(super) fn papers_with(&self, invoice: Vec<u8>) -> Vec<(String, Paper)> {
        let enclosed = Enclosed { name: self.invoice.number.clone(), bytes: invoice };
        let copy = self.named("copy", Paper::Copy(Box::new(enclosed.clone()), self.language()));
        let cover = Paper::Bundle(Box::new(self.dossier(enclosed.clone()).sheet()), vec![enclosed]);
        vec![copy, self.named("handover", cover)]
    }

    /// The mails by the names of their files.
    ///
    /// # Errors
    /// When a template of the owner's fails.
    pub(super) fn mails(&self) -> Result<Vec<(String, Text)>, TemplateError> {
        let (language, customer) = (self.language(), &self.customer);
        let leaving = Leaving { credit: Amount::ZERO, due_on: self.invoice.due_on, account: self.account.clone() };
        let context = letter::invoice(&self.invoice, customer, &leaving);
        let mut mails = vec![(self.file("invoice", "html"), self.templates.write("invoice", language, context)?)];
        let line = NoticeLine { invoice: &self.invoice, open: self.invoice.payable(), due_on: self.invoice.due_on };
        let notice = letter::notice(&[line], customer, &self.account, Some(today()), None, true);
        mails.push((self.file("notice", "html"), self.templates.write("notice", language, notice)?));
        for (policy, place) in self.stages() {
            let letter = self.dunning(policy, place, 1);
            let context = letter::dunning(&letter, customer, Medium::Mail);
            let text = self.templates.write(&letter.stage_name, language, context)?;
            mails.push((self.file(&letter.stage_name, "html"), text));
        }
        let withdrawal = letter::withdrawal(&self.withdrawal(), customer);
        mails.push((self.file("withdrawal", "html"), self.templates.write("withdrawal", language, withdrawal)?));
        Ok(mails)
    }

    /// The language as the business writes it.
    pub(super) const fn language(&self) -> Language {
        self.invoice.language
    }

    /// The name of a sample's file: `reminder.de-CH.pdf`.
    pub(super) fn file(&self, name: &str, ending: &str) -> String {
        format!("{name}.{}.{ending}", self.language())
    }

    fn named(&self, name: &str, paper: Paper) -> (String, Paper) {
        (self.file(name, "pdf"), paper)
    }

    /// Invoices to a customer of the business's own country, in each currency of its accounts but the first.
    fn in_other_currencies(&self) -> Vec<Document> {
        let mut currencies: Vec<Currency> = self.config.bank_accounts.iter().map(|account| account.currency).collect();
        currencies.sort_unstable();
        currencies.dedup();
        let others = currencies.into_iter().filter(|currency| *currency != self.invoice.currency);
        let neighbour = |currency| Customer {
            currency: Some(currency),
            address: self.config.business.address.clone(),
            vat_id: None,
            ..self.customer.clone()
        };
        others.filter_map(|currency| draft(self.config, &neighbour(currency), 1)).collect()
    }

    /// The stages of all policies, each name once, in the order of their places.
    fn stages(&self) -> Vec<(&'a Policy, usize)> {
        let policies = self.config.dunning.policy.values();
        let mut stages: Vec<(&Policy, usize)> =
            policies.flat_map(|policy| (0..policy.stages.len()).map(move |place| (policy, place))).collect();
        stages.sort_by_key(|(_, place)| *place);
        let mut names = std::collections::BTreeSet::new();
        stages.retain(|(policy, place)| names.insert(policy.stages[*place].name.clone()));
        stages
    }

    /// A letter of a stage on so many invoices.
    fn dunning(&self, policy: &Policy, place: usize, invoices: usize) -> DunningDocument {
        let stage = &policy.stages[place];
        let items: Vec<DunnedInvoice> =
            (1..).take(invoices).map(|nth| self.dunned(policy, stage, place, nth)).collect();
        let number = number(self.config, "dunning", 1);
        let reference = CreditorReference::of_number(&number).map_or_else(|| number.clone(), |r| r.as_str().to_owned());
        DunningDocument {
            kind: DocumentKind::Dunning,
            number,
            issued_on: today(),
            deadline_on: today() + Days::new(u64::from(stage.deadline_days)),
            covered_through: Some(today() - Days::new(1)),
            currency: self.invoice.currency,
            language: self.language(),
            stage: place + 1,
            stage_name: stage.name.clone(),
            tone: stage.tone.or(policy.tone).unwrap_or(Tone::of_stage(place + 1)),
            seller: self.invoice.seller.clone(),
            buyer: self.invoice.buyer.clone(),
            total: items.iter().map(|item| item.principal + item.interest + item.costs).sum(),
            items,
            pay_to: PayTo { reference, ..self.account.pay_to.clone() },
            account_changed: false,
            attach: vec![Enclosure::Invoice],
        }
    }

    fn dunned(&self, policy: &Policy, stage: &Stage, place: usize, nth: i64) -> DunnedInvoice {
        let (payable, currency) = (self.invoice.totals.payable, self.invoice.currency);
        let due_on = today() - Days::new(20);
        let interest = if stage.interest { Decimal::new(938, currency.exponent()) } else { Decimal::ZERO };
        let span = |rate| ClaimedSpan {
            from: due_on + Days::new(1),
            through: today(),
            principal: payable,
            rate,
            amount: Some(interest),
        };
        let lump_sum = policy.lump_sum.as_ref().filter(|lump_sum| lump_sum.from_stage <= place + 1);
        let costs = lump_sum.map_or(&stage.fee, |lump_sum| &lump_sum.amount).of(currency);
        let rule = policy.interest.as_ref().filter(|_| stage.interest);
        DunnedInvoice {
            number: number(self.config, "invoice", nth),
            stage: place + 1,
            stage_name: stage.name.clone(),
            letters_before: place,
            issued_on: today() - Days::new(34),
            due_on,
            payable,
            principal: payable,
            interest,
            costs: costs.decimal(currency),
            is_lump_sum: lump_sum.is_some(),
            spans: rule.map(|rule| span(rule.percent.unwrap_or(Decimal::new(1027, 2)))).into_iter().collect(),
            legal_basis: rule.and_then(|rule| rule.regime.legal_basis(self.language())).map(str::to_owned),
        }
    }

    fn dunning_paper(&self, letter: &DunningDocument) -> Result<Paper, TemplateError> {
        let context = letter::dunning(letter, &self.customer, Medium::Paper);
        let text = self.templates.write(&letter.stage_name, self.language(), context)?;
        Ok(Paper::Letter(Box::new(letter::dunning_sheet(letter, &self.customer, &text))))
    }

    /// All that is open of the customer of a letter.
    fn open_items(&self, letter: &DunningDocument) -> crate::document::Sheet {
        let lines: Vec<AccountLine> = letter
            .items
            .iter()
            .map(|item| AccountLine {
                number: item.number.clone(),
                issued_on: item.issued_on,
                due_on: item.due_on,
                amount: item.payable,
                open: item.principal,
                costs: item.costs + item.interest,
            })
            .collect();
        letter::account_sheet(letter, &lines, Decimal::ZERO).1
    }

    fn withdrawal(&self) -> WithdrawalDocument {
        WithdrawalDocument {
            kind: DocumentKind::Withdrawal,
            number: number(self.config, "dunning", 2),
            issued_on: today(),
            currency: self.invoice.currency,
            language: self.language(),
            seller: self.invoice.seller.clone(),
            buyer: Buyer::of(&self.customer),
            pay_to: PayTo { reference: String::new(), ..self.account.pay_to.clone() },
            items: vec![WithdrawnItem {
                letter: number(self.config, "dunning", 1),
                sent_on: today() - Days::new(3),
                stage: 2,
                invoice: self.invoice.number.clone(),
                paid_on: today() - Days::new(5),
                taken_back: Decimal::new(938, self.invoice.currency.exponent()),
            }],
            credited: Decimal::ZERO,
        }
    }

    /// What is handed over of the invoice.
    fn dossier(&self, enclosed: Enclosed) -> Dossier {
        let invoice = &self.invoice;
        let issued = Happened::Issued { number: invoice.number.clone(), due_on: invoice.due_on };
        let brought = Happened::Delivered {
            stage: None,
            number: None,
            by: Delivery::Mail,
            to: self.config.business.email.to_string(),
            deadline_on: None,
        };
        Dossier {
            language: self.language(),
            as_of: today(),
            due_on: invoice.due_on,
            claim: Claim {
                principal: invoice.payable(),
                interest: Amount::ZERO,
                interest_through: today(),
                accrual: Accrual::default(),
                rate_unknown_on: None,
            },
            legal_basis: None,
            costs: Amount::ZERO,
            stage: None,
            covered_through: Some(today() - Days::new(1)),
            debtor: self.customer.clone(),
            steps: vec![
                Step { on: invoice.issued_on, what: issued, amount: Some(invoice.payable()) },
                Step { on: invoice.issued_on, what: brought, amount: None },
            ],
            postings: Vec::new(),
            papers: vec![enclosed],
            pay_to: self.account.pay_to.clone(),
            invoice: invoice.clone(),
        }
    }
}

fn invoice_paper(invoice: Document) -> Paper {
    Paper::Invoice(Box::new(invoice), Files::new())
}
