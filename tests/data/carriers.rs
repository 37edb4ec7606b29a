//! Plans that travel: what was put into a text, a picture or a page comes out of it, and whatever else comes in has one
//! clear line.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::frozen::RowDetail;
use rigplan::catalog::model::Model;
use rigplan::catalog::origin::Origin;
use rigplan::catalog::price::OwnPrice;
use rigplan::catalog::source::{Date, PriceKind};
use rigplan::plan::{
    BuildRequest, CardChoice, CardCount, Document, ModelChoice, NamedPlan, Plan, Runtime, SceneId, ScenePosition, Task,
};
use rigplan::share::carrier::link::{MAX_TEXT, SCHEME, from_link, shareable, to_link};
use rigplan::share::carrier::{CarrierError, Without, html, png, read_any, svg};
use rigplan::share::plan_file;
use rigplan::text::Locale;
use rigplan::units::Usd;

use crate::plan_files::document;

/// A picture of two by two points.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 2, 2);
    encoder.set_color(::png::ColorType::Rgba);
    encoder.set_depth(::png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[128; 16]).unwrap();
    writer.finish().unwrap();
    bytes
}

fn drawing(link: &str) -> String {
    let metadata = svg::metadata(link);
    format!("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\">{metadata}<text>rigplan</text></svg>\n")
}

fn page(link: &str) -> String {
    format!("<!doctype html><html><head>{}</head><body><svg></svg></body></html>", html::script(link))
}

/// A text as ours is packed, of whatever.
fn packed(inner: &[u8]) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(inner).unwrap();
    let bytes = encoder.finish().unwrap();
    format!("rigplan:1:{}:{:08x}", URL_SAFE_NO_PAD.encode(&bytes), crc32fast::hash(&bytes))
}

fn small() -> Document {
    let mut document = Document { name: "70B at home".to_owned(), ..Document::default() };
    let plan = &mut document.plans[0].plan;
    plan.workload.model = ModelChoice::Catalog("llama-3.3-70b".to_owned());
    plan.workload.context = 32_768;
    plan.machine.cards = vec![CardCount::of(CardChoice::Catalog("rtx-3090".to_owned()), 2)];
    document
}

/// Everything that a document can hold, at once.
fn large() -> Document {
    let mut document = small();
    let mut training = Plan::default();
    training.workload.task = Task::Qlora;
    training.workload.runtime = Runtime::Vllm;
    training.machine.platform = Some("sp5-epyc-9354".to_owned());
    "two cards, <b>no</b> \"noise\"\n两张显卡".clone_into(&mut document.notes);
    document.plans.push(NamedPlan { name: "train".to_owned(), plan: training });
    document.build = Some(BuildRequest::default());
    document.scene = Some(ScenePosition { scene: SceneId::Offload, time: 12.5, ..ScenePosition::default() });
    document
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// One document, five ways.
    #[test]
    fn documents_come_out_of_every_carrier_as_they_went_in(document in document()) {
        let link = to_link(&document).unwrap();
        let file = plan_file::to_text(&document).unwrap();
        let carriers =
            [file.into_bytes(), link.clone().into_bytes(), drawing(&link).into_bytes(), page(&link).into_bytes()];
        for bytes in carriers.into_iter().chain([png::put_in(&picture(), &link).unwrap()]) {
            prop_assert_eq!(&read_any(&bytes).unwrap(), &document);
        }
    }

    /// Whatever the bytes: a document or one line.
    #[test]
    fn other_bytes_have_one_line(bytes in proptest::collection::vec(any::<u8>(), 0..200), start in 0..8_usize) {
        const STARTS: [&[u8]; 8] =
            [b"", b"\x89PNG\r\n\x1a\n", b"rigplan:1:", b"<svg>", b"<html>", b"\xff\xd8\xff", b"(", b"<metadata>"];
        if let Err(error) = read_any(&[STARTS[start], &bytes[..]].concat()) {
            prop_assert_eq!(error.to_string().lines().count(), 1);
        }
    }
}

#[test]
fn a_small_plan_has_a_short_text() {
    for (document, most) in [(Document::default(), 100), (small(), 300), (large(), 700)] {
        let link = to_link(&document).unwrap();
        println!("{} characters: {link}", link.len());
        assert!(link.len() <= most, "{} characters: {link}", link.len());
        assert_eq!(from_link(&link).unwrap(), document);
    }
}

