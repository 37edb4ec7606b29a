//! A driver's library that hangs, crashes or ends the process that asks it: the program says so and goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rigplan::system::detect::{DriverFault, NvmlState, Probe, ThisMachine};
use rigplan::text::Locale;
use tempfile::TempDir;

use super::detect::build_for;
use super::run::rigplan;

/// All functions of the library that are asked for an answer of a card with a slice.
const ASKED: [&str; 27] = [
    "nvmlInit_v2",
    "nvmlSystemGetDriverVersion",
    "nvmlSystemGetCudaDriverVersion_v2",
    "nvmlDeviceGetCount_v2",
    "nvmlDeviceGetHandleByIndex_v2",
    "nvmlDeviceGetName",
    "nvmlDeviceGetMemoryInfo_v2",
    "nvmlDeviceGetCurrPcieLinkGeneration",
    "nvmlDeviceGetMaxPcieLinkGeneration",
    "nvmlDeviceGetCurrPcieLinkWidth",
    "nvmlDeviceGetMaxPcieLinkWidth",
    "nvmlDeviceGetMigMode",
    "nvmlDeviceGetDisplayActive",
    "nvmlDeviceGetMaxMigDeviceCount",
    "nvmlDeviceGetMigDeviceHandleByIndex",
    "nvmlDeviceGetCudaComputeCapability",
    "nvmlDeviceGetUtilizationRates",
    "nvmlDeviceGetTemperature",
    "nvmlDeviceGetPowerUsage",
    "nvmlDeviceGetEnforcedPowerLimit",
    "nvmlDeviceGetPowerManagementDefaultLimit",
    "nvmlDeviceGetClockInfo",
    "nvmlDeviceGetMaxClockInfo",
    "nvmlDeviceGetEccMode",
    "nvmlDeviceGetNvLinkState",
    "nvmlDeviceGetCurrentClocksThrottleReasons",
    "nvmlDeviceGetComputeRunningProcesses_v3",
];

const CARD: &str = "driver 570.86.15\ncard NVIDIA A100-SXM4-80GB\ntotal 85899345920\nmig 1\n\
                    slice NVIDIA A100-SXM4-80GB MIG 3g.40gb\ntotal 42144366592\n";

/// A library whose faults can be changed: what it does stands in a file that it reads when it is loaded.
struct Library {
    folder: TempDir,
    _built: TempDir,
    path: PathBuf,
}

impl Library {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("scenario.txt");
        fs::write(&script, CARD).unwrap();
        let (built, path) = build_for(&script, &[]);
        Self { folder, _built: built, path }
    }

    /// What is found where the library has this fault.
    fn with(&self, fault: &str, patience: Duration) -> NvmlState {
        fs::write(self.folder.path().join("scenario.txt"), format!("{fault}\n{CARD}")).unwrap();
        let program = PathBuf::from(env!("CARGO_BIN_EXE_rigplan"));
        ThisMachine::asked_by(program, self.path.clone()).waiting(patience).detect().nvml
    }
}

/// Longer than any machine needs to start a process.
const LONG: Duration = Duration::from_mins(2);

#[test]
fn one_that_hangs_is_given_up() {
    let library = Library::new();
    for function in ASKED {
        // However short the time: a library that hangs for ever does so at any patience.
        let state = library.with(&format!("hang {function}"), Duration::from_millis(200));
        assert!(matches!(state, NvmlState::TimedOut { .. }), "{function}: {state:?}");
    }
}

#[test]
fn one_that_crashes_takes_nothing_with_it() {
    let library = Library::new();
    for function in ASKED {
        let abort = library.with(&format!("abort {function}"), LONG);
        let exit = library.with(&format!("exit {function}"), LONG);
        if cfg!(unix) {
            assert_eq!(abort, NvmlState::Ended { signal: Some(6), code: None }, "{function}");
        }
        assert_eq!(exit, NvmlState::Ended { signal: None, code: Some(77) }, "{function}");
    }
    let segfault = library.with("segfault nvmlDeviceGetName", LONG);
    if cfg!(unix) {
        assert_eq!(segfault, NvmlState::Ended { signal: Some(11), code: None });
    }
    assert!(matches!(library.with("# no fault", LONG), NvmlState::Ready { .. }));
}

#[test]
fn what_it_writes_itself_is_passed_over_or_too_much() {
    let library = Library::new();
    assert!(matches!(library.with("noise 5000", LONG), NvmlState::Ready { .. }));
    let NvmlState::Failed { fault: DriverFault::WroteTooMuch, reason } = library.with("noise 3000000", LONG) else {
        panic!("a library that writes without end was read");
    };
    assert!(reason.contains("1048576"), "{reason}");
}

#[test]
fn the_command_says_it_in_one_line() {
    let library = Library::new();
    let home = tempfile::tempdir().unwrap();
    let script = library.folder.path().join("scenario.txt");
    for (fault, words) in [
        ("hang nvmlInit_v2", "The NVIDIA driver did not answer within 5 s"),
        ("abort nvmlDeviceGetName", "ended the program that asked it (signal 6)"),
        ("exit nvmlDeviceGetCount_v2", "ended the program that asked it (exit code 77)"),
    ] {
        fs::write(&script, format!("{fault}\n{CARD}")).unwrap();
        let output = rigplan(home.path()).arg("detect").env("RIGPLAN_NVML", &library.path).output().expect("it runs");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.lines().next().is_some_and(|line| line.contains(words)), "{fault}: {text}");
        assert!(text.contains("RAM: "), "the rest is said all the same: {text}");
        assert_eq!(output.status.code(), Some(0), "{fault}");
    }
}

#[test]
fn a_program_that_cannot_be_started_is_said() {
    let nowhere = ThisMachine::asked_by(PathBuf::from("/nonexistent/rigplan"), Path::new("lib.so").to_owned());
    let state = nowhere.detect().nvml;
    let NvmlState::NotAsked { reason, .. } = &state else { panic!("{state:?}") };
    assert!(state.say(Locale::Zh).contains(reason.as_str()) && !reason.contains('\n'), "{reason}");
}
