//! What ends programs beside the kernel: schedulers of clusters, services that watch RAM, notebooks.

use super::cure::{Cure, Look};
use super::finding::{Amounts, Finding, Kind, Memory, Tool};
use super::lists::{HOST, QUOTA, SHM};
use super::pasted::Pasted;

const NODE: &[Cure] = &[Cure::FewerBits, Cure::FreeRam, Cure::MoreRam, Cure::ContainerLimit];

/// What one of them says.
pub(super) fn cluster(text: &Pasted<'_>) -> Option<Finding> {
    [kubernetes, slurm, pbs, rented, ray, watchers, notebooks].iter().find_map(|rule| rule(text))
}

fn ram(at: usize, tool: Tool, kind: Kind, cures: &'static [Cure]) -> Finding {
    Finding::new(at, tool, Memory::Ram, kind).cured(cures)
}

/// A node without room, for a pod that is to come or for one that is there.
fn kubernetes(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("low on resource: ") {
        let disk = said.has("resource: ephemeral-storage") || said.has("resource: nodefs");
        let amounts = Amounts { free: said.amount_after("available: "), ..Amounts::default() };
        if disk {
            let finding = Finding::new(said.at, Tool::Container, Memory::Disk, Kind::Lack);
            return Some(finding.with(amounts).cured(&[Cure::FreeDisk]));
        }
        return Some(ram(said.at, Tool::Container, Kind::Lack, NODE).with(amounts));
    }
    if let Some(said) = text.last("The node had condition: [MemoryPressure]") {
        return Some(ram(said.at, Tool::Container, Kind::Lack, NODE));
    }
    if let Some(said) = text.last("Usage of EmptyDir volume ").filter(|said| said.has("exceeds the limit")) {
        // What lies in memory is mounted as shared memory, and is called so.
        let name = said.after("volume \"").and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let (memory, cures) =
            if name.contains("shm") { (Memory::Shm, SHM) } else { (Memory::Disk, &[Cure::FreeDisk] as &[_]) };
        let amounts = Amounts { total: said.amount_after("the limit \""), ..Amounts::default() };
        return Some(Finding::new(said.at, Tool::Container, memory, Kind::Limit).with(amounts).cured(cures));
    }
    if let Some(said) = text.last("ocal storage usage exceeds the total limit of containers ") {
        let amounts = Amounts { total: said.amount_after("limit of containers "), ..Amounts::default() };
        let finding = Finding::new(said.at, Tool::Container, Memory::Disk, Kind::Limit);
        return Some(finding.with(amounts).cured(&[Cure::FreeDisk]));
    }
    if let Some(said) = text.last("exceeded quota: ").filter(|said| said.has(".memory=")) {
        let amounts = Amounts {
            asked: said.amount_after("limits.memory=").or_else(|| said.amount_after("requests.memory=")),
            total: said.after("limited: ").and_then(|rest| super::amount::leading(rest.split_once(".memory=")?.1)),
            ..Amounts::default()
        };
        return Some(ram(said.at, Tool::Container, Kind::Limit, QUOTA).with(amounts));
    }
    let said = text.last("nodes are available")?;
    if said.has("Insufficient memory") {
        return Some(ram(said.at, Tool::Container, Kind::Lack, NODE));
    }
    let unschedulable = said.has("Insufficient nvidia.com/gpu") || said.has("Insufficient amd.com/gpu");
    unschedulable.then(|| {
        Finding::new(said.at, Tool::Container, Memory::None, Kind::NotMemory)
            .cured(&[Cure::FreeOthers, Cure::MoreCards])
    })
}

/// Slurm and its like: a job has the RAM that it asked for.
fn slurm(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("srun: error: ").filter(|said| said.has("Out Of Memory")) {
        return Some(ram(said.at, Tool::Slurm, Kind::Limit, QUOTA));
    }
    let said = text.last_of(&[
        "cgroup out-of-memory handler",
        "oom-kill event",
        "oom_kill event",
        "Exceeded job memory limit",
        "Exceeded step memory limit",
        "exceeded memory limit",
        "TERM_MEMLIMIT",
        "OUT_OF_ME+",
    ])?;
    let finding = ram(said.at, Tool::Slurm, Kind::Limit, QUOTA);
    let tool = (!said.has("TERM_MEMLIMIT")).then_some(Tool::Slurm);
    Some(Finding { tool, ..finding })
}

/// PBS and what follows it: `PBS: job killed: mem 34000000kb exceeded limit 33554432kb`.
fn pbs(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last("PBS: job killed: mem ").or_else(|| text.last("PBS: job killed: vmem "))?;
    let of = |words: &str| said.whole_after(words)?.checked_mul(1 << 10);
    let asked = of("job killed: mem ").or_else(|| of("job killed: vmem "));
    let amounts = Amounts { asked, total: of("exceeded limit "), ..Amounts::default() };
    let finding = ram(said.at, Tool::Slurm, Kind::Limit, QUOTA).with(amounts);
    Some(Finding { tool: None, ..finding })
}

