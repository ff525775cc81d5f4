//! The weekly summary as a page: what needs deciding first, then the figures, then how far the data reach.

use chrono::Days;
use rust_decimal::Decimal;

use super::page::{Bar, Block, Page};
use super::templates::Text;
use crate::invoice::Duty;
use crate::language::Language;
use crate::money::{Amount, Currency};
use crate::summary::{Age, AgeBucket, Flow, MoneyByCurrency, Summary, iso_week};

/// How many held invoices of a reason, and how many customers, are named.
const NAMED: usize = 3;

/// Writes the summary: subject and content.
pub fn summary_page(summary: &Summary) -> Text {
    let writer = Writer { summary, language: summary.language };
    let mut page = Page::default();
    writer.opening(&mut page);
    writer.questions(&mut page);
    writer.open(&mut page);
    writer.balances(&mut page);
    writer.letters(&mut page);
    writer.ahead(&mut page);
    writer.proof(&mut page);
    Text { subject: writer.subject(), page }
}

struct Writer<'s> {
    summary: &'s Summary,
    language: Language,
}

impl Writer<'_> {
    fn say(&self, german: &str, english: &str) -> String {
        match self.language {
            Language::De(_) => german.to_owned(),
            Language::En => english.to_owned(),
        }
    }

    fn money(&self, amounts: &MoneyByCurrency) -> String {
        let parts: Vec<String> =
            amounts.iter().map(|(currency, amount)| amount.with_currency(*currency, self.language)).collect();
        if parts.is_empty() { Amount::ZERO.with_currency(Currency::EUR, self.language) } else { parts.join(" + ") }
    }

    fn subject(&self) -> String {
        let (mut open, mut overdue) = (MoneyByCurrency::new(), MoneyByCurrency::new());
        for (currency, buckets) in &self.summary.ages {
            open.insert(*currency, total(buckets));
            overdue.insert(
                *currency,
                buckets.iter().filter(|bucket| bucket.age != Age::NotDue).map(|bucket| bucket.amount).sum(),
            );
        }
        let questions = self.summary.questions.len();
        let week = iso_week(self.summary.days.1 + Days::new(1));
        let week = week.rsplit('W').next().unwrap_or_default().trim_start_matches('0').to_owned();
        let (open, overdue) = (self.money(&open), self.money(&overdue));
        match self.language {
            Language::De(_) => {
                let ask = match questions {
                    0 => "keine Fragen".to_owned(),
                    1 => "1 Frage an Sie".to_owned(),
                    n => format!("{n} Fragen an Sie"),
                };
                format!("Forderungen KW {week}: {open} offen, {overdue} überfällig, {ask}")
            }
            Language::En => {
                let ask = match questions {
                    0 => "no questions".to_owned(),
                    1 => "1 question for you".to_owned(),
                    n => format!("{n} questions for you"),
                };
                format!("Receivables week {week}: {open} open, {overdue} overdue, {ask}")
            }
        }
    }

    fn opening(&self, page: &mut Page) {
        let s = self.summary;
        let (came_in, before) = (self.money(&s.week.money(Flow::came_in)), self.money(&s.came_in_before));
        let days = self.language.period(s.days.0, s.days.1);
        let (count, amount) = (s.went_out.0, self.money(&s.went_out.1));
        page.blocks.push(Block::Paragraph(self.say("Guten Morgen,", "Good morning,")));
        let words = match self.language {
            Language::De(_) => {
                let invoices = match count {
                    0 => "keine Rechnung ging hinaus".to_owned(),
                    1 => format!("1 Rechnung ging hinaus, über {amount}"),
                    n => format!("{n} Rechnungen gingen hinaus, über {amount}"),
                };
                format!("in der Woche {days} kamen {came_in} herein (in der davor {before}); {invoices}.")
            }
            Language::En => {
                let invoices = match count {
                    0 => "no invoice went out".to_owned(),
                    1 => format!("1 invoice went out, over {amount}"),
                    n => format!("{n} invoices went out, over {amount}"),
                };
                format!("in the week {days} {came_in} came in ({before} in the one before); {invoices}.")
            }
        };
        let more = [self.given_back(), self.undecided(), self.to_go_out(), self.asked()];
        let words = std::iter::once(words).chain(more.into_iter().flatten()).collect::<Vec<_>>().join(" ");
        page.blocks.push(Block::Paragraph(words));
    }

    /// Says what of the money went back.
    fn given_back(&self) -> Option<String> {
        let back = self.summary.week.money(|flow| flow.given_back);
        (!back.is_empty()).then(|| {
            let back = self.money(&back);
            self.say(&format!("Zurückgegebene {back} sind abgezogen."), &format!("{back} that went back are deducted."))
        })
    }

    /// Says what of the money that came in waits to be decided.
    fn undecided(&self) -> Option<String> {
        let undecided = self.summary.week.money(|flow| flow.undecided.max(Amount::ZERO));
        (!undecided.is_empty()).then(|| {
            let undecided = self.money(&undecided);
            self.say(
                &format!("{undecided} davon sind noch keiner Rechnung zugeordnet."),
                &format!("{undecided} of it are not assigned to an invoice yet."),
            )
        })
    }

    /// Says how often the owner was asked about payments.
    fn asked(&self) -> Option<String> {
        let (came, asked) = self.summary.asked;
        let times = match asked {
            0 => self.say("nach keiner", "about none of them"),
            1 => self.say("nach einer", "about one of them"),
            n => self.say(&format!("nach {n}"), &format!("about {n} of them")),
        };
        let per_hundred = match asked {
            0 => String::new(),
            _ => {
                let rate = (Decimal::from(asked * 100) / Decimal::from(came.max(1))).round_dp(1).normalize();
                let rate = self.language.number(rate);
                self.say(&format!(" ({rate} von 100)"), &format!(" ({rate} of 100)"))
            }
        };
        let payments = self.language.count(came, ("Zahlung", "Zahlungen"), ("payment", "payments"));
        let kamen = if came == 1 { "kam" } else { "kamen" };
        (came > 0).then(|| {
            self.say(
                &format!("In den letzten 13 Wochen {kamen} {payments}; {times} wurden Sie gefragt{per_hundred}."),
                &format!("In the last 13 weeks {payments} came in; you were asked {times}{per_hundred}."),
            )
        })
    }

    /// Says what was issued and waits to leave, or came back.
    fn to_go_out(&self) -> Option<String> {
        let (count, money) = &self.summary.to_go_out;
        let amount = self.money(money);
        match count {
            0 => None,
            1 => Some(self.say(
                &format!("1 Rechnung über {amount} hat ihren Kunden noch nicht erreicht."),
                &format!("1 invoice over {amount} has not reached its customer yet."),
            )),
            n => Some(self.say(
                &format!("{n} Rechnungen über {amount} haben ihre Kunden noch nicht erreicht."),
                &format!("{n} invoices over {amount} have not reached their customers yet."),
            )),
        }
    }

    /// Shows how what was open at the beginning of the week became what is open now.
    fn balances(&self, page: &mut Page) {
        let (begins, ends) = self.summary.days;
        for (currency, balance) in &self.summary.balances {
            let text = |amount: Amount| amount.text(*currency, self.language);
            let flow = &balance.flow;
            let moves = [
                (flow.issued, "ausgestellte Rechnungen", "invoices issued"),
                (flow.taken_over, "aus dem alten System übernommen", "taken over from the earlier system"),
                (-flow.credited, "Gutschriften und Stornos", "credit notes and cancellations"),
                (-flow.paid, "bezahlt", "paid"),
                (-flow.taken_off, "Skonto und kleine Differenzen", "discounts and small differences"),
                (-flow.from_credit, "aus Guthaben beglichen", "paid out of credit"),
                (flow.returned, "durch Rückgaben wieder offen", "open again after returns"),
            ];
            let (begins, ends) = (self.language.day(begins), self.language.day(ends));
            let mut rows = vec![(
                self.say(&format!("offen zu Beginn des {begins}"), &format!("open at the start of {begins}")),
                balance.before,
            )];
            let moved = moves.into_iter().filter(|(amount, ..)| !amount.is_zero());
            rows.extend(moved.map(|(amount, german, english)| (self.say(german, english), amount)));
            rows.push((
                self.say(&format!("offen am Ende des {ends}"), &format!("open at the end of {ends}")),
                balance.after,
            ));
            if !balance.since.is_zero() {
                rows.push((self.say("seither", "since then"), balance.since));
                rows.push((self.say("offen jetzt", "open now"), balance.after + balance.since));
            }
            let heading = self.say("Von Woche zu Woche", "From week to week");
            page.blocks.push(Block::Heading(format!("{heading} ({currency})")));
            page.blocks.push(Block::Table(rows.into_iter().map(|(label, amount)| vec![label, text(amount)]).collect()));
        }
    }

    fn questions(&self, page: &mut Page) {
        if self.summary.questions.is_empty() {
            page.blocks
                .push(Block::Paragraph(self.say("Zu entscheiden gibt es nichts.", "There is nothing to decide.")));
            return;
        }
        page.blocks.push(Block::Heading(self.say("Zu entscheiden", "To decide")));
        for question in &self.summary.questions {
            page.blocks.push(Block::todo(question, self.language));
        }
    }

    fn open(&self, page: &mut Page) {
        for (currency, buckets) in &self.summary.ages {
            let heading = self.say("Offen nach Alter", "Open by age");
            page.blocks.push(Block::Heading(format!("{heading} ({currency})")));
            page.blocks.push(Block::Bars(self.bars(*currency, buckets)));
        }
        if self.summary.ages.is_empty() {
            page.blocks.push(Block::Paragraph(self.say("Es ist nichts offen.", "Nothing is open.")));
        }
        if !self.summary.debtors.is_empty() {
            page.blocks.push(Block::Heading(self.say("Am meisten offen", "Owing most")));
            let rows = self.summary.debtors.iter().map(|debtor| {
                let late = match (debtor.mean_days_late, self.language) {
                    (None, Language::De(_)) => "noch nichts bezahlt".to_owned(),
                    (None, Language::En) => "nothing paid yet".to_owned(),
                    (Some(..=0), Language::De(_)) => "zahlt pünktlich".to_owned(),
                    (Some(..=0), Language::En) => "pays on time".to_owned(),
                    (Some(days), Language::De(_)) => {
                        format!("zahlt im Mittel {days} {} zu spät", if days == 1 { "Tag" } else { "Tage" })
                    }
                    (Some(days), Language::En) => {
                        format!("pays {days} {} late on average", if days == 1 { "day" } else { "days" })
                    }
                };
                // Two columns: a third would not fit on a telephone.
                vec![format!("{} · {late}", debtor.name), debtor.open.with_currency(debtor.currency, self.language)]
            });
            page.blocks.push(Block::Table(rows.collect()));
        }
    }

    fn bars(&self, currency: Currency, buckets: &[AgeBucket]) -> Vec<Bar> {
        let longest = buckets.iter().map(|bucket| bucket.amount.minor().max(0)).max().unwrap_or(0);
        let bar = |bucket: &AgeBucket| Bar {
            label: match (bucket.age, self.language) {
                (Age::NotDue, Language::De(_)) => "noch nicht fällig",
                (Age::Days30, Language::De(_)) => "1 bis 30 Tage",
                (Age::Days60, Language::De(_)) => "31 bis 60 Tage",
                (Age::Older, Language::De(_)) => "über 60 Tage",
                (Age::NotDue, Language::En) => "not due yet",
                (Age::Days30, Language::En) => "1 to 30 days",
                (Age::Days60, Language::En) => "31 to 60 days",
                (Age::Older, Language::En) => "over 60 days",
            }
            .to_owned(),
            value: bucket.amount.text(currency, self.language),
            count: bucket.count.to_string(),
            length: if longest == 0 {
                0
            } else {
                u32::try_from(bucket.amount.minor().max(0) * 100 / longest).unwrap_or(100)
            },
        };
        buckets.iter().map(bar).collect()
    }

    fn letters(&self, page: &mut Page) {
        let s = self.summary;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let none = self.say("keine", "none");
        rows.push(vec![
            self.say("Hinausgegangen", "Sent"),
            if s.letters.is_empty() {
                none.clone()
            } else {
                s.letters.iter().map(|sent| sent.words.as_str()).collect::<Vec<_>>().join(", ")
            },
        ]);
        let held: Vec<String> = s
            .held
            .iter()
            .map(|group| {
                format!("{} ({}: {})", group.numbers.len(), group.reason.words(self.language), group.some(NAMED))
            })
            .collect();
        rows.push(vec![self.say("Zurückgehalten", "Held"), if held.is_empty() { none } else { held.join("; ") }]);
        if s.recalled > 0 {
            let words = match self.language {
                Language::De(_) => format!("{}, zurückgenommen und entschuldigt", s.recalled),
                Language::En => format!("{}, taken back with an apology", s.recalled),
            };
            rows.push(vec![self.say("Zu Unrecht gemahnt", "Wrongly dunned"), words]);
        }
        if s.waived.values().any(|amount| !amount.is_zero()) {
            rows.push(vec![
                self.say("Kosten und Zinsen erlassen", "Costs and interest given up"),
                self.money(&s.waived),
            ]);
        }
        page.blocks.push(Block::Heading(self.say("Erinnerungen und Mahnungen", "Reminders and dunning letters")));
        for row in rows {
            page.blocks.push(Block::Paragraph(format!("{}: {}", row[0], row[1])));
        }
        let leaves = s.held.iter().filter_map(|group| group.leaves(NAMED, self.language));
        page.blocks.extend(leaves.map(|leaves| Block::Paragraph(sentence(&leaves))));
        page.blocks.extend(s.paused.iter().cloned().map(Block::Paragraph));
    }

    fn ahead(&self, page: &mut Page) {
        let s = self.summary;
        let (count, amount, due) = (s.coming.0, self.money(&s.coming.1), self.money(&s.falling_due));
        let through = self.language.day(s.ahead_through);
        page.blocks.push(Block::Heading(self.say("Nächste Woche", "Next week")));
        page.blocks.push(Block::Paragraph(match self.language {
            Language::De(_) => match count {
                0 => format!("Bis zum {through} gehen keine Rechnungen hinaus; {due} werden fällig."),
                1 => format!("Bis zum {through} geht 1 Rechnung über {amount} hinaus; {due} werden fällig."),
                n => format!("Bis zum {through} gehen {n} Rechnungen über {amount} hinaus; {due} werden fällig."),
            },
            Language::En => match count {
                0 => format!("Through {through} no invoices go out; {due} fall due."),
                1 => format!("Through {through} 1 invoice over {amount} goes out; {due} fall due."),
                n => format!("Through {through} {n} invoices over {amount} go out; {due} fall due."),
            },
        }));
        page.blocks.extend(s.e_invoices.as_ref().map(|duty| Block::Paragraph(self.e_invoices(duty))));
    }

    /// Says that the duty to issue e-invoices comes, and that nothing is missing for it.
    fn e_invoices(&self, duty: &Duty) -> String {
        let (from, count) = (self.language.day(duty.from), duty.customers.len());
        let mut names: Vec<&str> = duty.customers.iter().take(NAMED).map(|customer| customer.name.as_str()).collect();
        names.extend((count > NAMED).then_some("…"));
        let names = names.join(", ");
        let whom = self.language.count(count, ("Kunden", "Kunden"), ("customer", "customers"));
        self.say(
            &format!("Ab dem {from} müssen Sie {whom} E-Rechnungen ausstellen ({names}); im Buch ist alles da, was es dafür braucht."),
            &format!("From {from} on you must issue e-invoices to {whom} ({names}); the book has all that it takes."),
        )
    }

    fn proof(&self, page: &mut Page) {
        let s = self.summary;
        let reach = s.bank.iter().map(|bank| {
            let through = bank.through.map_or_else(|| self.say("noch keine", "none yet"), |day| self.language.day(day));
            let behind = match (bank.behind, self.language) {
                (0, _) => String::new(),
                (n, Language::De(_)) => format!(", {n} Bankarbeitstage fehlen"),
                (n, Language::En) => format!(", {n} business days behind"),
            };
            match self.language {
                Language::De(_) => format!("{} ({}) bis {through}{behind}", bank.name, bank.iban),
                Language::En => format!("{} ({}) up to {through}{behind}", bank.name, bank.iban),
            }
        });
        let reach = reach.collect::<Vec<_>>().join("; ");
        let mut lines = vec![format!("{}: {reach}", self.say("Bankdaten", "Bank data"))];
        let (seq, hash) = &s.journal;
        lines.push(format!("{} {seq}:{hash}", self.say("Journal", "Journal")));
        lines.extend(
            s.next_on.map(|day| {
                format!("{} {}", self.say("Nächste Nachricht am", "Next message on"), self.language.day(day))
            }),
        );
        page.blocks.push(Block::Small(lines.join("\n")));
    }
}

/// Begins some words with a capital and ends them with a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn total(buckets: &[AgeBucket]) -> Amount {
    buckets.iter().map(|bucket| bucket.amount).sum()
}
