//! What can be wrong is said in both languages, each kind of it: in one line, with all that fills it, and no English in the
//! Chinese.

use std::io;
use std::path::PathBuf;

use rigplan::advise::builder::BuildError;
use rigplan::app::StartError;
use rigplan::catalog::model::{FieldRule, Model, ModelFault, NeedyLayers};
use rigplan::catalog::{Catalog, CatalogError, NoSuchModel, TableFile};
use rigplan::cli::problem::{NotJson, Problem};
use rigplan::model::file::{Damage, Missing, ModelFileError, ModelFormat, WrongKind, from_config};
use rigplan::plan::inputs::{Choice as _, InputFault};
use rigplan::plan::{Allowed, Document, Given, OutOfRange, Plan, Runtime, RuntimeVersion, TensorOverrides, Wanted};
use rigplan::share::carrier::{CarrierError, Without};
use rigplan::share::launch::read::{CommandFault, CommandTool};
use rigplan::share::llama_bench::{self, BenchLineError, BenchProblem};
use rigplan::share::plan_file::{self, PlanFileError};
use rigplan::share::price_csv::{LineProblem, PriceLineError};
use rigplan::system::bandwidth::MeasureFault;
use rigplan::system::calibration::KeepFault;
use rigplan::system::detect::DescriptionFault;
use rigplan::system::display::DisplayFault;
use rigplan::system::folders::OverlayFault;
use rigplan::system::model_path::{ModelPathError, ModelPathFault};
use rigplan::system::own_tables::TableFault;
use rigplan::system::storage::StorageError;
use rigplan::system::system_fault::SystemFault;
use rigplan::text::{Fault, JsonFault, JsonFaultKind, Key, Locale, Phrase, RonFault, RonProblem};

use crate::support::english::{english, has_han};

type Faults = Vec<Box<dyn Fault>>;

/// A sample of each kind. A kind without one does not compile.
macro_rules! each {
    ($fault:ty { $($pattern:pat => $sample:expr),+ $(,)? }) => {{
        fn is_listed(fault: &$fault) -> bool {
            match fault { $($pattern => true),+ }
        }
        let samples: Vec<$fault> = vec![$($sample),+];
        assert!(samples.iter().all(is_listed));
        samples.into_iter().map(|sample| Box::new(sample) as Box<dyn Fault>).collect::<Faults>()
    }};
}

fn path() -> PathBuf {
    "/a/b.gguf".into()
}

fn name() -> String {
    "abc".to_owned()
}

fn system(kind: io::ErrorKind) -> SystemFault {
    io::Error::from(kind).into()
}

fn out_of_range() -> OutOfRange {
    let mut plan = Plan::default();
    plan.workload.context = 0;
    plan.check().unwrap_err()
}

fn json() -> JsonFault {
    JsonFault { kind: JsonFaultKind::Syntax, line: 3, column: 5 }
}

fn ron() -> RonFault {
    RonFault { line: 3, column: 5, problem: RonProblem::Plain(Key::SyntaxCutOff) }
}

fn quantization() -> InputFault {
    InputFault::Quantization("Q4_XM".parse::<rigplan::catalog::quantization::Quantization>().unwrap_err())
}

fn of_values() -> Faults {
    let mut faults = each!(InputFault {
        InputFault::Kind(_) => InputFault::Kind(Wanted::Whole),
        InputFault::Layers { .. } => InputFault::Layers { given: name(), words: &["all", "auto"] },
        InputFault::Cards(_) => InputFault::Cards(name()),
        InputFault::Choice { .. } => InputFault::Choice { key: "runtime", name: name(), known: Runtime::NAMES },
        InputFault::Quantization(_) => quantization(),
        InputFault::KvPrecision { .. } => InputFault::KvPrecision { name: name(), known: &["f16", "q8_0"] },
        InputFault::Version(_) => InputFault::Version("new".parse::<RuntimeVersion>().unwrap_err()),
        InputFault::Overrides(_) => InputFault::Overrides("exps".parse::<TensorOverrides>().unwrap_err()),
    });
    faults.extend(each!(Wanted {
        Wanted::Switch => Wanted::Switch,
        Wanted::Whole => Wanted::Whole,
        Wanted::Layers => Wanted::Layers,
        Wanted::ExpertLayers => Wanted::ExpertLayers,
        Wanted::Number => Wanted::Number,
        Wanted::Numbers => Wanted::Numbers,
        Wanted::Name => Wanted::Name,
        Wanted::Text => Wanted::Text,
        Wanted::Id => Wanted::Id,
        Wanted::CardList => Wanted::CardList,
        Wanted::CardKind => Wanted::CardKind,
        Wanted::PartCount => Wanted::PartCount,
        Wanted::AlsoList => Wanted::AlsoList,
        Wanted::AlsoRow => Wanted::AlsoRow,
        Wanted::Place => Wanted::Place,
    }));
    let list = |count, least| OutOfRange {
        plan: Some(1),
        field: "plans".to_owned(),
        given: Given::List(count),
        allowed: Allowed::List { least, most: 9 },
    };
    let long = OutOfRange { given: Given::Letters(1000), allowed: Allowed::Letters(300), ..list(0, 1) };
    let zeros = OutOfRange { allowed: Allowed::AboveZero, ..list(2, 1) };
    faults
        .extend([out_of_range(), list(0, 1), list(12, 0), long, zeros].map(|fault| Box::new(fault) as Box<dyn Fault>));
    faults
}

