//! The keys of the words, one for each word or sentence of the window.

use serde::Deserialize;

macro_rules! keys {
    ($($(#[$meta:meta])* $name:ident,)*) => {
        /// A word or sentence of the window; the words are in `data/locales`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[allow(missing_docs, reason = "the English words beside each key say what it is")]
        pub enum Key { $($(#[$meta])* $name,)* }

        impl Key {
            /// Every key, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

keys! {
    // The shell
    Plan, File, New, Open, Recent, NoRecent, Save, SaveAs, Settings, SettingsTitle, Quit, Close, Cancel, Copy, Undo,
    Redo, UndoNamed, RedoNamed, SeveralInputs, Theme, ThemeDark, ThemeLight, ThemeSystem, Language, Units, Currency,
    ExchangeRate, PublishedRate, OwnRate, ReduceMotion, UseThisMachine, UnsavedChanges, Untitled, PlanName,
    SaveChanges, DontSave, Dismiss, PlanFile, ModelFile, OpenModel, TipOpenModel, AsInFile, FilePath, FileExists,
    NoFileDialog, OwnTables, OwnTablesHint, OwnTablesProblem, ShowFolder, Reload, TablesReloaded,
    Saved, Restored, Keep, Discard, ChangedElsewhere, ChangedElsewhereHint, Overwrite, RecoveryBroken,
    RecoveryFailed,
    // Menus, the palette, the plans of a document
    MenuEdit, MenuView, MenuHelp, Duplicate, CopyOf, ClearRecent, CopyLaunch, CopySummary, Copied, DuplicatePlan,
    RenamePlan, PlanLeft, PlanRight, DeletePlan, NextPlan, PreviousPlan, AddPlan, AllPlans, PlanTitle, NameOfPlan,
    TipPlanShown, TipPlanOther, Notes, NotesHint, ResetPlan, ZoomIn, ZoomOut, ZoomReset, SwitchTheme,
    SwitchLanguage, Palette, PaletteHint, PaletteOpen, PaletteModel, PaletteCard, KeyboardList, KeysEverywhere,
    KeysPlans, KeysTab, KeysUse, KeysSlider, KeysSliderFine, KeysEscape, About, AboutWhat, AboutCatalog,
    AboutPrices, Licenses, NothingToUndo, NothingToRedo, OnlyPlan, FirstPlan, LastPlan, NoMorePlans, NothingToReset,
    NoLaunchCommand, DidDeletePlan, DidReset, DidTake, DidApply, UndoPlanAdded, UndoPlanDeleted, UndoPlanMoved,
    UndoPlanNamed, SummaryContext,
    // What the commands do
    TipNew, TipOpen, TipSave, TipSaveAs, TipUndo, TipRedo, TipTheme, TipLanguage, TipUseThisMachine, TipSettings,
    TipQuit, TipCopy,
    TipDuplicate, TipCopyLaunch, TipCopySummary, TipDuplicatePlan, TipRenamePlan, TipPlanLeft, TipPlanRight,
    TipDeletePlan, TipNextPlan, TipPreviousPlan, TipNotes, TipResetPlan, TipZoomIn, TipZoomOut, TipZoomReset,
    TipPalette, TipKeyboardList, TipAbout,
    // The machine
    ReadingModel, MachineTitle, MachineLooking, MachineLookingHint, MachineBroken, MachineProcessor, MachineCores,
    MachineCard, MachineCount, MachineUnknown, MachineSlice, MachineSlices, MachineIntegrated, MachineNoDriver,
    MachineUnreadable, MachineMore, MachineNoCard, MachineInWsl, MachineInContainer, MachineKeepHint,
    PlanThisMachine, PlanCpuOnly, KeepPlannedCard, DriverNone, DriverReady, DriverNotRunning, DriverMismatch,
    DriverNoPermission, DriverTimedOut, DriverEndedBySignal, DriverEndedWithCode, DriverNotAsked, DriverFailed,
    // Inputs: model
    Model, SearchModels, SearchCards, NothingFound, ModelSize, BillionParameters, AnyModelOfSize, LayersShort,
    ModelFacts, ActiveParameters, TotalParameters, WeightPrecision, BitsPerWeight, MorePrecisions, KvCachePrecision,
    KeyPrecision, ValuePrecision,
    // Inputs: workload
    Context, Tokens, Prompt, Sequences, LayersOnGpu, OfLayers, AutoLayers, ExpertsInRam, ExpertLayers, Runtime,
    Task, Serve, Advanced, AdvancedHint, FlashAttention, Ubatch, UnifiedKv, SwaFull, Logits, LogitsLast, LogitsAll,
    SplitMode, SplitByLayer, SplitByTensor, PromptCache, CpuOnly, Depth, DepthFull, Backend, BackendAuto,
    // Inputs: limits on sliders
    LargestInVram, LargestWithRam, LargestBoth, LargestNone, AllOf, SequencesInVram, SequencesWithRam, MostLayers,
    // Inputs: hardware
    Hardware, Card, CardNumber, AddCard, AddFirstCard, NoCards, RemoveCard, FewerCards, MoreCards, MemorySize,
    Screen, SystemRam, RamKind, RamBandwidth, RamChannels, PcieGeneration, PcieLanes, FromCard, Disk,
    OperatingSystem, NotSet, RamChoose, Assumed, Undated,
    // Verdicts
    Fits, Tight, Offload, DoesNotFit, VerdictFits, VerdictTight, VerdictOffload, VerdictOffloadOf, VerdictOffloadPool, VerdictDoesNotFit, PoolVram, PoolDevice, PoolEngine,
    PoolRam, PoolUnified, PoolUnifiedUsable, VerdictUnknown, VerdictError, LeadNothingSpills,
    LeadNothingSpillsPlain, LeadSpilled, LeadAsAsked, LeadForCpu, LeadLayers, LeadFalls, LeadDecode, LeadPages, LeadSpeedRoom, LeadSpeed, Rate,
    RateEach, LeadExcessCard, LeadExcessPool, LeadExcessRam, LeadExcessRamAll, LeadCpu, LeadCpuPlain, LeadUnified,
    LeadUnifiedPlain,
    // The bars
    Vram, Ram, UnifiedMemory, CardAndSize, CardAndUsable, CardsAndUsable, LayersSplit, LayersCut, EachOf, NeedsTotal, SpillsToRam,
    SpilledWeights, WeightsInRam, WeightsOfCpu, SpilledKv, OsAndApps, OsShort, FreeValue, LayersOfAll, ValueFree,
    ValueOver, BarParts, BarPartsServer, PromptCacheUpTo, MoreThanFree, FreeNow, KeptByDriver, KeptByScreen, KeptFromGpu, OutsideShare, LinkPcie, LinkScale,
    LaneIdle, BarTwin,
    // The table
    Total, InVram, InRam, GpuPart, CpuPart, PerToken, Weights, KvCache, RecurrentState, ComputeBuffer,
    RuntimeOverhead, HostBuffers, Needed, TooMuch, Free, Usable, NoData, CopyValue,
    // Speed
    Decode, DecodeEach, Prefill, FirstToken, FirstTokenBrief, LoadTime, BoardPower, WillPage, WillPageWhy,
    NoSpeedUnfit, LimitedBy, WaitsRam, WaitsVram, WaitsUnified, WaitsCompute, WaitsLink, WaitsLayers, ForOneUser,
    InTotal, EnergyPerMillion, EnterMeasurement, MeasureHint, NoSpeedData, TipDecode, TipPrefill, TipFirstToken,
    TipLoad, TipPower, SourceLoad, SourcePower, SourceRows, SourceCarried, SourceHost, BandFamily,
    BandWider, SpreadExperts, SpreadRecurrent, SpreadLatent, SpreadBatch, SpreadTensor, SpreadCache, SpreadHost,
    StepVramWeights, StepVramKv, StepRamWeights, StepRamKv, StepCompute, StepLink, StepLayers,
    // People
    PeopleOpen, PeopleTitle, People, PeopleBusy, PeopleRequests, PeopleShare, RequestsPerHour, SecondsPerRequest,
    ActiveShare, LittlesLaw, ShareLaw, LoadFor, LoadAverage, LoadBusy, LoadAverageWhy, LoadBusyWhy, PeopleApply,
    // Measured speeds
    Measurements, MeasureWhat, MeasureField, MeasureConditions, MeasureKeep, MeasureRemove, MeasureNone,
    MeasureOneCard, MeasureEmpty, MeasureNoNumber, MeasureRange, MeasureUnknownModel, MeasurePartly,
    MeasureNoPrecision, MeasureNoFolder, Calibrated, CalibratedShort,
    // Why this number
    Why, WhyHint, Exact, Estimated, Measured, Unknown, FormulaWeights, FormulaKv, FormulaRecurrent, FormulaCompute,
    FormulaOverhead, FormulaUsable, Activations, Gradients, OptimizerStates, KvPool, FormulaServerWeights,
    FormulaPages, FormulaServerOverhead, FormulaActivations, FormulaGradients, FormulaOptimizer, FormulaAdapter,
    FormulaTrainingWeights, FormulaTrainingActivations, FormulaTrainingBuffers, FormulaTrainingOverhead,
    FormulaTrainingHost, FormulaPool, MemoryShare, MaxNumSeqs, MaxBatchedTokens, EnforceEager, TensorParallel,
    EngineVersion, AdvancedServerHint, EngineDefault, CurrentVersion, FormulaHost,
    // What a compute buffer is made of
    RoleHidden, RoleInput, RoleWeight, RoleCache, RoleProjections, RoleScores, RoleAttention, RoleFeedForward,
    RoleExperts, RoleRecurrent, RoleLogits, RoleOthers, TermFile, TermCopies, TermKeysAndValues, TermKeys,
    TermValues, TermIndexKeys, TermIndexValues, TermPadding, TermConvolution, TermState, TermMatrices, TermExperts,
    TermUnquantized, TermVision, TermEnds, TermAdapters, TermCodes, TermScales, TermSecondScales, TermRounding,
    TermTiedOutput, TermAbsorbed, TermPositions, TermWindow, TermGaps, TermSampler, TermMlp, TermSmallBuffers,
    TermGradients, TermWorkMatrix, TermMoments, TermFactored, TermMaster, TermStep, TermGathered, TermCommunicated,
    TermContext, TermLibraries, TermGraphs, TermReserve, TermRequested, TermWeights, TermActivations, TermMissing,
    TermProcesses, TermLoaders, TermCheckpointFile, TermDataset, TermBatches, TermDiskBuffers,
    // What a factor of a product counts
    QuantityParameters, QuantityKeysAndValues, QuantityLayers, QuantityHeads, QuantityKvHeads, QuantityHeadDim,
    QuantityWidth, QuantityHiddenSize, QuantityMlpWidth, QuantityExperts, QuantityExpertsPerToken,
    QuantityExpertWidth, QuantityLoraRank, QuantityTokens, QuantitySequenceLength, QuantitySequences,
    QuantityMicroBatches, QuantityBlocks, QuantityBlockBytes, QuantityVocabulary, QuantityElements, QuantityTensors,
    QuantityCards, QuantityProcesses, QuantityPerScale, PoolHolds,
    // The plot
    PlotContext, PlotContextRam, PlotContextVram, PlotContextUnified, PlotNow, PlotVram, PlotUnified,
    PlotVramAndRam, PlotRam, PlotTwin, PlotEmpty, PlotShown, PlotTabContext, PlotTabLayers, PlotTabSequences,
    PlotLayers, PlotLayersBrief, PlotSequences, PlotSpeedEmpty, PlotLayersNone, PlotOneSequence, PlotVramFull,
    PlotAllOnGpu, PlotLayersTwin, PlotInTotal, PlotPerToken, PlotSequencesTwin,
    // Training
    Lora, Qlora, FullTune, SequenceLength, MicroBatch, MicroBatchUnit, MicroBatchOne, Accumulation,
    AccumulationUnit, AccumulationOne, AttentionFused, Selective, Dropout, PaddingMask, CheckpointsKept, Optimizer,
    TrainPrecision, Checkpointing, CheckpointingOff, CheckpointingEvery, TrainAttention, LoraRank, LoraTargets,
    TargetsAll, TargetsAttention, TargetsQv, ZeroStage, ZeroOff, ZeroNeeds, AdvancedTrainingHint, PipelineParallel,
    DataParallel, DataParallelAuto, SequenceParallel, ShardedBy, LossKind, LossStandard, LossWithoutOutputs,
    LossFused, LossChunked, OffloadWhat, OffloadNone, OffloadOptimizer, OffloadParameters, OffloadNvme,
    OffloadCheckpoints, DoubleQuantization, DatasetTokens, Epochs, DatasetInRam, LoaderWorkers, LargestLength,
    LargestMicroBatch, AtPeak, AtStep, Adapter, TrainBuffers, TrainHost, GibEachCard, LinkBatches, CardAtPeak,
    BarPartsTraining, PoolVramEach, LeadTrainExcess, LeadTrainLogits, LeadTrainOffload, LeadTrainFits,
    LeadTrainFitsSpeed, PhaseForward, PhaseLoss, PhaseLossBackward, PhaseLastLayer, PhaseFirstLayer, PhaseEmbedding,
    PhaseStep, MarkForward, MarkLoss, MarkBackward, MarkStep, PlotPhases, PlotLength, PlotPeak, PlotPhaseTwin,
    PlotTabPhases, PlotTabLength, States, TrainSpeed, TrainPeak, JobTime, JobEnergy, JobRent, JobRentFrom,
    JobRentNone, TipTrainSpeed, TipTrainPeak, TipJobTime, TipJobEnergy, TipJobRent, SourceUtilization,
    SourceUtilizationOther, TrainLine, TrainLinePlain, WayTask, WayOptimizer, WayPrecision, WayMicroBatch,
    WayMicroBatchOnce, WayLength, WayLengthMore, WayRank, WayCheckpointing, WayNoCheckpointing, WayFusedLoss,
    WayZero, WayPipeline, WayShare, WayCardPeak, WayTrains, WayOffloadStates, WayOffloadAll, WayOffloadInputs,
    // Warnings
    WarnContext, WarnLayout, WarnTypical, WarnImatrix, WarnUsable, WarnDevices, WarnRamSpeed, WarnThin,
    WarnExperimentalSplit, WarnUnpacked, WarnQueued, WarnCopies, WarnNearestFamily, WarnDropout, WarnSelective,
    WarnUnquantizedExperts, WarnExpertAdapters, WarnIdle, WarnBesidePool, WarnMore,
    // Errors
    ErrorHint, ErrorUnknownModel, ErrorUnknownCard, ErrorUnknownPlatform, ErrorOutOfRange, ErrorNearest,
    ErrorCardMemory, RefusedEngine, RefusedGgufServer, RefusedServerCache, RefusedServerOnCpu, RefusedServerBackend,
    RefusedOldCard, RefusedNoBfloat16, RefusedFormat, RefusedRanks, RefusedHeads, RefusedServerPrecision,
    RefusedTensorFlash, RefusedTensorCache, RefusedTensorArchitecture, RefusedTensorBackend, RefusedTooManyCells,
    RefusedTooManyDevices, RefusedTrainingOnCpu, RefusedSharedHeads, RefusedSharedWidth, RefusedSharedLayers,
    RefusedSharedDevices, RefusedTooManyParts, RefusedRankAboveWidth, RefusedZeroPipeline, RefusedOffloadStage,
    RefusedTooManyTokens, RefusedAbovePebibyte, RefusedBelowOne, RefusedFp8Cache, RefusedQuantizedValues,
    RefusedHeadSize,
    // Cards
    Cards, TipTabPlan, TipTabCards, CardUsedName, CardListDated, CardPriceLaunch, CardPriceStreet, CardPriceUsed,
    CardsBudget, CardsAny, CardsNew, CardsUsed, CardsSingle, CardsNoSpare, CardsNative, CardsPriced,
    CardsLeastSpeed, CardsLeastTraining, CardsShowScatter, TipCardsVendor, TipCardsNew, TipCardsUsed,
    TipCardsSingle, TipCardsNoSpare, TipCardsNative, TipCardsPriced, CardsFor, CardsRam, CardsVerdict, CardsCard,
    CardsMemory, CardsHeadroom, CardsDecode, CardsPrefill, CardsFirstToken, CardsPrice, CardsPerToken, CardsWorth,
    CardsPower, TipCardsVerdict, TipCardsCard, TipCardsHeadroom, TipCardsDecode, TipCardsPrefill,
    TipCardsFirstToken, TipCardsPrice, TipCardsPerToken, TipCardsWorth, TipCardsPower, CardsSortBy, CardsTable,
    CardsShown, CardsInRam, CardsNoPrice, CardsNoPriceTip, CardsPriceOther, CardsTypePrice, CardsPriceOfOne,
    CardsPriceOfSize, CardsWithMemory, CardsEach, CardsPriceNoNumber, CardsPriceRange, CardsPriceNoFolder,
    CardsUsedWord, CardsLaptop, CardsPinned, CardsFree, CardsMissing, CardsSpeedBand, CardsEstimate, CardsPages,
    CardsFacts, CardsPriceEach, CardsUse, CardsInPlan, CardsPin, CardsUnpin, CardsUnpinNamed, TipCardsUse,
    TipCardsPin, CardsVerdictSentence, CardsSpeedSentence, CardsTimesEach, CardsSupplyName, CardsSupplyMore,
    CardsWorthMost, CardsDrawn, CardsDrawnTraining, TipCardsSupply, CardsSlots, TipCardsSlots, CardsSlotsEach,
    CardsSlotsOne, CardsModule, CardsSystem, CardsMemoryFact, TipCardsMemory, CardsBandwidthEach, CardsPlot,
    CardsPlotTraining, CardsPlotEmpty, CardsStrip, CardsCannotRank, CardsRanking, CardsNoneLeft, CardsLoosenHint,
    CardsLoosen, CardsClearFilters, CardsRuleBudget, CardsRuleSpeed, CardsRuleNot,
    // Builds
    BuildUpTo, BuildSearched, Build, TipTabBuild, PartSystem, PartCard, PartRam, PartProcessor, PartBoard, PartDisk,
    PartSupply, PartCase, PartCooler, RamWritten, SupplyWritten, SupplyServer, ClassBronze, ClassGold, ClassPlatinum,
    ClassTitanium, PartOwned, PartPartlyOwned, TotalFrom, WhyKept, WhyByHand, WhyGoal,
    WhyRamNeed, WhySlot, WhySlots, WhyPower, WhyRoom, WhyFits, CheckPower, CheckSlots, CheckLink, CheckLinkNarrow,
    CheckRam, CheckRamShort, CheckRamAdvised, CheckCircuit, CheckCircuitOver, TradedLanes, TradedRam,
    TradedWarrantyOne, TradedWarranty, TradedSingleCard, TradedFreshnessOne, TradedFreshness, TradedUnspent,
    BadMissing, BadTwoKept, BadWholeBesideParts, BadSocket, BadSockets, BadFit, BadInto, BadAirflow, BadForm,
    BadDimmSlots, BadBoardSlots, BadCaseSlots, BadSlots, BadRamMaximum, BadRamNeed, BadPower, BadSupplies, RuleVram,
    RuleRam, RuleCores, RuleStorage, RuleCards, RuleCardVram, RuleHbm, RuleLanes, RuleServer, RuleLink,
    RuleChannels, RuleEfficiency, BuildTooLittle, BuildContradiction, BuildUnknownPart, BuildNothing, BuildNoRules,
    BuildBudget, BuildGoal, BuildGoalRun, BuildGoalTrain, BuildGoalTokens, BuildGoalLargest, TipGoalRun,
    TipGoalTokens, TipGoalLargest, BuildUsed, TipBuildUsed, BuildOwned, BuildOwnAdd, BuildSearch, BuildNoPart,
    BuildFewer, BuildMore, BuildStarter, BuildTeam, BuildEnterprise, BuildColumn, BuildWhole, BuildRest, BuildSwap,
    BuildLock, BuildUnlock, TipBuildLock, BuildMisfit, BuildNoRoom, BuildStale, BuildTypePrice, BuildTimes, BuildBudgetOf, BuildRent, BuildWithin, SpeedEachAll, TipBuildPrice, BuildLargest,
    BuildLargestFacts, BuildLargestNone, BuildThisPlan, BuildPlanHere, BuildNoSpeed, TipBuildUse, BuildAgain,
    TipBuildAgain, BuildByHand, BuildOver, BuildCheapest, BuildSetBudget, BuildUnlockAll, BuildSearching, BuildNext,
    BuildNextBetter, BuildNextNothing, BuildNextNone, BuildTraded, BuildTradedNone, BuildExhaustive,
    BuildNotExhaustive, BuildFor, BuildIs,
    // Files
    FileErrorNotFound, FileErrorFolder, FileErrorNotRegular, FileErrorTooLarge, FileErrorNoFolder,
    FileErrorReadOnly, FileErrorRead, FileErrorWrite, FileErrorPermission, FileErrorFull, FileErrorReadOnlyDisk,
    FileErrorIn, FileErrorAt, FileErrorPlanTooLarge, FileErrorEmpty, FileErrorBinary, FileErrorNewer,
    FileErrorVersion, FileErrorUnwritable, ErrorInPlan,
    // What is wrong in the text of a plan file
    SyntaxCutOff, SyntaxNoPlan, SyntaxBracket, SyntaxWhole, SyntaxNumber, SyntaxSwitch, SyntaxText, SyntaxName,
    SyntaxList, SyntaxComma, SyntaxBounds, SyntaxDeep, SyntaxTrailing, SyntaxMissing, SyntaxTwice,
    SyntaxUnknownField, SyntaxUnknownValue, SyntaxOnly, SyntaxKnown, SyntaxNearest,
    // Ways to make it fit
    WaysFit, WaysBetter, WaysOrder, WaysButton, WaysWait, WaysNone, GroupSpare, GroupSpareRam, GroupSpareUnified,
    GroupAskLess, GroupQuantize, GroupParallelize, GroupOffload, GoalQuality, GoalCheapest, GoalFastest, Apply,
    TipApply, ApplyNamed, WaysTooLittle, AsNewPlan, ApplyNewNamed, StandingApplied, StandingNow, WayContextLess, WayContextMore, WaySequencesLess, WaySequencesMore,
    WayPromptCache, WayModel, WayWeights, WayKv, WayFlash, WayUbatch, WayMaxNumSeqs, WayEager, WayUtilization,
    WayEngine, WaySecond, WayAdd, WayAddUsed, WayAddMany, WaySwap, WaySwapMany, WayTensor, WayLayers, WayMostLayers,
    WayExperts, WayFasterRam, WayRam, WayRamSame, WayKeep, WayAnotherModel, WayInRam, WayGbS, WayCapacity,
    WayNothingToOffload, PriceUsed, PriceNew, PriceList, PriceNone, LossNone, LossSmall, LossNoticeable, LossMarked,
    LossSevere, LossWord, LossWordNone, LossUnknown, LossTitle, LossFew, LossCarried, LossUnmeasured,
    LossPerplexity, LossTasks, LossDivergence, LossSameToken, LossRows, LossNewest, RecipePlain, RecipeCalibrated,
    RecipeDynamic, RecipeTuned, RecipeRotated, BriefKv, BriefContext, BriefSequences, WayNeeds, WayDecode,
    WayDecodeTotal, WayCapacityTip, SourceIs,
    // Buy or rent
    RentTitle, RentUse, RentHoursUnit, RentHoursCount, RentKept, RentMonthsUnit, RentMonthsCount, RentElectricity,
    RentPerKwh, RentResale, RentWork, RentByParts, RentIdle, RentApi, TipRentDraw, RentVerdict, RentVerdictNever, RentPerMillion, RentBuy, RentBuyLine,
    RentRentLine, RentApiLine, RentAnHour, RentBreakEven, RentNever, RentAfter, RentInAll, RentFrom, RentJust,
    RentByUse, RentNoPrice, RentNoDraw, RentZeroHours, RentNoSpeed, RentUnpriced, RentNote, RentOffers,
    RentNoOffers, RentWait, RentAll, RentFewer, RentCards, RentCloud, RentPerHour, RentTokens, RentDated,
    RentSource, RentStale, TipRentOffer,
    // The price book
    BookRevert, TipBookRevert, PriceBook, TipPriceBook, BookTitle, BookSearch, BookShown, BookAll, BookOwn, BookOld,
    BookMissing, BookImport, TipBookImport, BookExport, TipBookExport, BookCsv, BookNone, BookNoOwn, BookNoOld, BookNoMissing, BookClear, BookPart, BookGoods,
    BookNetwork, BookNew, BookUsed, BookList, BookLaunch, BookAtLaunch, BookSpot,
    BookPriceOf, TipBookPrice, BookRevertOf, BookShipped, BookCount, BookTaken, BookMoreLines, BookWritten,
    BookLine, BookLineIn, BookLineEmpty, BookLineColumn, BookLinePart, BookLineKind, BookLineNumber, BookLineRange,
    BookLineDate, BookNoText,
    // What each input does
    CardCount, UnequalCards, GroupServing, GroupServers, GroupTraining, TipModel, TipQuant, TipRuntime,
    TipRuntimeVersion, TipTask, TipContext, TipSequences, TipKvCache, TipKvCacheV, TipUnifiedKv, TipFlashAttention,
    TipUbatch, TipLogits, TipSwaFull, TipPromptCache, TipSequenceLength, TipMicroBatch, TipAccumulation,
    TipLoraRank, TipZeroStage, TipTensorParallel, TipMemoryShare, TipMaxNumSeqs, TipMaxBatchedTokens,
    TipEnforceEager, TipPipelineParallel, TipDataParallel, TipDatasetTokens, TipEpochs, TipLoaderWorkers,
    TipCheckpointsKept, TipOptimizer, TipTrainPrecision, TipTrainAttention, TipLoraTargets, TipLoss, TipSharding,
    TipOffload, TipCheckpointing, TipSelective, TipDropout, TipPaddingMask, TipDoubleQuantization,
    TipOffloadCheckpoints, TipSequenceParallel, TipDatasetInRam, TipBackend, TipCard, TipCardCount, TipMemorySize,
    TipUnequalCards, TipGpuLayers, TipCpuExperts, TipSplitMode, TipRam, TipRamBandwidth, TipPlatform,
    TipPcieGeneration, TipPcieLanes, TipDisk, TipOs, TipScreen, TipPrompt, TipDepth, PowerLimit, TipPowerLimit,
    // Where figures come from
    OriginUnverified, OriginLogs, OriginLogsCounted, OriginVersion, OriginVersions, OriginCode, OriginTraces,
    OriginRuns, OriginCarried, OriginRest, OriginShapes, OriginAssumed, OriginShop, OriginDeals, OriginTracker,
    OriginClouds, OriginReport, OriginSurvey, OriginOwn,
    // What terms mean
    TermMeans, Glossary, TipGlossary, GlossarySearch, GlossaryNone, GlossaryCount, GlossaryHint, SubjectModel,
    SubjectPrecision, SubjectMemory, SubjectEngine, SubjectParallel, SubjectTraining, SubjectSpeed, SubjectHardware,
    SubjectAnswers, SubjectMoney, NameToken, NameLayers, NameExperts, NameDense, NameAttention, NameQuantization,
    NameBitsPerWeight, NameFp32, NameHalf, NameFp8, NameInt8, NameKQuants, NameOldQuants, NameIQuants, NameTernary,
    NameInt4, NameFp4, NameNf4, NameImatrix, NameQualityLoss, NameDriverShare, NameUsableVram, NameOffload,
    NamePaging, NameSwap, NameLlamaCpp, NameVllm, NameSglang, NameTensorRtLlm, NameTgi, NameTransformers,
    NameExpertParallel, NameNvLink, NameMasterWeights, NameJob, NameBand, NameBottleneck, NameThroughput,
    NameBandwidth, NamePcie, NameShopPrice, NameUsedPrice, NameListPrice, NameLaunchPrice, NameSpotPrice,
    NamePareto,
    // The sentences about them
    AboutToken, AboutModel, AboutParameters, AboutWeights, AboutLayers, AboutExperts, AboutDense, AboutPrompt,
    AboutContext, AboutSequences, AboutDepth, AboutAttention, AboutSlidingWindow, AboutQuantization,
    AboutBitsPerWeight, AboutFp32, AboutHalf, AboutFp8, AboutInt8, AboutKQuants, AboutOldQuants, AboutIQuants,
    AboutTernary, AboutInt4, AboutFp4, AboutNf4, AboutKvPrecision, AboutImatrix, AboutQualityLoss,
    AboutNativePrecision, AboutVram, AboutRam, AboutUnifiedMemory, AboutKvCache, AboutKvPool, AboutRecurrentState,
    AboutActivations, AboutComputeBuffer, AboutRuntimeOverhead, AboutDriverShare, AboutUsableVram, AboutHostBuffers,
    AboutPromptCache, AboutOsAndApps, AboutNeeded, AboutFree, AboutOffload, AboutLayersOnGpu, AboutExpertsInRam,
    AboutPaging, AboutSwap, AboutRuntime, AboutLlamaCpp, AboutVllm, AboutSglang, AboutTensorRtLlm, AboutTgi,
    AboutTransformers, AboutEngineVersion, AboutBackend, AboutFlashAttention, AboutUbatch, AboutUnifiedKv,
    AboutLogits, AboutCudaGraphs, AboutVramShare, AboutMostSequences, AboutMostBatchTokens, AboutCpuOnly,
    AboutSplitMode, AboutTensorParallel, AboutPipelineParallel, AboutDataParallel, AboutExpertParallel,
    AboutSequenceParallel, AboutZeroStage, AboutSharding, AboutNvLink, AboutTask, AboutFullTune, AboutLora,
    AboutQlora, AboutLoraRank, AboutLoraTargets, AboutGradients, AboutOptimizerStates, AboutMasterWeights,
    AboutOptimizer, AboutAccumulation, AboutMicroBatch, AboutSequenceLength, AboutCheckpointing, AboutSelective,
    AboutOffloadedInputs, AboutTrainPrecision, AboutTrainAttention, AboutLoss, AboutDropout, AboutPaddingMask,
    AboutDoubleQuantization, AboutDataset, AboutEpochs, AboutLoaderWorkers, AboutCheckpointsKept, AboutPeak,
    AboutStep, AboutTrainBuffers, AboutTrainHost, AboutTrainSpeed, AboutJob, AboutJobEnergy, AboutJobRent,
    AboutDecode, AboutPrefill, AboutFirstToken, AboutLoadTime, AboutBand, AboutBottleneck, AboutPerToken,
    AboutThroughput, AboutBoardPower, AboutCard, AboutBandwidth, AboutRamKind, AboutPcie, AboutPcieGeneration,
    AboutPcieLanes, AboutDisk, AboutOperatingSystem, AboutScreen, AboutPowerLimit, AboutNativeSupply, AboutVerdict,
    AboutFits, AboutTight, AboutRunsWithOffload, AboutDoesNotFit, AboutExact, AboutEstimated, AboutMeasured,
    AboutShopPrice, AboutUsedPrice, AboutListPrice, AboutLaunchPrice, AboutSpotPrice, AboutPrice,
    AboutPerTokenPrice, AboutFairPrice, AboutPareto, AboutBreakEven, AboutResidual, AboutElectricity,
    AboutHostedApi, AboutPerMillion,
    // Between the items of a list
    JoinItems, JoinAnd, JoinOr, JoinPhrases, JoinClauses,
    // Widgets
    TypeValue, SliderHelp, LimitHelp,
}