/// The text that the first program wrote opens for ever.
#[test]
fn the_first_text_opens() {
    let first = packed(b"(schema_version:1,plans:[(plan:(workload:(model:Catalog(\"qwen3-8b\"))))])");
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog("qwen3-8b".to_owned());
    assert_eq!(from_link(&first).unwrap(), Document::of(plan));
}

#[test]
fn what_chats_put_into_a_text_is_forgiven() {
    let link = to_link(&large()).unwrap();
    let lines: Vec<&str> = link.as_bytes().chunks(40).map(|line| str::from_utf8(line).unwrap()).collect();
    let (head, tail) = link.split_at(60);
    let encoded: String = link.replace(':', "%3A").replace('-', "%2D");
    for text in [
        format!("  {link}\r\n"),
        format!("\u{feff}{link}"),
        lines.join("\n"),
        lines.join("\r\n  "),
        lines.join("\n> "),
        lines.join("\u{200b}"),
        lines.join("\u{a0}"),
        format!("Here it is: {link} What do you think?"),
        format!("`{link}`"),
        format!("<{link}>"),
        encoded.clone(),
        encoded.replacen("rigplan%3A", "rigplan:", 1),
        link.replacen("rigplan", "Rigplan", 1),
        format!("{head} {tail}"),
    ] {
        assert_eq!(read_any(text.as_bytes()).as_ref(), Ok(&large()), "{text}");
    }
}

#[test]
fn a_text_that_was_changed_is_refused_or_means_the_same() {
    let (document, link) = (large(), to_link(&large()).unwrap());
    for end in 0..link.len() {
        let cut = read_any(&link.as_bytes()[..end]).expect_err("cut off");
        assert_eq!(cut.to_string().lines().count(), 1, "{cut}");
    }
    for at in 0..link.len() {
        for bit in 0..8 {
            let mut bytes = link.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            match read_any(&bytes) {
                // The letters of a checksum have no case.
                Ok(read) => assert_eq!(read, document, "bit {bit} of character {at}"),
                Err(error) => assert_eq!(error.to_string().lines().count(), 1, "{error}"),
            }
        }
    }
    let without_end = from_link(&link[..link.len() - 1]).unwrap_err();
    assert_eq!(without_end, CarrierError::CutOff);
    assert_eq!(from_link(&link.replacen(":1:", ":1:A", 1)).unwrap_err(), CarrierError::Changed);
}

