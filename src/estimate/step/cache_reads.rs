//! What attention and recurrence read of the caches.

use super::TokenSpan;
use crate::model::layers::{Attention, Cache, Span};

/// What one token of one sequence reads of the caches, by how many tokens are cached.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::estimate) struct CacheReads {
    /// Bytes a cached token in layers that see all of them.
    pub(in crate::estimate) full_bytes: f64,
    /// Operations a cached token there.
    pub(in crate::estimate) full_operations: f64,
    /// Bytes a cached token in layers with a window.
    pub(in crate::estimate) window_bytes: f64,
    /// Operations a cached token there.
    pub(in crate::estimate) window_operations: f64,
    /// The window, in tokens.
    pub(in crate::estimate) window: f64,
    /// Bytes of recurrent state.
    pub(in crate::estimate) state_bytes: f64,
}

impl CacheReads {
    /// Nothing is cached.
    pub(super) const NOTHING: Self = Self {
        full_bytes: 0.0,
        full_operations: 0.0,
        window_bytes: 0.0,
        window_operations: 0.0,
        window: 0.0,
        state_bytes: 0.0,
    };

    /// Bytes and operations of one token, the mean over a span of cached tokens.
    pub(in crate::estimate) fn mean(&self, span: TokenSpan) -> TokenReads {
        let full = f64::midpoint(span.from, span.to);
        let window = mean_below(span.from, span.to, self.window);
        TokenReads {
            bytes: self.full_bytes * full + self.window_bytes * window,
            operations: self.full_operations * full + self.window_operations * window,
        }
    }

    /// Adds layers of this attention.
    pub(in crate::estimate) fn add(&mut self, attention: &Attention, count: f64, element: ElementBytes) {
        let (keys, values, heads) = match attention.cache {
            Cache::Latent { width, rank } => (width, 0, attention.heads * (width + rank)),
            // The engine reads the window and, in one piece with it, everything that is compressed.
            Cache::Compressed { ratio } => {
                let rows = (attention.key_dim + attention.index_dim) as f64 / ratio.max(1) as f64;
                if ratio > 0 {
                    self.full_bytes += count * rows * element.key;
                    self.full_operations += count * 2.0 * attention.heads as f64 * 2.0 * rows;
                }
                (attention.key_dim, 0, 2 * attention.heads * attention.key_dim)
            }
            Cache::KeyValue | Cache::Shared => (
                attention.kv_heads * attention.key_dim,
                attention.kv_heads * attention.value_dim,
                attention.heads * (attention.key_dim + attention.value_dim),
            ),
        };
        let index = if matches!(attention.cache, Cache::Compressed { .. }) { 0 } else { attention.index_dim };
        let bytes = count * ((keys + index) as f64 * element.key + values as f64 * element.value);
        let operations = count * heads as f64 * 2.0;
        match attention.span {
            Span::Full => {
                self.full_bytes += bytes;
                self.full_operations += operations;
            }
            Span::Window(window) => {
                // Models have one window; of several the widest counts.
                self.window = self.window.max(window as f64);
                self.window_bytes += bytes;
                self.window_operations += operations;
            }
        }
    }
}

/// Bytes of one element of the cache.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct ElementBytes {
    pub(in crate::estimate) key: f64,
    pub(in crate::estimate) value: f64,
}

/// What one token reads and calculates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct TokenReads {
    pub(in crate::estimate) bytes: f64,
    pub(in crate::estimate) operations: f64,
}

/// The mean of `min(x, most)` for x between `from` and `to`.
fn mean_below(from: f64, to: f64, most: f64) -> f64 {
    if to <= from {
        return from.min(most);
    }
    let bend = most.clamp(from, to);
    (f64::midpoint(from, bend) * (bend - from) + most * (to - bend)) / (to - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_caps_what_is_read() {
        assert!((mean_below(0.0, 100.0, 1000.0) - 50.0).abs() < 1e-9, "the window is not reached");
        assert!((mean_below(200.0, 300.0, 100.0) - 100.0).abs() < 1e-9, "the window is full from the start");
        assert!((mean_below(0.0, 200.0, 100.0) - 75.0).abs() < 1e-9, "half of the way");
    }
}