fn of_models() -> Faults {
    let fault = |wanted| ModelFault { field: "head_dim", value: "7".to_owned(), wanted };
    let wrong = |reason| ModelFileError::WrongKind { wanted: ModelFormat::Safetensors, reason };
    let mut faults = each!(ModelFileError {
        ModelFileError::Truncated => ModelFileError::Truncated,
        ModelFileError::WrongKind { .. } => wrong(WrongKind::NoObject),
        ModelFileError::Version(_) => ModelFileError::Version(1),
        ModelFileError::Damaged(_) => ModelFileError::Damaged(Damage::NoText),
        ModelFileError::Missing(Missing::Named(_)) => ModelFileError::Missing(Missing::Named(name())),
        ModelFileError::Missing(Missing::Tensors) => ModelFileError::Missing(Missing::Tensors),
        ModelFileError::NoNumber { .. } => ModelFileError::NoNumber { key: name(), value: name() },
        ModelFileError::Unfit(_) => fault(FieldRule::Within(1, 2)).into(),
        ModelFileError::UnknownArchitecture(_) => ModelFileError::UnknownArchitecture(name()),
    });
    faults.extend(each!(WrongKind {
        WrongKind::Start => WrongKind::Start,
        WrongKind::Json(_) => WrongKind::Json(json()),
        WrongKind::NoObject => WrongKind::NoObject,
        WrongKind::HeaderLength(_) => WrongKind::HeaderLength(7),
        WrongKind::NamesFile(_) => WrongKind::NamesFile(name()),
        WrongKind::ManyFiles(_) => WrongKind::ManyFiles(999),
        WrongKind::Shape(_) => WrongKind::Shape(name()),
    }));
    faults.extend(each!(Damage {
        Damage::LongLists(_) => Damage::LongLists(2),
        Damage::ValueType(_) => Damage::ValueType(99),
        Damage::NestedLists => Damage::NestedLists,
        Damage::Dimensions { .. } => Damage::Dimensions { tensor: name(), count: 5 },
        Damage::Side { .. } => Damage::Side { tensor: name(), length: 0 },
        Damage::Tensors(_) => Damage::Tensors(1 << 40),
        Damage::Keys(_) => Damage::Keys(1 << 40),
        Damage::NameLength(_) => Damage::NameLength(1 << 40),
        Damage::NoText => Damage::NoText,
    }));
    faults.extend(each!(FieldRule {
        FieldRule::Within(..) => FieldRule::Within(1, 2),
        FieldRule::UpTo(..) => FieldRule::UpTo("heads", 2),
        FieldRule::MultipleOf(..) => FieldRule::MultipleOf("heads", 2),
        FieldRule::NeededBy(NeedyLayers::Attention) => FieldRule::NeededBy(NeedyLayers::Attention),
        FieldRule::NeededBy(NeedyLayers::SlidingAttention) => FieldRule::NeededBy(NeedyLayers::SlidingAttention),
        FieldRule::NeededBy(NeedyLayers::Recurrent) => FieldRule::NeededBy(NeedyLayers::Recurrent),
    }));
    faults.extend(each!(ModelPathFault {
        ModelPathFault::NotFound => ModelPathFault::NotFound,
        ModelPathFault::Unreadable(_) => ModelPathFault::Unreadable(system(io::ErrorKind::PermissionDenied)),
        ModelPathFault::NotRegular => ModelPathFault::NotRegular,
        ModelPathFault::NoModelFile => ModelPathFault::NoModelFile,
        ModelPathFault::SeveralGguf => ModelPathFault::SeveralGguf,
        ModelPathFault::NoModelInFolder => ModelPathFault::NoModelInFolder,
        ModelPathFault::NoConfig => ModelPathFault::NoConfig,
        ModelPathFault::TooLarge { .. } => ModelPathFault::TooLarge { max_mib: 4 },
        ModelPathFault::Incomplete { .. } => ModelPathFault::Incomplete { there: 1 << 30, of: 5 << 30 },
        ModelPathFault::NoManifest => ModelPathFault::NoManifest,
        ModelPathFault::File(_) => ModelPathFault::File(ModelFileError::Truncated),
    }));
    faults.push(Box::new(ModelPathError { path: path(), fault: ModelPathFault::NotFound }));
    faults
}

