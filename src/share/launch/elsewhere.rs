//! What is to be started on the other computers of a plan, before what runs on the first.
//!
//! Options: tools/rpc/README.md of llama.cpp; docs.vllm.ai, parallelism and scaling, for Ray.

use super::given::Given;
use super::line::{CommandLines, Launch, LaunchLine};
use super::words::{counted, told};
use super::{LaunchTool, llama_server};
use crate::catalog::Catalog;
use crate::estimate::Estimate;
use crate::plan::{FIRST_BOX, Plan};
use crate::text::Key;

/// The port that Ray's head answers on by itself.
const RAY_PORT: u32 = 6379;

/// What a computer is called until its own name is put in its place.
pub(super) fn host(place: u32) -> String {
    format!("computer-{}", place + 1)
}

/// The computers beside the first that hold a card.
pub(super) fn other_boxes(estimate: &Estimate) -> impl Iterator<Item = u32> {
    let last = estimate.devices.iter().map(|device| device.in_box).max().unwrap_or(FIRST_BOX);
    FIRST_BOX + 1..=last
}

/// Whether the cards stand in several computers.
pub(super) fn several_boxes(estimate: &Estimate) -> bool {
    other_boxes(estimate).next().is_some()
}

/// What starts the programs that `tool` needs on other computers, in order; nothing where all cards stand in one.
pub(super) fn elsewhere(tool: LaunchTool, plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Vec<Launch> {
    if !several_boxes(estimate) {
        return Vec::new();
    }
    let given = &Given { plan, estimate, catalog };
    let started = match tool {
        LaunchTool::LlamaServer => llama_server::rpc_servers(given),
        LaunchTool::Vllm => ray(given),
        _ => Vec::new(),
    };
    started.into_iter().map(|lines| Launch { tool, lines }).collect()
}

fn ray(given: &Given<'_>) -> Vec<Vec<LaunchLine>> {
    let start = |more: String, why| {
        let mut command = CommandLines::of(given.plan.machine.os);
        command.words(&["ray", "start"], why);
        command.lines.push(LaunchLine::plain(more));
        command.lines
    };
    let head = start(format!("--head --port={RAY_PORT}"), told(Key::ToldRayHead));
    let other =
        |place: u32| start(format!("--address={}:{RAY_PORT}", host(FIRST_BOX)), counted(Key::ToldRayOther, place + 1));
    std::iter::once(head).chain(other_boxes(given.estimate).map(other)).collect()
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::estimate::estimate;
    use crate::plan::{CardChoice, CardCount, ModelChoice, Plan, Runtime};
    use crate::share::launch::command;
    use crate::share::launch::read::read_command;

    fn on_two_sparks(model: &str, change: impl FnOnce(&mut Plan)) -> String {
        let catalog = Catalog::embedded();
        let mut plan = Plan::default();
        plan.machine.cards = vec![CardCount::of(CardChoice::Catalog("gb10-dgx-spark".to_owned()), 2)];
        plan.workload.model = ModelChoice::Catalog(model.to_owned());
        change(&mut plan);
        command(&plan, &estimate(&plan, catalog).unwrap(), catalog).unwrap()
    }

    #[test]
    fn each_computer_is_told_its_part() {
        let words = on_two_sparks("qwen3-235b-a22b", |_| {});
        let lines: Vec<&str> = words.lines().collect();
        assert_eq!(lines[0], "rpc-server -H 0.0.0.0 -p 50052 -c");
        assert!(lines[1].contains(" --rpc computer-2:50052 "), "{words}");
        let words = on_two_sparks("llama-3.3-70b", |plan| plan.workload.choose_runtime(Runtime::Vllm));
        let lines: Vec<&str> = words.lines().collect();
        assert_eq!(lines[..2], ["ray start --head --port=6379", "ray start --address=computer-1:6379"]);
        assert!(lines[2].contains("--tensor-parallel-size 2"), "{words}");
        assert!(lines[2].ends_with("--distributed-executor-backend ray"), "{words}");
        let words = on_two_sparks("llama-3.3-70b", |plan| plan.workload.choose_runtime(Runtime::Sglang));
        assert!(words.ends_with("--nnodes 2 --node-rank 0 --dist-init-addr computer-1:20000"), "{words}");
    }

    #[test]
    fn commands_for_several_computers_are_read_back() {
        for (command, boxes) in [
            ("llama-server -m Qwen3-30B-A3B-Q4_K_M.gguf --rpc 10.0.0.2:50052,10.0.0.3:50052", 3),
            ("python -m sglang.launch_server --model-path Qwen/Qwen3-30B-A3B --tp 2 --nnodes 2 --node-rank 0", 2),
        ] {
            let read = read_command(command, Catalog::embedded()).unwrap();
            assert_eq!((read.plan.machine.boxes, read.plan.machine.cards[0].count), (Some(boxes), boxes), "{command}");
            assert!(read.unread.is_empty(), "{:?}", read.unread);
        }
    }

    #[test]
    fn what_stands_in_one_computer_needs_no_other() {
        let words = on_two_sparks("llama-3.1-8b", |plan| plan.machine.cards[0].count = 1);
        assert!(words.lines().count() == 1 && !words.contains("--rpc"), "{words}");
    }
}
