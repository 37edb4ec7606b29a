//! What helps, where to look, and what has to be known: sentences by name.

use crate::text::Key;

macro_rules! sentences {
    ($(#[$meta:meta])* $kind:ident: $($name:ident = $key:ident,)*) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the sentence says what it is")]
        pub enum $kind { $($name,)* }

        impl $kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The sentence.
            pub const fn key(self) -> Key {
                match self { $(Self::$name => Key::$key,)* }
            }
        }
    };
}

sentences! {
    /// What helps.
    Cure:
    FewerBits = CureFewerBits,
    ShorterContext = CureShorterContext,
    SmallerCache = CureSmallerCache,
    SmallerBatch = CureSmallerBatch,
    Checkpointing = CureCheckpointing,
    SmallerUbatch = CureSmallerUbatch,
    FlashAttention = CureFlashAttention,
    MoreCards = CureMoreCards,
    Offload = CureOffload,
    ExpandableSegments = CureExpandableSegments,
    FreeOthers = CureFreeOthers,
    RaiseFraction = CureRaiseFraction,
    RaiseUtilization = CureRaiseUtilization,
    LowerUtilization = CureLowerUtilization,
    RaiseMemFraction = CureRaiseMemFraction,
    LowerMemFraction = CureLowerMemFraction,
    ShorterModelLen = CureShorterModelLen,
    FewerSequences = CureFewerSequences,
    LessSwapSpace = CureLessSwapSpace,
    MoreSwapSpace = CureMoreSwapSpace,
    SmallerHostCache = CureSmallerHostCache,
    FreeRam = CureFreeRam,
    MoreRam = CureMoreRam,
    StreamData = CureStreamData,
    ContainerLimit = CureContainerLimit,
    SharedMemorySize = CureSharedMemorySize,
    FewerWorkers = CureFewerWorkers,
    PagingFile = CurePagingFile,
    MoreSwap = CureMoreSwap,
    FreeDisk = CureFreeDisk,
    AddressLimit = CureAddressLimit,
    LockedLimit = CureLockedLimit,
    WiredLimit = CureWiredLimit,
    SmallerBuffer = CureSmallerBuffer,
    NoFallback = CureNoFallback,
    OtherKernel = CureOtherKernel,
    NameTheLine = CureNameTheLine,
    OpenFiles = CureOpenFiles,
    Guardrails = CureGuardrails,
    LongerContext = CureLongerContext,
    CheckCard = CureCheckCard,
    HeapLimit = CureHeapLimit,
}

sentences! {
    /// Where to look to tell.
    Look:
    KernelLog = LookKernelLog,
    CardInUse = LookCardInUse,
    RamInUse = LookRamInUse,
    Container = LookContainer,
    Limits = LookLimits,
    LinesBefore = LookLinesBefore,
}

sentences! {
    /// What has to be known to understand a text.
    Note:
    MoreFreeThanAsked = NoteMoreFreeThanAsked,
    OnChip = NoteOnChip,
    SwapSpaceIsRam = NoteSwapSpaceIsRam,
    KilledBySomeone = NoteKilledBySomeone,
    FirstCallFails = NoteFirstCallFails,
    SpillsSilently = NoteSpillsSilently,
    OneBuffer = NoteOneBuffer,
    OnePool = NoteOnePool,
    FractionSaysTwoThings = NoteFractionSaysTwoThings,
    NothingFull = NoteNothingFull,
    ContextFull = NoteContextFull,
    CardFailed = NoteCardFailed,
}
