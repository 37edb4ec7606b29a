//! Figures of scenes about memory, worked out again from shapes of models and from plans of their own.

use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, Verdict, estimate};
use rigplan::plan::{
    CardChoice, CardCount, GpuLayers, HandleId, KvCache, LossMethod, ModelChoice, Plan, Precision, Runtime, SceneId,
    Task, TrainingAttention, Turned,
};
use rigplan::scenes::figure::Figure;
use rigplan::scenes::{Premise, Scene};
use rigplan::text::Locale;
use rigplan::units::Bytes;

fn scene(id: SceneId) -> Scene {
    turned(id, &Turned::default())
}

fn turned(id: SceneId, turned: &Turned) -> Scene {
    Scene::build(id, Premise::new(&Plan::default(), Catalog::embedded()).turned(turned))
}

fn says(scene: &Scene, name: &str, figure: &Figure) {
    let said = scene.figures.said(name, Locale::En);
    assert_eq!(said.as_deref(), Some(&*figure.say(Locale::En)), "{}: {name}", scene.id.name());
}

fn model(id: &str) -> &'static Model {
    Catalog::embedded().model(id).expect("of the catalog")
}

fn serving(card: &str, change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::default();
    plan.machine.cards = vec![CardCount::of(CardChoice::Catalog(card.to_owned()), 1)];
    plan.machine.ram_gib = 32.0;
    plan.workload.model = ModelChoice::Catalog("llama-3.1-8b".to_owned());
    plan.workload.quantization = Quantization::Q4_K_M;
    plan.workload.gpu_layers = GpuLayers::All;
    plan.workload.context = 4096;
    change(&mut plan);
    plan
}

fn of(plan: &Plan) -> Estimate {
    estimate(plan, Catalog::embedded()).expect("an estimate")
}

fn training(change: impl FnOnce(&mut Plan)) -> Plan {
    serving("rtx-4090", |plan| {
        plan.workload.task = Task::Qlora;
        plan.workload.training.sequence_length = 2048;
        change(plan);
    })
}

/// The fullest card's sum.
fn peak(plan: &Plan) -> Bytes {
    let found = of(plan);
    found.devices.iter().filter_map(|device| device.total).max().expect("a sum")
}

/// Keys and values of one token in FP16.
fn kv_of_a_token(model: &Model) -> u64 {
    2 * model.num_hidden_layers * model.num_key_value_heads * model.head_dim * 2
}

#[test]
fn long_chats_grow_by_the_shape_of_the_model() {
    let scene = scene(SceneId::LongChats);
    let (grouped, ungrouped) = (model("llama-3.1-8b"), model("llama-2-7b"));
    let token = kv_of_a_token(grouped);
    says(&scene, "per_token", &Figure::Number(token as f64 / 1024.0));
    says(&scene, "kv_short", &Figure::Gib(Bytes(token * 4096)));
    says(&scene, "kv_long", &Figure::Gib(Bytes(token * 32_768)));
    says(&scene, "kv_users", &Figure::Gib(Bytes(4 * token * 8192)));
    says(&scene, "kv_grouped", &Figure::Gib(Bytes(token * 16_384)));
    says(&scene, "kv_ungrouped", &Figure::Gib(Bytes(kv_of_a_token(ungrouped) * 16_384)));
    // A block of Q8_0 is 32 numbers in 34 bytes.
    says(&scene, "kv_smaller", &Figure::Gib(Bytes(token / 2 * 34 / 32 * 16_384)));
    let fits = |tokens: u64, cache: KvCache| {
        let found = of(&serving("rtx-5060", |plan| {
            (plan.workload.context, plan.workload.kv_cache) = (tokens, cache);
        }));
        found.verdict.is_some_and(|verdict| verdict <= Verdict::Tight)
    };
    let q8 = rigplan::catalog::quantization::KvPrecision::q8_0;
    for (name, cache) in [("most", KvCache::default()), ("smaller_most", KvCache { k: q8, v: q8 })] {
        let most = (1..4096_u64).map(|step| step * 256).take_while(|tokens| fits(*tokens, cache)).last();
        says(&scene, name, &Figure::Tokens(most.expect("a short chat fits")));
    }
}

