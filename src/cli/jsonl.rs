//! The stream: one request a line in, one answer a line out, in order.

use std::io::{self, BufRead, Read, Write};

use super::answer::{Answer, write_error};
use super::models::Models;
use super::problem::{MAX_LINE, NotJson, Problem, shortened};
use super::rejected;
use super::request::Request;
use super::written;
use crate::advise::inverse;
use crate::catalog::Catalog;
use crate::estimate::Estimator;
use crate::plan::Plan;
use crate::text::{Fault, Locale};

/// Answers every line of `input`. An answer is flushed before the stream waits for more input, so that a program may
/// talk to it line by line.
///
/// # Errors
/// [`Problem::Unread`] where reading fails, [`Problem::Unwritten`] where writing does; a reader of the answers that has
/// seen enough ends the stream without one.
pub fn run(catalog: &Catalog, input: impl Read, mut output: impl Write) -> Result<(), Problem> {
    let unread = |error: io::Error| Problem::Unread(error.into());
    let mut put = |answers: &[u8]| output.write_all(answers).and_then(|()| output.flush());
    let mut input = io::BufReader::with_capacity(1 << 16, input);
    let mut session = JsonlSession::new(catalog);
    let (mut line, mut answers) = (Vec::new(), Vec::with_capacity(1 << 17));
    loop {
        line.clear();
        if input.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line).map_err(unread)? == 0 {
            break;
        }
        if line.len() > MAX_LINE && line.last() != Some(&b'\n') {
            input.skip_until(b'\n').map_err(unread)?;
            refuse(&mut answers, None, &Problem::LongLine);
            answers.push(b'\n');
        } else if session.answer(line.trim_ascii(), &mut answers) {
            answers.push(b'\n');
        }
        if answers.len() > 1 << 16 || input.buffer().is_empty() {
            if let Err(error) = put(&answers) {
                return written(error);
            }
            answers.clear();
        }
    }
    put(&answers).or_else(written)
}

/// Appends the answer to a request that cannot be answered. Scripts read it: it is English whatever the language.
#[cold]
fn refuse(out: &mut Vec<u8>, request_id: Option<&str>, problem: &Problem) {
    write_error(out, request_id, &shortened(&problem.say(Locale::En)));
}

/// What one stream keeps between its lines.
#[derive(Debug)]
pub struct JsonlSession<'a> {
    catalog: &'a Catalog,
    models: Models,
    estimator: Estimator,
}

impl<'a> JsonlSession<'a> {
    /// For a stream of requests over `catalog`.
    pub fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, models: Models::default(), estimator: Estimator::default() }
    }

    /// Appends the answer to one line, without a line end; false for a blank line, which has none.
    pub fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> bool {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        if line.is_empty() {
            return false;
        }
        if line.first() != Some(&b'{') {
            // A list would be read as the values of the keys in order.
            refuse(out, None, &Problem::NotJson(NotJson::NoBrace));
            return true;
        }
        // Read as text where it is text: then no name in it is looked at again for that.
        let read = match std::str::from_utf8(line) {
            Ok(text) => serde_json::from_str::<Request>(text),
            Err(_) => serde_json::from_slice(line),
        };
        if let Ok(request) = read {
            let before = out.len();
            if let Err(problem) = self.answer_request(&request, out) {
                out.truncate(before);
                refuse(out, request.id.as_deref(), &problem);
            }
        } else {
            let rejected = rejected::explain(line);
            refuse(out, rejected.id.as_deref(), &rejected.problem);
        }
        true
    }

    fn answer_request(&mut self, request: &Request, out: &mut Vec<u8>) -> Result<(), Problem> {
        let mut plan = Plan::default();
        request.apply(&mut plan, self.catalog, &mut self.models)?;
        let estimate = self.estimator.estimate(&plan, self.catalog)?;
        let limits = match request.largest {
            Some(true) => Some(inverse::limits(&plan, self.catalog)?),
            _ => None,
        };
        let answer = Answer {
            request,
            plan: &plan,
            catalog: self.catalog,
            defaults_assumed: true,
            estimate: &estimate,
            limits: limits.as_ref(),
            ladder: None,
        };
        answer.write(out);
        Ok(())
    }
}
