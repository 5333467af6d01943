//! The crate under another name.
#![deny(warnings)]

mod vendored {
    pub use ::millstream as flow;
}

use vendored::flow;

#[flow::dataflow(crate = crate::vendored::flow)]
pub mod renamed {
    #[inputs]
    pub struct Inputs {
        pub x: u32,
    }

    #[config]
    pub struct Config {
        pub fast: bool,
    }

    #[node]
    #[when(fast = _)]
    pub fn doubled(x: u32) -> u32 {
        2 * x
    }

    #[node]
    #[unpack_fields(low, high)]
    pub fn both(doubled: u32) -> (u32, u32) {
        (doubled, doubled + 1)
    }
}

fn main() -> Result<(), flow::Error> {
    let driver = renamed::driver(renamed::Config { fast: true }).build()?;
    let run = driver.execute::<renamed::high>(renamed::Inputs { x: 2 })?;
    assert_eq!(run.into_values(), 5);
    Ok(())
}
