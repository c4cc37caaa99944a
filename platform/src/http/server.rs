//! The server: accepts, bounds what a connection may cost, drains.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use http::Request;
use hyper::{body::Incoming, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};

use super::{Origins, Peer};
use crate::{lifecycle::Tasks, networks::Networks, settings::Span};

crate::settings! {
    "http",
    /// Where requests come in.
    pub struct HttpSettings {
        /// The address and port to listen on.
        listen: SocketAddr = "127.0.0.1:8080",
        /// What people type to reach it; cookies are marked secure when it begins with https.
        public_url: String = "http://127.0.0.1:8080",
        /// How long a request may take before it is given up.
        request_timeout: Span = "15s",
        /// How long a client may take to send its headers.
        header_timeout: Span = "10s",
        /// The longest body, in bytes.
        body_limit: u32 = "1048576",
        /// Connections at once; more wait to be accepted.
        connections: u32 = "10000",
        /// Proxies whose X-Forwarded-For is believed, as addresses and networks such as 127.0.0.1, 10.0.0.0/8. Empty: none, and each request comes from whoever is connected.
        trusted_proxies: Networks = "",
        /// Other sites whose pages may use the API in a browser, such as `https://app.example.org`, with commas between them. Empty: none.
        cors_origins: Origins = "",
        /// How long what is in flight may take to finish when the process is asked to stop.
        drain: Span = "20s",
    }
}

/// Why the server could not begin.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {cause}")]
pub struct ServeError {
    address: SocketAddr,
    cause: std::io::Error,
}

/// Begins to serve, and returns the address it listens on (which tells the port, where 0 was asked for).
///
/// # Errors
/// [`ServeError`] when the address cannot be had.
pub async fn serve(settings: &HttpSettings, router: Router, tasks: &Tasks) -> Result<SocketAddr, ServeError> {
    let refused = |cause| ServeError { address: settings.listen, cause };
    let listener = TcpListener::bind(settings.listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let header_timeout = settings.header_timeout.duration();
    let places = usize::try_from(settings.connections).unwrap_or(usize::MAX);
    let accepting = accept(listener, router, tasks.clone(), header_timeout, places);
    tasks.spawn("http.accept", accepting);
    Ok(address)
}

/// Says in every request of a connection who is at its other end.
#[derive(Clone)]
struct From<S> {
    peer: Peer,
    service: S,
}

impl<S: Service<Request<Incoming>>> Service<Request<Incoming>> for From<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn call(&self, mut request: Request<Incoming>) -> S::Future {
        request.extensions_mut().insert(self.peer);
        self.service.call(request)
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    tasks: Tasks,
    header_timeout: Duration,
    places: usize,
) {
    let draining = tasks.draining();
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)));
    let service = TowerToHyperService::new(router.into_service::<Incoming>());
    loop {
        // The semaphore is never closed, so a place is always had in the end.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = draining.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, mostly: some will be free in a moment.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let service = From { peer: Peer(peer.ip()), service: service.clone() };
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(header_timeout)
            .max_buf_size(64 * 1024)
            .serve_connection(TokioIo::new(stream), service);
        let watched = connections.watch(connection);
        tasks.spawn("http.connection", async move {
            // A client that goes away in the middle is its own affair.
            let _ = watched.await;
            drop(place);
        });
    }
    connections.shutdown().await;
}
