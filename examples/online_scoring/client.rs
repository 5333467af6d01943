//! A connection to the service that is kept from one request to the next.

use std::error::Error;
use std::net::SocketAddr;

use axum::body::Bytes;
use axum::http::header::HOST;
use axum::http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What cannot be helped: there is no service, or it went away.
pub type Failure = Box<dyn Error + Send + Sync>;

pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the sender. What is wrong with it, the sender says.
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string() })
    }

    /// Posts a body, and waits for the whole answer.
    pub async fn post(&mut self, path: &str, body: Bytes) -> Result<(StatusCode, Bytes), Failure> {
        self.sender.ready().await?;
        let request = Request::post(path).header(HOST, &self.host).body(Full::new(body))?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}