/// What sells containers by their RAM, and what shares a cluster out by it.
fn rented(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("for exceeding memory limits") {
        let total = said.after(" of ").and_then(super::amount::leading);
        let amounts = Amounts { asked: said.amount_after("memory limits. "), total, ..Amounts::default() };
        return Some(ram(said.at, Tool::Container, Kind::Limit, QUOTA).with(amounts));
    }
    if let Some(said) = text.last("Memory limit of ").filter(|said| said.has("exceeded with ")) {
        let amounts = Amounts {
            asked: said.amount_after("exceeded with "),
            total: said.amount_after("limit of "),
            ..Amounts::default()
        };
        return Some(ram(said.at, Tool::Container, Kind::Limit, QUOTA).with(amounts));
    }
    if let Some(said) = text.last("storage limit exceeded") {
        let finding = Finding::new(said.at, Tool::Container, Memory::Disk, Kind::Limit);
        return Some(finding.cured(&[Cure::FreeDisk]));
    }
    let said = text.last_of(&["Container killed due to memory usage", "Container was killed due to memory usage"])?;
    Some(ram(said.at, Tool::Container, Kind::Limit, QUOTA))
}

/// Ray's own watch of the node, and its store in shared memory.
fn ray(text: &Pasted<'_>) -> Option<Finding> {
    if let Some(said) = text.last("exceeds the memory usage threshold") {
        let pair = text.last(" was running was ").and_then(|said| {
            let (used, rest) = said.after("was running was ")?.split_once(" / ")?;
            let (used, total) = (super::amount::leading(used)?, super::amount::leading(rest)?);
            Some((total.saturating_sub(used), total))
        });
        let amounts = Amounts { free: pair.map(|it| it.0), total: pair.map(|it| it.1), ..Amounts::default() };
        return Some(ram(said.at, Tool::Ray, Kind::Limit, HOST).with(amounts));
    }
    if let Some(said) = text.last("orkers (tasks / actors) killed due to memory pressure") {
        return Some(ram(said.at, Tool::Ray, Kind::Limit, HOST));
    }
    if let Some(said) = text.last("in object store because it is full") {
        let amounts = Amounts { asked: said.amount_after("Object size is "), ..Amounts::default() };
        return Some(Finding::new(said.at, Tool::Ray, Memory::Shm, Kind::Limit).with(amounts).cured(SHM));
    }
    let said = text.last("because /dev/shm has only ")?;
    let amounts = Amounts { free: said.amount_after("has only "), ..Amounts::default() };
    Some(Finding::new(said.at, Tool::Ray, Memory::Shm, Kind::Limit).with(amounts).cured(SHM))
}

/// Services that act before the kernel does, and systemd's account of what it did.
fn watchers(text: &Pasted<'_>) -> Option<Finding> {
    let said = text.last_of(&[
        "low memory! at or below SIGTERM limits",
        "low memory! at or below SIGKILL limits",
        "killed by the OOM killer",
        "result 'oom-kill'",
        "oom_reaper: reaped process",
    ])?;
    // earlyoom: `mem avail:   512 of 15872 MiB ( 3.23%)`
    let pair = text.last("mem avail: ").and_then(|said| {
        let (free, total) = said.after("mem avail: ")?.split_once(" of ")?;
        Some((super::amount::leading(&format!("{free} MiB"))?, super::amount::leading(total)?))
    });
    let amounts = Amounts { free: pair.map(|it| it.0), total: pair.map(|it| it.1), ..Amounts::default() };
    let finding = ram(said.at, Tool::Kernel, Kind::Lack, super::lists::SYSTEM).with(amounts);
    Some(finding.look(&[Look::KernelLog, Look::Container]))
}

/// Rented notebooks: a fixed amount of RAM, and a new start when it is gone.
fn notebooks(text: &Pasted<'_>) -> Option<Finding> {
    let gone = [
        "session crashed after using all available RAM",
        "notebook tried to allocate more memory than is available",
        "Memory limit exceeded (",
    ];
    if let Some(said) = text.last_of(&gone) {
        let amounts = Amounts { total: said.amount_after("limit exceeded ("), ..Amounts::default() };
        let finding = ram(said.at, Tool::Container, Kind::Limit, HOST).with(amounts);
        return Some(Finding { tool: None, ..finding });
    }
    let said = text.last_of(&[
        "kernel appears to have died",
        "appears to have died. It will restart",
        "Kernel died, restarting",
        "Kernel crashed while executing code",
    ])?;
    Some(Finding::untold(said.at, None, &[Look::RamInUse, Look::KernelLog, Look::CardInUse]))
}
