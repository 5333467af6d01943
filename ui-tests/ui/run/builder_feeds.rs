// One name in place of a list of names.
use millstream::Graph;

fn main() {
    let _graph = Graph::builder().input::<f64>("x").function("twice", "x", |x: &f64| x * 2.0).build();
}
