//! The plan that a log amounts to: model, settings and cards as far as it names them, the rest from the plan at hand.

use super::cards::counted;
use super::{LogTool, RuntimeLog, servers};
use crate::advise::diagnose::{Finding, Memory};
use crate::catalog::runtime::Backend;
use crate::catalog::{Catalog, NameMatch, NoSuchModel, find_model};
use crate::plan::{CardChoice, CardCount, Machine, ModelChoice, Plan, Runtime, RuntimeVersion, Workload};
use crate::share::launch::read::{CommandFault, CommandReader, CommandTool};
use crate::text::Phrase;
use crate::units::Bytes;

/// How far the size that a log names may lie from the model's, as a share: files count other tensors.
const SAME_SIZE: f64 = 0.12;
/// How far a card's memory may lie from what a text says of it and still be the same.
const SAME_CARD: f64 = 0.06;

/// The plan of a log, and what of it the log does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedPlan {
    /// The plan.
    pub plan: Plan,
    /// What the log calls the model; `None` where it is that of the plan at hand.
    pub named: Option<String>,
    /// How sure the model is.
    pub by: Option<NameMatch>,
    /// The log names the cards.
    pub has_cards: bool,
    /// The log names the context.
    pub has_context: bool,
}

impl RuntimeLog {
    /// The plan of the log on the cards that it names, else on `machine`.
    ///
    /// # Errors
    /// The log names no model of the catalog, or a value that no plan can have.
    pub fn plan(&self, machine: &Machine, catalog: &Catalog) -> Result<LoggedPlan, CommandFault> {
        let tool = match self.tool {
            Some(LogTool::Vllm) => CommandTool::Vllm,
            Some(LogTool::Sglang) => CommandTool::Sglang,
            _ => CommandTool::LlamaServer,
        };
        let name = self.known_name(catalog).map_err(|unknown| match unknown {
            Some(unknown) => CommandFault::UnknownModel(unknown),
            None => CommandFault::NoModel(tool),
        })?;
        let cards = self.cards_on(machine, catalog);
        let has_cards = cards.is_some();
        let machine = Machine { cards: cards.unwrap_or_else(|| machine.cards.clone()), ..machine.clone() };
        let mut asked = self.asked.clone();
        let has_context = asked.context.is_some();
        if tool == CommandTool::LlamaServer && !has_context {
            asked.context = Some(Workload::default().context.saturating_mul(u64::from(asked.slots.unwrap_or(1))));
        }
        let stored = asked.quantization;
        asked.model = Some(name.clone());
        let file = |_: &str| -> Option<Result<ModelChoice, Phrase>> { None };
        let read = CommandReader { catalog, machine: &machine, file: &file }.plan(tool, asked)?;
        let mut plan = read.plan;
        if plan.workload.runtime == Runtime::LlamaCpp
            && let Some(stored) = stored
        {
            plan.workload.quantization = stored.nearest_gguf();
        }
        plan.workload.backend = self.backend.filter(|backend| *backend == Backend::Vulkan);
        plan.workload.runtime_version =
            self.version.as_deref().and_then(|version| version.parse::<RuntimeVersion>().ok());
        plan.check().map_err(CommandFault::OutOfRange)?;
        Ok(LoggedPlan { plan, named: Some(name), by: read.by, has_cards, has_context })
    }

    /// The name that leads to a model of the size that the log tells.
    fn known_name(&self, catalog: &Catalog) -> Result<String, Option<NoSuchModel>> {
        let mut unknown = None;
        let mut fine_tune = None;
        for name in &self.names {
            match find_model(name, catalog) {
                Ok(found) if !self.has_size_of(found.model.total_parameters) => {}
                Ok(found) if found.by == NameMatch::Own => return Ok(name.clone()),
                Ok(_) => fine_tune = fine_tune.or_else(|| Some(name.clone())),
                Err(error) => unknown = unknown.or(Some(error)),
            }
        }
        fine_tune.ok_or(unknown)
    }

    fn has_size_of(&self, known: Option<u64>) -> bool {
        self.parameters.zip(known).is_none_or(|(said, known)| (said as f64 / known as f64 - 1.0).abs() <= SAME_SIZE)
    }

    /// The cards that the log names. Where it names a memory alone, that of the machine at hand stays where it has as much.
    fn cards_on(&self, machine: &Machine, catalog: &Catalog) -> Option<Vec<CardCount>> {
        if let Some(cards) = counted(self.cards.values(), catalog) {
            return Some(cards);
        }
        let total = self.cards.values().find_map(|card| card.total)?;
        on_memory(machine, Bytes(total), catalog)
    }
}

/// Cards with this much memory: those of the machine where they have it, else one that is known by its memory alone.
fn on_memory(machine: &Machine, total: Bytes, catalog: &Catalog) -> Option<Vec<CardCount>> {
    let has = |kind: &CardCount| {
        let memory = match &kind.card {
            CardChoice::Catalog(id) => catalog.card(id)?.device_memory(kind.memory_gib).ok()?.capacity,
            CardChoice::Detected { memory_bytes, .. } => Bytes(*memory_bytes),
        };
        Some((total.0 as f64 / memory.0 as f64 - 1.0).abs() <= SAME_CARD)
    };
    if machine.cards.iter().any(|kind| has(kind) == Some(true)) {
        return None;
    }
    let name = format!("{} GiB", crate::text::decimal(total.gib(), 1));
    let card = CardChoice::Detected { name, memory_bytes: total.0 };
    crate::plan::bounds::MEMORY_BYTES.contains(&total.0).then(|| vec![CardCount::of(card, 1)])
}

/// The plan that an error text is about: what it names, on top of the plan at hand. `None` where it names no model and no
/// plan is at hand.
pub fn of_error(text: &str, finding: &Finding, at_hand: Option<&Plan>, catalog: &Catalog) -> Option<LoggedPlan> {
    let log = RuntimeLog::settings(text);
    let machine = at_hand.map(|plan| plan.machine.clone()).unwrap_or_default();
    let mut found = if let Ok(found) = log.plan(&machine, catalog) {
        found
    } else {
        let mut plan = at_hand?.clone();
        let cards = log.cards_on(&machine, catalog);
        let has_cards = cards.is_some();
        plan.machine.cards = cards.unwrap_or(plan.machine.cards);
        LoggedPlan { plan, named: None, by: None, has_cards, has_context: false }
    };
    let total = finding.amounts.total.filter(|_| finding.memory == Memory::Vram && !found.has_cards);
    if let Some(cards) = total.and_then(|total| on_memory(&found.plan.machine, Bytes(total), catalog)) {
        found.plan.machine.cards = cards;
        found.has_cards = true;
    }
    if let (Memory::Ram, Some(total)) = (finding.memory, finding.amounts.total) {
        found.plan.machine.ram_gib = Bytes(total).gib();
    }
    // What failed was asked for as it stood: the engine put nothing elsewhere by itself.
    if found.named.is_some() && finding.memory == Memory::Vram && !servers::is_server(found.plan.workload.runtime) {
        found.plan.workload.ask_for_all_layers();
    }
    found.plan.check().is_ok().then_some(found)
}
