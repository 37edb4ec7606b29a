//! Plans that travel: one text, `rigplan:1:<base64url(deflate(RON))>:<crc32>`, and what carries it through chats, mails and
//! folders: PNG, SVG, HTML.
//!
//! * [`link::to_link`], [`link::from_link`]: a document as one text, and back.
//! * [`png::put_in`], [`svg::metadata`], [`html::script`]: the text inside a picture or a page.
//! * [`read_any`]: the document in whatever was opened, told by its content.
//!
//! What leaves this way holds no folders of the sender: see [`link::shareable`].

mod compact;
mod fault;
pub mod html;
pub mod link;
mod packed;
pub mod png;
pub mod svg;

pub use fault::{CarrierError, Without};

use crate::plan::Document;
use crate::share::plan_file::{self, PlanFileError};

/// The largest file that is looked into, in bytes: a page with its figures, a picture at twice its size.
pub const MAX_BYTES: usize = 32 << 20;

/// How files of other pictures begin, which chats make of a PNG.
const OTHER_PICTURES: [&[u8]; 5] = [b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"];

/// The document in a plan file, a text, a PNG, an SVG or a page, whatever the file is called.
///
/// # Errors
/// One clear line: what the bytes are, what is wrong with them, what to do.
pub fn read_any(bytes: &[u8]) -> Result<Document, CarrierError> {
    if bytes.len() > MAX_BYTES {
        return Err(CarrierError::TooLarge { mib: MAX_BYTES >> 20 });
    }
    if bytes.starts_with(&png::SIGNATURE) {
        return png::read(bytes);
    }
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if webp || OTHER_PICTURES.iter().any(|start| bytes.starts_with(start)) {
        return Err(CarrierError::Without(Without::Picture));
    }
    let Ok(text) = str::from_utf8(bytes) else { return Ok(plan_file::from_bytes(bytes)?) };
    match kind(text) {
        TextKind::Svg => svg::read(text),
        TextKind::Page => html::read(text),
        TextKind::Link => link::from_link(text),
        TextKind::Plan => Ok(plan_file::from_text(text)?),
    }
}

/// Whether these bytes are a plan file itself, which can be written again, and nothing that only carries a plan.
pub fn is_plan_file(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok_and(|text| matches!(kind(text), TextKind::Plan))
}

/// What a text is by its first characters.
enum TextKind {
    Svg,
    Page,
    Link,
    Plan,
}

fn kind(text: &str) -> TextKind {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.starts_with('<') {
        // Which of the two comes first: a page may hold drawings, a drawing may hold pieces of pages.
        return match (element(start, "svg"), element(start, "html")) {
            (Some(svg), Some(html)) if html < svg => TextKind::Page,
            (Some(_), _) => TextKind::Svg,
            // A text in the brackets of a mail.
            (None, None) if link::is_in(start) => TextKind::Link,
            (None, _) => TextKind::Page,
        };
    }
    let is_plan = start.starts_with(['(', '/', '#']) || start.starts_with("Document");
    if !is_plan && link::is_in(start) { TextKind::Link } else { TextKind::Plan }
}

/// Where an element of this name opens, whatever the case of its letters.
fn element(text: &str, name: &str) -> Option<usize> {
    let opens = |at: usize| {
        let rest = &text[at + 1..];
        rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && rest[name.len()..].starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/')
    };
    text.match_indices('<').map(|(at, _)| at).find(|&at| opens(at))
}

impl From<PlanFileError> for CarrierError {
    fn from(error: PlanFileError) -> Self {
        Self::Plan(error)
    }
}
