//! `rigplan import`: what a model file, a model of Ollama or a command comes to.

use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;

use super::args::ImportArgs;
use super::columns::{Align, columns};
use super::problem::Problem;
use super::{GOOD, catalog, json, print, say};
use crate::catalog::model::{Model, ModelFields};
use crate::catalog::{Catalog, find_model};
use crate::plan::{Document, Machine, ModelChoice, Plan};
use crate::share::carrier::link::shareable;
use crate::share::launch::read::{CommandReader, ReadCommand, is_command};
use crate::share::plan_file;
use crate::system::folders::Folders;
use crate::system::storage::{self, StorageError};
use crate::system::{model_path, own_models};
use crate::text::{self, Fault, Key, Locale, foreign_path};

/// The most that is read from standard input, in bytes; longer texts are no commands.
const MAX_TEXT: usize = 1 << 20;

/// Shows what comes of it, and keeps a model where that is asked for.
pub(super) fn run(args: &ImportArgs, locale: Locale) -> Result<u8, Problem> {
    let catalog = &*catalog(locale);
    let what = args.what.as_deref().ok_or(Problem::NothingToImport)?;
    let path = Path::new(what);
    if what == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(MAX_TEXT as u64).read_to_end(&mut bytes);
        read.map_err(|error| StorageError::Read { path: path.to_owned(), cause: error.into() })?;
        return command(&String::from_utf8_lossy(&bytes), None, args, (catalog, locale));
    }
    if model_path::is_modelfile(path) && path.is_file() {
        let bytes = storage::read(path, MAX_TEXT)?;
        return command(&String::from_utf8_lossy(&bytes), path.parent(), args, (catalog, locale));
    }
    if let Some(text) = command_file(path) {
        return command(&text, path.parent(), args, (catalog, locale));
    }
    if path.exists() {
        return model(&model_path::read(path)?, args, (catalog, locale));
    }
    if is_command(what) {
        return command(what, None, args, (catalog, locale));
    }
    if let Some(found) = model_path::named(what, None) {
        let ModelChoice::File { model: read, .. } = found? else { return Err(Problem::NothingToImport) };
        return model(&read, args, (catalog, locale));
    }
    match find_model(what, catalog) {
        Ok(found) => model(found.model, args, (catalog, locale)),
        // What is meant as a path is said to lead nowhere.
        Err(_) if model_path::looks_like_one(what) => {
            Err(model_path::read(path).map_or_else(Problem::from, |_| Problem::NothingToImport))
        }
        Err(unknown) => Err(Problem::NoModel(unknown)),
    }
}

/// The text of a file that holds a command.
fn command_file(path: &Path) -> Option<String> {
    let bytes = storage::read(path, MAX_TEXT).ok()?;
    String::from_utf8(bytes).ok().filter(|text| is_command(text))
}

/// A command as a plan; `beside` is the folder that its paths begin in.
fn command(
    text: &str,
    beside: Option<&Path>,
    args: &ImportArgs,
    (catalog, locale): (&Catalog, Locale),
) -> Result<u8, Problem> {
    if args.keep {
        return Err(Problem::KeepNoModel);
    }
    let file = |name: &str| model_path::named(name, beside).map(|read| read.map_err(|error| error.phrase()));
    let read = CommandReader { catalog, machine: &Machine::default(), file: &file }.read(text)?;
    if args.json {
        return print(&json::line(&CommandJson::of(&read))).map(|()| GOOD);
    }
    say(&read.remark().say(locale));
    let file = plan_file::to_text(&shareable(&Document::of(read.plan)))
        .map_err(|error| Problem::PlanFile { path: Path::new("-").to_owned(), error: Box::new(error.into()) })?;
    print(file.as_bytes()).map(|()| GOOD)
}

/// A model by its facts.
fn model(read: &Model, args: &ImportArgs, (catalog, locale): (&Catalog, Locale)) -> Result<u8, Problem> {
    let shown = if args.json { json::line(&ModelJson::of(read)) } else { facts(read, catalog, locale).into_bytes() };
    print(&shown)?;
    if args.keep {
        let folders = Folders::of_user().ok_or(Problem::NoFolder)?;
        let entry = own_models::entry(read, catalog).map_err(|fault| Problem::Arguments(fault.phrase()))?;
        let path = own_models::keep(&entry, &folders)?;
        let (name, place) = (entry.id.as_str(), foreign_path(&path));
        let holes = [(text::Placeholder::Name, name), (text::Placeholder::Other, place.as_str())];
        say(&locale.sentence(Key::ModelKept, &holes));
    }
    Ok(GOOD)
}

fn facts(model: &Model, catalog: &Catalog, locale: Locale) -> String {
    let known = find_model(&model.name, catalog).ok().map(|found| found.model.id.clone());
    let size = |count| locale.sentence(Key::TotalParameters, &[(text::Placeholder::Params, &text::parameters(count))]);
    let stored = model.file_quantization.map(|it| it.label().to_owned());
    let rows = [
        (Key::ImportName, Some(model.name.clone())),
        (
            Key::ImportArchitecture,
            Some(model.unknown_architecture.clone().unwrap_or_else(|| model.architecture.name().to_owned())),
        ),
        (Key::ImportParameters, model.total_parameters.map(size)),
        (Key::ImportLayers, Some(model.num_hidden_layers.to_string())),
        (Key::ImportContext, model.max_position_embeddings.map(text::count)),
        (Key::ImportStored, stored),
        (Key::ImportAs, known),
    ];
    let rows: Vec<[String; 2]> =
        rows.into_iter().filter_map(|(key, value)| Some([locale.word(key).to_owned(), value?])).collect();
    columns([Align::Left, Align::Left], &rows)
}

#[derive(Serialize)]
struct ModelJson {
    model: ModelFields,
}

impl ModelJson {
    /// Without the tensors, of which there are thousands.
    fn of(model: &Model) -> Self {
        let mut fields = model.clone().into_fields();
        fields.file_tensors = Vec::new();
        Self { model: fields }
    }
}

#[derive(Serialize)]
struct CommandJson<'a> {
    tool: &'static str,
    model: &'a str,
    unread: &'a [String],
    plan: &'a Plan,
}

impl<'a> CommandJson<'a> {
    fn of(read: &'a ReadCommand) -> Self {
        Self { tool: read.tool.name(), model: &read.named, unread: &read.unread, plan: &read.plan }
    }
}