#[expect(clippy::too_many_lines, reason = "a line for each fault")]
fn of_files() -> Faults {
    let mut faults = each!(PlanFileError {
        PlanFileError::TooLarge => PlanFileError::TooLarge,
        PlanFileError::Empty => PlanFileError::Empty,
        PlanFileError::Binary { .. } => PlanFileError::Binary { line: 3 },
        PlanFileError::Newer { .. } => PlanFileError::Newer { found: 9 },
        PlanFileError::UnknownVersion { .. } => PlanFileError::UnknownVersion { found: 0 },
        PlanFileError::NoPlan { .. } => PlanFileError::NoPlan { line: 1, column: 1 },
        PlanFileError::Syntax(_) => PlanFileError::Syntax(ron()),
        PlanFileError::OutOfRange { .. } =>
            PlanFileError::OutOfRange { at: Some((1, 2)), problem: Box::new(out_of_range()) },
        PlanFileError::Row { .. } =>
            PlanFileError::Row { id: name(), reasons: vec![Phrase::new(Key::EntryNoPart)] },
        PlanFileError::Unwritable => PlanFileError::Unwritable,
    });
    faults.extend(each!(CarrierError {
        CarrierError::NoLink => CarrierError::NoLink,
        CarrierError::CutOff => CarrierError::CutOff,
        CarrierError::Changed => CarrierError::Changed,
        CarrierError::Newer { .. } => CarrierError::Newer { found: 9 },
        CarrierError::UnknownVersion => CarrierError::UnknownVersion,
        CarrierError::TooLong { .. } => CarrierError::TooLong { kib: 64 },
        CarrierError::TooMuch { .. } => CarrierError::TooMuch { kib: 1024 },
        CarrierError::Deep { .. } => CarrierError::Deep { most: 32 },
        CarrierError::TooLarge { .. } => CarrierError::TooLarge { mib: 32 },
        CarrierError::Without(Without::Picture) => CarrierError::Without(Without::Picture),
        CarrierError::Without(Without::Page) => CarrierError::Without(Without::Page),
        CarrierError::BrokenPicture => CarrierError::BrokenPicture,
        CarrierError::Unsendable { .. } => CarrierError::Unsendable { kib: 64 },
        CarrierError::Plan(_) => CarrierError::Plan(PlanFileError::Empty),
    }));
    faults.extend(each!(DescriptionFault {
        DescriptionFault::Broken(_) => DescriptionFault::Broken(json()),
        DescriptionFault::Newer => DescriptionFault::Newer,
    }));
    faults.extend(each!(StorageError {
        StorageError::NotFound(_) => StorageError::NotFound(path()),
        StorageError::Folder(_) => StorageError::Folder(path()),
        StorageError::NotRegular(_) => StorageError::NotRegular(path()),
        StorageError::TooLarge { .. } => StorageError::TooLarge { path: path(), max_bytes: 1 << 20 },
        StorageError::Exists(_) => StorageError::Exists(path()),
        StorageError::NoFolder(_) => StorageError::NoFolder(path()),
        StorageError::ReadOnly(_) => StorageError::ReadOnly(path()),
        StorageError::Read { .. } => StorageError::Read { path: path(), cause: system(io::ErrorKind::TimedOut) },
        StorageError::Write { .. } => StorageError::Write { path: path(), cause: system(io::ErrorKind::StorageFull) },
    }));
    faults.extend(each!(OverlayFault {
        OverlayFault::Folder(..) => OverlayFault::Folder(path(), system(io::ErrorKind::PermissionDenied)),
        OverlayFault::Many(_) => OverlayFault::Many(path()),
        OverlayFault::NoText(_) => OverlayFault::NoText(path()),
        OverlayFault::Unread(_) => OverlayFault::Unread(StorageError::Folder(path())),
    }));
    faults.extend(each!(CatalogError {
        CatalogError::UnknownTable { .. } => CatalogError::UnknownTable { file: name() },
        CatalogError::Unreadable { .. } => CatalogError::Unreadable { file: name(), fault: ron() },
        CatalogError::Refused { .. } => CatalogError::Refused {
            file: name(), line: Some(3), id: name(), reasons: vec![Phrase::new(Key::EntryNoPart)],
        },
        CatalogError::Twice { .. } => CatalogError::Twice { file: name(), id: name() },
    }));
    faults.push(Box::new(TableFault::Unread(OverlayFault::Many(path()))));
    let line = |problem| PriceLineError { line: 3, problem };
    let problems = [
        LineProblem::Empty,
        LineProblem::NoColumn("usd"),
        LineProblem::UnknownPart(name()),
        LineProblem::UnknownKind(name()),
        LineProblem::NoNumber(name()),
        LineProblem::Range(name()),
        LineProblem::NoDate(name()),
    ];
    faults.extend(problems.into_iter().map(|problem| Box::new(line(problem)) as Box<dyn Fault>));
    let bench = [
        BenchProblem::Nothing,
        BenchProblem::Json(json()),
        BenchProblem::NoHeading,
        BenchProblem::Cells,
        BenchProblem::NoColumn("test"),
        BenchProblem::Test(name()),
        BenchProblem::Rate(name()),
        BenchProblem::Fields,
    ];
    let bench = bench.into_iter().map(|problem| BenchLineError { line: 3, problem });
    faults.extend(bench.map(|error| Box::new(error) as Box<dyn Fault>));
    let kinds = [JsonFaultKind::CutOff, JsonFaultKind::Syntax, JsonFaultKind::Other];
    faults.extend(kinds.map(|kind| Box::new(JsonFault { kind, ..json() }) as Box<dyn Fault>));
    faults
}

