//! A program that runs held against the estimate of the plan that its command amounts to: what the driver and the system count for it,
//! which is one figure a memory.

use super::against::{Against, against};
use super::plan::LoggedPlan;
use super::{Amount, LogTool, Part, Place, RuntimeLog};
use crate::catalog::Catalog;
use crate::estimate::EstimateError;
use crate::share::launch::read::{CommandTool, ReadCommand};

/// The system counts whole pages.
const PAGE: u64 = 4096;

/// What a program holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holding {
    /// VRAM in bytes, device by device in the order of the plan; empty where the driver does not tell.
    pub vram: Vec<u64>,
    /// RAM in bytes, pages of mapped files included.
    pub ram: Option<u64>,
}

impl RuntimeLog {
    /// What is counted for a program that was started by this command.
    pub fn of_running(command: &ReadCommand, holding: &Holding) -> Self {
        let tool = match command.tool {
            CommandTool::LlamaServer | CommandTool::LlamaCli => LogTool::LlamaCpp,
            CommandTool::Ollama | CommandTool::Modelfile => LogTool::Ollama,
            CommandTool::Vllm => LogTool::Vllm,
            CommandTool::Sglang => LogTool::Sglang,
        };
        let mut log = Self { tool: Some(tool), names: vec![command.named.clone()], ..Self::default() };
        let counted = |bytes: u64| Amount { bytes, digit: PAGE };
        for (number, bytes) in (0..).zip(&holding.vram) {
            log.set(Place::Device(number), Part::Held, counted(*bytes));
        }
        if let Some(bytes) = holding.ram {
            log.set(Place::Host, Part::Held, counted(bytes));
        }
        log.unread.clone_from(&command.unread);
        log
    }
}

/// Holds what a program holds against the estimate of its command.
///
/// # Errors
/// Why the plan cannot be estimated.
pub fn running_against(
    command: &ReadCommand,
    holding: &Holding,
    catalog: &Catalog,
    date: &str,
) -> Result<(RuntimeLog, Against), EstimateError> {
    let log = RuntimeLog::of_running(command, holding);
    let logged = LoggedPlan {
        plan: command.plan.clone(),
        named: Some(command.named.clone()),
        by: command.by,
        has_cards: true,
        has_context: true,
    };
    let found = against(&log, &command.plan, Some(&logged), catalog, date)?;
    Ok((log, found))
}
