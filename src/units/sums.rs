//! Adding up records of quantities field by field.

/// Implements an operator for a type whose fields add up by themselves; those behind `keeping` stay those of the first.
macro_rules! fieldwise {
    ($operator:ident $method:ident $type:ty: $($field:ident)+ $(; keeping $($kept:ident)+)?) => {
        impl std::ops::$operator for $type {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Self {
                    $($field: std::ops::$operator::$method(self.$field, other.$field),)+
                    $($($kept: self.$kept,)+)?
                }
            }
        }
    };
}
pub(crate) use fieldwise;
