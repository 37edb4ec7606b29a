//! What can be wrong with a plan that traveled.

use super::link::VERSION;
use crate::share::plan_file::PlanFileError;
use crate::text::{Fault, Key, Phrase, Placeholder, printed_in_english};

/// Why there is no document in what was opened, or a document cannot travel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// A text in which none begins as ours do.
    NoLink,
    /// The text ends before its checksum.
    CutOff,
    /// The checksum is not that of the text.
    Changed,
    /// Packed by a later program.
    Newer {
        /// The version that the text names.
        found: u32,
    },
    /// A version that never was.
    UnknownVersion,
    /// More text than is read.
    TooLong {
        /// The most, in KiB.
        kib: usize,
    },
    /// What unpacks to more than any plan has.
    TooMuch {
        /// The most, in KiB.
        kib: usize,
    },
    /// Brackets in brackets, deeper than any plan has them.
    Deep {
        /// The most.
        most: usize,
    },
    /// A whole file or picture that cannot be one of ours.
    TooLarge {
        /// The most, in MiB.
        mib: usize,
    },
    /// A picture or a page with no plan in it.
    Without(Without),
    /// A PNG that ends before its end, or whose lengths cannot be.
    BrokenPicture,
    /// A document too long for one text.
    Unsendable {
        /// The most, in KiB.
        kib: usize,
    },
    /// What is in it is no plan.
    Plan(PlanFileError),
}

/// In what no plan was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// A picture.
    Picture,
    /// A page.
    Page,
}

impl Fault for CarrierError {
    /// What is wrong, and what to do.
    fn phrase(&self) -> Phrase {
        let most = |key, most: usize| Phrase::new(key).with(Placeholder::Value, most);
        match self {
            Self::NoLink => Phrase::new(Key::LinkNone),
            Self::CutOff => Phrase::new(Key::LinkCutOff),
            Self::Changed => Phrase::new(Key::LinkChanged),
            Self::Newer { found } => {
                Phrase::new(Key::LinkNewer).with(Placeholder::Value, found).with(Placeholder::Other, VERSION)
            }
            Self::UnknownVersion => Phrase::new(Key::LinkVersion).with(Placeholder::Other, VERSION),
            Self::TooLong { kib } => most(Key::LinkTooLong, *kib),
            Self::TooMuch { kib } => most(Key::LinkTooMuch, *kib),
            Self::Deep { most: deepest } => most(Key::LinkDeep, *deepest),
            Self::TooLarge { mib } => most(Key::FileErrorPlanTooLarge, *mib),
            Self::Without(Without::Picture) => Phrase::new(Key::PictureWithoutPlan),
            Self::Without(Without::Page) => Phrase::new(Key::PageWithoutPlan),
            Self::BrokenPicture => Phrase::new(Key::PictureBroken),
            Self::Unsendable { kib } => most(Key::LinkUnsendable, *kib),
            Self::Plan(error) => error.phrase(),
        }
    }
}

printed_in_english!(CarrierError);
