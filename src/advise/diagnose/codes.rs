//! Codes by which libraries of cards say that they got no memory. They are named alike everywhere:
//! `CUBLAS_STATUS_ALLOC_FAILED`, `CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED`, `rocblas_status_memory_error`.

use super::cure::Look;
use super::finding::{Finding, Kind, Memory, Tool};
use super::frameworks::library;
use super::lists::{FRAMEWORK, HOST};
use super::pasted::Pasted;

/// How the libraries' codes begin, in small letters.
const LIBRARIES: &[&str] = &[
    "cublas",
    "cudnn",
    "cusolver",
    "cusparse",
    "cufft",
    "curand",
    "cutensor",
    "hipblas",
    "hipfft",
    "hipsparse",
    "rocblas",
    "rocfft",
    "rocsolver",
    "miopen",
    "mublas",
    "acl_error",
];
/// How those end that tell of memory.
const ENDS: &[&str] = &["ALLOC_FAILED", "ALLOCATION_FAILED", "_memory_error", "AllocFailed", "MEMORY_ALLOCATION"];

/// A library without memory: that of the card, or where its code says so the host's.
pub(super) fn codes(text: &Pasted<'_>) -> Option<Finding> {
    let (said, code) = ENDS.iter().find_map(|end| {
        let said = text.last(end)?;
        let part_of_code = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let code = said.before.rsplit(|letter| !part_of_code(letter)).next()?.to_ascii_lowercase();
        LIBRARIES.iter().any(|library| code.starts_with(library)).then_some((said, code))
    })?;
    let (memory, cures) = if code.contains("host") { (Memory::Ram, HOST) } else { (Memory::Vram, FRAMEWORK) };
    let finding = Finding::new(said.at, Tool::PyTorch, memory, Kind::Lack).cured(cures).look(&[Look::CardInUse]);
    Some(Finding { tool: library(text), ..finding })
}
