//! Which programs run: from Linux's own list, elsewhere from the library that knows the system's. The list is gone through now and
//! then only; in between those that are known are asked what they hold.

use std::fs;
use std::path::{Path, PathBuf};

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use super::{RunningProgram, drm, is_this_system};
use crate::system::detect::small_file::{figure, text};

const KIB: u64 = 1024;
/// More programs than any machine runs at once.
const MOST: usize = 1 << 17;
/// More of them than any machine runs models with.
const MOST_KEPT: usize = 64;
/// More than a command that starts a model has, in bytes.
const LONGEST_COMMAND: usize = 8 << 10;
/// The list is gone through with every so many looks.
const SCAN_EVERY: u32 = 5;
/// How the names of programs begin that run models, and of what models are run by.
const NAMES: [&str; 17] = [
    "llama",
    "ollama",
    "python",
    "vllm",
    "sglang",
    "ray::",
    "koboldcpp",
    "lm studio",
    "lms",
    "lmstudio",
    "tabby",
    "text-generation",
    "mlx",
    "trtllm",
    "tritonserver",
    "exllama",
    "whisper",
];
/// Variables that engines are told by. All others may hold anything, and are not looked at.
const VARIABLES: [&str; 4] = ["LLAMA_ARG_", "OLLAMA_", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"];
/// Options behind which secrets stand.
const SECRETS: [&str; 8] = [
    "--api-key",
    "--admin-api-key",
    "--hf-token",
    "-hft",
    "--token",
    "--password",
    "--ssl-keyfile-password",
    "--secret",
];
/// What stands in the place of a secret.
const LEFT_OUT: &str = "…";

/// The programs, asked again and again.
#[derive(Default)]
pub(in crate::system::detect) struct Listed {
    known: Vec<RunningProgram>,
    looks: u32,
}

impl Listed {
    /// Those that run now, under the system's files at `root`.
    pub(in crate::system::detect) fn ask(&mut self, root: &Path) -> Vec<RunningProgram> {
        let scans = self.looks.is_multiple_of(SCAN_EVERY);
        self.looks = self.looks.wrapping_add(1);
        let of_linux = cfg!(target_os = "linux") || !is_this_system(root);
        match (of_linux, scans) {
            (true, true) => self.known = of_proc(root),
            (true, false) => {
                self.known.retain_mut(|program| holds(&root.join("proc").join(program.pid.to_string()), program));
            }
            (false, true) => self.known = of_library(),
            (false, false) => {}
        }
        self.known.clone()
    }
}

fn is_of_interest(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|begin| name.starts_with(begin))
}

fn of_proc(root: &Path) -> Vec<RunningProgram> {
    let entries = fs::read_dir(root.join("proc")).into_iter().flatten().flatten().take(MOST);
    let mut pids: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    let program = |pid: u32| {
        let folder = root.join("proc").join(pid.to_string());
        let name = text(&folder.join("comm")).filter(|name| is_of_interest(name))?;
        let words = |file: &str| -> Vec<String> {
            let parts = text(&folder.join(file)).unwrap_or_default();
            parts.split('\0').filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let mut program = RunningProgram {
            pid,
            name,
            words: without_secrets(words("cmdline")),
            set: set(words("environ")),
            folder: fs::read_link(folder.join("cwd")).ok(),
            ..RunningProgram::default()
        };
        holds(&folder, &mut program).then_some(program)
    };
    pids.into_iter().filter_map(program).take(MOST_KEPT).collect()
}

/// What a program holds now; whether it is there still.
fn holds(folder: &Path, program: &mut RunningProgram) -> bool {
    let Some(status) = text(&folder.join("status")) else { return false };
    let bytes = |name| figure(&status, name)?.checked_mul(KIB);
    program.parent = figure(&status, "PPid").and_then(|pid| u32::try_from(pid).ok());
    program.ram_bytes = bytes("VmRSS");
    program.mapped_bytes = bytes("RssFile");
    program.swap_bytes = bytes("VmSwap");
    program.vram = drm::held(folder);
    true
}

fn of_library() -> Vec<RunningProgram> {
    let asked = ProcessRefreshKind::nothing()
        .with_memory()
        .with_cmd(UpdateKind::OnlyIfNotSet)
        .with_environ(UpdateKind::OnlyIfNotSet)
        .with_cwd(UpdateKind::OnlyIfNotSet);
    let mut system = System::new();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, asked);
    let words = |words: &[std::ffi::OsString]| words.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    let program = |process: &sysinfo::Process| {
        let name = process.name().to_string_lossy().into_owned();
        is_of_interest(&name).then(|| RunningProgram {
            pid: process.pid().as_u32(),
            parent: process.parent().map(sysinfo::Pid::as_u32),
            name,
            words: without_secrets(words(process.cmd())),
            set: set(words(process.environ())),
            folder: process.cwd().map(Path::to_owned).filter(|it| *it != PathBuf::new()),
            ram_bytes: Some(process.memory()).filter(|bytes| *bytes > 0),
            ..RunningProgram::default()
        })
    };
    let mut found: Vec<RunningProgram> = system.processes().values().filter_map(program).collect();
    found.sort_by_key(|program| program.pid);
    found.truncate(MOST_KEPT);
    found
}

