//! A model read from a file or folder on this machine: as much of each file as describes the model, never the weights.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::progress::ReadProgress;
use super::system_fault::SystemFault;
use super::{Wake, ollama};
use crate::catalog::model::{Dtype, Model};
use crate::model::file::gguf::Header;
use crate::model::file::{ModelFileError, from_config, safetensors};
use crate::plan::ModelChoice;
use crate::text::{Fault, Key, Phrase, Placeholder, decimal, foreign_path, printed_in_english};
use crate::units::Bytes;

/// How much of a file is read at first; nearly every description is shorter.
const FIRST: u64 = 16 << 20;
/// The longest description that is read.
const MOST: u64 = 128 << 20;
/// So much is read at once, between looks whether anybody still waits.
const PIECE: u64 = 1 << 20;
/// The longest `config.json` that is read.
const MAX_CONFIG: u64 = 4 << 20;
/// The longest index that is read; it names every tensor, those of each expert too.
const MAX_INDEX: u64 = 64 << 20;
/// The most files that one model is believed to be split into.
const MAX_PARTS: u32 = 999;

/// A path that leads to no model that can be planned with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ModelPathError {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: ModelPathFault,
}

/// Why a path leads to no model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelPathFault {
    /// Nothing of that name.
    NotFound,
    /// The system does not give it out.
    Unreadable(SystemFault),
    /// A pipe, a socket or a device.
    NotRegular,
    /// A name that no model file has.
    NoModelFile,
    /// A folder with several models.
    SeveralGguf,
    /// A folder without a model.
    NoModelInFolder,
    /// Tensors without the dimensions beside them.
    NoConfig,
    /// A text longer than any such file has.
    TooLarge {
        /// The most MiB that would have been read.
        max_mib: u64,
    },
    /// A file that ends before its own table of tensors says.
    Incomplete {
        /// Bytes that are there.
        there: u64,
        /// Bytes that should be.
        of: u64,
    },
    /// A manifest of Ollama without weights.
    NoManifest,
    /// What the file holds.
    File(ModelFileError),
}

impl Fault for ModelPathFault {
    fn phrase(&self) -> Phrase {
        match self {
            Self::NotFound => Phrase::new(Key::ModelPathNotFound),
            Self::Unreadable(cause) => {
                Phrase::new(Key::ModelPathUnreadable).with_phrase(Placeholder::Value, cause.phrase())
            }
            Self::NotRegular => Phrase::new(Key::ModelPathNotRegular),
            Self::NoModelFile => Phrase::new(Key::ModelPathNoModelFile),
            Self::SeveralGguf => Phrase::new(Key::ModelPathSeveral),
            Self::NoModelInFolder => Phrase::new(Key::ModelPathNone),
            Self::NoConfig => Phrase::new(Key::ModelPathNoConfig),
            Self::TooLarge { max_mib } => Phrase::new(Key::ModelPathTooLarge).with(Placeholder::Value, max_mib),
            Self::Incomplete { there, of } => Phrase::new(Key::ModelPathIncomplete)
                .with(Placeholder::Value, size(*there))
                .with(Placeholder::Other, size(*of)),
            Self::NoManifest => Phrase::new(Key::ModelPathNoManifest),
            Self::File(error) => error.phrase(),
        }
    }
}

impl Fault for ModelPathError {
    /// Which file, what is wrong with it, and what would do.
    fn phrase(&self) -> Phrase {
        Phrase::new(Key::FileErrorIn)
            .with(Placeholder::Name, foreign_path(&self.path))
            .with_phrase(Placeholder::Value, self.fault.phrase())
    }
}

printed_in_english!(ModelPathError);

/// A size as people read it.
fn size(bytes: u64) -> String {
    format!("{} GiB", decimal(Bytes(bytes).gib(), 2))
}

/// Whether a name is meant as a path rather than as an id of the catalog.
pub fn looks_like_one(name: &str) -> bool {
    let path = Path::new(name);
    name.contains(['/', '\\']) || kind(path).is_some() || path.is_dir()
}

