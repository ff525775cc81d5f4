//! Dunning policies: that each of their letters can leave, and claims what its owner means.

use chrono::{Datelike as _, NaiveDate};

use crate::book::Complaints;
use crate::dunning::{InterestRule, Policy, PolicyAmount, Regime, Stage};
use crate::money::Currency;
use crate::shell::config::model::Config;

/// The most business days that bank data may be behind: about sixty days, after which a clock is doubted (fault 9).
const MOST_STALE: u32 = 40;

/// The most that a letter claims as its fee: more is no cost of writing it.
const LARGEST_FEE: i64 = 100;

/// A policy with what is said of it.
struct Checker<'a, 'c> {
    config: &'a Config,
    name: &'a str,
    policy: &'a Policy,
    complaints: &'a mut Complaints<'c>,
}

pub(super) fn check(config: &Config, complaints: &mut Complaints<'_>) {
    let mut is_told = false;
    for (name, policy) in &config.dunning.policy {
        let mut checker = Checker { config, name, policy, complaints };
        checker.stages();
        checker.interest();
        checker.lump_sum();
        checker.days();
        // What the schedule forbids is said once, not of each built-in policy.
        let is_written = checker.complaints.says(&["dunning", "policy", name, "send_weekdays"]);
        if is_written || !is_told {
            is_told |= !checker.can_leave(is_written) && !is_written;
        }
    }
    for (key, name) in [("business", &config.dunning.business), ("consumer", &config.dunning.consumer)] {
        if !config.dunning.policy.contains_key(name) {
            complaints.wrong(
                &["dunning", key],
                (format!("eine Mahnregel `{name}` gibt es nicht."), format!("there is no dunning policy `{name}`.")),
                (
                    "Ergänzen Sie sie als Abschnitt `[dunning.policy.NAME]`.",
                    "Add it as a table `[dunning.policy.NAME]`.",
                ),
            );
        }
    }
}

impl Checker<'_, '_> {
    fn stages(&mut self) {
        let stages = &self.policy.stages;
        if stages.is_empty() {
            self.complaints.wrong(
                &["dunning", "policy", self.name, "stages"],
                (
                    format!("die Mahnregel `{}` hat keine Stufe; so würde nie jemand erinnert.", self.name),
                    format!("the policy `{}` has no stage; nobody would ever be reminded.", self.name),
                ),
                (
                    "Schreiben Sie mindestens eine Stufe. Wen Sie gar nicht mahnen wollen, halten Sie an: `settled hold KUNDE`.",
                    "Write one stage at least. Whom you do not want to remind at all, hold: `settled hold CUSTOMER`.",
                ),
            );
        }
        if stages.len() > 9 {
            self.complaints.wrong(
                &["dunning", "policy", self.name, "stages"],
                (
                    format!(
                        "die Mahnregel `{}` hat {} Stufen; nach neun Briefen hilft kein zehnter.",
                        self.name,
                        stages.len()
                    ),
                    format!(
                        "the policy `{}` has {} stages; after nine letters a tenth does not help.",
                        self.name,
                        stages.len()
                    ),
                ),
                ("Kürzen Sie die Liste; danach: `settled handover`.", "Shorten the list; then: `settled handover`."),
            );
        }
        for (place, stage) in stages.iter().enumerate() {
            self.stage(&place.to_string(), stage);
        }
    }

