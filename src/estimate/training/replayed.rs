//! Heights of the phases from a replayed step: what accumulation, sharding, pipelines and RAM change about it.

use super::phases::{DevicePart, Height, PhaseHeights, Source};
use super::replay::{Level, Replayed};
use crate::estimate::answer::TrainingPhase as Phase;
use crate::plan::Task;
use strum::VariantArray;

impl DevicePart<'_> {
    /// The heights of a step that was replayed.
    pub(super) fn replayed_heights(&self, replayed: &Replayed) -> PhaseHeights {
        let mut heights = PhaseHeights::default();
        for (phase, level) in Phase::VARIANTS.iter().zip(replayed.levels) {
            if let Some(level) = level {
                heights.rise(*phase, self.replayed_height(*phase, level, replayed));
            }
        }
        heights.rise(Phase::OptimizerStep, self.step());
        heights
    }

    fn replayed_height(&self, phase: Phase, level: Level, replayed: &Replayed) -> Height {
        let Replayed { input, layers, .. } = *replayed;
        let accumulates = self.training.gradient_accumulation > 1;
        let backward = matches!(phase, Phase::LastLayerBackward | Phase::FirstLayerBackward);
        let summed = if accumulates && backward && self.task == Task::Full {
            (self.states.trained_width * self.states.largest_linear) as f64
        } else {
            0.0
        };
        let gradients = if accumulates { self.all_gradients() } else { level.gradients };
        Height {
            kept: level.kept + self.inputs_beside(phase) * input + self.waiting * layers,
            gradients: gradients * self.gradient_share,
            temporaries: level.temporaries + summed,
            logits: level.logits,
            from: Source::Replay,
        }
    }

    /// How many layers' inputs lie there besides.
    pub(super) fn inputs_beside(&self, phase: Phase) -> f64 {
        match phase {
            Phase::FirstLayerBackward if self.hoards => 2.0 * (self.layers - 1.0),
            Phase::EmbeddingBackward if self.hoards => 2.0 * self.layers,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws;
    use super::super::method::TrainingMethod;
    use super::super::trained_model::TrainedModel;
    use super::super::with_run;
    use crate::catalog::Catalog;
    use crate::plan::{LoraTargets, Plan, Precision, Task, TrainingAttention};

    /// Rows of the table that instants were left out of, and masks that only some traces had.
    const TOLERANCE: [(TrainingAttention, f64); 2] =
        [(TrainingAttention::Flash, 0.0008), (TrainingAttention::Eager, 0.012)];

    /// The highest instant of a replayed step is what was read off traces of the same family.
    #[test]
    fn replayed_steps_are_what_was_traced() {
        let mut compared = 0;
        for id in [
            "llama-3.1-8b",
            "llama-2-7b",
            "qwen3-8b",
            "gemma-2-9b",
            "gemma-3-12b",
            "phi-4",
            "mixtral-8x7b",
            "qwen3-30b-a3b",
        ] {
            let model = Catalog::embedded().model(id).expect("in the catalog");
            let trained = TrainedModel::new(model).expect("tensors");
            for (task, targets) in [
                (Task::Full, LoraTargets::AllLinear),
                (Task::Lora, LoraTargets::AllLinear),
                (Task::Lora, LoraTargets::Attention),
                (Task::Lora, LoraTargets::QueryValue),
                (Task::Qlora, LoraTargets::AllLinear),
            ] {
                for precision in [Precision::Bf16, Precision::Amp, Precision::Fp32] {
                    for (attention, tolerance) in TOLERANCE {
                        for checkpointing in [false, true] {
                            let mut plan = Plan::default();
                            plan.workload.task = task;
                            let training = &mut plan.workload.training;
                            (training.precision, training.attention) = (precision, attention);
                            (training.checkpointing, training.lora_targets) = (checkpointing, targets);
                            let (family, traced) = trained.family_for(task, training);
                            let known = laws::law(TrainingMethod::of(task, training), family);
                            let replays = trained.program.is_some();
                            if !traced || !replays || known.is_none_or(|(_, found)| found != family) {
                                continue;
                            }
                            let [replayed, table] = with_run(&plan, &trained, 1, |run, _| {
                                let highest = |heights: super::PhaseHeights| {
                                    heights.phases().map(|(_, height)| height.total()).fold(0.0, f64::max)
                                };
                                let replayed = run.model.replayed(&run.program_part(0), run.states).expect("a program");
                                let part = run.part(0);
                                [part.replayed_heights(&replayed), part.heights()].map(highest)
                            })
                            .expect("one card");
                            let off = replayed / table - 1.0;
                            let what = format!("{id} {task:?} {targets:?} {precision:?} {attention:?} {checkpointing}");
                            assert!(off.abs() < tolerance, "{what}: {off:+.5}");
                            compared += 1;
                        }
                    }
                }
            }
        }
        assert!(compared > 180, "{compared}");
    }
}
