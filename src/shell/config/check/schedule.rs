//! When what is done.

use crate::book::Complaints;
use crate::shell::config::model::Config;

/// The longest pause between two runs: a month with its longest weekend.
const LONGEST_PAUSE: i64 = 35;

pub(super) fn check(config: &Config, complaints: &mut Complaints<'_>) {
    let schedule = &config.schedule;
    for (key, when, example) in [
        ("issue", &schedule.issue, "0 6 * * *"),
        ("dunning", &schedule.dunning, "30 6 * * *"),
        ("summary", &schedule.summary, "0 7 * * Mon"),
    ] {
        let pause = when.longest_pause_days();
        if pause > LONGEST_PAUSE {
            complaints.wrong(
                &["schedule", key],
                (
                    format!("zwischen zwei Läufen von `{}` liegen bis zu {pause} Tage; so lange bliebe liegen, was fällig ist.", when.text()),
                    format!("between two runs of `{}` lie up to {pause} days; what is due would lie for so long.", when.text()),
                ),
                (
                    format!("Schreiben Sie zum Beispiel `{key} = \"{example}\"`; was an einem Tag fällig ist, folgt aus Verträgen und Regeln."),
                    format!("Write for example `{key} = \"{example}\"`; what is due on a day follows from contracts and rules."),
                ),
            );
        }
    }
    complaints.whole(
        &["schedule", "poll_seconds"],
        schedule.poll_seconds,
        1..=3600,
        (
            "so viele Sekunden liegen zwischen zwei Blicken in den Eingang, und so lange warten Briefe auf eine Bankdatei",
            "so many seconds lie between two looks into the inbox, and letters wait so long for a bank file",
        ),
        15,
    );
    if schedule.send_from >= schedule.send_until {
        complaints.wrong(
            &["schedule", "send_from"],
            (
                "die Versandzeit endet, bevor sie beginnt; so ginge nie ein Brief hinaus.",
                "the sending window ends before it begins; no letter would ever leave.",
            ),
            (
                "Schreiben Sie `send_from = \"09:00\"` und `send_until = \"17:00\"`.",
                "Write `send_from = \"09:00\"` and `send_until = \"17:00\"`.",
            ),
        );
    }
}
