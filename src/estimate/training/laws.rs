//! The law table: what lies on the device at each instant of a step that may be its fullest, as linear forms.
//!
//! `data/training_laws.txt` says how a line reads and where it comes from. A case (one method and family) is parsed on first
//! use.

use std::sync::OnceLock;

use super::method::{Keeps, Method};
use super::shape::Family;

const TEXT: &str = include_str!("../../../data/training_laws.txt");
/// The symbols of the forms; a product is up to three of them.
const SYMBOLS: &str = "TShqkudagiVrEtevclm";
/// Symbols of what tensor parallelism cuts.
const CUT: &str = "qkiaguVeEv";

/// Values of the symbols, after a 1.
pub(super) type Values = [f64; SYMBOLS.len() + 1];

/// `coefficient ×` the product of three values.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "what a product stands for, each on its own")]
pub(super) struct Term {
    coefficient: f64,
    factors: [u8; 3],
    /// Tensor parallelism divides it.
    cut: bool,
    /// Sequence parallelism divides it as well.
    tokens_by_width: bool,
    /// It has the width of the vocabulary: tokens by vocabulary, or the output matrix.
    pub(super) vocabulary: bool,
    pub(super) logits: bool,
    /// Tokens by hidden size: the input of a layer.
    pub(super) hidden: bool,
    /// Attention's scores: tokens by tokens by heads.
    scores: bool,
}

/// A sum of terms, in bytes.
pub(super) type Form = Box<[Term]>;

/// When in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Forward,
    Loss,
    LossBackward,
    /// Backward of the last layer, which comes first.
    Last,
    /// Backward of the first layer.
    First,
    /// Of either.
    Layer,
    Embedding,
}

/// One instant: what lies there besides what layers keep.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Instant {
    pub(super) at: At,
    /// Layers keep what they keep until the loss is known.
    pub(super) until_loss: bool,
    pub(super) kept: Form,
    pub(super) gradients: Form,
    pub(super) temporaries: Form,
}

/// Everything known of one method and family.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Case {
    /// Kept all through the step.
    pub(super) always: Form,
    /// Kept for each layer.
    pub(super) layer: Form,
    /// The same until the loss is known.
    pub(super) layer_until_loss: Form,
    /// Gradients of one layer.
    pub(super) layer_gradients: Form,
    pub(super) instants: Vec<Instant>,
}

/// How products are divided between cards that share a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub(super) tensor: f64,
    pub(super) sequence: bool,
}

impl Term {
    /// The bytes of this term on one card.
    pub(super) fn value(&self, values: &Values, split: Split) -> f64 {
        let factor = |index: u8| values.get(usize::from(index)).copied().unwrap_or(0.0);
        let [a, b, c] = self.factors;
        let whole = self.coefficient * factor(a) * factor(b) * factor(c);
        if self.cut || split.sequence && self.tokens_by_width { whole / split.tensor } else { whole }
    }

    /// The same product with another coefficient.
    pub(super) fn per_unit(&self, coefficient: f64, values: &Values, split: Split) -> f64 {
        Self { coefficient, ..*self }.value(values, split)
    }

    /// A copy that only 16-bit outputs leave behind: `2TV` of `2TV`, `6TV` or `10TV`.
    pub(super) fn holds_outputs(&self) -> bool {
        self.logits && self.coefficient % 4.0 == 2.0
    }

    fn parse(text: &str) -> Option<Self> {
        let letters = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (number, product) = text.split_at(letters);
        let mut factors = [0; 3];
        for (place, letter) in factors.iter_mut().zip(product.chars()) {
            *place = u8::try_from(SYMBOLS.find(letter)? + 1).ok()?;
        }
        let has = |letter| product.contains(letter);
        Some(Self {
            coefficient: number.parse().ok()?,
            factors,
            cut: product.contains(|letter| CUT.contains(letter)),
            tokens_by_width: has('T') && has('h'),
            vocabulary: has('V'),
            logits: has('T') && has('V'),
            hidden: product == "Th",
            scores: ['T', 'S', 'a'].into_iter().all(has),
        })
    }
}

/// The sum of a form on one card.
pub(super) fn sum(form: &[Term], values: &Values, split: Split) -> f64 {
    form.iter().map(|term| term.value(values, split)).sum()
}

/// The values of the symbols, given in the order of [`SYMBOLS`].
pub(super) fn values(of: impl Fn(char) -> f64) -> Values {
    let mut values = [1.0; SYMBOLS.len() + 1];
    for (place, symbol) in values.iter_mut().skip(1).zip(SYMBOLS.chars()) {
        *place = of(symbol);
    }
    values
}

/// The cases of one method, by family.
type Cases = [OnceLock<Option<Case>>; Family::COUNT];

/// The case of a method and family, or of the nearest family that it is known for.
pub(super) fn case(method: Method, family: Family) -> Option<(&'static Case, Family)> {
    static CASES: [OnceLock<Box<Cases>>; Method::COUNT] = [const { OnceLock::new() }; Method::COUNT];
    let cases = CASES.get(method.slot())?.get_or_init(|| Box::new([const { OnceLock::new() }; Family::COUNT]));
    let of = |family: Family| {
        let case = cases.get(family.index())?.get_or_init(|| parse(method, family));
        case.as_ref().map(|case| (case, family))
    };
    std::iter::successors(Some(family), |family| family.nearest()).find_map(of)
}

/// The block of a method: what its head says is kept all through the step, and the lines after it.
fn block(head: &str) -> Option<(&'static str, &'static str)> {
    let block = TEXT.split_once(head)?.1;
    let block = block.split_once("\nmethod ").map_or(block, |(block, _)| block);
    block.split_once('\n')
}

