//! Types of which closures need not say what they can do.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use crate::value_type::{Abilities, ValueType};

/// What a type can do, without what slots need of it: there are many of them, and only the few that a program uses
/// are ever in a slot.
macro_rules! able {
    ($type:ty) => {{
        #[allow(unused_imports, reason = "only what the type cannot do itself is taken from these")]
        use crate::value_type::probe::{NoClone as _, NoCopy as _, NoDebug as _, NoJson as _, Probe};
        const TYPE: &ValueType = &ValueType::of::<$type>(
            "",
            &Abilities {
                slot: None,
                clone: <Probe<$type>>::CLONE,
                copy: <Probe<$type>>::COPY,
                debug: <Probe<$type>>::DEBUG,
                json: <Probe<$type>>::JSON,
            },
        );
        TYPE
    }};
}

macro_rules! table {
    ($($type:ty),* $(,)?) => {
        &[$(
            able!($type),
            able!(Vec<$type>),
            able!(Vec<Vec<$type>>),
            able!(Option<$type>),
            able!(Vec<Option<$type>>),
            able!(($type, $type)),
            able!(Vec<($type, $type)>),
            able!(BTreeMap<String, $type>),
            able!(BTreeMap<i32, $type>),
            able!(BTreeMap<usize, $type>),
            able!(HashMap<String, $type>),
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

static OTHERS: &[&ValueType] =
    &[able!(()), able!(BTreeSet<String>), able!(HashSet<String>), able!(serde_json::Value)];

/// What a common type of the standard library can do.
pub(crate) fn known(id: TypeId) -> Option<&'static ValueType> {
    static BY_ID: OnceLock<HashMap<TypeId, &'static ValueType>> = OnceLock::new();
    // Nothing of the user's runs in here.
    let by_id = BY_ID.get_or_init(|| {
        COMMON.iter().chain(OTHERS).map(|value_type| (value_type.type_id(), *value_type)).collect()
    });
    by_id.get(&id).copied()
}