#[test]
fn a_turned_handle_changes_the_figures() {
    let short = turned(SceneId::LongChats, &Turned::from([(HandleId::Context, 0)]));
    let long = turned(SceneId::LongChats, &Turned::from([(HandleId::Context, 6)]));
    says(&short, "tried", &Figure::Tokens(4096));
    says(&long, "tried", &Figure::Tokens(32_768));
    assert_ne!(short.pictures.last(), long.pictures.last());
    assert_eq!(short.pictures.first(), long.pictures.first());
}

#[test]
fn training_piles_up_and_comes_down_again() {
    let scene = scene(SceneId::Training);
    let full = |change: fn(&mut Plan)| {
        peak(&training(|plan| {
            plan.workload.task = Task::Full;
            let training = &mut plan.workload.training;
            (training.precision, training.checkpointing, training.gradient_accumulation) = (Precision::Bf16, false, 8);
            change(plan);
        }))
    };
    let parameters = of(&training(|_| {})).params.expect("counted");
    // BF16: two bytes each for a weight, its gradient and each of two states.
    says(&scene, "weights", &Figure::Gib(Bytes(2 * parameters)));
    says(&scene, "gradients", &Figure::Gib(Bytes(2 * parameters)));
    says(&scene, "optimizer", &Figure::Gib(Bytes(4 * parameters)));
    says(&scene, "piles", &Figure::Gib(full(|_| {})));
    says(&scene, "accumulated", &Figure::Gib(full(|_| {})));
    says(&scene, "checkpointed", &Figure::Gib(full(|plan| plan.workload.training.checkpointing = true)));
    let at_once = |plan: &mut Plan| {
        (plan.workload.training.micro_batch, plan.workload.training.gradient_accumulation) = (8, 1);
    };
    says(&scene, "bf16", &Figure::Gib(full(at_once)));
    says(
        &scene,
        "fp32",
        &Figure::Gib(full(|plan| {
            (plan.workload.training.micro_batch, plan.workload.training.gradient_accumulation) = (8, 1);
            plan.workload.training.precision = Precision::Fp32;
        })),
    );
    for (name, task) in [("lora", Task::Lora), ("qlora", Task::Qlora)] {
        let plan = training(|plan| {
            plan.workload.task = task;
            plan.workload.training.gradient_accumulation = 8;
        });
        says(&scene, name, &Figure::Gib(peak(&plan)));
    }
    // The data set of the other message: 64 bits for an id and for its label.
    let data = training(|plan| {
        let training = &mut plan.workload.training;
        (training.dataset_in_ram, training.dataset_tokens, training.loader_workers) = (true, 2_000_000_000, 4);
        training.gradient_accumulation = 8;
    });
    let found = of(&data);
    assert!(found.host.total.expect("known") > Bytes(16 * 2_000_000_000), "the data lie there");
    assert!(found.host.excess.expect("known") > Bytes::ZERO, "RAM runs out");
    says(&scene, "host", &Figure::Gib(found.host.total.expect("known")));
}

#[test]
fn a_batch_is_read_for_once_and_noted_for_each() {
    let scene = scene(SceneId::Batch);
    let served = |count: u32| of(&serving("rtx-4090", |plan| plan.workload.sequences = count));
    let rate = |found: &Estimate| found.speed.decode_total.expect("a speed").expected;
    let (one, eight) = (served(1), served(8));
    says(&scene, "one", &Figure::WordsPerSecond(rate(&one)));
    says(&scene, "all", &Figure::WordsPerSecond(rate(&eight)));
    says(&scene, "each", &Figure::WordsPerSecond(rate(&eight) / 8.0));
    says(&scene, "kv_all", &Figure::Gib(Bytes(8 * 4096 * kv_of_a_token(model("llama-3.1-8b")))));
    let fits = |count: u32| served(count).verdict.is_some_and(|verdict| verdict <= Verdict::Tight);
    let most = (1..200).take_while(|count| fits(*count)).last().expect("one fits");
    says(&scene, "most", &Figure::Count(u64::from(most)));
}

