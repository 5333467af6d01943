//! A graph of ten nodes, as a service runs it for each request.
#![allow(clippy::must_use_candidate, reason = "nodes return what they compute")]

/// What a basket costs.
#[millstream::dataflow(compile(pay = total))]
pub mod basket {
    /// What the request says.
    #[inputs]
    pub struct Inputs {
        /// Cents for one.
        pub price: u64,
        /// How many.
        pub quantity: u64,
    }

    /// Before anything is taken off or put on.
    #[node]
    pub fn net(price: u64, quantity: u64) -> u64 {
        price * quantity
    }

    /// In parts of a thousand: the more, the cheaper.
    #[node]
    pub fn rebate_rate(quantity: u64) -> u64 {
        quantity.min(100)
    }

    /// What is taken off.
    #[node]
    pub fn rebate(net: u64, rebate_rate: u64) -> u64 {
        net * rebate_rate / 1_000
    }

    /// What is left.
    #[node]
    pub fn reduced(net: u64, rebate: u64) -> u64 {
        net - rebate
    }

    /// In grams.
    #[node]
    pub fn weight(quantity: u64) -> u64 {
        quantity * 350
    }

    /// By weight, and nothing for who buys much.
    #[node]
    pub fn shipping(weight: u64, reduced: u64) -> u64 {
        if reduced > 10_000 { 0 } else { weight / 10 }
    }

    /// What is taxed.
    #[node]
    pub fn taxable(reduced: u64, shipping: u64) -> u64 {
        reduced + shipping
    }

    /// A fifth.
    #[node]
    pub fn tax(taxable: u64) -> u64 {
        taxable / 5
    }

    /// For who comes back.
    #[node]
    pub fn points(reduced: u64) -> u64 {
        reduced / 100
    }

    /// What is to be paid, with the points in its last digits.
    #[node]
    pub fn total(taxable: u64, tax: u64, points: u64) -> u64 {
        (taxable + tax) * 1_000 + points
    }
}

/// The same where the price has to be asked for.
#[millstream::dataflow(compile(pay = total))]
pub mod asking {
    #[include]
    use super::basket;

    /// What is bought.
    #[inputs]
    pub struct Inputs {
        /// Its number.
        pub item: u64,
    }

    /// What the seller says, who answers at once.
    #[node]
    pub async fn price(item: u64) -> u64 {
        std::future::ready(item + 8).await
    }
}

/// Nodes that run for one basket.
pub const NODES: usize = 10;

/// The same calls by hand.
#[inline(never)]
#[must_use]
pub fn by_hand(price: u64, quantity: u64) -> u64 {
    let net = basket::net(price, quantity);
    let reduced = basket::reduced(net, basket::rebate(net, basket::rebate_rate(quantity)));
    let taxable = basket::taxable(reduced, basket::shipping(basket::weight(quantity), reduced));
    basket::total(taxable, basket::tax(taxable), basket::points(reduced))
}

/// The same where the price has to be asked for.
pub async fn by_hand_asking(item: u64, quantity: u64) -> u64 {
    by_hand(asking::price(item).await, quantity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basket_is_what_it_is_by_hand() -> Result<(), millstream::Error> {
        let driver = basket::driver().build()?;
        let run = driver.execute::<basket::total>(basket::Inputs { price: 250, quantity: 12 })?;
        assert_eq!(basket::dataflow().graph().len(), NODES + 2);
        assert_eq!(run.into_values(), by_hand(250, 12));
        assert_eq!(basket::pay(&basket::PayInputs { price: 250, quantity: 12 }), by_hand(250, 12));
        Ok(())
    }
}
