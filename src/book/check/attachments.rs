//! Files that go with an invoice: that they are there, and that mails and e-invoices can carry them.

use std::collections::BTreeSet;

use super::Checker;
use crate::customer::Customer;
use crate::invoice::{AttachedFile, FileFault, MOST_BYTES};

impl Checker<'_> {
    pub(super) fn attachments(&mut self, files: &[AttachedFile], customer: Option<&Customer>) {
        let (mut names, mut bytes) = (BTreeSet::new(), 0);
        for (place, attached) in files.iter().enumerate() {
            let place = place.to_string();
            let path = ["attachment", &place, "file"];
            self.complaints.line_if_any(&["attachment", &place, "description"], attached.description.as_deref());
            if self.complaints.says(&["attachment", &place, "sha256"]) {
                self.complaints.without_effect(
                    &["attachment", &place, "sha256"],
                    ("settled errechnet es selbst", "settled works it out itself"),
                    ("Streichen Sie es.", "Remove it."),
                );
            }
            let media_type = attached.media_type();
            match (&media_type, self.book.files.get(&attached.file)) {
                (Err(fault), _) | (Ok(_), Some(Err(fault))) => self.fault(&path, attached, *fault),
                (Ok(media_type), found) => {
                    bytes += found.and_then(|found| found.as_ref().ok()).map_or(0, |found| found.bytes);
                    let is_by_hand = customer.is_some_and(|customer| customer.delivery.is_by_hand());
                    if is_by_hand && *media_type != "application/pdf" {
                        self.complaints.wrong(
                            &path,
                            (
                                format!("die Rechnung wird gedruckt (`delivery`), und {} ist kein PDF; nur das legt settled dahinter.", attached.file),
                                format!("the invoice is printed (`delivery`), and {} is no PDF; only that can be laid behind it.", attached.file),
                            ),
                            ("Legen Sie sie als PDF ab.", "Save it as a PDF."),
                        );
                    }
                }
            }
            if !names.insert(attached.name().to_lowercase()) {
                self.complaints.wrong(
                    &path,
                    (
                        format!(
                            "zwei Anlagen heißen {}; im Postfach wären sie nicht zu unterscheiden (BR-DE-22).",
                            attached.name()
                        ),
                        format!(
                            "two attachments are called {}; nobody could tell them apart (BR-DE-22).",
                            attached.name()
                        ),
                    ),
                    ("Geben Sie einer einen anderen Namen.", "Give one of them another name."),
                );
            }
        }
        if bytes > MOST_BYTES {
            let size =
                |bytes: u64| rust_decimal::Decimal::new(i64::try_from(bytes.div_ceil(10_000)).unwrap_or(i64::MAX), 2);
            let (all, most) = (size(bytes), MOST_BYTES / 1_000_000);
            self.complaints.wrong(
                &["attachment", "0", "file"],
                (
                    format!("die Anlagen haben zusammen {all} MB; mit mehr als {most} MB wird die Mail so groß, dass viele Postfächer sie nicht annehmen."),
                    format!("the attachments have {all} MB together; with more than {most} MB the mail is larger than many mailboxes take."),
                ),
                ("Verkleinern Sie sie, oder geben Sie sie auf anderem Weg weiter.", "Make them smaller, or hand them over in another way."),
            );
        }
    }

    fn fault(&mut self, path: &[&str], attached: &AttachedFile, fault: FileFault) {
        let file = &attached.file;
        let (what, advice) = match fault {
            FileFault::Outside => (
                (
                    format!("`{file}` führt aus dem Ordner des Buchs hinaus."),
                    format!("`{file}` leads out of the folder of the book."),
                ),
                (
                    "Legen Sie die Datei ins Buch, und nennen Sie sie von dort aus: `file = \"papers/stunden.pdf\"` ist book/papers/stunden.pdf.",
                    "Put the file into the book, and name it from there on: `file = \"papers/hours.pdf\"` is book/papers/hours.pdf.",
                ),
            ),
            FileFault::Form => (
                (
                    format!("`{file}` hat keine Form, die E-Rechnungen mitnehmen (BT-125)."),
                    format!("`{file}` has no form that e-invoices carry (BT-125)."),
                ),
                ("Möglich sind pdf, png, jpg, csv, xlsx und ods.", "They carry pdf, png, jpg, csv, xlsx and ods."),
            ),
            FileFault::Missing => (
                (format!("die Anlage book/{file} gibt es nicht."), format!("there is no attachment book/{file}.")),
                (
                    "Legen Sie sie dorthin, oder berichtigen Sie den Namen; er zählt vom Ordner des Buchs an. Eine einzelne Rechnung, die gestellt ist, darf mit ihren Anlagen aus dem Buch.",
                    "Put it there, or correct the name; it begins at the folder of the book. A one-off invoice that is issued may leave the book with its attachments.",
                ),
            ),
            FileFault::Unread => (
                (
                    format!(
                        "die Anlage book/{file} lässt sich nicht lesen: settled darf es nicht, oder es ist ein Ordner."
                    ),
                    format!("the attachment book/{file} cannot be read: settled may not, or it is a folder."),
                ),
                ("Berichtigen Sie ihre Rechte oder den Namen.", "Correct its permissions, or the name."),
            ),
            FileFault::Empty => (
                (format!("die Anlage book/{file} ist leer."), format!("the attachment book/{file} is empty.")),
                ("Speichern Sie sie noch einmal.", "Save it again."),
            ),
            FileFault::OtherForm => (
                (
                    format!("die Anlage book/{file} ist nicht das, was ihr Name sagt."),
                    format!("the attachment book/{file} is not what its name says."),
                ),
                (
                    "Speichern Sie sie in dieser Form, oder geben Sie ihr den richtigen Namen.",
                    "Save it in that form, or give it the right name.",
                ),
            ),
        };
        self.complaints.wrong(path, what, advice);
    }
}
