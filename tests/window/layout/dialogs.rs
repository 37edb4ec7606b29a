//! What stands over the views.

use eframe::egui::{Event, Key, vec2};
use rigplan::plan::{Document, Task};
use rigplan::text::{Key as Word, Locale};

use super::{View, assert_clear, open};
use crate::support::ctrl;

#[test]
fn texts_of_what_stands_over_the_views_stand_clear_of_each_other() {
    let over = [
        View::over("price book", Word::PriceBook),
        View::over("settings", Word::Settings),
        View::over("glossary", Word::Glossary),
        View::over("manual", Word::Manual),
        View::over("palette", Word::Palette),
        View::over("keys", Word::KeyboardList),
        View::over("about", Word::About),
        View::over("notes", Word::Notes),
        View::over("measurements", Word::Measurements),
        View::over("this machine", Word::UseThisMachine),
        View::over("launch", Word::Launch),
        View::over("versions", Word::Versions),
        View::over("models on this machine", Word::LocalModels),
    ];
    assert_clear(Task::Serve, &over);
}

/// What is read of an error, of a log, and the question of what is unsaved, which no command opens as they are here.
#[test]
fn texts_of_what_is_read_and_asked_stand_clear_of_each_other() {
    const ERROR: &str = "RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB (GPU 1; 8.00 GiB total capacity; 5.50 GiB \
                         already allocated; 1.25 GiB free; 6.00 GiB reserved in total by PyTorch)";
    const LOG: &str = "llama_model_loader: loaded meta data with 30 key-value pairs and 291 tensors from \
                       /m/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf (version GGUF V3)\n\
                       load_tensors: offloaded 33/33 layers to GPU\n\
                       load_tensors:        CUDA0 model buffer size =  4403.49 MiB\n\
                       llama_context: n_ctx         = 4096\nllama_kv_cache:      CUDA0 KV buffer size =   512.00 MiB\n";
    let mut found = Vec::new();
    for locale in Locale::ALL {
        for (name, pasted) in [("an error", Some(ERROR)), ("a log", Some(LOG)), ("unsaved changes", None)] {
            let mut window = open(&Document::default(), locale, vec2(1440.0, 900.0));
            if let Some(text) = pasted {
                window.event(Event::Paste(text.to_owned()));
            } else {
                ctrl(&mut window, Key::D);
                ctrl(&mut window, Key::Q);
            }
            window.run_ok();
            // What is read is told on a page of My machine; the question stands over the view.
            let view = match pasted {
                Some(_) => View::page(name, None, 0.0),
                None => View { name, command: None, over: true, page: false, least_width: 0.0 },
            };
            found.extend(view.faults(&mut window, locale));
        }
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}
