//! What is to be started: the plan, what was worked out for it, and what its model is called.

use std::path::Path;

use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::{Quantization, QuantizationKind};
use crate::estimate::Estimate;
use crate::plan::{ModelChoice, Plan, Training, Workload};
use crate::text::one_line;

/// What is to be started.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) plan: &'a Plan,
    pub(super) estimate: &'a Estimate,
    pub(super) catalog: &'a Catalog,
}

impl<'a> Given<'a> {
    pub(super) const fn workload(&self) -> &'a Workload {
        &self.plan.workload
    }

    pub(super) const fn training(&self) -> &'a Training {
        &self.plan.workload.training
    }

    /// How many cards there are.
    pub(super) fn cards(&self) -> u32 {
        self.plan.machine.cards.iter().map(|kind| kind.count).fold(0, u32::saturating_add)
    }

    fn model(&self) -> Option<&'a Model> {
        self.plan.workload.model.known(self.catalog)
    }

    /// The model as its makers write it.
    pub(super) fn name(&self) -> String {
        let size = || match self.plan.workload.model {
            ModelChoice::Size(parameters) => format!("{} B", crate::text::parameters(parameters)),
            _ => "model".to_owned(),
        };
        self.model().map_or_else(size, |model| one_line(&model.name).into_owned())
    }

    /// The file of the plan, else what such a file is usually called.
    pub(super) fn gguf(&self) -> String {
        match &self.plan.workload.model {
            ModelChoice::File { path, .. } if ends_with(path, "gguf") => path.to_string_lossy().into_owned(),
            _ => format!("{}-{}.gguf", self.short_name(), self.plan.workload.quantization),
        }
    }

    /// What the file of this model is usually called.
    pub(super) fn gguf_of(&self, id: &str, stored: Quantization) -> String {
        let name = self.catalog.model(id).map_or_else(|| id.to_owned(), file_name);
        format!("{name}-{stored}.gguf")
    }

    /// What the file of the part that sees is usually called.
    pub(super) fn projector(&self) -> String {
        format!("mmproj-{}-F16.gguf", self.short_name())
    }

    /// The repository of the model, a folder where its weights are not those of the repository.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        let quantization = self.plan.workload.quantization;
        let as_published =
            matches!(quantization, Quantization::fp32 | Quantization::fp16 | Quantization::bf16 | Quantization::fp8);
        if let ModelChoice::File { path, .. } = &self.plan.workload.model {
            // A file lies in the folder that is meant; names of folders have dots of their own.
            let is_file = ["json", "safetensors", "gguf"].iter().any(|end| ends_with(path, end));
            let folder = path.parent().filter(|_| is_file).unwrap_or(path);
            return Checkpoint::Folder(folder.to_string_lossy().into_owned());
        }
        let published = self.model().and_then(|model| model.native_dtype?.stored(QuantizationKind::Server));
        match self.repository().filter(|_| as_published || published == Some(quantization)) {
            Some(id) => Checkpoint::Repository(id),
            None => Checkpoint::Folder(format!("./{}-{quantization}", self.short_name())),
        }
    }

    /// What is trained: the published weights, whatever they become while they are loaded.
    pub(super) fn base(&self) -> Checkpoint {
        let own = matches!(&self.plan.workload.model, ModelChoice::File { path, .. } if !ends_with(path, "gguf"));
        match self.repository().filter(|_| !own) {
            Some(id) => Checkpoint::Repository(id),
            None => self.checkpoint(),
        }
    }

    fn repository(&self) -> Option<String> {
        self.model().and_then(|model| model.hf_id.clone())
    }

    /// The model's name without blanks.
    fn short_name(&self) -> String {
        self.model().map_or_else(|| "model".to_owned(), file_name)
    }
}

/// A model's name without blanks.
fn file_name(model: &Model) -> String {
    let repository = model.hf_id.as_deref().and_then(|id| id.rsplit('/').next());
    let name = repository.unwrap_or(&model.name);
    name.split_whitespace().collect::<Vec<_>>().join("-").replace('/', "-")
}

fn ends_with(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
}

/// Where the weights are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Checkpoint {
    /// On Hugging Face.
    Repository(String),
    /// In a folder of the user's.
    Folder(String),
}

impl Checkpoint {
    /// As tools are told.
    pub(super) fn path(&self) -> &str {
        match self {
            Self::Repository(path) | Self::Folder(path) => path,
        }
    }
}
