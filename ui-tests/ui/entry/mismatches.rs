// Types that do not fit in all forms, each reported once.
use millstream::prelude::*;

#[dataflow(compile(score = (owned, optional, optional_owned, listed, mapped, constant)))]
pub mod scoring {
    use std::collections::BTreeMap;

    #[node]
    pub fn spend() -> Vec<f64> {
        vec![1.0]
    }

    #[node]
    pub fn owned(spend: Vec<i64>) -> i64 {
        spend.iter().sum()
    }

    #[node]
    pub fn optional(spend: Option<&str>) -> usize {
        spend.map_or(0, str::len)
    }

    #[node]
    pub fn optional_owned(spend: Option<String>) -> usize {
        spend.map_or(0, |spend| spend.len())
    }

    #[node]
    pub fn listed(#[group(spend, owned)] all: Vec<&i64>) -> usize {
        all.len()
    }

    #[node]
    pub fn mapped(#[group(spend, owned)] all: BTreeMap<&str, &i64>) -> usize {
        all.len()
    }

    #[node]
    pub fn constant(#[value("seven")] window: usize) -> usize {
        window
    }
}

fn main() {
    let _owned: i64 = scoring::score().owned;
}
