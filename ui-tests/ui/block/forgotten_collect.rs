use millstream::prelude::*;

#[dataflow]
mod shop {
    use millstream::Parallelizable;

    #[node]
    pub fn price() -> Parallelizable<f64> {
        Parallelizable::new([1.0, 2.0])
    }

    #[node]
    pub fn net(price: &f64) -> f64 {
        price / 1.2
    }

    #[node]
    pub fn total(net: &[f64]) -> f64 {
        net.iter().sum()
    }

    #[node]
    pub fn largest(price: Vec<f64>) -> f64 {
        price.into_iter().fold(0.0, f64::max)
    }
}

fn main() {}
