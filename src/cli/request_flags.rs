//! A request as flags: one for each input.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};

use super::args::number;
use super::request::{Cards, Request};
use crate::plan::inputs::{InputEntry, InputFault, InputKind, InputValue};
use crate::plan::{Input, TensorOverrides, Wanted};
use crate::text;

/// Shares of cards as one value.
#[derive(Debug, Clone)]
struct Shares(Vec<f64>);

pub(super) const LARGEST: &str = "largest";

impl Args for Request {
    fn augment_args(command: Command) -> Command {
        let mut inputs: Vec<Input> = Input::all().collect();
        // Those that stand together in the window, in the order of the groups.
        inputs.sort_by_key(|input| input.entry().group);
        let largest = switch(Arg::new(LARGEST).long(LARGEST)).value_parser(value_parser!(bool));
        command.args(inputs.into_iter().map(flag)).arg(largest)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn flag(input: Input) -> Arg {
    let InputEntry { key, kind, .. } = input.entry();
    let arg = Arg::new(*key).long(key.replace('_', "-")).value_name(kind.placeholder());
    match input {
        Input::Model | Input::Card | Input::Platform | Input::Speculative => arg,
        Input::Cards => {
            arg.value_parser(|text: &str| text.parse::<u32>().map_err(|_error| InputFault::Kind(Wanted::Whole)))
        }
        Input::CardMemoryGib => arg.value_parser(number),
        Input::Machine => arg.value_parser(Cards::from_text),
        Input::Also => arg.action(ArgAction::Append),
        Input::TensorSplit => arg
            .value_parser(|given: &str| text::parse_shares(given).map(Shares).ok_or(InputFault::Kind(Wanted::Numbers))),
        Input::OverrideTensors => {
            arg.value_parser(|text: &str| text.parse::<TensorOverrides>().map_err(InputFault::Overrides))
        }
        _ => {
            let arg = if let InputKind::Switch(_) = kind { switch(arg) } else { arg };
            arg.value_parser(|text: &str| kind.read(key, text))
        }
    }
}

/// A flag that alone means "on".
fn switch(arg: Arg) -> Arg {
    arg.value_name("BOOL").num_args(0..=1).default_missing_value("true")
}

impl FromArgMatches for Request {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut request = Self::default();
        request.update_from_arg_matches(matches)?;
        Ok(request)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        fn given<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, key: &str) -> Option<T> {
            matches.get_one(key).cloned()
        }
        self.largest = given(matches, LARGEST);
        for input in Input::all() {
            let key = input.entry().key;
            match input {
                Input::Model => self.model = given(matches, key),
                Input::Card => self.card = given(matches, key),
                Input::Cards => self.cards = given(matches, key),
                Input::CardMemoryGib => self.card_memory_gib = given(matches, key),
                Input::Machine => self.machine = given(matches, key),
                Input::Platform => self.platform = given(matches, key),
                Input::TensorSplit => self.tensor_split = given::<Shares>(matches, key).map(|Shares(shares)| shares),
                Input::OverrideTensors => self.override_tensors = given(matches, key),
                Input::Speculative => self.speculative = given(matches, key),
                Input::Also => self.also_typed = matches.get_many(key).into_iter().flatten().cloned().collect(),
                input => self.give(input, given::<InputValue>(matches, key).unwrap_or_default()),
            }
        }
        Ok(())
    }
}
