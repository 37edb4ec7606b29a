//! The rows of `data/training_laws.txt`.

use super::family::Family;
use super::form::{Form, Named, parse};
use super::instant::Instant;
use super::method::{Keeps, LossKernel, TrainingMethod};

const TEXT: &str = include_str!("../../../data/training_laws.txt");
const UNTIL_LOSS: &str = "until_loss";
const ALL_FAMILIES: &str = "*";

/// The rows that hold for one method.
#[derive(Debug, Clone, Copy)]
pub(super) struct MethodRows {
    /// Its own block: what is kept all through the step, as a form, and the lines.
    pub(super) always: &'static str,
    pub(super) lines: &'static str,
    /// The block of the same method whose layers keep everything.
    pub(super) plain: &'static str,
    /// The lines of its loss; none where it calculates all logits at once.
    pub(super) loss: &'static str,
}

/// What a layer keeps, and its gradients, as forms.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeptForms {
    pub(super) layer: &'static str,
    pub(super) gradients: Option<&'static str>,
    /// What it keeps until the loss is known, where that is more.
    pub(super) until_loss: Option<&'static str>,
}

/// The row of an instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct InstantLine {
    name: &'static str,
    until_loss: bool,
    forms: &'static str,
}

impl MethodRows {
    /// `None` where the table does not have the method.
    pub(super) fn of(method: TrainingMethod) -> Option<Self> {
        let [trained, numbers, scores]: [&str; 3] =
            [method.trained.into(), method.numbers.into(), method.scores.into()];
        let layers = |kept: &str| block(&format!("\nmethod {trained} {numbers} {scores} {kept} | "))?.split_once('\n');
        let (_, plain) = layers("plain")?;
        let (always, lines) = layers(if method.keeps == Keeps::Input { "checkpointed" } else { "plain" })?;
        let loss: &str = method.loss.into();
        let loss = match method.loss {
            LossKernel::Standard | LossKernel::WithoutOutputs => "",
            LossKernel::Fused | LossKernel::Chunked => block(&format!("\nloss {trained} {numbers} {loss}\n"))?,
        };
        Some(Self { always, lines, plain, loss })
    }

    /// The rows of a loss that does not calculate all logits at once; they hold for all families.
    pub(super) fn of_loss(&self) -> impl Iterator<Item = InstantLine> {
        self.loss.lines().filter_map(InstantLine::split).map(|(line, _)| line)
    }
}

/// What follows `head`, up to the next empty line.
fn block(head: &str) -> Option<&'static str> {
    let block = TEXT.split_once(head)?.1;
    Some(block.split_once("\n\n").map_or(block, |(block, _)| block))
}

/// What a layer of a family keeps.
pub(super) fn keep(lines: &'static str, family: Family) -> Option<KeptForms> {
    let forms = lines.lines().find_map(|line| {
        let (families, forms) = line.strip_prefix("keep ")?.split_once(" | ")?;
        holds(families, family).then_some(forms)
    })?;
    let mut forms = forms.split(" | ");
    Some(KeptForms { layer: forms.next()?, gradients: forms.next(), until_loss: forms.next() })
}

pub(super) fn instants(lines: &'static str, family: Family) -> impl Iterator<Item = InstantLine> {
    let own = move |(line, families): (InstantLine, &str)| holds(families, family).then_some(line);
    lines.lines().filter(|line| !line.starts_with("keep ")).filter_map(InstantLine::split).filter_map(own)
}

fn holds(families: &str, family: Family) -> bool {
    families == ALL_FAMILIES || families.split(',').any(|name| name.parse() == Ok(family))
}

impl InstantLine {
    /// A row, and the families that it holds for.
    fn split(line: &'static str) -> Option<(Self, &'static str)> {
        let (head, forms) = line.split_once(" | ")?;
        let (name, families) = head.split_once(' ')?;
        let (until_loss, families) = match families.split_once(' ') {
            Some((UNTIL_LOSS, families)) => (true, families),
            _ => (false, families),
        };
        Some((Self { name, until_loss, forms }, families))
    }

    /// The instant; `None` where a form or a name in it is unknown.
    pub(super) fn read(&self, named: &Named) -> Option<Instant> {
        let mut forms = self.forms.split(" | ");
        let mut next = || forms.next().map_or_else(|| Some(Form::default()), |text| parse(text, named));
        Some(Instant {
            at: self.name.parse().ok()?,
            until_loss: self.until_loss,
            kept: next()?,
            gradients: next()?,
            temporaries: next()?,
        })
    }

    /// It says what of a rebuilt layer is gone already.
    pub(super) fn takes_rebuilt_layer(&self) -> bool {
        self.forms.split(" | ").any(|form| form.starts_with("-rebuilt_layer") || form.contains("- rebuilt_layer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of a family, an instant or a form that nobody knows would be passed over in silence.
    #[test]
    fn every_row_reads() {
        let mut rows = 0;
        for line in TEXT.lines().filter(|line| !line.starts_with('#') && line.contains(" | ")) {
            let (head, forms) = line.split_once(" | ").expect("a head");
            let read = forms.split(" | ").all(|form| parse(form, &Named::default()).is_some());
            assert!(read, "{line}");
            if head.starts_with("method ") {
                continue;
            }
            rows += 1;
            let (_, families) = head.rsplit_once(' ').expect("families");
            let known = families == ALL_FAMILIES || families.split(',').all(|name| name.parse::<Family>().is_ok());
            assert!(known, "{line}");
            if !head.starts_with("keep ") {
                let (row, _) = InstantLine::split(line).expect("an instant");
                assert!(row.read(&Named::default()).is_some(), "{line}");
            }
        }
        assert!(rows > 1300, "{rows}");
    }
}
