//! Base interest rates beyond the shipped ones.

use rust_decimal::Decimal;

use crate::book::Complaints;
use crate::dunning::{BaseRate, BaseRates};
use crate::language::Language;
use crate::shell::config::dunning::BaseRateLines;

/// How far a base rate moves at once: in 2023 it rose by 2.5 points, never by more.
const LARGEST_STEP: i64 = 4;

pub(super) fn check(lines: &BaseRateLines, complaints: &mut Complaints<'_>) {
    let shipped = BaseRates::shipped();
    table("germany", &lines.germany, &shipped, complaints);
    table("austria", &lines.austria, &shipped, complaints);
}

fn table(name: &'static str, lines: &[BaseRate], shipped: &BaseRates, complaints: &mut Complaints<'_>) {
    let (known_through, known) = shipped.table(name);
    let mut rates: Vec<BaseRate> = known.to_vec();
    rates.extend(lines.iter().filter(|line| line.from > known_through));
    rates.sort_by_key(|rate| rate.from);
    for (place, line) in lines.iter().enumerate() {
        let at = place.to_string();
        let (from, percent) = (["base_rates", name, &at, "from"], ["base_rates", name, &at, "percent"]);
        complaints.day(&from, line.from);
        // § 247 (1) BGB: it changes on 1 January and 1 July. The Austrian one may change on any day.
        if name == "germany" && !line.is_of_a_half_year() {
            complaints.wrong(
                &from,
                (
                    format!(
                        "der Basiszins ändert sich am 1. Januar und am 1. Juli (§ 247 Abs. 1 BGB), nicht am {}.",
                        Language::GERMAN.day(line.from)
                    ),
                    format!("the base rate changes on 1 January and 1 July (§ 247 (1) BGB), not on {}.", line.from),
                ),
                ("Berichtigen Sie den Tag.", "Correct the day."),
            );
        }
        if line.from <= known_through {
            // A line that was needed once stays right when a later release brings the rate along.
            let built_in =
                known.iter().rfind(|rate| rate.from <= line.from).map(|rate| rate.percent).unwrap_or_default();
            if line.percent == built_in {
                continue;
            }
            complaints.wrong(
                &from,
                (
                    format!("den Basiszins vom {} kennt settled schon: {built_in} %; eine eigene Zeile würde ihn verfälschen.", Language::GERMAN.day(line.from)),
                    format!("settled knows the base rate of {} already: {built_in} %; a line of yours would falsify it.", line.from),
                ),
                (
                    format!("Streichen Sie die Zeile; nötig sind nur Zeilen nach dem {}.", Language::GERMAN.day(known_through)),
                    format!("Remove the line; only lines after {known_through} are needed."),
                ),
            );
            continue;
        }
        if lines[..place].iter().any(|other| other.from == line.from) {
            complaints.wrong(
                &from,
                (
                    format!("für den {} stehen zwei Basiszinsen da.", Language::GERMAN.day(line.from)),
                    format!("there are two base rates for {}.", line.from),
                ),
                ("Behalten Sie einen von beiden.", "Keep one of both."),
            );
        }
        let Some(before) = rates.iter().rfind(|rate| rate.from < line.from) else { continue };
        let step = (line.percent - before.percent).abs();
        if step > Decimal::from(LARGEST_STEP) {
            complaints.wrong(
                &percent,
                (
                    format!("{} % weicht um {step} Punkte vom Basiszins davor ab ({} % ab {}); so viel ändert er sich nie auf einmal.", line.percent, before.percent, Language::GERMAN.day(before.from)),
                    format!("{} % differs by {step} points from the base rate before ({} % from {}); it never moves so far at once.", line.percent, before.percent, before.from),
                ),
                (
                    "Schreiben Sie den Basiszins selbst, ohne die 9 oder 5 Punkte des Gesetzes, mit Punkt: \"1.27\".",
                    "Write the base rate itself, without the 9 or 5 points of the law, with a point: \"1.27\".",
                ),
            );
        }
    }
}
