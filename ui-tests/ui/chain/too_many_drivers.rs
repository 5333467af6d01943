//! A thirteenth driver.
use millstream::{Chain, Driver, Error};

type Twelve = (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8);

fn with_one_more(chain: &Chain<Twelve>, next: &Driver<u8>) -> Result<(), Error> {
    chain.then(next)?;
    Ok(())
}

fn main() {}
