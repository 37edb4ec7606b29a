//! What the system says: the kernel and containers that end programs, Windows, shared memory, disks, addresses.

use super::amount;
use super::cure::{Cure, Look, Note};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::host::host;
use super::lists::{ADDRESSES, HOST, QUOTA, SHM, SYSTEM};
use super::localized;
use super::pasted::{Passage, Pasted};

/// The kernel's word that it ended a program for want of RAM.
pub(super) fn kernel(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("systemd-oomd").filter(|said| said.has("illed")) {
        let memory = if said.has("swap used") { Memory::Swap } else { Memory::Ram };
        return Some(Finding::new(said.at, Tool::Kernel, memory, Kind::Lack).cured(SYSTEM));
    }
    if let Some(said) = text.last("System OOM encountered") {
        return Some(Finding::new(said.at, Tool::Container, Memory::Ram, Kind::Lack).cured(SYSTEM));
    }
    if let Some(said) = text.last("low swap: killing") {
        return Some(Finding::new(said.at, Tool::Kernel, Memory::Swap, Kind::Lack).cured(SYSTEM));
    }
    if let Some(said) = text.last_of(&["run out of application memory", "应用程序内存不足", "應用程式記憶體不足"])
    {
        // What is not in use is written to the disk until that is full.
        return Some(Finding::new(said.at, Tool::Kernel, Memory::Ram, Kind::Lack).cured(HOST));
    }
    if let Some(said) = text.last("memorystatus: killing_specific_process") {
        // Each program has its limit, or the system itself is out of pages.
        let kind = if said.has("per-process-limit") { Kind::Limit } else { Kind::Lack };
        return Some(Finding::new(said.at, Tool::Kernel, Memory::Ram, kind).cured(SYSTEM));
    }
    if let Some(said) = text.last("RESOURCE_TYPE_MEMORY") {
        let amounts = Amounts { total: said.amount_after("limit="), ..Amounts::default() };
        return Some(Finding::new(said.at, Tool::Kernel, Memory::Ram, Kind::Limit).with(amounts).cured(HOST));
    }
    if let Some(said) = text.last("amdgpu: Failed to allocate a buffer") {
        let amounts = Amounts { asked: said.amount_after("size : "), ..Amounts::default() };
        let cures = &[Cure::FewerBits, Cure::SmallerCache, Cure::ShorterContext, Cure::FreeOthers];
        return Some(Finding::new(said.at, Tool::Kernel, Memory::Vram, Kind::Lack).with(amounts).cured(cures));
    }
    if let Some(said) = text.last_of(&["Not enough memory for command submission", "VM worker error: -12"]) {
        let cures = &[Cure::FewerBits, Cure::SmallerCache, Cure::ShorterContext, Cure::FreeOthers];
        return Some(Finding::new(said.at, Tool::Kernel, Memory::Vram, Kind::Lack).cured(cures));
    }
    if let Some(said) =
        text.last_of(&["OOMKilled", "reached its memory limit", "was OOM-killed"]).filter(|said| !is_denied(said))
    {
        return Some(Finding::new(said.at, Tool::Container, Memory::Ram, Kind::Limit).cured(QUOTA));
    }
    if let Some(said) = text.last("page allocation failure: order:") {
        let finding = Finding::new(said.at, Tool::Kernel, Memory::Ram, Kind::Fragmentation);
        return Some(finding.cured(&[Cure::FreeRam, Cure::MoreRam]));
    }
    // A machine's log may tell of several: the one named last counts.
    let said = text
        .latest_of(&[
            "Memory cgroup out of memory: Kill",
            "Memory cgroup out of memory: OOM",
            "Out of memory: Kill",
            "oom-kill:constraint=",
            "killed as a result of limit of",
            "Out of memory and no killable processes",
        ])
        .or_else(|| text.last("invoked oom-killer"))?;
    let is_quota = !said.begins("Out of memory")
        && ["Memory cgroup out of memory", "CONSTRAINT_MEMCG", "killed as a result of limit of"]
            .iter()
            .any(|words| said.has(words));
    let limit = text.last("memory: usage ").and_then(|said| said.amount_after("limit "));
    let amounts = Amounts { total: limit, ..Amounts::default() };
    let finding = Finding::new(said.at, Tool::Kernel, Memory::Ram, if is_quota { Kind::Limit } else { Kind::Lack });
    Some(finding.with(amounts).cured(if is_quota { QUOTA } else { SYSTEM }))
}

