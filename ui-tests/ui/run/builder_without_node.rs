// The builder takes nodes, and a plain type is none.
use millstream::Graph;

fn main() {
    let _graph = Graph::builder().node::<String>().build();
}
