// What a node holds while it waits goes from thread to thread.
use millstream::prelude::*;

#[dataflow]
pub mod weather {
    use std::rc::Rc;

    #[node]
    pub fn days() -> u32 {
        7
    }

    #[node]
    pub async fn doubled(days: &u32) -> u32 {
        let shared = Rc::new(*days);
        std::future::ready(()).await;
        *shared * 2
    }
}

fn main() {
    let _days = weather::days();
}