/// `docker inspect` names the reason also where it was another.
fn is_denied(said: &Passage) -> bool {
    ["\": false", ": false", "=false", " false", ":false", "\":false"]
        .iter()
        .any(|no| said.begins(&format!("OOMKilled{no}")))
}

/// A program that somebody ended, without the kernel's word for why.
pub(super) fn killed(text: &Pasted<'_>) -> Option<Finding> {
    let words = [
        "exit code 137",
        "exit code: 137",
        "Exit code: 137",
        "Exit Code: 137",
        "exited with code 137",
        "exit status 137",
        "exitcode: -9",
        "exitcode  : -9",
        "exit code -9",
        "code 137",
        "\"ExitCode\": 137",
        "ExitCode: 137",
        "ExitCode=137",
        "Exited (137)",
        "return code = -9",
        "returncode: -9",
        "exit status -9",
        "code -9",
        "signal 9",
        "signal: killed",
        "signal: Killed",
        "SIGKILL",
        "status=9/KILL",
        "died with <Signals.SIGKILL: 9>",
        "zsh: killed",
        "Killed",
    ];
    let said = text.last_of(&words).or_else(|| text.last_of(localized::ENDED)).or_else(|| {
        if !text.has_any(&["137", "illed"]) {
            return None;
        }
        // `Exit Code:    137`, with as many blanks as a table needs.
        let is_code = |line: &str| {
            line.trim_end().ends_with(" 137") && line.to_ascii_lowercase().trim_start().starts_with("exit code")
        };
        let lone = text.lines().any(|line| is_code(line) || matches!(line.trim(), "137" | "Killed" | "killed"));
        if lone { text.last("137").or_else(|| text.last("illed")) } else { None }
    })?;
    let looks = &[Look::KernelLog, Look::Container, Look::RamInUse];
    Some(Finding::untold(said.at, host(text), looks).noted(Note::KilledBySomeone))
}

/// Windows: only the number of a message is the same in every language.
pub(super) fn windows(text: &Pasted<'_>) -> Option<Finding> {
    // The word before a number is translated, the number is not.
    let paging = [
        "WinError 1455",
        "rror 1455",
        "rror: 1455",
        "ode 1455",
        "ode: 1455",
        "(1455)",
        "[1455]",
        "Fehler 1455",
        "rreur 1455",
        "шибка 1455",
        "エラー 1455",
        "오류 1455",
        "代码 1455",
        "代码：1455",
        "错误 1455",
        "0x5af",
        "0x000005AF",
        "0x800705AF",
        "0x800705af",
        "<1455>",
        // The same end as a number of its own, in the forms that programs print it in.
        "0xC000012D",
        "0xc000012d",
        "-1073741523",
        "3221225773",
    ];
    if let Some(said) = text.last_of(&paging).or_else(|| text.last_of(localized::PAGING)) {
        return Some(Finding::new(said.at, Tool::Windows, Memory::Swap, Kind::Limit).cured(&[
            Cure::PagingFile,
            Cure::FreeRam,
            Cure::FewerBits,
            Cure::MoreRam,
        ]));
    }
    // Pools of the system's own, which neither RAM nor the paging file tells of.
    if let Some(said) = text.last_of(&["WinError 1450", "os error 1450", "0x800705AA", "0x800705aa"]) {
        return Some(Finding::untold(said.at, Some(Tool::Windows), &[Look::RamInUse, Look::Limits]));
    }
    let said = text.last_of(&[
        "WinError 8]",
        "os error 8)",
        "WinError 14]",
        "os error 14)",
        "0x80070008",
        "0x8007000E",
        "0x8007000e",
        "8007000E",
        "0xC0000017",
        "0xc0000017",
        "-1073741801",
        "3221225495",
    ]);
    let said = said.or_else(|| text.last_of(localized::NO_RAM))?;
    Some(Finding::new(said.at, Tool::Windows, Memory::Ram, Kind::Lack).cured(SYSTEM).look(&[Look::RamInUse]))
}

