//! What starts what a plan plans, for the tools whose options are documented, each line with what it does and why; and
//! commands read back into plans. `tests/fixtures/options` lists what each tool takes. A tool is offered where it can be
//! told all that the plan says.

mod accelerate;
mod beside;
mod deepspeed;
mod elsewhere;
mod given;
mod line;
mod llama_factory;
mod llama_server;
mod ollama;
mod quote;
pub mod read;
mod servers;
mod settings;
mod training;
mod transformers;
mod words;

use crate::catalog::Catalog;
use crate::estimate::Estimate;
use crate::plan::{Plan, Runtime};
use crate::text::program_names;
pub use beside::{beside, in_order};
use given::Given;
pub use line::{Launch, LaunchLine};

/// A tool that is started with what is written for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumCount)]
pub enum LaunchTool {
    /// llama.cpp's server.
    LlamaServer,
    /// Ollama, by a Modelfile.
    Ollama,
    /// vLLM's server.
    Vllm,
    /// `SGLang`'s server.
    Sglang,
    /// Hugging Face's transformers, as lines of Python.
    Transformers,
    /// LLaMA-Factory.
    LlamaFactory,
    /// `accelerate launch`.
    Accelerate,
    /// `DeepSpeed`.
    DeepSpeed,
}

impl LaunchTool {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [
        Self::LlamaServer,
        Self::Ollama,
        Self::Vllm,
        Self::Sglang,
        Self::Transformers,
        Self::LlamaFactory,
        Self::Accelerate,
        Self::DeepSpeed,
    ];

    /// What it is called, the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LlamaServer => program_names::LLAMA_SERVER,
            Self::Ollama => program_names::OLLAMA,
            Self::Vllm => program_names::VLLM,
            Self::Sglang => program_names::SGLANG,
            Self::Transformers => program_names::TRANSFORMERS,
            Self::LlamaFactory => program_names::LLAMA_FACTORY,
            Self::Accelerate => program_names::ACCELERATE,
            Self::DeepSpeed => program_names::DEEPSPEED,
        }
    }

    /// As it is typed on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Self::LlamaServer => "llama-server",
            Self::Ollama => "ollama",
            Self::Vllm => "vllm",
            Self::Sglang => "sglang",
            Self::Transformers => "transformers",
            Self::LlamaFactory => "llama-factory",
            Self::Accelerate => "accelerate",
            Self::DeepSpeed => "deepspeed",
        }
    }

    /// Under which name its file is kept; `None` where it is a command.
    pub const fn file_name(self) -> Option<&'static str> {
        match self {
            Self::LlamaServer | Self::Vllm | Self::Sglang => None,
            Self::Ollama => Some("Modelfile"),
            Self::Transformers => Some("run.py"),
            Self::LlamaFactory => Some("llama_factory.yaml"),
            Self::Accelerate => Some("accelerate.yaml"),
            Self::DeepSpeed => Some("deepspeed.json"),
        }
    }

    /// Whether it is started with a command rather than with a file.
    pub const fn is_command(self) -> bool {
        self.file_name().is_none()
    }

    /// Whether the tool runs what the plan plans and can be told all of it.
    fn runs(self, plan: &Plan, estimate: &Estimate) -> bool {
        let engine = |runtime| !plan.workload.task.trains() && plan.workload.runtime == runtime;
        match self {
            Self::LlamaServer => engine(Runtime::LlamaCpp),
            Self::Ollama => engine(Runtime::LlamaCpp) && ollama::runs(plan, estimate),
            Self::Vllm => engine(Runtime::Vllm),
            Self::Sglang => engine(Runtime::Sglang),
            Self::Transformers => engine(Runtime::Transformers),
            Self::LlamaFactory => llama_factory::runs(plan),
            Self::Accelerate => accelerate::runs(plan),
            Self::DeepSpeed => deepspeed::runs(plan),
        }
    }
}

/// The tools that run what is planned, the usual one first.
pub fn tools(plan: &Plan, estimate: &Estimate) -> Vec<LaunchTool> {
    LaunchTool::ALL.into_iter().filter(|tool| tool.runs(plan, estimate)).collect()
}

/// Whether any tool is known that runs what is planned.
pub fn is_known(plan: &Plan) -> bool {
    let workload = &plan.workload;
    if workload.task.trains() {
        return llama_factory::runs(plan) || accelerate::runs(plan) || deepspeed::runs(plan);
    }
    !matches!(workload.runtime, Runtime::Tgi | Runtime::TensorRtLlm)
}

/// What a tool is given for a plan; `None` where it does not run it.
pub fn launch(tool: LaunchTool, plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Option<Launch> {
    if !tool.runs(plan, estimate) {
        return None;
    }
    let given = &Given { plan, estimate, catalog };
    let lines = match tool {
        LaunchTool::LlamaServer => llama_server::lines(given),
        LaunchTool::Ollama => ollama::lines(given),
        LaunchTool::Vllm => servers::vllm(given),
        LaunchTool::Sglang => servers::sglang(given),
        LaunchTool::Transformers => transformers::lines(given),
        LaunchTool::LlamaFactory => llama_factory::lines(given),
        LaunchTool::Accelerate => accelerate::lines(given),
        LaunchTool::DeepSpeed => deepspeed::lines(given),
    };
    Some(Launch { tool, lines })
}

/// What the usual tool is given for a plan, ready to paste, with what runs beside, each on a line in the order to start
/// them; `None` where none is known.
pub fn command(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> Option<String> {
    let tool = tools(plan, estimate).into_iter().next()?;
    let own = launch(tool, plan, estimate, catalog)?;
    let all: Vec<String> = in_order(plan, estimate, Some(&own), catalog).iter().map(Launch::text).collect();
    Some(all.join("\n"))
}
