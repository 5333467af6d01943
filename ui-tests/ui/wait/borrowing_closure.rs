// The future of a closure owns what it needs: the parameters of a closure end with its call.
use millstream::Graph;

fn main() {
    let _graph = Graph::builder()
        .function("days", (), || 7_u32)
        .async_function("doubled", ["days"], |days: &u32| async move { days * 2 })
        .build();
}
