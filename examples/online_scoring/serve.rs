//! From a socket to the end of the last request.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use millstream::CancellationToken;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::service::{Service, router};

/// How long requests may go on after the service was stopped, and how long it takes those that were called off to say so.
const GRACE: Duration = Duration::from_secs(5);
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Takes an address.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "stop what listens there, or give another port; 0 takes one that is free"
            }
            io::ErrorKind::PermissionDenied => "ports below 1024 may be reserved; give a higher one",
            _ => "give an address of this machine, as 127.0.0.1:8080",
        };
        format!("cannot listen on {address}: {error}; {advice}")
    })
}

/// Answers requests until `stop` is there. Then no connection is taken any more; requests that have come are answered.
/// Those that still wait after a while are called off with `shutdown`.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    shutdown: CancellationToken,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let serving = axum::serve(listener.tap_io(|stream| _ = stream.set_nodelay(true)), router(service))
        .with_graceful_shutdown(async {
            stop.await;
            _ = stopping.send(());
        });
    let giving_up = async {
        _ = stopped.await;
        sleep(GRACE).await;
        shutdown.cancel();
        sleep(LAST_WORDS).await;
    };
    tokio::select! {
        biased;
        served = serving.into_future() => served,
        // Whoever has sent half a request could hold us up for ever.
        () = giving_up => Ok(()),
    }
}