    fn stage(&mut self, place: &str, stage: &Stage) {
        let name = self.name;
        let path = |key| ["dunning", "policy", name, "stages", place, key];
        if stage.name.is_empty() || !stage.name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            self.complaints.wrong(
                &path("name"),
                (
                    format!("`{}` kann keine Stufe heißen: der Name ist auch der Name einer Vorlage.", stage.name),
                    format!("`{}` cannot be a stage's name: it is the name of a template as well.", stage.name),
                ),
                ("Nehmen Sie Buchstaben, Ziffern und _: dunning_1.", "Use letters, digits and _: dunning_1."),
            );
        }
        self.complaints.whole(
            &path("after_days"),
            stage.after_days,
            1..=365,
            (
                "am Tag der Fälligkeit oder der Frist selbst kann noch gezahlt werden",
                "on the due date or the deadline itself it can still be paid",
            ),
            5,
        );
        self.complaints.whole(
            &path("deadline_days"),
            stage.deadline_days,
            1..=180,
            ("so viele Tage hat der Kunde, um zu zahlen", "so many days the customer has to pay"),
            7,
        );
        self.amount(
            &path("fee"),
            &stage.fee,
            (0, LARGEST_FEE),
            (
                "eine Gebühr ist, was der Brief kostet; mehr spricht kein Gericht zu",
                "a fee is what the letter costs; no court grants more",
            ),
            "5.00",
        );
        if stage.interest && self.policy.interest.is_none() {
            self.complaints.wrong(
                &["dunning", "policy", name, "stages", place],
                (
                    format!(
                        "die Stufe `{}` verlangt Zinsen, aber die Mahnregel `{name}` hat kein `interest`.",
                        stage.name
                    ),
                    format!("the stage `{}` claims interest, but the policy `{name}` has no `interest`.", stage.name),
                ),
                (
                    "Ergänzen Sie `interest = { regime = \"DE_B2B\" }`, oder lassen Sie `interest = true` weg.",
                    "Add `interest = { regime = \"DE_B2B\" }`, or leave out `interest = true`.",
                ),
            );
        }
    }

    fn interest(&mut self) {
        let Some(InterestRule { regime, percent, .. }) = &self.policy.interest else { return };
        let path = ["dunning", "policy", self.name, "interest", "percent"];
        match (regime, percent) {
            (Regime::Fixed, None) => self.complaints.wrong(
                &["dunning", "policy", self.name, "interest"],
                (
                    "`FIXED` ist ein vereinbarter Zinssatz, aber er steht nicht da; so fielen keine Zinsen an.",
                    "`FIXED` is a rate that was agreed, but it is not said; no interest would arise.",
                ),
                (
                    "Ergänzen Sie `percent = \"6.00\"`, oder nennen Sie ein Gesetz: `regime = \"DE_B2B\"`.",
                    "Add `percent = \"6.00\"`, or name a law: `regime = \"DE_B2B\"`.",
                ),
            ),
            (Regime::Fixed, Some(percent)) => {
                self.complaints.exact(
                    &path,
                    *percent,
                    (0, 25),
                    (
                        "so viele Prozent im Jahr; mehr ist Wucher (§ 138 BGB)",
                        "so many percent a year; more is usury (§ 138 BGB)",
                    ),
                    "6.00",
                );
                if percent.is_zero() {
                    self.complaints.without_effect(
                        &path,
                        ("bei 0 % fallen keine Zinsen an", "0 % is no interest"),
                        ("Lassen Sie `interest` weg.", "Leave out `interest`."),
                    );
                }
            }
            (_, Some(_)) => self.complaints.without_effect(
                &path,
                ("den Satz gibt das Gesetz", "the law gives the rate"),
                (
                    "Lassen Sie `percent` weg, oder schreiben Sie `regime = \"FIXED\"` für einen vereinbarten Satz.",
                    "Leave out `percent`, or write `regime = \"FIXED\"` for a rate that was agreed.",
                ),
            ),
            (_, None) => {}
        }
    }

    fn lump_sum(&mut self) {
        let Some(lump_sum) = &self.policy.lump_sum else { return };
        let path = ["dunning", "policy", self.name, "lump_sum", "amount"];
        self.amount(
            &path,
            &lump_sum.amount,
            (0, 100),
            (
                "das Gesetz kennt 40 EUR (§ 288 Abs. 5 BGB, § 458 UGB)",
                "the law knows 40 EUR (§ 288 (5) BGB, § 458 UGB)",
            ),
            "40.00",
        );
        if lump_sum.amount.is_zero() {
            self.complaints.without_effect(
                &path,
                ("0 ist keine Pauschale", "0 is no lump sum"),
                ("Lassen Sie `lump_sum` weg.", "Leave out `lump_sum`."),
            );
        }
        let stages = i64::try_from(self.policy.stages.len()).unwrap_or(i64::MAX).max(1);
        self.complaints.whole(
            &["dunning", "policy", self.name, "lump_sum", "from_stage"],
            i64::try_from(lump_sum.from_stage).unwrap_or(i64::MAX),
            1..=stages,
            ("eine andere Stufe hat die Mahnregel nicht", "the policy has no other stage"),
            stages.min(2),
        );
    }

    /// An amount for each currency, or one for all of them.
    fn amount(&mut self, path: &[&str], amount: &PolicyAmount, bounds: (i64, i64), why: (&str, &str), example: &str) {
        for (currency, number) in amount.numbers() {
            self.complaints.exact(path, number, bounds, why, example);
            let Some(currency) = currency.filter(|currency| !number.is_zero() && !self.has_account_in(*currency))
            else {
                continue;
            };
            self.complaints.wrong(
                path,
                (
                    format!("ein Betrag in {currency} bewirkt nichts: kein Bankkonto in {currency} ist eingerichtet."),
                    format!("an amount in {currency} has no effect: no bank account in {currency} is configured."),
                ),
                (
                    "Ergänzen Sie ein `[[bank_account]]` in dieser Währung, oder streichen Sie den Betrag.",
                    "Add a `[[bank_account]]` in that currency, or remove the amount.",
                ),
            );
        }
    }

    fn has_account_in(&self, currency: Currency) -> bool {
        self.config.bank_accounts.iter().any(|account| account.currency == currency)
    }

    fn days(&mut self) {
        let (name, policy) = (self.name, self.policy);
        let path = |key| ["dunning", "policy", name, key];
        self.amount(
            &path("min_amount"),
            &policy.min_amount,
            (0, 1_000),
            (
                "für weniger wird kein Brief geschrieben, und das Offene bliebe stehen",
                "no letter is written for less, and what is open would stay so",
            ),
            "5.00",
        );
        self.complaints.whole(
            &path("bank_max_age_business_days"),
            policy.bank_max_age_business_days,
            1..=i64::from(MOST_STALE),
            (
                "bei 0 sind die Auszüge nie neu genug, und mit mehr ginge ein Brief an jemanden, der längst bezahlt hat",
                "with 0 no statement is ever new enough, and with more a letter would go to somebody who has long paid",
            ),
            2,
        );
        self.complaints.whole(
            &path("return_wait_days"),
            policy.return_wait_days,
            0..=90,
            (
                "so viele Tage ruht das Mahnen nach einer Rückgabe der Bank",
                "so many days no letter leaves after the bank gave a payment back",
            ),
            7,
        );
        if let Some(days) = policy.notice_days_before {
            self.complaints.whole(
                &path("notice_days_before"),
                days,
                1..=60,
                (
                    "am Tag der Fälligkeit selbst kommt ein Hinweis zu spät",
                    "a notice on the due date itself comes too late",
                ),
                3,
            );
        } else if !policy.notice_with_invoice {
            self.complaints.without_effect(
                &path("notice_with_invoice"),
                ("ohne `notice_days_before` gibt es keinen Hinweis", "without `notice_days_before` there is no notice"),
                (
                    "Ergänzen Sie `notice_days_before = 5`, oder lassen Sie es weg.",
                    "Add `notice_days_before = 5`, or leave it out.",
                ),
            );
        }
        for (place, range) in policy.blackout.iter().enumerate() {
            let path = ["dunning", "policy", name, "blackout", &place.to_string()];
            self.complaints.day(&path, range.from);
            self.complaints.day(&path, range.to);
            self.complaints.in_order(
                &path,
                (range.from, range.to),
                ("die briefelose Zeit", "the time without letters"),
            );
            if (range.to - range.from).num_days() > 183 {
                self.complaints.wrong(
                    &path,
                    (
                        "mehr als ein halbes Jahr ohne Briefe; da ist ein Jahr vertippt.",
                        "more than half a year without letters; a year is mistyped.",
                    ),
                    ("Berichtigen Sie einen der beiden Tage.", "Correct one of both days."),
                );
            }
        }
    }

    /// A letter is written on a day of the schedule that is a day of the policy, and leaves on a sending day. Tells whether one does.
    fn can_leave(&mut self, is_written: bool) -> bool {
        let (policy, schedule) = (self.policy, &self.config.schedule);
        let of_policy = ["dunning", "policy", self.name, "send_weekdays"];
        if policy.send_weekdays.is_empty() || policy.send_weekdays.iter().any(|day| !(1..=7).contains(day)) {
            self.complaints.wrong(
                &of_policy,
                (
                    "`send_weekdays` sind Zahlen von 1 (Montag) bis 7 (Sonntag), mindestens eine.",
                    "`send_weekdays` are numbers from 1 (Monday) to 7 (Sunday), one at least.",
                ),
                ("Schreiben Sie `send_weekdays = [1, 2, 3, 4, 5]`.", "Write `send_weekdays = [1, 2, 3, 4, 5]`."),
            );
            return false;
        }
        let on = |day: NaiveDate| policy.send_weekdays.contains(&day.weekday().number_from_monday());
        // Over more years than a leap day needs; a schedule that hardly ever runs is told of as such.
        let years = NaiveDate::from_ymd_opt(2026, 1, 1).into_iter().flat_map(|first| first.iter_days().take(5 * 366));
        let mut days = years.filter(|day| on(*day) && schedule.send_days.contains(&day.weekday()));
        let leaves = days.any(|day| schedule.dunning.fires_on(day));
        if !leaves {
            let of_schedule: &[&str] = &["schedule", "send_days"];
            self.complaints.wrong(
                if is_written { &of_policy } else { of_schedule },
                (
                    "an keinem Tag geht ein Brief hinaus: `send_weekdays`, `schedule.dunning` und `schedule.send_days` haben keinen gemeinsam.",
                    "no letter leaves on any day: `send_weekdays`, `schedule.dunning` and `schedule.send_days` have none in common.",
                ),
                ("Lassen Sie ihnen einen gemeinsamen Wochentag.", "Let them have a weekday in common."),
            );
        }
        leaves
    }
}