/// Reads what the path leads to.
///
/// # Errors
/// Which file, what is wrong with it, and what would do.
pub fn read(path: &Path) -> Result<Model, ModelPathError> {
    read_told(path, &ReadProgress::default())
}

/// The same, telling how far it is and ending early where nobody waits any more.
fn read_told(path: &Path, told: &ReadProgress) -> Result<Model, ModelPathError> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if metadata.is_dir() {
        return folder(path, told);
    }
    match kind(path) {
        Some(FileKind::Gguf) => gguf(path, told),
        Some(FileKind::Safetensors) => beside_config(path, std::slice::from_ref(&path.to_owned()), told),
        Some(FileKind::Json) if is_index(path) => index(path, told),
        Some(FileKind::Json) => config(path, told),
        None if ollama::is_manifest(path) => of_ollama(path, told),
        // Blobs of Ollama have no ending.
        None if starts_as_gguf(path) => gguf(path, told),
        None => Err(refused(path, ModelPathFault::NoModelFile)),
    }
}

/// The model that a command names by a path or, where Ollama has it on this machine, by Ollama's name; `None` where it is
/// neither. Paths begin in `beside`.
pub fn named(name: &str, beside: Option<&Path>) -> Option<Result<ModelChoice, ModelPathError>> {
    let path = beside.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
    let path = if path.exists() { path } else { ollama::manifest(name)? };
    let read = read(&path);
    Some(read.map(|model| ModelChoice::File { path, model: Arc::new(model) }))
}

/// The GGUF file behind a manifest of Ollama.
fn of_ollama(path: &Path, told: &ReadProgress) -> Result<Model, ModelPathError> {
    let weights = ollama::weights(path)?;
    let there = regular(&weights.blob)?;
    if there < weights.length {
        return Err(refused(&weights.blob, ModelPathFault::Incomplete { there, of: weights.length }));
    }
    let header = whole_header(&weights.blob, told)?;
    header.into_model(&weights.name).map_err(|error| described(&weights.blob, error))
}

fn starts_as_gguf(path: &Path) -> bool {
    let mut start = [0; 4];
    regular(path).is_ok()
        && File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && start == *b"GGUF"
}

/// Whether a file's name says that it is a Modelfile.
pub fn is_modelfile(path: &Path) -> bool {
    let is = |name: Option<&OsStr>| name.is_some_and(|name| name.eq_ignore_ascii_case("modelfile"));
    is(path.file_name()) || is(path.extension())
}

/// A model, or why there is none.
pub type ReadModel = Result<Model, ModelPathError>;

/// Reads what the path leads to on a thread of its own; `wake` is called once the answer is there.
pub fn read_in_background(path: PathBuf, told: Arc<ReadProgress>, wake: Wake) -> Receiver<ReadModel> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        // Where another file was opened meanwhile nobody wants the answer.
        let _ = sender.send(read_told(&path, &told));
        wake();
    };
    // A failed start drops the sender with `work`, and the receiver sees a closed channel.
    let _ = thread::Builder::new().name("read model".to_owned()).spawn(work);
    receiver
}

/// Whether a file's name or place says that it describes a model.
pub fn is_model_file(path: &Path) -> bool {
    let blob = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("sha256-"));
    kind(path).is_some() || blob || ollama::is_manifest(path)
}

/// Extensions of the files that describe models.
pub const EXTENSIONS: [&str; 3] = ["gguf", "safetensors", "json"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Gguf,
    Safetensors,
    Json,
}

fn kind(path: &Path) -> Option<FileKind> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "gguf" => Some(FileKind::Gguf),
        "safetensors" => Some(FileKind::Safetensors),
        "json" => Some(FileKind::Json),
        _ => None,
    }
}

fn is_index(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(".safetensors.index.json"))
}

