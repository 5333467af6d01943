//! Nodes whose time is over before they are.

use std::sync::{Arc, Barrier};

use millstream::Error;
use millstream::prelude::*;

use super::support::Store;

#[dataflow]
mod late {
    use std::sync::{Arc, Barrier};

    use super::super::support::{Held, Store};

    #[inputs]
    pub struct Inputs {
        pub store: Store,
        pub gate: Arc<Barrier>,
    }

    #[node]
    pub fn value(store: &Store) -> Held {
        store.hold("value")
    }

    #[node(timeout = "1ms")]
    #[fallback(spare)]
    pub fn late(value: &Held, store: Store, gate: Arc<Barrier>) -> Held {
        gate.wait();
        let late = store.hold(format!("{}, late", value.text));
        gate.wait();
        late
    }

    #[node]
    pub fn spare(value: &Held) -> Held {
        value.clone()
    }
}

/// A node that goes on after its time keeps what it looks at for as long as that takes; what it makes then is dropped.
#[test]
fn nothing_is_left_of_a_node_that_is_given_up() -> Result<(), Error> {
    let (store, gate) = (Store::default(), Arc::new(Barrier::new(2)));
    let driver = late::driver().executor(Executor::Sequential).build()?;
    let inputs = late::Inputs { store: store.clone(), gate: Arc::clone(&gate) };
    let (wanted, value) = driver.execute::<(late::late, late::value)>(inputs)?.into_values();
    assert_eq!((&*wanted.text, &*value.text), ("value", "value"));
    drop((wanted, value));
    assert_eq!(store.count(), 2, "the node looks at the value, and has the store");
    gate.wait();
    gate.wait();
    store.wait_for(0);
    Ok(())
}