#[test]
fn a_picture_that_was_changed_is_refused_or_means_the_same() {
    let (document, link) = (small(), to_link(&small()).unwrap());
    let whole = png::put_in(&picture(), &link).unwrap();
    assert!(::png::Decoder::new(std::io::Cursor::new(&whole)).read_info().is_ok(), "still a picture");
    for end in 0..whole.len() {
        let read = read_any(&whole[..end]);
        assert!(read.as_ref().is_err() || read.as_ref() == Ok(&document), "cut at {end}");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            if let Ok(read) = read_any(&bytes) {
                assert_eq!(read, document, "bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn a_picture_holds_the_last_text_alone() {
    let (first, second) = (to_link(&small()).unwrap(), to_link(&large()).unwrap());
    let both = png::put_in(&png::put_in(&picture(), &first).unwrap(), &second).unwrap();
    assert_eq!(both, png::put_in(&picture(), &second).unwrap());
    assert_eq!(png::put_in(b"no picture", &first), Err(CarrierError::BrokenPicture));
}

#[test]
fn pictures_and_pages_without_a_plan_say_so() {
    let picture_without: [Vec<u8>; 5] = [
        picture(),
        b"\xff\xd8\xff\xe0 a photograph".to_vec(),
        b"RIFF\x10\0\0\0WEBPVP8 ".to_vec(),
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>made by hand</metadata></svg>".to_vec(),
        b"GIF89a".to_vec(),
    ];
    for bytes in picture_without {
        assert_eq!(
            read_any(&bytes),
            Err(CarrierError::Without(Without::Picture)),
            "{:?}",
            String::from_utf8_lossy(&bytes)
        );
    }
    for page in
        ["<!DOCTYPE html><html><body>rigplan</body></html>", "<html><script>1</script></html>", "<p>rigplan</p>"]
    {
        assert_eq!(read_any(page.as_bytes()), Err(CarrierError::Without(Without::Page)), "{page}");
    }
    // Long lengths in few bytes.
    for length in [u32::MAX, 1 << 31, 1 << 20] {
        let claims = [&png::SIGNATURE[..], &length.to_be_bytes(), b"iTXtrigplan\0\0\0\0\0rigplan:1:"].concat();
        assert_eq!(read_any(&claims), Err(CarrierError::BrokenPicture));
    }
}

#[test]
fn traps_are_refused_with_their_reason() {
    let nested = |depth: usize| format!("(schema_version:1,plans:{}{})", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(from_link(&packed(&vec![b' '; 40 << 20])).unwrap_err(), CarrierError::TooMuch { kib: 1024 });
    assert_eq!(from_link(&packed(nested(32).as_bytes())).unwrap_err(), CarrierError::Deep { most: 32 });
    assert!(matches!(from_link(&packed(nested(31).as_bytes())).unwrap_err(), CarrierError::Plan(_)));
    let elements = format!("(schema_version:1,plans:[{}])", "(plan:()),".repeat(101));
    assert!(from_link(&packed(elements.as_bytes())).unwrap_err().to_string().contains("a list of 101"));
    let long = format!("rigplan:1:{}:00000000", "A".repeat(3 * MAX_TEXT));
    assert_eq!(from_link(&long).unwrap_err(), CarrierError::TooLong { kib: 64 });
    assert!(matches!(read_any(b""), Err(CarrierError::Plan(plan_file::PlanFileError::Empty))));
    assert_eq!(from_link("rigplan:2:AAAA:00000000").unwrap_err(), CarrierError::Newer { found: 2 });
    assert_eq!(from_link("rigplan:0:AAAA:00000000").unwrap_err(), CarrierError::UnknownVersion);
    let newer = from_link(&packed(b"(schema_version:99,plans:[()],hologram:true)")).unwrap_err();
    assert!(newer.to_string().starts_with("made by a newer rigplan (schema_version 99"), "{newer}");
    for no_plan in ["", "hello", "()", "(schema_version:1)", "\0", "{\"a\": 1}"] {
        let error = from_link(&packed(no_plan.as_bytes())).unwrap_err();
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
    }
    for text in ["hello", "rigplan: a planner", "rigplan:x:", "http://example.org/rigplan"] {
        assert_eq!(from_link(text).unwrap_err(), CarrierError::NoLink, "{text}");
    }
}

/// With the prints of the rows that it used a text is still short; a file holds the rows themselves.
#[test]
fn the_rows_of_a_plan_come_along() {
    let catalog = Catalog::embedded();
    let short = small().with_rows(catalog, RowDetail::Short);
    let link = to_link(&short).unwrap();
    println!("{} characters with rows: {link}", link.len());
    assert!(link.len() <= 1500, "{} characters", link.len());
    let mut read = from_link(&link).unwrap();
    assert_eq!(read, short);
    assert!(read.settle_rows(catalog).is_empty());
    assert_eq!(read, small());
    let whole = large().with_rows(catalog, RowDetail::Whole);
    assert_eq!(whole.frozen.len(), 7, "two models, two cards, a platform, its RAM, offers to rent what it trains on");
    let text = plan_file::to_text(&whole).unwrap();
    println!("{} bytes of file, {} of text with whole rows", text.len(), to_link(&whole).unwrap().len());
    let mut read = read_any(text.as_bytes()).unwrap();
    assert_eq!(read, whole);
    assert_eq!(from_link(&to_link(&whole).unwrap()).unwrap(), whole);
    assert!(read.settle_rows(catalog).is_empty());
    assert_eq!(read, large());
}

/// A row that came along is held to what rows of one's own tables are held to, and rows that no plan uses do not count.
#[test]
fn rows_are_checked() {
    let catalog = Catalog::embedded();
    let whole = small().with_rows(catalog, RowDetail::Whole);
    let text = plan_file::to_text(&whole).unwrap();
    let wrong = text.replace("memory_gib: 24.0", "memory_gib: 1e9");
    let error = plan_file::from_text(&wrong).unwrap_err().to_string();
    assert!(
        error.starts_with("the row of rtx-3090 that came with the plan cannot be: ") && !error.contains('\n'),
        "{error}"
    );
    let named = text.replace("name: \"GeForce RTX 3090\"", "name: \"GeForce\\u{1b}[31m RTX 3090\"");
    assert!(plan_file::from_text(&named).is_err(), "no name may move a cursor");
    let mut other = Document { frozen: whole.frozen, ..Document::default() };
    assert!(other.settle_rows(&catalog.with_frozen(&[])).is_empty() && other.frozen.is_empty());
}

/// What is changed on purpose while a document is open counts, whatever came with it.
#[test]
fn a_price_that_is_typed_takes_the_place_of_the_kept_one() {
    let catalog = Catalog::embedded();
    let own = |part: &str, usd: f64| OwnPrice {
        part: part.to_owned(),
        kind: PriceKind::Used,
        usd: Usd(usd),
        date: Date::try_from("2026-11-22".to_owned()).unwrap(),
        source: Origin::own(),
    };
    let with = |prices: Vec<OwnPrice>| catalog.with_own_prices("own_prices.ron", prices).0;
    let mut document = small().with_rows(&with(vec![own("rtx-3090", 500.0)]), RowDetail::Whole);
    let changes = document.settle_rows(catalog);
    let said: Vec<String> = changes.iter().map(|change| change.say(Locale::En)).collect();
    assert!(
        said.len() == 1 && said[0].starts_with("RTX 3090 used now $") && said[0].ends_with(", was $500"),
        "{said:?}"
    );
    let elsewhere = with(vec![own("rtx-4090", 1500.0)]);
    document.yield_rows(catalog, &elsewhere);
    assert_eq!(document.frozen.len(), 1, "another card");
    document.yield_rows(&elsewhere, &with(vec![own("rtx-3090", 700.0)]));
    assert!(document.frozen.is_empty());
}

/// A desktop that follows the entry hands links over to the program.
#[test]
fn the_desktop_entry_names_the_scheme() {
    let entry = include_str!("../../assets/rigplan.desktop");
    let line = |start: &str| entry.lines().find_map(|line| line.strip_prefix(start)).unwrap_or_default();
    assert_eq!(line("MimeType="), format!("x-scheme-handler/{SCHEME};"));
    assert_eq!((line("Exec="), line("StartupWMClass=")), ("rigplan %u", rigplan::app::APP_ID));
    assert!(entry.starts_with("[Desktop Entry]\n") && entry.ends_with('\n'));
}

/// Where a model was read from is nobody else's business, and no name gets out of its place.
#[test]
fn folders_stay_at_home_and_scripts_stay_text() {
    // As it comes out of a file: less is said of its source.
    let row = ron::to_string(Catalog::embedded().model("qwen3-8b").unwrap()).unwrap();
    let model: std::sync::Arc<Model> = std::sync::Arc::new(ron::from_str(&row).unwrap());
    for path in ["/home/anna/models/Qwen3-8B.gguf", "C:\\Users\\anna\\Qwen3-8B.gguf", "../../anna/Qwen3-8B.gguf"] {
        let mut document = small();
        document.plans[0].plan.workload.model = ModelChoice::File { path: path.into(), model: model.clone() };
        let read = from_link(&to_link(&document).unwrap()).unwrap();
        assert_eq!(read, *shareable(&document));
        let ModelChoice::File { path, model: read } = &read.plans[0].plan.workload.model else { panic!("no file") };
        assert_eq!(path.to_str(), Some("Qwen3-8B.gguf"));
        assert_eq!(**read, *model, "its row comes along");
    }
    let name = "</script><script>alert(1)</script></metadata><svg onload=\"x\">".to_owned();
    let document = Document { name, ..small() };
    let link = to_link(&document).unwrap();
    assert!(!link.contains(['<', '>', '"', '&', '/']));
    assert_eq!(read_any(page(&link).as_bytes()), Ok(document.clone()));
    assert_eq!(read_any(drawing(&link).as_bytes()), Ok(document));
}