fn of_the_system() -> Faults {
    use io::ErrorKind::{
        AlreadyExists, BrokenPipe, InvalidData, InvalidFilename, IsADirectory, NotFound, OutOfMemory, PermissionDenied,
        QuotaExceeded, ReadOnlyFilesystem, ResourceBusy, StorageFull, TimedOut,
    };
    let kinds = [
        AlreadyExists,
        BrokenPipe,
        InvalidData,
        InvalidFilename,
        IsADirectory,
        NotFound,
        OutOfMemory,
        PermissionDenied,
        QuotaExceeded,
        ReadOnlyFilesystem,
        ResourceBusy,
        StorageFull,
        TimedOut,
    ];
    let mut faults: Faults = kinds.into_iter().map(|kind| Box::new(system(kind)) as Box<dyn Fault>).collect();
    faults.push(Box::new(SystemFault::from(io::Error::from_raw_os_error(121))));
    faults.extend(each!(MeasureFault {
        MeasureFault::Cancelled => MeasureFault::Cancelled,
        MeasureFault::NoRoom => MeasureFault::NoRoom,
        MeasureFault::Cached => MeasureFault::Cached,
        MeasureFault::TooShort => MeasureFault::TooShort,
        MeasureFault::System(_) => MeasureFault::System(system(io::ErrorKind::StorageFull)),
    }));
    faults
}

fn of_windows() -> Faults {
    each!(StartError {
        StartError::NoDisplay(DisplayFault::Unnamed) => StartError::NoDisplay(DisplayFault::Unnamed),
        StartError::NoDisplay(DisplayFault::NoCompositor(_)) => StartError::NoDisplay(DisplayFault::NoCompositor(path())),
        StartError::Window(_) => StartError::Window("GLXBadFBConfig".to_owned()),
        StartError::Libraries { .. } =>
            StartError::Libraries { reason: "not found".to_owned(), packages: vec!["libgl1", "libxi6"] },
    })
}

