// A node yields one struct, and a parameter borrows another.
use millstream::prelude::*;

#[dataflow]
pub mod shop {
    pub struct Order {
        pub amount: f64,
    }

    pub struct Invoice {
        pub amount: f64,
    }

    #[node]
    pub fn order() -> Order {
        Order { amount: 3.0 }
    }

    #[node]
    pub fn total(order: &Invoice) -> f64 {
        order.amount
    }
}

fn main() {
    let _amount = shop::order().amount + shop::total(&shop::Invoice { amount: 1.0 });
}
