#[dataflow]
/// All that other code may name is still there.
pub mod broken {
    #[inputs]
    pub struct Inputs {
        pub spend: f64,
    }

    #[node]
    pub fn roas(spned: f64) -> f64 {
        spned
    }

    #[node]
    #[tga(a = "b")]
    pub fn other(roas: f64) -> f64 {
        roas
    }
}
