//! A document as one text that a chat, a mail or a terminal carries: `rigplan:1:<base64url(deflate(RON))>:<crc32>`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;

use super::packed::{InflateFault, deflate, inflate};
use super::{CarrierError, compact};
use crate::plan::{Document, ModelChoice};
use crate::share::plan_file::{self, PlanFileError};
use crate::share::ron_tokens::depth;

/// The scheme, as a system knows who opens it.
pub const SCHEME: &str = "rigplan";

/// The version of the packing that is written, and the newest that is read. What is packed has a version of its own.
pub const VERSION: u32 = 1;

/// The longest text that is read or written, in bytes.
pub const MAX_TEXT: usize = 64 << 10;

/// Brackets in brackets at most: those of a plan are about ten deep.
const MAX_DEPTH: usize = 32;

/// Hexadecimal digits of a checksum.
const CHECKSUM: usize = 8;

/// The document as one line of plain letters. [`from_link`] gives [`shareable`] of it back.
///
/// # Errors
/// [`CarrierError::Unsendable`] for what is too long; [`CarrierError::Plan`] for what could not be opened again.
pub fn to_link(document: &Document) -> Result<String, CarrierError> {
    let document = shareable(document);
    let mut text = compact::to_text(&document)?;
    // What is left out says nothing only as long as it is read back as it was.
    if plan_file::from_text(&text).as_ref() != Ok(&*document) {
        text = plan_file::to_text(&document)?;
    }
    let packed = deflate(text.as_bytes());
    let (body, checksum) = (URL_SAFE_NO_PAD.encode(&packed), crc32fast::hash(&packed));
    let link = format!("{SCHEME}:{VERSION}:{body}:{checksum:08x}");
    if link.len() > MAX_TEXT || text.len() > super::packed::MAX_INFLATED {
        return Err(CarrierError::Unsendable { kib: MAX_TEXT >> 10 });
    }
    Ok(link)
}

/// The document as it may be given away: where its models were read from, only the files' own names are left.
pub fn shareable(document: &Document) -> Cow<'_, Document> {
    let names_folder = |choice: &ModelChoice| match choice {
        ModelChoice::File { path, .. } => Path::new(&file_name(path)) != path,
        ModelChoice::Catalog(_) | ModelChoice::Size(_) => false,
    };
    if !document.plans.iter().any(|named| names_folder(&named.plan.workload.model)) {
        return Cow::Borrowed(document);
    }
    let mut document = document.clone();
    for named_plan in &mut document.plans {
        if let ModelChoice::File { path, model } = &named_plan.plan.workload.model {
            let path = PathBuf::from(file_name(path));
            named_plan.plan.workload.model = ModelChoice::File { path, model: Arc::clone(model) };
        }
    }
    Cow::Owned(document)
}

/// What a path ends with on any system: one of Windows may be read on another.
fn file_name(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.rsplit(['/', '\\'])
        .find(|name| !name.is_empty() && *name != "." && *name != "..")
        .unwrap_or_default()
        .to_owned()
}

/// Whether one of our texts, whole or not, stands in this one.
pub fn is_in(text: &str) -> bool {
    let text = text.get(..MAX_TEXT.min(text.len())).unwrap_or(text);
    start(text).is_some() || percent(text).is_some_and(|decoded| start(&decoded).is_some())
}

/// Reads the first of our texts in this one: line breaks, blanks and marks that chats put into it are no part of it, and
/// what stands around it is left alone. It may be percent-encoded, as a URL.
///
/// # Errors
/// Each fault one line; see [`CarrierError`].
pub fn from_link(text: &str) -> Result<Document, CarrierError> {
    if text.len() > 2 * MAX_TEXT {
        return Err(CarrierError::TooLong { kib: MAX_TEXT >> 10 });
    }
    let decoded = percent(text);
    let text = decoded.as_deref().unwrap_or(text);
    let rest = start(text).ok_or(CarrierError::NoLink)?;
    let packed = unwrapped(rest)?;
    let inflated = inflate(&packed).map_err(|fault| match fault {
        InflateFault::Damaged => CarrierError::Changed,
        InflateFault::TooMuch => CarrierError::TooMuch { kib: super::packed::MAX_INFLATED >> 10 },
    })?;
    let ron = str::from_utf8(&inflated).map_err(|_error| PlanFileError::Binary { line: 1 })?;
    if depth(ron) > MAX_DEPTH {
        return Err(CarrierError::Deep { most: MAX_DEPTH });
    }
    Ok(plan_file::from_text(ron)?)
}

/// The packed bytes of what follows the scheme.
fn unwrapped(rest: &str) -> Result<Vec<u8>, CarrierError> {
    let mut letters = Letters { rest: rest.chars(), new_line: false };
    let version: String = letters.by_ref().take_while(|&c| c != ':').take(MAX_TEXT).collect();
    match version.parse::<u32>() {
        Ok(VERSION) => {}
        Ok(found) if found > VERSION => return Err(CarrierError::Newer { found }),
        _ => return Err(CarrierError::UnknownVersion),
    }
    let mut body = String::new();
    loop {
        match letters.next() {
            Some(':') => break,
            Some(c) if c.is_ascii_alphanumeric() || c == '-' || c == '_' => body.push(c),
            Some(_) => return Err(CarrierError::Changed),
            None => return Err(CarrierError::CutOff),
        }
        if body.len() > MAX_TEXT {
            return Err(CarrierError::TooLong { kib: MAX_TEXT >> 10 });
        }
    }
    let checksum: String = letters.take(CHECKSUM).take_while(char::is_ascii_hexdigit).collect();
    if checksum.len() < CHECKSUM {
        return Err(CarrierError::CutOff);
    }
    let packed = URL_SAFE_NO_PAD.decode(&body).map_err(|_error| CarrierError::Changed)?;
    if u32::from_str_radix(&checksum, 16) == Ok(crc32fast::hash(&packed)) {
        Ok(packed)
    } else {
        Err(CarrierError::Changed)
    }
}

/// The characters of a text without what chats and mails put between them.
struct Letters<'a> {
    rest: std::str::Chars<'a>,
    /// Nothing but blanks and marks of quoting since the line began.
    new_line: bool,
}

impl Iterator for Letters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            match self.rest.next()? {
                '\n' | '\r' => self.new_line = true,
                c if c.is_whitespace() || is_invisible(c) => {}
                '>' | '|' if self.new_line => {}
                c => {
                    self.new_line = false;
                    return Some(c);
                }
            }
        }
    }
}

/// Characters that break long words, and that nobody sees.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// What follows the scheme of the first of our texts; a sentence about the program is none.
fn start(text: &str) -> Option<&str> {
    let colon = SCHEME.len();
    text.match_indices(':').find_map(|(at, _)| {
        let scheme = text.get(at.checked_sub(colon)?..at)?;
        let rest = &text[at + 1..];
        let mut next = rest.chars().filter(|c| !c.is_whitespace());
        let numbered = next.next().is_some_and(|c| c.is_ascii_digit());
        (scheme.eq_ignore_ascii_case(SCHEME) && numbered).then_some(rest)
    })
}

/// The text as a URL means it, where it is one that was encoded.
fn percent(text: &str) -> Option<String> {
    text.contains('%').then(|| percent_decode_str(text).decode_utf8_lossy().into_owned())
}