/// `/dev/shm`.
pub(super) fn shm(text: &Pasted<'_>) -> Option<Finding> {
    let new = |at, tool| Finding::new(at, tool, Memory::Shm, Kind::Limit).cured(SHM);
    if let Some(said) = text.last_of(&[
        "workers are out of shared memory",
        "insufficient shared memory (shm)",
        "is killed by signal: Bus error",
    ]) {
        return Some(new(said.at, Tool::PyTorch));
    }
    if let Some(said) = text.last("Error while creating shared memory segment") {
        let bytes = said.whole_after("(size ");
        return Some(new(said.at, Tool::Nccl).with(Amounts { asked: bytes, ..Amounts::default() }));
    }
    let said = text.last("No space left on device")?;
    let is_shm = said.before.contains("/dev/shm")
        || said.has("/dev/shm")
        || said.before.contains("shared memory")
        || said.before.contains("psm_");
    is_shm.then(|| new(said.at, host(text).unwrap_or(Tool::PyTorch)))
}

/// Where files lie.
pub(super) fn disk(text: &Pasted<'_>) -> Option<Finding> {
    let new = |at, tool| Finding::new(at, tool, Memory::Disk, Kind::Lack).cured(&[Cure::FreeDisk]);
    if let Some(said) = text.last("Not enough free disk space to download") {
        let amounts = Amounts {
            asked: said.after("file size is: ").and_then(amount::in_thousands),
            free: said.after("only has ").and_then(amount::in_thousands),
            ..Amounts::default()
        };
        return Some(new(said.at, Tool::HuggingFace).with(amounts));
    }
    if let Some(said) = text.last("Not enough disk space. Needed: ") {
        let amounts = Amounts { asked: said.amount_after("Needed: "), ..Amounts::default() };
        return Some(new(said.at, Tool::HuggingFace).with(amounts));
    }
    let said = text.last_of(&[
        "No space left on device",
        "no space left on device",
        "[Errno 28]",
        "os error 28",
        "WinError 112",
        "os error 112",
        "Disk quota exceeded",
        "There is not enough space on the disk",
    ]);
    let said = said.or_else(|| text.last_of(localized::NO_SPACE))?;
    let is_quota = said.has("quota");
    let mut finding = new(said.at, Tool::Kernel);
    finding.tool = host(text).or_else(|| said.before.contains("WinError").then_some(Tool::Windows));
    finding.kind = Some(if is_quota { Kind::Limit } else { Kind::Lack });
    Some(finding)
}

/// Addresses that a limit or a 32-bit program runs out of.
pub(super) fn addresses(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "could not allocate memory for WebAssembly",
        "Cannot allocate Wasm memory",
        "WebAssembly.Memory(): could not allocate memory",
        "is larger than the maximum possible size",
        "cannot reserve address space",
        "failed to reserve address space",
        "Failed to reserve virtual memory",
        "cuMemAddressReserve",
        "ulimit -v",
        "RLIMIT_AS",
    ])?;
    let mut finding = Finding::new(said.at, Tool::NumPy, Memory::AddressSpace, Kind::Limit).cured(ADDRESSES);
    finding.tool = said.has("maximum possible size").then_some(Tool::NumPy);
    Some(finding)
}
