//! A value that cannot be cloned is taken by value where only one node of the run does so.
#![deny(warnings)]
use millstream::prelude::*;

#[dataflow]
pub mod load {
    pub struct Connection(u32);

    #[node]
    pub fn connection() -> Connection {
        Connection(1)
    }

    #[node]
    pub fn users(connection: Connection) -> u32 {
        connection.0
    }

    #[node]
    pub fn orders(connection: Connection) -> u32 {
        connection.0 + 1
    }
}

fn main() -> Result<(), millstream::Error> {
    let driver = load::driver().build()?;
    assert_eq!(driver.execute::<load::users>(())?.into_values(), 1);
    assert_eq!(driver.execute::<load::orders>(())?.into_values(), 2);
    assert!(driver.execute::<(load::users, load::orders)>(()).is_err());
    Ok(())
}