/// What a folder holds: a `config.json` with safetensors beside it, or one GGUF model.
fn folder(path: &Path, told: &ReadProgress) -> Result<Model, ModelPathError> {
    let mut names: Vec<PathBuf> = fs::read_dir(path)
        .map_err(|error| unreadable(path, error))?
        .take(100_000)
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    names.sort();
    if path.join("config.json").is_file() {
        let parts: Vec<PathBuf> = names.into_iter().filter(|name| kind(name) == Some(FileKind::Safetensors)).collect();
        return beside_config(&path.join("config.json"), &parts, told);
    }
    let mut files = names
        .iter()
        .filter(|name| kind(name) == Some(FileKind::Gguf) && part_of(name).is_none_or(|(part, _)| part == 1));
    match (files.next(), files.next()) {
        (Some(only), None) => gguf(only, told),
        (Some(_), Some(_)) => Err(refused(path, ModelPathFault::SeveralGguf)),
        (None, _) => Err(refused(path, ModelPathFault::NoModelInFolder)),
    }
}

fn config(path: &Path, told: &ReadProgress) -> Result<Model, ModelPathError> {
    from_config(&json(path, MAX_CONFIG, told)?, &called(path)).map_err(|error| described(path, error))
}

/// Dimensions from the `config.json` in the same folder, parameters from the safetensors.
fn beside_config(path: &Path, files: &[PathBuf], told: &ReadProgress) -> Result<Model, ModelPathError> {
    let beside = path.with_file_name("config.json");
    if !beside.is_file() {
        return Err(refused(path, ModelPathFault::NoConfig));
    }
    let model = config(&beside, told)?;
    if files.is_empty() {
        return Ok(model);
    }
    let mut weights = safetensors::TensorTotals::default();
    told.begin_files(files.len());
    for file in files {
        told.next_file();
        let read = head(file, safetensors::read, told)?;
        complete(file, read.file_length)?;
        weights = weights.and(read.totals);
    }
    let mut fields = model.into_fields();
    weights.describe(&mut fields);
    Model::new(fields).map_err(|error| described(path, error.into()))
}

/// A model by its index: by the headers of its files, or, where none of them lies beside it, by the sum that the index gives.
fn index(path: &Path, told: &ReadProgress) -> Result<Model, ModelPathError> {
    let bytes = json(path, MAX_INDEX, told)?;
    let names = safetensors::files_of_index(&bytes).map_err(|error| described(path, error))?;
    let files: Vec<PathBuf> = names.into_iter().map(|name| path.with_file_name(name)).collect();
    if files.iter().any(|file| file.exists()) {
        return beside_config(path, &files, told);
    }
    let mut fields = beside_config(path, &[], told)?.into_fields();
    let width = match fields.native_dtype {
        Some(Dtype::Fp32) => Some(4),
        Some(Dtype::Fp16 | Dtype::Bf16) => Some(2),
        _ => None,
    };
    if let Some((bytes, width)) = safetensors::bytes_of_index(&bytes).zip(width) {
        fields.total_parameters = Some(bytes / width);
    }
    Model::new(fields).map_err(|error| described(path, error.into()))
}

/// A GGUF file with the other parts of its model, where it is split.
fn gguf(path: &Path, told: &ReadProgress) -> Result<Model, ModelPathError> {
    let Some((_, parts)) = part_of(path) else {
        return whole_header(path, told)?.into_model(&called(path)).map_err(|error| described(path, error));
    };
    let first = named_part(path, 1, parts);
    told.begin_files(parts as usize);
    told.next_file();
    let mut header = whole_header(&first, told)?;
    for part in 2..=parts {
        told.next_file();
        let place = named_part(path, part, parts);
        header.append(whole_header(&place, told)?).map_err(|error| described(&place, error))?;
    }
    header.into_model(&called(path)).map_err(|error| described(&first, error))
}

/// The header of a file that is as long as it says.
fn whole_header(path: &Path, told: &ReadProgress) -> Result<Header, ModelPathError> {
    let header = head(path, Header::read, told)?;
    complete(path, header.file_length)?;
    Ok(header)
}