/// What stands for `R` and `G`.
#[derive(Debug, Clone, Default)]
struct Names {
    rebuilt: Form,
    gradients: Form,
}

/// The lines of a block that hold for a family: `keep`, or the instants.
fn own(lines: &str, family: Family, keep: bool) -> impl Iterator<Item = (&str, std::str::Split<'_, &'static str>)> {
    let name = if keep { family.name() } else { family.instants().name() };
    lines.lines().filter_map(move |line| {
        let mut fields = line.split(" | ");
        let (kind, families) = fields.next()?.split_once(' ')?;
        let counts = families == "*" || families.split(',').any(|other| other == name);
        (counts && keep == (kind == "keep")).then_some((kind, fields))
    })
}

fn parse(method: Method, family: Family) -> Option<Case> {
    let (always, lines) = block(&method.head(false))?;
    let (_, plain) = block(&method.head(true))?;
    let nothing = Names::default();
    let mut kept = own(lines, family, true).next()?.1;
    let mut next = || kept.next().map_or_else(|| Some(Form::default()), |text| form(text, &nothing));
    let (mut layer, layer_gradients, mut until_loss) = (next()?, next()?, next()?);
    let whole = own(plain, family, true).next()?.1.next()?;
    let besides = method.besides(family);
    let mut rebuilt = form(&format!("{whole}{besides}"), &nothing)?;
    let mut scores = Form::default();
    match method.keeps() {
        Keeps::Input => {}
        Keeps::All => layer.clone_from(&rebuilt),
        Keeps::AllButScores => {
            let (dropped, rest): (Vec<Term>, Vec<Term>) = rebuilt.iter().partition(|term| term.scores);
            (scores, rebuilt) = (dropped.into(), rest.into());
            layer.clone_from(&rebuilt);
        }
    }
    if until_loss.is_empty() {
        until_loss.clone_from(&layer);
    } else if method.keeps() != Keeps::Input {
        until_loss =
            until_loss.iter().copied().chain(form(&besides, &nothing)?).filter(|it| !drops(method, it)).collect();
    }
    let names = Names { rebuilt, gradients: layer_gradients.clone() };
    let instants = own(lines, family, false).map(|(kind, mut fields)| {
        let names_rebuilt = fields.clone().any(|text| text.split(' ').any(|word| word == "-R"));
        let mut next = || fields.next().map_or_else(|| Some(Form::default()), |text| form(text, &names));
        let (name, until_loss) = kind.strip_suffix('F').map_or((kind, false), |name| (name, true));
        let mut one = Instant { at: at(name)?, until_loss, kept: next()?, gradients: next()?, temporaries: next()? };
        // Scores of the layer in whose attention this is are there again; where the line says what of the layer is left,
        // they are among it.
        if !names_rebuilt && one.kept.iter().chain(&one.temporaries).any(|term| term.scores) {
            one.temporaries = one.temporaries.iter().chain(&scores).copied().collect();
        }
        Some(one)
    });
    let mut instants = instants.collect::<Option<Vec<_>>>()?;
    if let Some(gradients) = method.score_gradients() {
        let there = if method.keeps() == Keeps::Input { names.rebuilt.clone() } else { scores };
        let temporaries = there.iter().copied().chain(form(&gradients, &nothing)?).collect();
        instants.push(Instant {
            at: At::Layer,
            until_loss: false,
            kept: form("2TV", &nothing)?,
            gradients: layer_gradients.clone(),
            temporaries,
        });
    }
    Some(Case { always: form(always, &nothing)?, layer_until_loss: until_loss, layer, layer_gradients, instants })
}

/// Whether a layer does not keep a term although the table's line has it.
fn drops(method: Method, term: &Term) -> bool {
    method.keeps() == Keeps::AllButScores && term.scores
}

fn at(name: &str) -> Option<At> {
    Some(match name {
        "fwd" => At::Forward,
        "loss_fwd" => At::Loss,
        "loss_bwd" => At::LossBackward,
        "bwd_t0" => At::Last,
        "bwd_b0" => At::First,
        "bwd" => At::Layer,
        "bwd_emb" => At::Embedding,
        _ => return None,
    })
}

fn form(text: &str, names: &Names) -> Option<Form> {
    let mut terms = Vec::new();
    for word in text.split_ascii_whitespace() {
        let (sign, name) = word.strip_prefix('-').map_or((1.0, word), |name| (-1.0, name));
        let named = match name {
            "0" => continue,
            "R" => Some(&names.rebuilt),
            "G" => Some(&names.gradients),
            _ => None,
        };
        match named {
            Some(form) => terms.extend(form.iter().map(|term| Term { coefficient: sign * term.coefficient, ..*term })),
            None => terms.push(Term::parse(word)?),
        }
    }
    Some(terms.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Precision, Task, Training, TrainingAttention};

    #[test]
    fn every_case_of_the_table_reads() {
        let mut found = 0;
        for task in [Task::Full, Task::Lora, Task::Qlora] {
            for precision in [Precision::Bf16, Precision::Amp, Precision::Fp32] {
                for attention in [TrainingAttention::Flash, TrainingAttention::Eager, TrainingAttention::FusedSoftmax] {
                    for checkpointing in [false, true] {
                        let training = Training { precision, checkpointing, attention, ..Training::default() };
                        for family in Family::ALL {
                            let (case, _) = case(Method::of(task, &training), family).expect("a family or its nearest");
                            let has = |at| case.instants.iter().any(|instant| instant.at == at);
                            assert!(has(At::Forward) && has(At::Loss) && has(At::LossBackward), "{task:?} {family:?}");
                            assert!(has(At::Layer) || has(At::Last) && has(At::First), "{task:?} {family:?}");
                            found += case.instants.len();
                        }
                    }
                }
            }
        }
        assert!(found > 1500, "{found} instants");
    }
}
