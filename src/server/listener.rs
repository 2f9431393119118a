//! Takes connections, and answers what they ask until they end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::connections::{Connection, Connections, Speaking};

/// How many connections the system keeps that have not been taken yet. It may allow fewer.
const BACKLOG: u32 = 4096;

/// The most bytes of a request's head.
const HEAD: usize = 64 * 1024;

/// How long a connection that is to end may still take to send what is left of an answer.
const LINGER: Duration = Duration::from_secs(1);

/// Who is at the other end of a request's connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Where connections come in.
pub(super) struct Listener {
    socket: TcpListener,
    connections: Arc<Connections>,
    /// How long a connection may be silent, and how long it may take nothing of an answer.
    silence: Duration,
}

impl Listener {
    /// Listens. To be called within the runtime.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub(super) fn bind(address: SocketAddr, connections: Arc<Connections>, silence: Duration) -> io::Result<Self> {
        let listen = || {
            let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            // elsewhere it means that another program may listen there too
            if cfg!(unix) {
                socket.set_reuseaddr(true)?;
            }
            socket.bind(address)?;
            socket.listen(BACKLOG)
        };
        let socket = listen().map_err(|error| io::Error::new(error.kind(), format!("{address}: {error}")))?;
        Ok(Self { socket, connections, silence })
    }

    /// Where it listens; of port 0 the one that was had.
    ///
    /// # Errors
    /// When the system does not say.
    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Answers until it is to stop; what is under way then is answered to its end.
    pub(super) async fn serve(self, routes: Router, stopping: CancellationToken) {
        let Self { socket, connections, silence } = self;
        let taken = async {
            loop {
                match socket.accept().await {
                    Ok((stream, peer)) => {
                        let connection = connections.place().await;
                        let (routes, stopping) = (routes.clone(), stopping.clone());
                        tokio::spawn(answer(stream, Peer(peer), connection, routes, silence, stopping));
                    }
                    // it ended before it was taken
                    Err(error) if is_of_the_peer(&error) => {}
                    Err(error) => connections.not_taken(&error).await,
                }
            }
        };
        tokio::select! {
            () = taken => {}
            () = stopping.cancelled() => {}
        }
        drop(socket);
        connections.all_ended().await;
    }
}

fn is_of_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Answers what a connection asks, one request after the other.
async fn answer(
    stream: TcpStream,
    peer: Peer,
    connection: Connection,
    routes: Router,
    silence: Duration,
    stopping: CancellationToken,
) {
    // until it says something it takes no more memory than this
    tokio::select! {
        spoken = tokio::time::timeout(silence, stream.readable()) => if !matches!(spoken, Ok(Ok(()))) { return },
        () = stopping.cancelled() => return,
        () = connection.to_end() => return,
    }
    // answers are written whole, and the next does not wait for the last to be acknowledged
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(silence));
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        let speaking = connection.speaks();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let answer = routes.clone().oneshot(request);
        async move {
            let answer = answer.await.unwrap_or_else(|never: Infallible| match never {});
            Ok::<_, Infallible>(answer.map(|body| Answering { body, _speaking: speaking }))
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(silence).max_buf_size(HEAD);
    let mut served = Box::pin(http.serve_connection(TokioIo::new(Box::pin(stream)), service));
    // what breaks off is the other end's to know
    tokio::select! {
        _ = served.as_mut() => return,
        () = stopping.cancelled() => {}
        () = connection.to_end() => {}
    }
    served.as_mut().graceful_shutdown();
    while tokio::time::timeout(LINGER, served.as_mut()).await.is_err() && connection.is_speaking() {}
}

/// The body of an answer, until which is sent its request is under way.
struct Answering {
    body: Body,
    _speaking: Speaking,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
