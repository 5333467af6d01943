// A closure of the builder gives back what cannot pass between threads.
use std::rc::Rc;

use millstream::Graph;

fn main() {
    let _graph = Graph::builder().function("weights", (), || Rc::new(1.0)).build();
}