#[test]
fn scores_grow_with_the_square_and_flash_attention_stores_none() {
    let scene = scene(SceneId::FlashAttention);
    let heads = model("llama-3.1-8b").num_attention_heads;
    says(&scene, "matrix", &Figure::Gib(Bytes(4096 * 4096 * heads * 2)));
    says(&scene, "matrix_double", &Figure::Gib(Bytes(8192 * 8192 * heads * 2)));
    let at = |attention| {
        peak(&training(|plan| {
            let training = &mut plan.workload.training;
            (training.sequence_length, training.attention, training.loss) = (8192, attention, LossMethod::Fused);
        }))
    };
    says(&scene, "eager", &Figure::Gib(at(TrainingAttention::Eager)));
    says(&scene, "flash", &Figure::Gib(at(TrainingAttention::Flash)));
    for (name, flash) in [("buffer_on", true), ("buffer_off", false)] {
        let found = of(&serving("rtx-4090", |plan| {
            (plan.workload.context, plan.workload.flash_attention) = (32_768, flash);
        }));
        says(&scene, name, &Figure::Gib(found.devices[0].parts.compute.expect("known")));
    }
}

#[test]
fn checkpointing_trades_time_for_space() {
    let scene = scene(SceneId::Checkpointing);
    let at = |drops: bool| {
        training(|plan| {
            (plan.workload.training.checkpointing, plan.workload.training.loss) = (drops, LossMethod::Fused);
        })
    };
    let speed = |plan: &Plan| of(plan).speed.train.expect("a speed").expected;
    says(&scene, "all_kept", &Figure::Gib(peak(&at(false))));
    says(&scene, "all_dropped", &Figure::Gib(peak(&at(true))));
    says(&scene, "slower", &Figure::Percent(1.0 - speed(&at(true)) / speed(&at(false))));
}

#[test]
fn adapters_are_counted_and_states_are_cut() {
    let scene = scene(SceneId::Lora);
    let shape = model("llama-3.1-8b");
    let (hidden, wide) = (shape.hidden_size, shape.intermediate_size);
    let kv = shape.num_key_value_heads * shape.head_dim;
    // Rank times (in + out) for each of seven matrices: q, k, v, o, gate, up, down.
    let sides = 2 * (hidden + hidden) + 2 * (hidden + kv) + 3 * (hidden + wide);
    let trained = 16 * sides * shape.num_hidden_layers;
    let said = scene.figures.said("trained", Locale::En).expect("said");
    assert_eq!(said, format!("{:.2} million", trained as f64 / 1e6));
    for (name, stage) in [("cut_none", 0), ("cut_one", 1), ("cut_two", 2), ("cut_three", 3)] {
        let plan = training(|plan| {
            plan.workload.task = Task::Full;
            plan.machine.cards[0].count = 8;
            plan.machine.ram_gib = 256.0;
            let training = &mut plan.workload.training;
            (training.zero_stage, training.gradient_accumulation, training.loss) = (stage, 8, LossMethod::Fused);
        });
        says(&scene, name, &Figure::Gib(peak(&plan)));
    }
}

#[test]
fn a_pool_holds_as_many_chats_as_it_has_room_for() {
    let scene = scene(SceneId::PagedKv);
    let token = kv_of_a_token(model("llama-3.1-8b"));
    let found = of(&serving("rtx-4090", |plan| {
        plan.workload.choose_runtime(Runtime::Vllm);
        (plan.workload.quantization, plan.workload.context) = (Quantization::BF16, 8192);
    }));
    let pool = found.devices[0].kv_pool.expect("a pool");
    says(&scene, "pool", &Figure::Gib(pool));
    says(&scene, "each", &Figure::Gib(Bytes(8192 * token)));
    says(&scene, "reserved_chats", &Figure::Count(pool.0 / (8192 * token)));
    says(&scene, "paged_chats", &Figure::Count(pool.0 / (1024 * token)));
}
