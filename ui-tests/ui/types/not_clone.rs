// Two nodes take a value by value that cannot be cloned.
use millstream::prelude::*;

#[dataflow]
pub mod load {
    pub struct Connection;

    #[node]
    pub fn connection() -> Connection {
        Connection
    }

    #[node]
    pub fn users(connection: Connection) -> u32 {
        let Connection = connection;
        1
    }

    #[node]
    pub fn orders(connection: Connection) -> u32 {
        let Connection = connection;
        2
    }
}

fn main() {
    let driver = load::driver().build().unwrap();
    let _both = driver.execute::<(load::users, load::orders)>(());
}
