//! The service: each way to score an order has a path of its own.

#![allow(clippy::unused_async, reason = "axum wants all handlers to be")]

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use millstream::{CancellationToken, Driver, EntryError, Error, ErrorKind, Executor};
use serde_json::json;

use crate::by_hand;
use crate::look_up::enriched;
use crate::model::{Fleet, Model};
use crate::order::InvalidOrder;
use crate::score_order::scoring::{self, Answer};
use crate::store::{History, Store};

/// What all requests share.
pub struct Service {
    fleet: Fleet,
    model: Arc<Model>,
    store: Arc<Store>,
    scoring: Driver<scoring::Flow>,
    enriched: Driver<enriched::Flow>,
    shutdown: CancellationToken,
}

impl Service {
    /// Runs that still wait when `shutdown` is used are called off.
    pub fn new(fleet: Fleet, model: Model, store: Store, shutdown: CancellationToken) -> Result<Self, Error> {
        Ok(Self {
            fleet,
            model: Arc::new(model),
            store: Arc::new(store),
            // The threads have requests to share: a single one of them is too small to be divided.
            scoring: scoring::driver(scoring::Config { fleet }).executor(Executor::Sequential).build()?,
            enriched: enriched::driver(enriched::Config { fleet }).executor(Executor::Sequential).build()?,
            shutdown,
        })
    }
}

pub const SCORE_BY_HAND: &str = "/score/by-hand";
pub const SCORE_COMPILED: &str = "/score/compiled";
pub const SCORE_DRIVEN: &str = "/score/driver";
pub const ENRICHED_BY_HAND: &str = "/enriched/by-hand";
pub const ENRICHED_COMPILED: &str = "/enriched/compiled";
pub const ENRICHED_DRIVEN: &str = "/enriched/driver";

/// All paths.
pub const PATHS: [&str; 6] =
    [SCORE_BY_HAND, SCORE_COMPILED, SCORE_DRIVEN, ENRICHED_BY_HAND, ENRICHED_COMPILED, ENRICHED_DRIVEN];

/// Which request goes where.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route(SCORE_BY_HAND, post(score_by_hand))
        .route(SCORE_COMPILED, post(score_compiled))
        .route(SCORE_DRIVEN, post(score_driven))
        .route(ENRICHED_BY_HAND, post(enriched_by_hand))
        .route(ENRICHED_COMPILED, post(enriched_compiled))
        .route(ENRICHED_DRIVEN, post(enriched_driven))
        .fallback(async || Refusal::NoSuchPath)
        .with_state(service)
}

type Shared = State<Arc<Service>>;
type Scored = Result<Json<Answer>, Refusal>;

async fn score_by_hand(State(service): Shared, body: Bytes) -> Scored {
    Ok(Json(by_hand::score(service.fleet, &service.model, &body)?))
}

async fn score_compiled(State(service): Shared, body: Bytes) -> Scored {
    let model = Arc::clone(&service.model);
    let inputs = scoring::ScoreInputs { body, model, history: History::default(), traffic: 1.0 };
    Ok(Json(scoring::score(&scoring::Config { fleet: service.fleet }, &inputs)?))
}

/// A few microseconds of work, so it may run on a thread of the runtime.
async fn score_driven(State(service): Shared, body: Bytes) -> Scored {
    let inputs = scoring::inputs().body(body).model(Arc::clone(&service.model));
    Ok(Json(service.scoring.execute::<scoring::answer>(inputs)?.into_values()))
}

async fn enriched_by_hand(State(service): Shared, body: Bytes) -> Scored {
    let Service { fleet, model, store, .. } = &*service;
    Ok(Json(by_hand::score_enriched(*fleet, model, store, &body).await?))
}

/// An entry point awaits both at once.
async fn enriched_compiled(State(service): Shared, body: Bytes) -> Scored {
    let (model, store) = (Arc::clone(&service.model), Arc::clone(&service.store));
    let inputs = enriched::ScoreInputs { body, model, store };
    Ok(Json(enriched::score(&enriched::Config { fleet: service.fleet }, &inputs).await?))
}

/// So does a driver.
pub async fn enriched_driven(State(service): Shared, body: Bytes) -> Scored {
    let (model, store) = (Arc::clone(&service.model), Arc::clone(&service.store));
    let inputs = enriched::Inputs { store, body, model };
    let request = service.enriched.cancel_with(&service.shutdown);
    Ok(Json(request.execute_async::<scoring::answer>(inputs).await?.into_values()))
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Refusal {
    Order(String),
    NoSuchPath,
    ShuttingDown,
    Failed(String),
}

impl From<InvalidOrder> for Refusal {
    fn from(invalid: InvalidOrder) -> Self {
        Self::Order(invalid.to_string())
    }
}

impl From<EntryError> for Refusal {
    fn from(error: EntryError) -> Self {
        match error.into_cause().downcast::<InvalidOrder>() {
            Ok(invalid) => (*invalid).into(),
            Err(cause) => Self::Failed(cause.to_string()),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let cause = error.failure().and_then(|failure| failure.cause());
        match cause.and_then(|cause| cause.downcast_ref::<InvalidOrder>()) {
            Some(invalid) => Self::Order(invalid.to_string()),
            None if error.kind() == ErrorKind::Cancelled => Self::ShuttingDown,
            None => Self::Failed(format!("{error:#}")),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, reason) = match self {
            Self::Order(reason) => (StatusCode::BAD_REQUEST, reason),
            Self::NoSuchPath => (
                StatusCode::NOT_FOUND,
                format!("nothing is here; post an order to one of {}", PATHS.join(", ")),
            ),
            Self::ShuttingDown => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the service is shutting down; post the order again".to_owned(),
            ),
            Self::Failed(reason) => (StatusCode::INTERNAL_SERVER_ERROR, reason),
        };
        (status, Json(json!({ "error": reason }))).into_response()
    }
}
