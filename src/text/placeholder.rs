//! The named holes of the sentences. What inputs and their choices are called is filled in beside these, by `estimate::words`.

use serde::{Deserialize, Serialize};

macro_rules! holes {
    ($($name:ident = $text:literal,)*) => {
        /// A named hole in a sentence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "the name in the sentences is the name here")]
        pub enum Placeholder { $($name,)* }

        impl Placeholder {
            /// Every hole.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As the sentences spell it, without braces.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

holes! {
    Active = "active",
    Attention = "attention",
    Bits = "bits",
    Card = "card",
    Column = "column",
    Compute = "compute",
    Context = "context",
    Count = "count",
    Excess = "excess",
    Free = "free",
    Generation = "generation",
    Kv = "kv",
    Lanes = "lanes",
    Layers = "layers",
    Line = "line",
    Name = "name",
    Needed = "needed",
    OnGpu = "on_gpu",
    Other = "other",
    Overhead = "overhead",
    Params = "params",
    Parts = "parts",
    Pool = "pool",
    Query = "query",
    Ram = "ram",
    Spilled = "spilled",
    Value = "value",
    Vram = "vram",
}