fn of_commands() -> Faults {
    each!(CommandFault {
        CommandFault::NoCommand => CommandFault::NoCommand,
        CommandFault::TooLong => CommandFault::TooLong,
        CommandFault::NoModel(_) => CommandFault::NoModel(CommandTool::Vllm),
        CommandFault::File(_) => CommandFault::File(Phrase::new(Key::ModelPathNone)),
        CommandFault::UnknownModel(_) =>
            CommandFault::UnknownModel(NoSuchModel { name: name(), nearest: vec!["qwen3-8b".to_owned()] }),
        CommandFault::OutOfRange(_) => CommandFault::OutOfRange(out_of_range()),
    })
}

fn of_requests() -> Faults {
    each!(Problem {
        Problem::NotJson(_) => Problem::NotJson(NotJson::Fault(json())),
        Problem::LongLine => Problem::LongLine,
        Problem::UnknownKey { .. } => Problem::UnknownKey { key: name(), nearest: vec!["context"] },
        Problem::Twice(_) => Problem::Twice(name()),
        Problem::Value { .. } => Problem::Value { key: name(), value: name(), wanted: Wanted::Number },
        Problem::Input(_) => Problem::Input(quantization()),
        Problem::UnknownCardField(_) => Problem::UnknownCardField(name()),
        Problem::NoCard => Problem::NoCard,
        Problem::NoModelInRow => Problem::NoModelInRow,
        Problem::InRow { .. } => Problem::InRow { row: 1, problem: Box::new(Problem::NoCard) },
        Problem::QuantOfFile => Problem::QuantOfFile,
        Problem::MachineBesideCard => Problem::MachineBesideCard,
        Problem::SeveralKinds => Problem::SeveralKinds,
        Problem::OutOfRange(_) => Problem::OutOfRange(OutOfRange::cards(1 << 40)),
        Problem::Estimate(_) => Problem::Estimate(rigplan::estimate::Refusal::HeadSize.into()),
        Problem::Build(..) => Problem::Build(Box::new(BuildError::Nothing { nearest: None }), None),
        Problem::Model(_) => Problem::Model(ModelPathError { path: path(), fault: ModelPathFault::NoConfig }),
        Problem::Storage(_) => Problem::Storage(StorageError::Folder(path())),
        Problem::PlanFile { .. } => Problem::PlanFile { path: path(), error: Box::new(PlanFileError::Empty.into()) },
        Problem::MachineFile { .. } => {
            Problem::MachineFile { path: path(), fault: DescriptionFault::Broken(json()) }
        },
        Problem::WatchFile => Problem::WatchFile,
        Problem::Link(_) => Problem::Link(CarrierError::CutOff),
        Problem::Arguments(_) => Problem::Arguments(Phrase::new(Key::ArgumentOther)),
        Problem::JsonlAlone => Problem::JsonlAlone,
        Problem::NothingToRank => Problem::NothingToRank,
        Problem::TooFewPlans => Problem::TooFewPlans,
        Problem::TooManyPlans { .. } => Problem::TooManyPlans { count: 9, most: 6 },
        Problem::NoSuchPlan { .. } => Problem::NoSuchPlan { letter: name(), last: "C".to_owned() },
        Problem::PlanBesideList => Problem::PlanBesideList,
        Problem::FileBesideCommand => Problem::FileBesideCommand,
        Problem::NothingToImport => Problem::NothingToImport,
        Problem::KeepNoModel => Problem::KeepNoModel,
        Problem::NoFolder => Problem::NoFolder,
        Problem::Command(_) => Problem::Command(CommandFault::TooLong),
        Problem::NoModel(_) => Problem::NoModel(NoSuchModel { name: name(), nearest: Vec::new() }),
        Problem::NoTool => Problem::NoTool,
        Problem::ToolRunsNot { .. } => Problem::ToolRunsNot { tool: "vllm", tools: vec!["ollama"] },
        Problem::UnknownScene { .. } => Problem::UnknownScene { name: name(), nearest: Some("basics") },
        Problem::NoScene => Problem::NoScene,
        Problem::NoMemoryNamed => Problem::NoMemoryNamed,
        Problem::NoLog => Problem::NoLog,
        Problem::LogWithoutPlan(_) => Problem::LogWithoutPlan(CommandFault::NoModel(CommandTool::Vllm)),
        Problem::NothingToKeep => Problem::NothingToKeep,
        Problem::NoneRuns => Problem::NoneRuns,
        Problem::NoSuchProgram(_) => Problem::NoSuchProgram(4127),
        Problem::Unkept(_) => Problem::Unkept(KeepFault::Storage(StorageError::NotFound(path()))),
        Problem::NoFormat => Problem::NoFormat,
        Problem::NoPlan { .. } => Problem::NoPlan { asked: 3, count: 2 },
        Problem::PictureToTerminal => Problem::PictureToTerminal,
        Problem::EmptyScene(_) => Problem::EmptyScene(rigplan::plan::SceneId::Basics),
        Problem::Unread(_) => Problem::Unread(system(io::ErrorKind::IsADirectory)),
        Problem::Unwritten(_) => Problem::Unwritten(system(io::ErrorKind::StorageFull)),
    })
}

