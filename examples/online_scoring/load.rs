//! How long requests take, each way, side by side.
//!
//! Each connection posts one order after another (a closed loop). In each round each way has the service for itself
//! for a while, so that what disturbs the machine disturbs all of them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::StatusCode;
use fastrand::Rng;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::client::{Client, Failure};
use crate::random;
use crate::service::{
    ENRICHED_BY_HAND, ENRICHED_COMPILED, ENRICHED_DRIVEN, SCORE_BY_HAND, SCORE_COMPILED, SCORE_DRIVEN,
};

/// How much is measured.
#[derive(Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    pub turn: Duration,
    pub connections: usize,
}

/// A way to answer, and how it did in each round.
pub struct Contender {
    pub name: &'static str,
    pub path: &'static str,
    pub turns: Vec<Turn>,
}

/// What the requests of one turn took.
#[derive(Clone, Copy)]
pub struct Turn {
    pub p50_us: f64,
    pub p99_us: f64,
    pub per_second: f64,
}

/// Contenders that do the same work, the one by hand first.
pub type Group = [Contender; 3];

/// Measures all ways, first those that wait for nothing.
pub async fn run(address: SocketAddr, effort: Effort) -> Result<[Group; 2], Failure> {
    let mut groups = [
        [("by hand", SCORE_BY_HAND), ("compiled entry", SCORE_COMPILED), ("driver, execute", SCORE_DRIVEN)],
        [
            ("by hand, both at once", ENRICHED_BY_HAND),
            ("compiled entry, both at once", ENRICHED_COMPILED),
            ("driver, execute_async, both at once", ENRICHED_DRIVEN),
        ],
    ]
    .map(|ways| ways.map(|(name, path)| Contender { name, path, turns: Vec::with_capacity(effort.rounds) }));

    let mut random = Rng::with_seed(7);
    let orders = (0..256).map(|_| serde_json::to_vec(&random::order(&mut random)).map(Bytes::from));
    let mut connections = Connections { clients: Vec::new(), orders: orders.collect::<Result<_, _>>()? };
    for _ in 0..effort.connections {
        connections.clients.push(Client::connect(address).await?);
    }
    for group in &groups {
        connections.compare(group).await?;
        for contender in group {
            connections.turn(contender.path, effort.turn).await?;
        }
    }
    for round in 0..effort.rounds {
        for group in &mut groups {
            // Each begins in its turn: nobody always comes after the same.
            for place in 0..group.len() {
                let contender = &mut group[(round + place) % group.len()];
                contender.turns.push(connections.turn(contender.path, effort.turn).await?);
            }
        }
    }
    Ok(groups)
}

struct Connections {
    clients: Vec<Client>,
    orders: Vec<Bytes>,
}

impl Connections {
    /// That all of a group answer the same.
    async fn compare(&mut self, group: &Group) -> Result<(), Failure> {
        let Some(client) = self.clients.first_mut() else { return Ok(()) };
        for order in &self.orders {
            let expected = post(client, group[0].path, order).await?;
            for contender in &group[1..] {
                let answer = post(client, contender.path, order).await?;
                if answer != expected {
                    return Err(format!(
                        "{} answers {answer:?} where {} answers {expected:?}",
                        contender.path, group[0].path
                    )
                    .into());
                }
            }
        }
        Ok(())
    }

    async fn turn(&mut self, path: &'static str, length: Duration) -> Result<Turn, Failure> {
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for (number, client) in self.clients.drain(..).enumerate() {
            // Clones of `Bytes` share their memory. Each connection begins with another order.
            let mut orders = self.orders.clone();
            orders.rotate_left(number * 31 % self.orders.len());
            tasks.spawn(post_until(start + length, client, path, orders));
        }
        let mut latencies = Histogram::<u64>::new(3)?;
        while let Some(ended) = tasks.join_next().await {
            let (client, own) = ended??;
            latencies.add(own)?;
            self.clients.push(client);
        }
        let us = |quantile| Duration::from_nanos(latencies.value_at_quantile(quantile)).as_secs_f64() * 1e6;
        let per_second = count(latencies.len()) / start.elapsed().as_secs_f64();
        Ok(Turn { p50_us: us(0.5), p99_us: us(0.99), per_second })
    }
}

async fn post_until(
    end: Instant,
    mut client: Client,
    path: &'static str,
    orders: Vec<Bytes>,
) -> Result<(Client, Histogram<u64>), Failure> {
    let mut latencies = Histogram::new(3)?;
    for order in orders.iter().cycle() {
        let start = Instant::now();
        if start >= end {
            break;
        }
        post(&mut client, path, order).await?;
        latencies.record(u64::try_from(start.elapsed().as_nanos())?)?;
    }
    Ok((client, latencies))
}

async fn post(client: &mut Client, path: &str, order: &Bytes) -> Result<Bytes, Failure> {
    match client.post(path, order.clone()).await? {
        (StatusCode::OK, answer) => Ok(answer),
        (status, answer) => Err(format!("{path} answers {status}: {}", answer.escape_ascii()).into()),
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(number: u64) -> f64 {
    number as f64
}
