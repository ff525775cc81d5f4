//! What the evidence can mean: the sets of documents that a text may name (rule M4 "Alternatives").

use std::collections::BTreeSet;

use super::evidence::{Evidence, Hit, Place};
use super::verdict::Rung;
use crate::id::DocumentId;

/// A reading of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alternative {
    pub rung: Rung,
    pub documents: BTreeSet<DocumentId>,
}

/// The readings of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Readings {
    /// Nothing is named.
    None,
    /// One of these.
    OneOf(Vec<Alternative>),
    /// A reference, and numbers that name further documents: only the union, and only if all of it fits.
    Union(Alternative),
}

/// Lists the readings, in order.
pub(super) fn readings(references: &[Evidence], places: &[Place]) -> Readings {
    let of = |wanted: &dyn Fn(&Place) -> bool| -> BTreeSet<DocumentId> {
        places.iter().filter(|place| wanted(place)).map(|place| place.document).collect()
    };
    let full = of(&Place::is_full);
    let strong = of(&|place| place.is_full() && place.strong);

    if let Some(first) = references.first() {
        let rung = if first.hit == Hit::R1 { Rung::R1 } else { Rung::R2 };
        let referred: BTreeSet<DocumentId> = references.iter().map(|evidence| evidence.document).collect();
        return if strong.is_subset(&referred) {
            Readings::OneOf(vec![Alternative { rung, documents: referred }])
        } else {
            Readings::Union(Alternative { rung: Rung::R3, documents: referred.union(&strong).copied().collect() })
        };
    }

    let listed = |place: &&Place| place.hit == Hit::E5;
    let weak: Vec<&Place> = places.iter().filter(|place| !listed(place) && !full.contains(&place.document)).collect();
    let (conflicting, agreeing): (Vec<&Place>, Vec<&Place>) =
        weak.into_iter().partition(|place| places.iter().any(|other| other.is_full() && other.overlaps(place)));
    let agreeing: BTreeSet<DocumentId> = agreeing.into_iter().map(|place| place.document).collect();
    let in_lists = of(&|place| listed(&place));

    let mut list: Vec<Alternative> = Vec::new();
    let mut add = |rung, documents: BTreeSet<DocumentId>| {
        let alternative = Alternative { rung, documents };
        if !alternative.documents.is_empty() && !list.contains(&alternative) {
            list.push(alternative);
        }
    };
    add(Rung::R3, strong.clone());
    if full != strong {
        add(Rung::R4, full.clone());
    }
    let in_part: BTreeSet<DocumentId> = full.union(&agreeing).copied().collect();
    if !agreeing.is_empty() {
        add(Rung::R4, in_part.clone());
    }
    // A list counts only as a whole, and so only where it fits.
    if !in_lists.is_subset(&in_part) {
        add(Rung::R4, in_part.union(&in_lists).copied().collect());
    }
    for place in conflicting {
        let overlapped = of(&|other: &Place| other.is_full() && other.overlaps(place));
        let mut documents: BTreeSet<DocumentId> = full.difference(&overlapped).copied().collect();
        documents.insert(place.document);
        documents.extend(&agreeing);
        add(Rung::R4, documents);
    }
    if list.is_empty() { Readings::None } else { Readings::OneOf(list) }
}
