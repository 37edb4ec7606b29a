//! Plan files: what is written can be read, and every mistake gives its own clear line.
//!
//! Each file of `fixtures/invalid` has one mistake and names the line expected for it in its first line.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::frozen::{FrozenRow, RowDetail};
use rigplan::plan::inputs::{InputKind, InputValue};
use rigplan::plan::{
    BuildRequest, CardChoice, CardCount, CpuExperts, Document, Input, ModelChoice, NamedPlan, Plan, Resident,
    ResidentPlace, RuntimeVersion, bounds,
};
use rigplan::share::plan_file::{MAX_BYTES, PlanFileError, from_bytes, from_text, to_text};
use rigplan::text::foreign;

/// The files of one folder of fixtures, sorted.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no fixtures");
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn each_mistake_has_its_line() {
    let mut wrong = Vec::new();
    for (name, text) in fixtures("invalid") {
        let expected = text.lines().next().and_then(|line| line.strip_prefix("// expect: ")).unwrap_or_default();
        let found = match from_text(&text) {
            Ok(_) => "(accepted)".to_owned(),
            Err(error) => error.to_string(),
        };
        if found != expected {
            wrong.push(format!("{name}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn valid_files_open() {
    for (name, text) in fixtures("valid") {
        let document = from_text(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(from_text(&to_text(&document).unwrap()).unwrap(), document, "{name}");
    }
}

/// A program that knew fewer fields wrote files without the others: whatever a line says, the rest opens.
#[test]
fn a_field_that_an_earlier_program_did_not_know_takes_its_default() {
    let text = to_text(&Document { build: Some(BuildRequest::default()), ..Document::default() }).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let is_field = |line: &&str| line.trim_end().ends_with(',') && line.contains(": ") && !line.contains("//");
    let mut needed = Vec::new();
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| is_field(line)) {
        let rest: Vec<&str> = lines[..place].iter().chain(&lines[place + 1..]).copied().collect();
        match from_text(&rest.join("\n")) {
            // What the first program chose too: a file without the field means the same.
            Ok(document) => drop(document),
            Err(_) => needed.push(line.trim().split(':').next().unwrap_or_default()),
        }
    }
    needed.sort_unstable();
    // These stood in the first file that was ever written.
    assert_eq!(needed, ["card", "count", "schema_version"], "every other field may be missing");
}

#[test]
fn experts_of_a_plan_are_a_number_or_left_to_the_engine() {
    let with = |experts: CpuExperts| {
        let mut document = Document::default();
        document.plans[0].plan.workload.cpu_experts = experts;
        to_text(&document).expect("a text")
    };
    for (experts, written) in [
        (CpuExperts::Auto, "cpu_experts: None"),
        (CpuExperts::Count(0), "cpu_experts: 0"),
        (CpuExperts::Count(12), "cpu_experts: 12"),
    ] {
        let text = with(experts);
        assert!(text.contains(written), "{text}");
        let read = from_text(&text).expect("a document");
        assert_eq!(read.plans[0].plan.workload.cpu_experts, experts, "a number of an older file means what it meant");
    }
}

#[test]
fn every_id_of_an_old_plan_is_still_known() {
    let catalog = Catalog::embedded();
    for id in ["rtx-3080-8gb-laptop", "rtx-3090", "h100-sxm5"] {
        assert!(catalog.card(id).is_some(), "{id}");
    }
    for id in ["sp3-epyc-7002", "sp5-epyc-9004", "lga4677-w2400"] {
        assert!(catalog.platform(id).is_some(), "{id}");
    }
}

#[test]
fn what_is_no_text_is_refused_in_one_line() {
    let line = |bytes: &[u8]| from_bytes(bytes).unwrap_err().to_string();
    assert_eq!(line(b""), "the file is empty: no plan to read");
    assert_eq!(line(b" \n\t\r\n"), "the file is empty: no plan to read");
    assert_eq!(line(b"\xef\xbb\xbf"), "the file is empty: no plan to read");
    let binary = "not a text file (line 2 has bytes that are no text), so it is no plan file";
    assert_eq!(line(b"(\nschema\0version: 1)"), binary);
    assert_eq!(line(b"\n\x7fELF\x02\xff\xfe"), binary);
    // UTF-16, as some editors save.
    assert!(line(b"\xff\xfe(\0\n\0").starts_with("not a text file (line 1"));
}

/// Also quickly: what grew with the square of the length would take hours here.
#[test]
fn hostile_files_are_refused() {
    let too_large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(from_bytes(&too_large), Err(PlanFileError::TooLarge));
    let openings = ["", "(schema_version: 1, plans: ", "(plans: [(plan: (workload: (model: File(path: \"\", model: "];
    for piece in ["(", "[", "{", "Some(", "(a:", "[(", "/*", "\"\\", "r#", "a(b:", "#![enable(", "1,", "'", "//\n"] {
        for opening in openings {
            let text = format!("{opening}{}", piece.repeat(MAX_BYTES / piece.len() - opening.len()));
            let message = from_text(&text).expect_err(piece).to_string();
            assert!(message.lines().count() == 1 && message.len() < 400, "{message}");
        }
    }
}

#[test]
fn a_hostile_name_does_not_break_the_line() {
    let text = format!("(schema_version: 1, r#{}: 1)", "x".repeat(100_000));
    let message = from_text(&text).unwrap_err().to_string();
    assert!(message.len() < 500, "{}", message.len());
    for name in ["a\nb", "\u{1b}[31m", "a\u{2028}b"] {
        let message = from_text(&format!("(schema_version: 1, {name}: 1)")).unwrap_err().to_string();
        assert!(!message.contains(['\n', '\u{1b}']), "{message:?}");
    }
}

#[test]
fn too_many_plans_are_refused_on_both_ways() {
    let document = Document { plans: vec![NamedPlan::default(); 101], ..Document::default() };
    assert!(to_text(&document).is_err(), "what cannot be opened is not written");
    let text = format!("(schema_version: 1, plans: [{}])", "(plan: ()),".repeat(101));
    let expected = "line 1, column 28: plans is a list of 101, but must be a list of 1 to 100";
    assert_eq!(from_text(&text).unwrap_err().to_string(), expected);
}

#[test]
fn every_line_written_can_be_edited() {
    let text = to_text(&Document::default()).unwrap();
    assert!(text.starts_with("// A rigplan plan"), "the file says what it is");
    assert!(text.lines().all(|line| line.len() <= 120 && line.trim_end() == line), "{text}");
    assert!(text.ends_with(")\n"));
}

fn text() -> impl Strategy<Value = String> {
    // Quotes, backslashes, brackets, line breaks, Chinese: what a format could stumble over.
    prop_oneof![
        "[a-z0-9 -]{0,12}",
        "[\"\\\\#/*(){}\\[\\]\n\r\t'张卡é\u{1f600}]{0,12}",
        any::<String>(),
        Just("a\0b".to_owned())
    ]
}

/// Whatever an input may hold, left open where it can be.
fn values(input: Input) -> BoxedStrategy<InputValue> {
    let choices =
        |count: usize| (0..count).prop_map(|place| InputValue::Choice(u8::try_from(place).expect("a short list")));
    let entry = input.entry();
    let value = match &entry.kind {
        InputKind::Switch(_) => any::<bool>().prop_map(InputValue::Switch).boxed(),
        InputKind::Tokens(range) | InputKind::Count(range, _) => range.clone().prop_map(InputValue::Whole).boxed(),
        InputKind::CountOr(range, words) => {
            prop_oneof![choices(words.len()), range.clone().prop_map(InputValue::Whole)].boxed()
        }
        InputKind::Memory(range) | InputKind::Number(range, _) => range.clone().prop_map(InputValue::Real).boxed(),
        InputKind::Choice(list) => choices(list.names.len()).boxed(),
        InputKind::Version => (0..100_u32, 0..100_u32)
            .prop_map(|(major, minor)| InputValue::Version(RuntimeVersion::Number { major, minor }))
            .boxed(),
        InputKind::Own(_) => Just(InputValue::Unset).boxed(),
    };
    if entry.unset.is_some() { prop_oneof![Just(InputValue::Unset), value].boxed() } else { value }
}

/// A plan with every input anywhere within its range.
fn inputs() -> impl Strategy<Value = Plan> {
    let all: Vec<BoxedStrategy<InputValue>> = Input::all().map(values).collect();
    all.prop_map(|values| {
        let mut plan = Plan::default();
        for (input, value) in Input::all().zip(values) {
            input.set(&mut plan, value).expect("a value within its range");
        }
        plan
    })
}

/// Every input within its range, and names that could be anything.
fn plan() -> impl Strategy<Value = Plan> {
    let model = prop_oneof![text().prop_map(ModelChoice::Catalog), bounds::PARAMETERS.prop_map(ModelChoice::Size)];
    let card = prop_oneof![
        text().prop_map(CardChoice::Catalog),
        (text().prop_map(|name| foreign(&name).into_owned()), bounds::MEMORY_BYTES)
            .prop_map(|(name, memory_bytes)| CardChoice::Detected { name, memory_bytes }),
    ];
    let cards = (card, bounds::CARDS, proptest::option::of(bounds::MEMORY_GIB))
        .prop_map(|(card, count, memory_gib)| CardCount { memory_gib, ..CardCount::of(card, count) });
    let cards = proptest::collection::vec(cards, 0..4);
    let also = proptest::collection::vec(resident(), 0..3);
    (inputs(), model, cards, proptest::option::of(text()), also).prop_map(|(mut plan, model, cards, platform, also)| {
        plan.workload.model = model;
        plan.machine.cards = cards;
        plan.machine.platform = platform;
        plan.also = also;
        plan
    })
}

/// A model beside the plan's own, anywhere.
fn resident() -> impl Strategy<Value = Resident> {
    let place = prop_oneof![
        any::<u32>().prop_map(ResidentPlace::Device),
        Just(ResidentPlace::AllDevices),
        Just(ResidentPlace::Ram),
        Just(ResidentPlace::Off),
    ];
    (inputs(), text(), place).prop_map(|(plan, model, place)| {
        let mut workload = plan.workload;
        workload.model = ModelChoice::Catalog(model);
        Resident { place, workload }
    })
}

pub(crate) fn document() -> impl Strategy<Value = Document> {
    let plan = (text(), plan()).prop_map(|(name, plan)| NamedPlan { name, plan });
    (text(), text(), proptest::collection::vec(plan, 1..4)).prop_map(|(name, notes, plans)| Document {
        name,
        notes,
        plans,
        ..Document::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_round_trip(document in document()) {
        let text = to_text(&document).unwrap();
        prop_assert_eq!(from_text(&text).unwrap(), document);
    }

    #[test]
    fn no_cut_or_changed_file_panics(document in document(), at in any::<prop::sample::Index>(), put in any::<char>()) {
        let text = to_text(&document).unwrap();
        let at = at.index(text.len());
        let at = (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        // Cut inside the plan, nothing may be opened: no half of a plan is taken for a whole one.
        if !text[at..].trim().is_empty() {
            prop_assert!(from_text(&text[..at]).is_err());
        }
        let mut changed = text;
        changed.insert(at, put);
        if let Err(error) = from_text(&changed) {
            prop_assert_eq!(error.to_string().lines().count(), 1);
        }
    }
}

#[test]
fn what_runs_beside_is_written_and_read_back_in_the_version_that_knows_it() {
    let text = fixtures("valid").into_iter().find(|(name, _)| name == "also").map(|(_, text)| text).unwrap();
    let document = from_text(&text).unwrap();
    let written = to_text(&document).unwrap();
    assert!(written.contains("schema_version: 3"), "an older program is told: {written}");
    assert_eq!(from_text(&written).unwrap(), document);
    let rows = document.with_rows(Catalog::embedded(), RowDetail::Short).frozen;
    let kept = rows.iter().any(|row| row.id() == "qwen3-embedding-0.6b");
    assert!(kept, "the row of a model beside comes along: {:?}", rows.iter().map(FrozenRow::id).collect::<Vec<_>>());
}
