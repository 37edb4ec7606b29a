//! What the terms of the field mean: a sentence for newcomers about each, and which labels it stands behind.

use super::{Key, Locale, Placeholder};

/// Terms that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumCount)]
pub enum Subject {
    /// What a model is, and what it is asked.
    Model,
    /// How numbers are stored.
    Precision,
    /// What lies where.
    Memory,
    /// What runs a model, and what it is told.
    Engine,
    /// How several cards share work.
    Parallel,
    /// How a model is taught.
    Training,
    /// How fast it answers.
    Speed,
    /// What stands in the machine.
    Hardware,
    /// What the program says of a plan.
    Answers,
    /// What it costs.
    Money,
}

impl Subject {
    /// All of them, in order.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [
        Self::Model,
        Self::Precision,
        Self::Memory,
        Self::Engine,
        Self::Parallel,
        Self::Training,
        Self::Speed,
        Self::Hardware,
        Self::Answers,
        Self::Money,
    ];

    /// Its heading.
    pub const fn heading(self) -> Key {
        match self {
            Self::Model => Key::SubjectModel,
            Self::Precision => Key::SubjectPrecision,
            Self::Memory => Key::SubjectMemory,
            Self::Engine => Key::SubjectEngine,
            Self::Parallel => Key::SubjectParallel,
            Self::Training => Key::SubjectTraining,
            Self::Speed => Key::SubjectSpeed,
            Self::Hardware => Key::SubjectHardware,
            Self::Answers => Key::SubjectAnswers,
            Self::Money => Key::SubjectMoney,
        }
    }
}

macro_rules! concepts {
    ($($concept:ident: $subject:ident, $name:ident $about:ident [$($label:ident)*];)*) => {
        /// A term that is explained.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the sentence about each says what it is")]
        pub enum Concept { $($concept,)* }

        impl Concept {
            /// Every term, by subject.
            pub const ALL: &[Self] = &[$(Self::$concept,)*];

            /// What it belongs to.
            pub const fn subject(self) -> Subject {
                match self { $(Self::$concept => Subject::$subject,)* }
            }

            /// What it is called.
            pub const fn name(self) -> Key {
                match self { $(Self::$concept => Key::$name,)* }
            }

            /// The sentence about it, in the middle of a line: `Name: sentence`.
            pub const fn about(self) -> Key {
                match self { $(Self::$concept => Key::$about,)* }
            }

            /// What a label of the window stands for; `None` where it is a plain word.
            pub const fn of(label: Key) -> Option<Self> {
                match label {
                    $(Key::$name $(| Key::$label)* => Some(Self::$concept),)*
                    _ => None,
                }
            }
        }
    };
}

impl Concept {
    /// Its name and the sentence about it.
    pub fn line(self, locale: Locale) -> String {
        let holes = [(Placeholder::Name, locale.word(self.name())), (Placeholder::Value, locale.word(self.about()))];
        locale.sentence(Key::TermMeans, &holes)
    }
}

