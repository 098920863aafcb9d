//! TCP, secured by Noise and divided into streams by yamux.
//!
//! Nothing of this is negotiated: every node of Dosvid speaks Noise and yamux, and to agree on that again with each
//! connection costs 160 bytes and, on a mobile network, a round trip. A later version that wants others can tell
//! apart how a connection begins: Noise with two bytes of length, libp2p's negotiation with 0x13. QUIC brings its own.
//!
//! What is said in one moment leaves in one piece ([`Gathered`]).

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{AsyncRead, AsyncWrite};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::Boxed;
use libp2p::core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo};
use libp2p::core::{ConnectedPoint, Transport};
use libp2p::{PeerId, identity, noise, tcp, yamux};

/// The transport, for the one who has this key.
///
/// # Errors
/// A key that Noise cannot use.
pub(super) fn tcp(key: &identity::Keypair) -> Result<Boxed<(PeerId, StreamMuxerBox)>, Box<dyn Error + Send + Sync>> {
    let security = noise::Config::new(key)?;
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true));
    Ok(tcp.and_then(move |socket, point| secured(socket, point, security)).boxed())
}

async fn secured(
    socket: tcp::tokio::TcpStream,
    point: ConnectedPoint,
    security: noise::Config,
) -> io::Result<(PeerId, StreamMuxerBox)> {
    let streams = yamux::Config::default();
    let (noise_name, yamux_name) = (name_of(&security), name_of(&streams));
    // Who dials leads, unless both dialled at once and agreed otherwise.
    let leads = matches!(point, ConnectedPoint::Dialer { role_override, .. } if role_override.is_dialer());
    let (peer, muxer) = if leads {
        let (peer, socket) = security.upgrade_outbound(socket, noise_name).await.map_err(io::Error::other)?;
        (peer, streams.upgrade_outbound(Gathered::new(socket), yamux_name).await?)
    } else {
        let (peer, socket) = security.upgrade_inbound(socket, noise_name).await.map_err(io::Error::other)?;
        (peer, streams.upgrade_inbound(Gathered::new(socket), yamux_name).await?)
    };
    Ok((peer, StreamMuxerBox::new(muxer)))
}

/// What a protocol is called where it is negotiated.
fn name_of<U: UpgradeInfo<Info = &'static str, InfoIter = std::iter::Once<&'static str>>>(
    protocol: &U,
) -> &'static str {
    protocol.protocol_info().next().unwrap_or_default()
}

/// Flushes when nothing more is written, and not after each piece.
///
/// yamux flushes after every frame, of which a short question takes four; Noise makes a message with 18 bytes of its
/// own of each flush, and the system a packet. Here a flush that follows a write is put off until the task has had its
/// turn once more, and done if nothing was written meanwhile.
struct Gathered<S> {
    socket: S,
    /// Whether something was written since a flush was last asked for.
    is_written: bool,
}

impl<S> Gathered<S> {
    fn new(socket: S) -> Self {
        Self { socket, is_written: false }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gathered<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gathered<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.socket).poll_write(cx, bytes))?;
        self.is_written = true;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if std::mem::take(&mut self.is_written) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_close(cx)
    }
}