/// As much of a command as is believed, secrets left out.
fn without_secrets(words: Vec<String>) -> Vec<String> {
    let mut room = LONGEST_COMMAND;
    let words = words.into_iter().take_while(|word| {
        let fits = word.len() <= room;
        room = room.saturating_sub(word.len());
        fits
    });
    let mut hidden = false;
    let shown = |word: String| {
        if std::mem::take(&mut hidden) {
            return LEFT_OUT.to_owned();
        }
        hidden = SECRETS.contains(&word.as_str());
        match word.split_once('=') {
            Some((name, _)) if SECRETS.contains(&name) => format!("{name}={LEFT_OUT}"),
            _ => word,
        }
    };
    words.map(shown).collect()
}

fn set(words: Vec<String>) -> Vec<(String, String)> {
    let kept = |word: String| {
        let (name, value) = word.split_once('=')?;
        VARIABLES.iter().any(|begin| name.starts_with(begin)).then(|| (name.to_owned(), value.to_owned()))
    };
    words.into_iter().filter_map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay(root: &Path, pid: u32, name: &str, command: &str) {
        let folder = root.join("proc").join(pid.to_string());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("comm"), format!("{name}\n")).unwrap();
        fs::write(folder.join("cmdline"), command.replace(' ', "\0")).unwrap();
        fs::write(folder.join("environ"), "HOME=/home/me\0OLLAMA_CONTEXT_LENGTH=8192\0AWS_SECRET=x\0").unwrap();
        let status = format!("Name:\t{name}\nPPid:\t1\nVmRSS:\t  2048 kB\nRssFile:\t  1024 kB\nVmSwap:\t       0 kB\n");
        fs::write(folder.join("status"), status).unwrap();
    }

    #[test]
    fn programs_that_may_run_models_are_listed_without_secrets() {
        let root = tempfile::tempdir().unwrap();
        lay(root.path(), 41, "llama-server", "/opt/llama-server -m a.gguf --api-key hunter2 -c 4096");
        lay(root.path(), 42, "firefox", "firefox --token=x");
        lay(root.path(), 43, "python3", "python3 -m vllm.entrypoints.openai.api_server --hf-token=hunter2");
        let mut listed = Listed::default();
        let found = listed.ask(root.path());
        assert_eq!(found.iter().map(|it| it.pid).collect::<Vec<_>>(), [41, 43]);
        assert_eq!(found[0].words.join(" "), "/opt/llama-server -m a.gguf --api-key … -c 4096");
        assert_eq!(found[1].words[3], "--hf-token=…");
        assert_eq!(found[0].set, [("OLLAMA_CONTEXT_LENGTH".to_owned(), "8192".to_owned())]);
        assert_eq!((found[0].ram_bytes, found[0].mapped_bytes), (Some(2048 * KIB), Some(1024 * KIB)));
        // One that ends is gone with the next look, without going through the list.
        fs::remove_dir_all(root.path().join("proc/41")).unwrap();
        assert_eq!(listed.ask(root.path()).iter().map(|it| it.pid).collect::<Vec<_>>(), [43]);
    }
}