/// The fault in both languages, if something is wrong with how it is said.
fn badly_said(fault: &dyn Fault) -> Option<String> {
    let (en, zh) = (fault.say(Locale::En), fault.say(Locale::Zh));
    let whole = |words: &str| !words.trim().is_empty() && !words.contains('\n') && !words.contains("{v");
    let fine = whole(&en) && whole(&zh) && !has_han(&en) && has_han(&zh) && english(&zh).is_none();
    (!fine).then(|| format!("{en}\n    {zh}"))
}

#[test]
fn each_fault_is_said_in_both_languages() {
    let faults = [of_values(), of_models(), of_files(), of_the_system(), of_windows(), of_requests(), of_commands()]
        .into_iter()
        .flatten();
    let wrong: Vec<String> = faults.filter_map(|fault| badly_said(&*fault)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What readers of RON and JSON say of themselves never comes through, whatever stands in the file.
#[test]
fn no_word_of_a_reader_comes_through() {
    let plan = plan_file::to_text(&Document::of(Plan::default())).unwrap();
    let mut faults: Faults = Vec::new();
    for (at, letter) in plan.char_indices() {
        for changed in [String::new(), "?".to_owned(), "\"x\"".to_owned(), "-1.5".to_owned(), "[".to_owned()] {
            let text = format!("{}{changed}{}", &plan[..at], &plan[at + letter.len_utf8()..]);
            faults.extend(plan_file::from_text(&text).err().map(|error| Box::new(error) as Box<dyn Fault>));
        }
    }
    let cards =
        ["[(", "[(id: 3)]", "[(id: \"a\", ecx: 1)]", "()", "[?]", "{", "[(id: \"a\", pci_device_ids: [\"x\"])]"];
    let tables =
        ["cards/a.ron", "models/a.ron", "runtimes.ron", "speeds.ron", "measured.ron", "own_prices.ron", "x.ron"];
    for (name, text) in tables.iter().flat_map(|name| cards.iter().map(move |text| (name, text))) {
        let (_, errors) = Catalog::with_overlay(&[TableFile { name: (*name).to_owned(), text: (*text).to_owned() }]);
        faults.extend(errors.into_iter().map(|error| Box::new(error) as Box<dyn Fault>));
    }
    for text in
        ["", "[1]", "{\"a\"", "{]", "{\"model_type\": 3}", "{\"model_type\": \"llama\", \"hidden_size\": \"x\"}"]
    {
        faults.extend(from_config(text.as_bytes(), "x").err().map(|error| Box::new(error) as Box<dyn Fault>));
    }
    for text in ["[{]", "{\"model_type\": 3}", "[{\"model_type\": \"x\"}]", "| a |\n| b |", "avg_ts,x\n1,2"] {
        faults.extend(llama_bench::parse(text).1.into_iter().map(|error| Box::new(error) as Box<dyn Fault>));
    }
    assert!(faults.len() > 1000, "{}", faults.len());
    let wrong: Vec<String> = faults.iter().filter_map(|fault| badly_said(&**fault)).collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), faults.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// What a value's own check found comes through a reader whole.
#[test]
fn a_check_s_own_words_come_through_a_reader() {
    let mut fields = Catalog::embedded().model("llama-3.1-8b").unwrap().clone().into_fields();
    fields.num_attention_heads = 7;
    let fault = Model::new(fields.clone()).unwrap_err();
    let text = ron::to_string(&fields).unwrap();
    let error = ron::from_str::<Model>(&text).unwrap_err();
    for locale in Locale::ALL {
        assert!(RonFault::of(&error).say(locale).ends_with(&fault.say(locale)), "{error:?}");
    }
}
