//! What is derived from models once and read many times.

use std::hash::Hash;

use ahash::AHashMap;

use crate::catalog::model::{Model, ModelIdentity};

/// Layers of models whose values are kept; when there are more, all are forgotten. As many as every model of the catalog
/// has in every step of the precision slider; a layer takes some hundred bytes.
const KEPT: u64 = 1 << 17;

/// One value for each model and `K`: all that the value is made of. `None` where nothing can be derived is kept, too.
#[derive(Debug)]
pub(super) struct PerModel<K, V> {
    values: AHashMap<(ModelIdentity, K), Option<Box<V>>>,
    /// Layers of all of them.
    layers: u64,
}

impl<K: Copy + Eq + Hash, V> PerModel<K, V> {
    /// The value of `model` and `of`, made by `make` the first time.
    pub(super) fn get(&mut self, model: &Model, of: K, make: impl FnOnce(&Model, K) -> Option<V>) -> Option<&V> {
        if self.layers > KEPT {
            *self = Self::default();
        }
        let Self { values, layers } = self;
        let value = values.entry((model.identity(), of)).or_insert_with(|| {
            *layers = layers.saturating_add(model.num_hidden_layers);
            make(model, of).map(Box::new)
        });
        value.as_deref()
    }
}

impl<K, V> Default for PerModel<K, V> {
    fn default() -> Self {
        Self { values: AHashMap::default(), layers: 0 }
    }
}