/// A download that broke off leaves a good header and too little behind it.
fn complete(path: &Path, of: u64) -> Result<(), ModelPathError> {
    let there = regular(path)?;
    if there < of { Err(refused(path, ModelPathFault::Incomplete { there, of })) } else { Ok(()) }
}

/// `name-00002-of-00005.gguf` as 2 and 5.
pub(super) fn part_of(path: &Path) -> Option<(u32, u32)> {
    let stem = path.file_stem()?.to_str()?;
    let (rest, of) = stem.rsplit_once("-of-")?;
    let (_, part) = rest.rsplit_once('-')?;
    let (part, of) = (part.parse().ok()?, of.parse().ok()?);
    ((1..=of).contains(&part) && of <= MAX_PARTS).then_some((part, of))
}

pub(super) fn named_part(path: &Path, part: u32, of: u32) -> PathBuf {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let name = stem.rsplitn(4, '-').nth(3).unwrap_or_default();
    path.with_file_name(format!("{name}-{part:05}-of-{of:05}.gguf"))
}

/// Reads the description at the start of a file, taking more of it while that is not all of it.
fn head<T>(
    path: &Path,
    read: impl Fn(&[u8]) -> Result<T, ModelFileError>,
    told: &ReadProgress,
) -> Result<T, ModelPathError> {
    let length = regular(path)?;
    let mut file = File::open(path).map_err(|error| unreadable(path, error))?;
    let (mut bytes, mut wanted) = (Vec::new(), FIRST);
    loop {
        take(&mut file, wanted.min(length), &mut bytes, told).map_err(|error| unreadable(path, error))?;
        match read(&bytes) {
            Err(ModelFileError::Truncated) if wanted < length.min(MOST) => wanted *= 4,
            result => return result.map_err(|error| described(path, error)),
        }
    }
}

fn json(path: &Path, most: u64, told: &ReadProgress) -> Result<Vec<u8>, ModelPathError> {
    let length = regular(path)?;
    if length > most {
        return Err(refused(path, ModelPathFault::TooLarge { max_mib: most >> 20 }));
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(|error| unreadable(path, error))?;
    take(&mut file, length, &mut bytes, told).map_err(|error| unreadable(path, error))?;
    Ok(bytes)
}

/// Reads on until so many bytes are there or the file ends, piece by piece.
fn take(file: &mut File, wanted: u64, bytes: &mut Vec<u8>, told: &ReadProgress) -> io::Result<()> {
    loop {
        let there = bytes.len() as u64;
        told.read(there, wanted);
        if told.is_stopped() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let piece = wanted.saturating_sub(there).min(PIECE);
        if piece == 0 || file.by_ref().take(piece).read_to_end(bytes)? == 0 {
            return Ok(());
        }
    }
}

/// The length of a regular file; to open a pipe would wait for its writer.
fn regular(path: &Path) -> Result<u64, ModelPathError> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if metadata.is_file() { Ok(metadata.len()) } else { Err(refused(path, ModelPathFault::NotRegular)) }
}

/// What a model is called by the place it lies in: the file, or the folder of a `config.json`.
fn called(path: &Path) -> String {
    let file = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("model");
    if file != "config" {
        return file.to_owned();
    }
    let whole = fs::canonicalize(path).ok();
    let folder = whole.as_deref().and_then(Path::parent).and_then(Path::file_name).and_then(|name| name.to_str());
    folder.unwrap_or("model").to_owned()
}

fn described(path: &Path, error: ModelFileError) -> ModelPathError {
    refused(path, ModelPathFault::File(error))
}

fn unreadable(path: &Path, error: io::Error) -> ModelPathError {
    let cause = SystemFault::from(error);
    refused(path, if cause.is_not_found() { ModelPathFault::NotFound } else { ModelPathFault::Unreadable(cause) })
}

fn refused(path: &Path, fault: ModelPathFault) -> ModelPathError {
    ModelPathError { path: path.to_owned(), fault }
}
