// The same of a node that stands alone.
use std::rc::Rc;

use millstream::prelude::*;

#[node]
pub async fn doubled(days: &u32) -> u32 {
    let shared = Rc::new(*days);
    std::future::ready(()).await;
    *shared * 2
}

fn main() {
    let _doubled = doubled(&7);
}
