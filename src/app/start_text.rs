//! What is entered into the field of the start page: a file, a plan as a text, a model's name or link, an error message.

use eframe::egui::Context;

use super::App;
use super::platform::After;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::plan::SceneId;
use crate::share::carrier::link;
use crate::system::folders::from_home;
use crate::system::model_path::is_model_file;
use crate::text::{Fault, Key, Placeholder, one_line};
use crate::ui::start::StartViewState;

/// What messages say where memory ran out, in small letters: of CUDA, PyTorch, llama.cpp, the system, and in Chinese.
const OUT_OF_MEMORY: [&str; 9] = [
    "out of memory",
    "outofmemory",
    "out_of_memory",
    "failed to allocate",
    "unable to allocate",
    "cudamalloc failed",
    "oom-kill",
    "显存不足",
    "内存不足",
];
/// The longest name that is said back, in characters.
const SAID: usize = 60;

impl App {
    /// Begins with what was entered, or says why nothing came of it. Entered once more, it is the model that is most like it.
    pub(super) fn start_from(&mut self, text: &str, ctx: &Context) {
        let text = text.trim();
        let again = self.start.view.said.take().is_some();
        let path = from_home(text, self.outside.home());
        if path.is_file() {
            self.start.view = StartViewState::opened();
            if is_model_file(&path) {
                self.read_model(&path, ctx.input(|input| input.time));
            } else {
                self.leave(After::Open(path), ctx);
            }
        } else if link::is_in(text) {
            match link::from_link(text) {
                Ok(document) => self.begin(document),
                Err(error) => self.start.view.said = Some(error.say(self.locale())),
            }
        } else if is_out_of_memory(text) {
            self.show_scene(SceneId::OutOfVram);
        } else if let Some(id) = model_named(text, &self.catalog).map(|model| model.id.clone()) {
            self.start_with_model(&id);
        } else {
            self.start_with_nearest(text, again);
        }
    }

    fn start_with_nearest(&mut self, text: &str, again: bool) {
        let nearest = self.catalog.nearest_models(text);
        let nearest = nearest.first().and_then(|id| self.catalog.model(id));
        let short: String = one_line(text).chars().take(SAID).collect();
        match nearest.map(|model| (model.id.clone(), model.name.clone())) {
            Some((id, _)) if again => self.start_with_model(&id),
            Some((_, name)) => {
                let holes = [(Placeholder::Name, &*short), (Placeholder::Other, &*name)];
                self.start.view.said = Some(self.locale().sentence(Key::StartNoModel, &holes));
            }
            None => {
                let line = self.locale().sentence(Key::StartNothing, &[(Placeholder::Name, &short)]);
                self.start.view.said = Some(line);
            }
        }
    }
}

/// Whether a message says that memory ran out.
fn is_out_of_memory(text: &str) -> bool {
    let text = text.to_lowercase();
    OUT_OF_MEMORY.iter().any(|words| text.contains(words))
}

/// The model of this name, id, alias or repository, or of a link to that.
fn model_named<'a>(text: &str, catalog: &'a Catalog) -> Option<&'a Model> {
    let path = text.split_once("huggingface.co/").map(|(_, path)| path.split(['?', '#']).next().unwrap_or(path));
    let repository = path.map(|path| path.split('/').take(2).collect::<Vec<_>>().join("/"));
    let wanted = repository.as_deref().unwrap_or(text);
    let last = wanted.rsplit('/').next().unwrap_or(wanted);
    [wanted, last].iter().find_map(|wanted| {
        let wanted = plain(wanted);
        catalog.models().find(|model| {
            let names = [&model.id, &model.name].into_iter().chain(&model.hf_id).chain(&model.aliases);
            names.into_iter().any(|name| plain(name) == wanted)
        })
    })
}

/// Letters and digits alone, small: names are spelled in many ways.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_links_find_their_model() {
        let catalog = Catalog::embedded();
        let of = |text| model_named(text, catalog).map(|model| model.id.as_str());
        for text in [
            "qwen3-32b",
            "Qwen3 32B",
            "Qwen/Qwen3-32B",
            "qwen3 32b",
            "https://huggingface.co/Qwen/Qwen3-32B",
            "huggingface.co/Qwen/Qwen3-32B/tree/main?x=1",
        ] {
            assert_eq!(of(text), Some("qwen3-32b"), "{text}");
        }
        assert_eq!(of("a model that nobody made"), None);
    }

    #[test]
    fn messages_of_memory_that_ran_out_are_known() {
        for text in [
            "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.21 GiB",
            "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000.00 MiB on device 0: cudaMalloc failed: out of memory",
            "llama_kv_cache_init: failed to allocate buffer for kv cache",
            "RuntimeError: [enforce fail at alloc_cpu.cpp:114] DefaultCPUAllocator: unable to allocate 7 bytes",
            "CUDA error: CUDA_ERROR_OUT_OF_MEMORY",
        ] {
            assert!(is_out_of_memory(text), "{text}");
        }
        assert!(!is_out_of_memory("Llama 3.1 8B"));
    }
}
