//! What starts the models beside the plan's own: a command each, told which card it sees and which port it answers on.
//!
//! Options: tools/server/README.md of llama.cpp, `vllm serve --help`, `SGLang`'s server arguments. CUDA and `ROCm` show a program
//! the cards that `CUDA_VISIBLE_DEVICES` and `HIP_VISIBLE_DEVICES` name.

use super::elsewhere::elsewhere;
use super::line::{CommandLines, LaunchLine};
use super::words::{counted, told};
use super::{Launch, LaunchTool, launch, tools};
use crate::advise::start_order::start_order;
use crate::catalog::Catalog;
use crate::estimate::{DeviceEstimate, Estimate, ResidentEstimate};
use crate::plan::{Backend, OperatingSystem, Plan, ResidentPlace};
use crate::text::Key;

/// The ports that servers answer on by themselves.
const LLAMA_PORT: usize = 8080;
const VLLM_PORT: usize = 8000;
const SGLANG_PORT: usize = 30_000;

/// What starts each model beside the plan's own, in the order of the plan; those that are not loaded or that no tool is known
/// for are left out.
pub fn beside(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Vec<Launch> {
    let rows = estimate.also.iter().enumerate();
    rows.filter_map(|(row, found)| of_row(plan, (row, found), catalog)).collect()
}

/// What starts all programs of a plan, on the other computers first, in the order in which they are to be started; `own` starts the plan's own model.
pub fn in_order(plan: &Plan, estimate: &Estimate, own: Option<&Launch>, catalog: &Catalog) -> Vec<Launch> {
    let one = |row: Option<usize>| match row {
        None => own.cloned(),
        Some(row) => of_row(plan, (row, estimate.also.get(row)?), catalog),
    };
    let elsewhere = own.map(|own| elsewhere(own.tool, plan, estimate, catalog)).unwrap_or_default();
    let here = start_order(plan, estimate).into_iter().filter_map(|started| one(started.row));
    elsewhere.into_iter().chain(here).collect()
}

fn of_row(plan: &Plan, (row, found): (usize, &ResidentEstimate), catalog: &Catalog) -> Option<Launch> {
    let own = plan.of_resident(row)?;
    let alone = found.alone.as_deref()?;
    let tool = tools(&own, alone).into_iter().find(|tool| tool.is_command())?;
    let mut launch = launch(tool, &own, alone, catalog)?;
    let mut more = CommandLines::of(plan.machine.os);
    if tool == LaunchTool::LlamaServer {
        match (found.place, alone.devices.first()) {
            (ResidentPlace::Ram, _) => more.option("--device", "none", told(Key::ToldDeviceNone)),
            (ResidentPlace::Device(device), Some(on)) => {
                let name = format!("{}{device}", device_name(on));
                more.option("--device", name, counted(Key::ToldDevice, device));
            }
            _ => {}
        }
    } else if let (ResidentPlace::Device(device), Some(on)) = (found.place, alone.devices.first()) {
        launch.lines.insert(0, visible(device, on, plan.machine.os));
    }
    let port = match tool {
        LaunchTool::Vllm => VLLM_PORT,
        LaunchTool::Sglang => SGLANG_PORT,
        _ => LLAMA_PORT,
    };
    // The plan's own has the usual one.
    let port = port + row + 1;
    more.option("--port", port, counted(Key::ToldPort, port));
    launch.lines.append(&mut more.lines);
    Some(launch)
}

/// What llama.cpp calls devices of a compute library, before their number.
const fn device_name(on: &DeviceEstimate) -> &'static str {
    match on.backend {
        Backend::Cuda => "CUDA",
        Backend::Rocm => "ROCm",
        Backend::Vulkan => "Vulkan",
        Backend::Metal => "MTL",
        Backend::Sycl => "SYCL",
        Backend::Cpu => "CPU",
    }
}

/// Shows a program one card alone, as the shell of a system sets a variable.
fn visible(device: u32, on: &DeviceEstimate, os: OperatingSystem) -> LaunchLine {
    let variable = if on.backend == Backend::Rocm { "HIP_VISIBLE_DEVICES" } else { "CUDA_VISIBLE_DEVICES" };
    let text = match os {
        OperatingSystem::Windows => format!("$env:{variable}='{device}';"),
        _ => format!("{variable}={device}"),
    };
    LaunchLine::told(text, counted(Key::ToldVisible, device))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::quantization::Quantization;
    use crate::estimate::estimate;
    use crate::plan::{CardChoice, CardCount, ModelChoice, Resident, Runtime};

    #[test]
    fn each_program_is_told_its_card_and_a_port_of_its_own() {
        let catalog = Catalog::embedded();
        let mut plan = Plan::default();
        plan.machine.cards.push(CardCount::of(CardChoice::Catalog("rtx-3090".to_owned()), 1));
        let small = |place| {
            let model = ModelChoice::Catalog("qwen3-0.6b".to_owned());
            Resident { place, ..Resident::of(model, &plan.machine, catalog) }
        };
        let mut served = small(ResidentPlace::Device(1));
        served.workload.choose_runtime(Runtime::Vllm);
        served.workload.quantization = Quantization::bf16;
        served.workload.server.gpu_memory_utilization = Some(0.2);
        plan.also = vec![small(ResidentPlace::Device(1)), small(ResidentPlace::Ram), served, small(ResidentPlace::Off)];
        let told = beside(&plan, &estimate(&plan, catalog).unwrap(), catalog);
        let texts: Vec<String> = told.iter().map(Launch::text).collect();
        assert_eq!(texts.len(), 3, "what is not loaded is not started: {texts:?}");
        assert!(texts[0].ends_with("--device CUDA1 --port 8081"), "{}", texts[0]);
        assert!(texts[1].ends_with("--device none --port 8082"), "{}", texts[1]);
        assert!(texts[2].starts_with("CUDA_VISIBLE_DEVICES=1 vllm serve"), "{}", texts[2]);
        assert!(texts[2].ends_with("--port 8003"), "{}", texts[2]);
    }
}
