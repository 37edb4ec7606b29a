//! The estimator against what the engine itself reported to allocate (llama.cpp 0.5.0-dev, commit 0c1e57098). The
//! tables are large and lie beside the crate; where they are missing, this says so and passes.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "tests fail by panicking")]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::support::plans::{ask, cards, kv, plan};
use rigplan::estimate::Parts;
use rigplan::plan::{GpuLayers, Logits, Plan};
use rigplan::units::Bytes;

/// One row of a table, by column.
type Row = HashMap<String, String>;

/// The rows of one table, or nothing where it is missing.
fn rows(name: &str) -> Option<Vec<Row>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/truth").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("not tested: {} is missing", path.display());
        return None;
    };
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let columns: Vec<String> = lines.next().expect("a line of columns").collect();
    Some(lines.map(|line| columns.iter().cloned().zip(line).collect()).collect())
}

fn number<T: std::str::FromStr>(row: &Row, column: &str) -> T {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is {:?} in {row:?}", row[column]))
}

/// The plan of a row; devices are so large that every layer which is asked for fits.
fn plan_of(row: &Row) -> Plan {
    let mut plan = plan(&row["model"], &row["quant"], "h200-sxm");
    let workload = &mut plan.workload;
    let unified = row["kv_unified"] == "1";
    workload.sequences = number(row, "n_seq");
    workload.context = number::<u64>(row, "ctx") / if unified { 1 } else { u64::from(workload.sequences) };
    workload.unified_kv = unified;
    workload.kv_cache = kv(&row["kv_type"]);
    workload.flash_attention = row["flash_attn"] == "1";
    workload.ubatch = number(row, "ubatch");
    workload.logits = if row["n_outputs_max"] == "0" { Logits::All } else { Logits::Last };
    plan
}

/// How figures of one kind agree.
#[derive(Default)]
struct Figures {
    errors: BTreeMap<&'static str, Vec<f64>>,
    worst: BTreeMap<&'static str, (f64, String)>,
}

impl Figures {
    fn compare(&mut self, figure: &'static str, got: Option<Bytes>, truth: u64, row: &Row) {
        let got = got.unwrap_or_else(|| panic!("{figure} is unknown for {row:?}")).0;
        let error = if got == truth { 0.0 } else { got.abs_diff(truth) as f64 / truth.max(1) as f64 };
        self.errors.entry(figure).or_default().push(error);
        let worst = self.worst.entry(figure).or_default();
        if error > worst.0 {
            *worst = (error, format!("{got} instead of {truth} for {row:?}"));
        }
    }

    /// Panics where a figure is further off than `median` and `p95`; returns how many were compared.
    fn hold(mut self, figure: &'static str, median: f64, p95: f64) -> Self {
        let mut errors = self.errors.remove(figure).unwrap_or_default();
        errors.sort_by(f64::total_cmp);
        assert!(!errors.is_empty(), "{figure}: no row");
        let at = |share: usize| errors[(errors.len() * share).div_ceil(100) - 1];
        let worst = self.worst.remove(figure).unwrap_or_default();
        assert!(at(50) <= median && at(95) <= p95, "{figure}: median {}, p95 {}, worst {worst:?}", at(50), at(95));
        self
    }

    fn hold_exactly(mut self, figure: &'static str) -> Self {
        let errors = self.errors.remove(figure).unwrap_or_default();
        let wrong = errors.iter().filter(|error| **error > 0.0).count();
        let worst = self.worst.remove(figure).unwrap_or_default();
        assert!(!errors.is_empty(), "{figure}: no row");
        assert_eq!(wrong, 0, "{figure}: {wrong} of {} are not exact, worst {worst:?}", errors.len());
        self
    }
}

fn caches(parts: &Parts) -> Option<Bytes> {
    Some(parts.kv_cache? + parts.recurrent_state?)
}

/// Every seventh row: all models and options come by, in a time that a debug build has.
const EVERY: usize = 7;

#[test]
fn one_device_and_the_cpu_alone_allocate_what_the_engine_does() {
    let Some(rows) = rows("llamacpp.csv") else { return };
    let mut figures = Figures::default();
    for row in rows.iter().step_by(EVERY) {
        let mut plan = plan_of(row);
        plan.workload.swa_full = row["swa_full"] == "1";
        let on_cpu = row["backend"] == "cpu";
        if on_cpu {
            plan.machine.cards.clear();
        }
        let found = ask(&plan);
        let parts = if on_cpu { found.host.parts } else { found.devices[0].parts };
        let (kv, recurrent, compute) =
            (number(row, "kv_bytes"), number(row, "recurrent_bytes"), number(row, "compute_bytes"));
        figures.compare("kv cache", parts.kv_cache, kv, row);
        figures.compare("recurrent state", parts.recurrent_state, recurrent, row);
        figures.compare("compute", parts.compute, compute, row);
        figures.compare("file weights", found.weights, number(row, "weights_bytes"), row);
        figures.compare("parameters", found.params.map(Bytes), number(row, "params"), row);
        if on_cpu {
            continue;
        }
        let weights = number(row, "weights_dev_bytes");
        figures.compare("weights", parts.weights, weights, row);
        figures.compare("host weights", found.host.parts.weights, number(row, "weights_host_bytes"), row);
        figures.compare("host compute", found.host.parts.compute, number(row, "compute_host_bytes"), row);
        figures.compare("device total", parts.total(), weights + kv + recurrent + compute, row);
    }
    figures
        .hold_exactly("parameters")
        .hold_exactly("file weights")
        .hold_exactly("weights")
        .hold_exactly("host weights")
        .hold_exactly("kv cache")
        .hold_exactly("recurrent state")
        .hold("compute", 0.0, 0.0)
        .hold("host compute", 0.0, 0.0)
        .hold("device total", 0.0, 0.0);
}

#[test]
fn offload_and_several_devices_allocate_what_the_engine_does() {
    let Some(rows) = rows("llamacpp_offload.csv") else { return };
    let mut figures = Figures::default();
    for row in rows.iter().step_by(EVERY) {
        let mut plan = plan_of(row);
        plan.machine.cards = vec![cards("h200-sxm", number(row, "n_gpu"))];
        plan.workload.cpu_experts = number(row, "n_cpu_moe");
        if row["n_gpu_layers"] != "all" {
            plan.workload.gpu_layers = GpuLayers::Count(number(row, "n_gpu_layers"));
        }
        let found = ask(&plan);
        figures.compare("host weights", found.host.parts.weights, number(row, "host_weights_bytes"), row);
        figures.compare("host caches", caches(&found.host.parts), number(row, "host_context_bytes"), row);
        for (index, device) in found.devices.iter().enumerate() {
            let truth = |what: &str| number::<u64>(row, &format!("dev{index}_{what}_bytes"));
            let (weights, context, compute) = (truth("weights"), truth("context"), truth("compute"));
            figures.compare("weights", device.parts.weights, weights, row);
            figures.compare("caches", caches(&device.parts), context, row);
            figures.compare("compute", device.parts.compute, compute, row);
            figures.compare("device total", device.parts.total(), weights + context + compute, row);
        }
    }
    figures
        .hold_exactly("host weights")
        .hold_exactly("host caches")
        .hold_exactly("weights")
        .hold_exactly("caches")
        .hold("compute", 0.0, 0.0)
        .hold("device total", 0.0, 0.0);
}
