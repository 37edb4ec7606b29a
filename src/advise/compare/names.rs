//! What plans are called: by their letters, and by what they are of.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::plan::{CardChoice, CardCount, Drafter, ModelChoice, Plan, ResidentPlace};
use crate::text::{self, Join, Key, Locale};

/// The letter of the plan in this place: A to Z, then AA to ZZ.
pub fn letter(place: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let one = |place: usize| char::from(LETTERS[place % LETTERS.len()]);
    match place.checked_div(LETTERS.len()) {
        Some(0) | None => one(place).to_string(),
        Some(round) => format!("{}{}", one(round - 1), one(place)),
    }
}

/// What a plan is of: its model, and the cards it runs on.
pub fn subject(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let cards = plan.machine.cards.iter().map(|kind| counted(kind, card_name(&kind.card, catalog)));
    locale.join(Join::Phrases, std::iter::once(model(plan, catalog)).chain(cards))
}

/// The model of a plan.
pub fn model(plan: &Plan, catalog: &Catalog) -> String {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).map_or(id.as_str(), |model| &model.name).to_owned(),
        ModelChoice::File { model, .. } => model.name.clone(),
        ModelChoice::Size(parameters) => format!("{}B", text::parameters(*parameters)),
    }
}

/// Who guesses tokens ahead in a plan.
pub fn drafter(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    match &plan.workload.speculation.drafter {
        Drafter::None => locale.word(Key::SpeculativeNone).to_owned(),
        Drafter::Mtp => locale.word(Key::SpeculativeMtp).to_owned(),
        Drafter::Model(id) => catalog.model(id).map_or(id.as_str(), |model| &model.name).to_owned(),
    }
}

/// A model in a program of its own: its name, and how its weights are stored.
pub fn resident(plan: &Plan, row: usize, catalog: &Catalog) -> Option<String> {
    let own = plan.of_resident(row)?;
    Some(format!("{} {}", model(&own, catalog), own.workload.quantization))
}

/// Where such a model lies.
pub fn place(place: ResidentPlace, locale: Locale) -> String {
    match place {
        ResidentPlace::Device(device) => format!("GPU {device}"),
        ResidentPlace::AllDevices => locale.word(Key::PlaceAll).to_owned(),
        ResidentPlace::Ram => locale.word(Key::Ram).to_owned(),
        ResidentPlace::Off => locale.word(Key::PlaceOff).to_owned(),
    }
}

/// What runs beside the plan's own model, each with its place.
pub fn residents(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let placed = plan
        .also
        .iter()
        .enumerate()
        .filter_map(|(row, it)| Some(format!("{} ({})", resident(plan, row, catalog)?, place(it.place, locale))));
    locale.join(Join::Items, placed)
}

/// The cards of a plan in short: `2 × RTX 4090 + RTX 3090`; without any, that it runs on the CPU.
pub fn cards(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let brief = |kind: &CardCount| {
        let name = match &kind.card {
            CardChoice::Catalog(id) => catalog.card(id).map_or(id.as_str(), Card::brief_name),
            CardChoice::Detected { name, .. } => name,
        };
        let size = kind.memory_gib.map(|gib| format!(" {} GiB", text::trimmed(gib, 1))).unwrap_or_default();
        counted(kind, &format!("{name}{size}"))
    };
    match plan.machine.cards.as_slice() {
        [] => locale.word(Key::CpuOnly).to_owned(),
        kinds => kinds.iter().map(brief).collect::<Vec<_>>().join(" + "),
    }
}

fn counted(kind: &CardCount, name: &str) -> String {
    if kind.count == 1 { name.to_owned() } else { format!("{} × {name}", kind.count) }
}

fn card_name<'a>(choice: &'a CardChoice, catalog: &'a Catalog) -> &'a str {
    match choice {
        CardChoice::Catalog(id) => catalog.card(id).map_or(id.as_str(), |card| &card.name),
        CardChoice::Detected { name, .. } => name,
    }
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn plans_are_lettered_beyond_the_alphabet() {
        let letters = [0, 1, 25, 26, 27, 52, 99].map(letter);
        assert_eq!(letters, ["A", "B", "Z", "AA", "AB", "BA", "CV"]);
    }
}