// A term: its subject, its name and the sentence about it, and the other labels that stand for it.
concepts! {
    Token: Model, NameToken AboutToken [Tokens];
    Model: Model, Model AboutModel [];
    Parameters: Model, ModelSize AboutParameters [BillionParameters];
    Weights: Model, Weights AboutWeights [TermWeights WeightsOfCpu WeightsInRam SpilledWeights QuantityParameters];
    Layers: Model, NameLayers AboutLayers [QuantityLayers PlotTabLayers];
    Experts: Model, NameExperts AboutExperts [SpreadExperts TermExperts QuantityExperts QuantityExpertsPerToken];
    Dense: Model, NameDense AboutDense [BuildLargest];
    Prompt: Model, Prompt AboutPrompt [];
    Context: Model, Context AboutContext [PlotTabContext];
    Sequences: Model, Sequences AboutSequences [People PlotTabSequences];
    Depth: Model, Depth AboutDepth [];
    Attention: Model, NameAttention AboutAttention [];
    SlidingWindow: Model, SwaFull AboutSlidingWindow [];
    Quantization: Precision, NameQuantization AboutQuantization [WeightPrecision MorePrecisions];
    BitsPerWeight: Precision, NameBitsPerWeight AboutBitsPerWeight [BitsPerWeight];
    Fp32: Precision, NameFp32 AboutFp32 [];
    Half: Precision, NameHalf AboutHalf [];
    Fp8: Precision, NameFp8 AboutFp8 [];
    Int8: Precision, NameInt8 AboutInt8 [];
    KQuants: Precision, NameKQuants AboutKQuants [];
    OldQuants: Precision, NameOldQuants AboutOldQuants [];
    IQuants: Precision, NameIQuants AboutIQuants [];
    Ternary: Precision, NameTernary AboutTernary [];
    Int4: Precision, NameInt4 AboutInt4 [];
    Fp4: Precision, NameFp4 AboutFp4 [];
    Nf4: Precision, NameNf4 AboutNf4 [];
    KvPrecision: Precision, KvCachePrecision AboutKvPrecision [KeyPrecision ValuePrecision];
    StaticQuantization: Precision, NameStatic AboutStatic [];
    DynamicQuantization: Precision, NameDynamic AboutDynamic [];
    Imatrix: Precision, NameImatrix AboutImatrix [];
    QualityLoss: Precision, NameQualityLoss AboutQualityLoss [LossNone LossSmall LossNoticeable LossMarked LossSevere];
    NativePrecision: Precision, CardsNative AboutNativePrecision [];
    Vram: Memory, Vram AboutVram [InVram GpuPart MemorySize PoolVram CardsMemoryFact CardsMemory];
    Ram: Memory, Ram AboutRam [InRam CpuPart SystemRam PoolRam PartRam CardsInRam];
    UnifiedMemory: Memory, UnifiedMemory AboutUnifiedMemory [PoolUnified PlotUnified];
    KvCache: Memory, KvCache AboutKvCache [SpilledKv StepVramKv StepRamKv];
    KvPool: Memory, KvPool AboutKvPool [];
    RecurrentState: Memory, RecurrentState AboutRecurrentState [TermState SpreadRecurrent];
    Activations: Memory, Activations AboutActivations [TermActivations];
    ComputeBuffer: Memory, ComputeBuffer AboutComputeBuffer [];
    RuntimeOverhead: Memory, RuntimeOverhead AboutRuntimeOverhead [];
    DriverShare: Memory, NameDriverShare AboutDriverShare [KeptByDriver KeptFromGpu];
    GivenToGpu: Memory, GivenToGpu AboutGivenToGpu [];
    NvlinkBridge: Memory, NvlinkBridge AboutNvlinkBridge [];
    Boxes: Hardware, Boxes AboutBoxes [];
    BoxLink: Hardware, BoxLink AboutBoxLink [SpreadNetwork];
    UsableVram: Memory, NameUsableVram AboutUsableVram [Usable];
    HostBuffers: Memory, HostBuffers AboutHostBuffers [];
    Also: Memory, AlsoOnMachine AboutAlso [];
    PromptCache: Memory, PromptCache AboutPromptCache [PromptCacheUpTo];
    OsAndApps: Memory, OsAndApps AboutOsAndApps [OsShort];
    Needed: Memory, Needed AboutNeeded [Total];
    Free: Memory, Free AboutFree [CardsHeadroom FreeNow];
    Offload: Memory, NameOffload AboutOffload [OffloadWhat GroupOffload];
    LayersOnGpu: Memory, LayersOnGpu AboutLayersOnGpu [PlotLayers];
    ExpertsInRam: Memory, ExpertsInRam AboutExpertsInRam [];
    Paging: Memory, NamePaging AboutPaging [WillPage WillPageWhy];
    Swap: Memory, NameSwap AboutSwap [];
    Runtime: Engine, Runtime AboutRuntime [];
    LlamaCpp: Engine, NameLlamaCpp AboutLlamaCpp [];
    Vllm: Engine, NameVllm AboutVllm [];
    Sglang: Engine, NameSglang AboutSglang [];
    TensorRtLlm: Engine, NameTensorRtLlm AboutTensorRtLlm [];
    Tgi: Engine, NameTgi AboutTgi [];
    Transformers: Engine, NameTransformers AboutTransformers [];
    EngineVersion: Engine, EngineVersion AboutEngineVersion [];
    Backend: Engine, Backend AboutBackend [];
    FlashAttention: Engine, FlashAttention AboutFlashAttention [];
    Ubatch: Engine, Ubatch AboutUbatch [];
    UnifiedKv: Engine, UnifiedKv AboutUnifiedKv [];
    Logits: Engine, Logits AboutLogits [RoleLogits];
    CudaGraphs: Engine, EnforceEager AboutCudaGraphs [TermGraphs WayEager];
    VramShare: Engine, MemoryShare AboutVramShare [OutsideShare];
    MostSequences: Engine, MaxNumSeqs AboutMostSequences [];
    MostBatchTokens: Engine, MaxBatchedTokens AboutMostBatchTokens [];
    CpuOnly: Engine, CpuOnly AboutCpuOnly [];
    AdapterSlots: Engine, AdapterSlots AboutAdapterSlots [];
    AdapterRank: Engine, AdapterRank AboutAdapterRank [];
    Speculation: Engine, Speculative AboutSpeculative [DraftQuant TermDrafter];
    DraftTokens: Engine, DraftTokens AboutDraftTokens [];
    Vision: Model, Vision AboutVision [TermVision];
    TensorSplit: Parallel, TensorSplit AboutTensorSplit [];
    OverrideTensors: Engine, OverrideTensors AboutOverrideTensors [];
    SplitMode: Parallel, SplitMode AboutSplitMode [LayersSplit LayersCut SplitByLayer SplitByTensor];
    MainGpu: Parallel, MainGpu AboutMainGpu [SplitNone];
    TensorParallel: Parallel, TensorParallel AboutTensorParallel [SpreadTensor];
    PipelineParallel: Parallel, PipelineParallel AboutPipelineParallel [];
    DataParallel: Parallel, DataParallel AboutDataParallel [];
    ExpertParallel: Parallel, NameExpertParallel AboutExpertParallel [];
    SequenceParallel: Parallel, SequenceParallel AboutSequenceParallel [];
    ZeroStage: Parallel, ZeroStage AboutZeroStage [];
    Sharding: Parallel, ShardedBy AboutSharding [];
    NvLink: Parallel, NameNvLink AboutNvLink [WaitsLink StepLink];
    Task: Training, Task AboutTask [Serve];
    FullTune: Training, FullTune AboutFullTune [];
    Lora: Training, Lora AboutLora [Adapter TermAdapters];
    Qlora: Training, Qlora AboutQlora [];
    LoraRank: Training, LoraRank AboutLoraRank [QuantityLoraRank];
    LoraTargets: Training, LoraTargets AboutLoraTargets [];
    Gradients: Training, Gradients AboutGradients [TermGradients];
    OptimizerStates: Training, OptimizerStates AboutOptimizerStates [States TermMoments];
    MasterWeights: Training, NameMasterWeights AboutMasterWeights [TermMaster];
    Optimizer: Training, Optimizer AboutOptimizer [];
    GaloreRank: Training, GaloreRank AboutGaloreRank [];
    Accumulation: Training, Accumulation AboutAccumulation [];
    MicroBatch: Training, MicroBatch AboutMicroBatch [];
    SequenceLength: Training, SequenceLength AboutSequenceLength [PlotTabLength];
    Checkpointing: Training, Checkpointing AboutCheckpointing [];
    Selective: Training, Selective AboutSelective [];
    OffloadedInputs: Training, OffloadCheckpoints AboutOffloadedInputs [];
    TrainPrecision: Training, TrainPrecision AboutTrainPrecision [];
    TrainAttention: Training, TrainAttention AboutTrainAttention [];
    Loss: Training, LossKind AboutLoss [PhaseLoss MarkLoss];
    Dropout: Training, Dropout AboutDropout [];
    PaddingMask: Training, PaddingMask AboutPaddingMask [];
    Reentrant: Training, Reentrant AboutReentrant [];
    ExpandableSegments: Training, ExpandableSegments AboutExpandableSegments [];
    BaseQuant: Training, BaseQuant AboutBaseQuant [];
    QuantizedExperts: Training, QuantizedExperts AboutQuantizedExperts [];
    DoubleQuantization: Training, DoubleQuantization AboutDoubleQuantization [];
    Dataset: Training, DatasetTokens AboutDataset [DatasetInRam TermDataset];
    Epochs: Training, Epochs AboutEpochs [];
    LoaderWorkers: Training, LoaderWorkers AboutLoaderWorkers [];
    CheckpointsKept: Training, CheckpointsKept AboutCheckpointsKept [];
    Peak: Training, AtPeak AboutPeak [TrainPeak CardAtPeak PlotPeak];
    Step: Training, AtStep AboutStep [PhaseStep MarkStep PlotTabPhases];
    TrainBuffers: Training, TrainBuffers AboutTrainBuffers [];
    TrainHost: Training, TrainHost AboutTrainHost [];
    TrainSpeed: Training, TrainSpeed AboutTrainSpeed [CardsLeastTraining];
    Job: Training, NameJob AboutJob [JobTime];
    JobEnergy: Training, JobEnergy AboutJobEnergy [];
    JobRent: Training, JobRent AboutJobRent [];
    Decode: Speed, Decode AboutDecode [EachInAll CardsDecode CardsLeastSpeed PlotLayersBrief];
    Prefill: Speed, Prefill AboutPrefill [CardsPrefill];
    FirstToken: Speed, FirstTokenBrief AboutFirstToken [FirstToken CardsFirstToken];
    LoadTime: Speed, LoadTime AboutLoadTime [];
    Band: Speed, NameBand AboutBand [];
    Bottleneck: Speed, NameBottleneck AboutBottleneck [LimitedBy WaitsRam WaitsVram WaitsUnified WaitsCompute WaitsLayers];
    PerToken: Speed, PerToken AboutPerToken [];
    Throughput: Speed, NameThroughput AboutThroughput [RentTokens PlotSequences BuildGoalTokens];
    BoardPower: Speed, BoardPower AboutBoardPower [CardsPower];
    Card: Hardware, Card AboutCard [CardCount UnequalCards CardsCard PartCard RentCards];
    Bandwidth: Hardware, NameBandwidth AboutBandwidth [RamBandwidth];
    RamKind: Hardware, RamKind AboutRamKind [];
    Pcie: Hardware, NamePcie AboutPcie [LinkPcie PcieSlot];
    PcieGeneration: Hardware, PcieGeneration AboutPcieGeneration [];
    PcieLanes: Hardware, PcieLanes AboutPcieLanes [];
    Disk: Hardware, Disk AboutDisk [PartDisk DiskKind];
    OperatingSystem: Hardware, OperatingSystem AboutOperatingSystem [];
    Screen: Hardware, Screen AboutScreen [KeptByScreen];
    PowerLimit: Hardware, PowerLimit AboutPowerLimit [];
    NativeSupply: Hardware, PartSupply AboutNativeSupply [CardsSupplyName];
    Verdict: Answers, CardsVerdict AboutVerdict [];
    Fits: Answers, Fits AboutFits [];
    Tight: Answers, Tight AboutTight [];
    RunsWithOffload: Answers, Offload AboutRunsWithOffload [];
    DoesNotFit: Answers, DoesNotFit AboutDoesNotFit [];
    Exact: Answers, Exact AboutExact [];
    Estimated: Answers, Estimated AboutEstimated [];
    Measured: Answers, Measured AboutMeasured [];
    ShopPrice: Money, NameShopPrice AboutShopPrice [BookNew CardsNew CardPriceStreet];
    UsedPrice: Money, NameUsedPrice AboutUsedPrice [BookUsed CardsUsed CardPriceUsed BuildBuying];
    ListPrice: Money, NameListPrice AboutListPrice [BookList CardPriceList];
    LaunchPrice: Money, NameLaunchPrice AboutLaunchPrice [BookAtLaunch BookLaunch CardPriceLaunch];
    BestDeal: Money, NameBestDeal AboutBestDeal [CardPriceDeal];
    AveragePrice: Money, NameAveragePrice AboutAveragePrice [CardPriceAverage];
    DoubtfulPrice: Money, NameDoubtfulPrice AboutDoubtfulPrice [CardPriceDoubtful];
    SpotPrice: Money, NameSpotPrice AboutSpotPrice [BookSpot];
    Price: Money, CardsPrice AboutPrice [RentPerHour CardsPriced];
    PerTokenPrice: Money, CardsPerToken AboutPerTokenPrice [];
    Owned: Money, CardsOwned AboutCardsOwned [];
    FairPrice: Money, CardsWorth AboutFairPrice [CardsWorthMost];
    Pareto: Money, NamePareto AboutPareto [CardsShowScatter];
    BreakEven: Money, RentByUse AboutBreakEven [RentBreakEven];
    Residual: Money, RentResale AboutResidual [];
    Electricity: Money, RentElectricity AboutElectricity [RentPerKwh];
    HostedApi: Money, RentApi AboutHostedApi [];
    PerMillion: Money, RentPerMillion AboutPerMillion [];
}
