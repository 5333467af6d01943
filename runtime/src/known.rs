//! Types of which closures need not say what they can do.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use crate::value_type::ValueType;

macro_rules! table {
    ($($type:ty),* $(,)?) => {
        &[$(
            $crate::value_type!($type, ""),
            $crate::value_type!(Vec<$type>, ""),
            $crate::value_type!(Vec<Vec<$type>>, ""),
            $crate::value_type!(Option<$type>, ""),
            $crate::value_type!(Vec<Option<$type>>, ""),
            $crate::value_type!(($type, $type), ""),
            $crate::value_type!(Vec<($type, $type)>, ""),
            $crate::value_type!(BTreeMap<String, $type>, ""),
            $crate::value_type!(BTreeMap<i32, $type>, ""),
            $crate::value_type!(BTreeMap<usize, $type>, ""),
            $crate::value_type!(HashMap<String, $type>, ""),
        )*]
    };
}

static COMMON: &[&ValueType] = table![
    f64,
    f32,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    bool,
    char,
    String,
    &'static str,
    PathBuf,
    Duration,
];

static OTHERS: &[&ValueType] = &[
    crate::value_type!((), ""),
    crate::value_type!(BTreeSet<String>, ""),
    crate::value_type!(HashSet<String>, ""),
    crate::value_type!(serde_json::Value, ""),
];

/// What a common type of the standard library can do.
pub(crate) fn known(id: TypeId) -> Option<&'static ValueType> {
    static BY_ID: OnceLock<HashMap<TypeId, &'static ValueType>> = OnceLock::new();
    // Nothing of the user's runs in here.
    let by_id = BY_ID.get_or_init(|| {
        COMMON.iter().chain(OTHERS).map(|value_type| (value_type.type_id(), *value_type)).collect()
    });
    by_id.get(&id).copied()
}
