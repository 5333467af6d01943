//! A service that says how likely an order is late: axum around a dataflow of some 30 nodes, and beside it a load test.
//!
//! Read `score_order.rs` first, the dataflow, then `look_up.rs`, which includes it and waits for a store, then
//! `service.rs`, where requests are answered by a compiled entry point, by a driver, and by `by_hand.rs`, which both
//! are measured beside. `serve.rs` stops gracefully, `load.rs` measures. The rest is plain Rust.

#![allow(unreachable_pub, reason = "`pub` says what a library would offer; this is a program")]

mod by_hand;
mod client;
mod load;
mod look_up;
mod model;
mod order;
mod random;
mod report;
mod score_order;
mod serve;
mod service;
mod store;

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use clap::Parser;
use millstream::CancellationToken;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::client::Failure;
use crate::load::Effort;
use crate::look_up::enriched;
use crate::model::Fleet;
use crate::score_order::scoring;
use crate::service::{PATHS, Service};
use crate::store::Store;

/// Says how likely an order is late: as a service, or measuring one.
#[derive(Parser)]
#[command(name = "online_scoring")]
struct Arguments {
    #[command(flatten)]
    mode: Mode,

    /// Deliver with cars in place of bikes.
    #[arg(long)]
    cars: bool,

    /// How long the store of features takes to answer, in ms.
    #[arg(long, default_value_t = 1)]
    store_ms: u64,

    /// How often each way is measured.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// How long each way is measured in a round, in ms.
    #[arg(long, default_value_t = 300)]
    turn_ms: u64,

    /// How many connections post orders.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Mode {
    /// Answer requests until Ctrl-C.
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8080")]
    serve: Option<SocketAddr>,

    /// Put load on a service in this program, and print a table.
    #[arg(long)]
    load: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    match arguments.mode.serve {
        Some(address) => serve_until_ctrl_c(address, arguments),
        None => measure(arguments),
    }
}

fn serve_until_ctrl_c(address: SocketAddr, arguments: &Arguments) -> Result<(), Failure> {
    let shutdown = CancellationToken::new();
    let service = service(arguments, &shutdown)?;
    runtime::Runtime::new()?.block_on(async {
        let listener = serve::listen(address).await?;
        let mut out = io::stdout();
        writeln!(out, "listening on http://{}; post orders to {}", listener.local_addr()?, PATHS.join(", "))?;
        let ctrl_c = async {
            // Without it there is no way to stop, so it is as if it had come.
            if let Err(error) = tokio::signal::ctrl_c().await {
                eprintln!("cannot wait for Ctrl-C: {error}");
            }
        };
        Ok(serve::serve(listener, service, shutdown, ctrl_c).await?)
    })
}

/// The service has all cores but one, the load test the one that is left.
fn measure(arguments: &Arguments) -> Result<(), Failure> {
    let effort = Effort {
        rounds: arguments.rounds.into(),
        turn: Duration::from_millis(arguments.turn_ms),
        connections: arguments.connections.into(),
    };
    let shutdown = CancellationToken::new();
    let service = service(arguments, &shutdown)?;
    let cores = thread::available_parallelism()?.get();
    let servers =
        runtime::Builder::new_multi_thread().worker_threads((cores - 1).max(1)).enable_all().build()?;
    let clients = runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel::<()>();

    let listener = servers.block_on(serve::listen((Ipv4Addr::LOCALHOST, 0).into()))?;
    let address = listener.local_addr()?;
    let served = servers.spawn(serve::serve(listener, service, shutdown, async { _ = stopped.await }));
    let groups = clients.block_on(load::run(address, effort))?;
    // The connections end with their runtime, and the service with the last of them.
    drop(clients);
    drop(stop);
    servers.block_on(served)??;

    let latency = Duration::from_millis(arguments.store_ms);
    io::stdout().write_all(report::table(&groups, effort, latency)?.as_bytes())?;
    Ok(())
}

fn service(arguments: &Arguments, shutdown: &CancellationToken) -> Result<Arc<Service>, millstream::Error> {
    let fleet = if arguments.cars { Fleet::Cars } else { Fleet::Bikes };
    let store = Store::new(Duration::from_millis(arguments.store_ms));
    Service::new(fleet, model::TRAINED, store, shutdown.clone()).map(Arc::new)
}
