//! A wire that counts: between a client and a server on this machine.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long nothing must pass until a wire counts as quiet: gossip says more to a new neighbour within its heartbeat
/// of a second.
const QUIET: Duration = Duration::from_secs(3);
/// How long a wire may take to become quiet.
const QUIET_MAX: Duration = Duration::from_secs(60);

/// Bytes in both directions, without TCP's own headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// From the server to the client.
    pub down: u64,
    /// From the client to the server.
    pub up: u64,
}

impl Wire {
    pub fn both(self) -> u64 {
        self.down + self.up
    }
}

#[derive(Default)]
struct Counters {
    down: AtomicU64,
    up: AtomicU64,
}

/// Takes connections for a server and passes everything on. Its threads end with their connections,
/// the first one with the program.
pub struct Proxy {
    port: u16,
    counters: Arc<Counters>,
}

impl Proxy {
    pub fn to(server_port: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let counters = Arc::new(Counters::default());
        let shared = Arc::clone(&counters);
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, server_port));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let counters = Arc::clone(&shared);
                thread::spawn(move || pass(&client, server, &counters));
            }
        });
        Ok(Self { port, counters })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn wire(&self) -> Wire {
        let Counters { down, up } = &*self.counters;
        Wire { down: down.load(Ordering::Relaxed), up: up.load(Ordering::Relaxed) }
    }

    /// What has passed when nothing more has for a while.
    pub fn quiet(&self) -> anyhow::Result<Wire> {
        let (begun, mut last, mut since) = (Instant::now(), self.wire(), Instant::now());
        while since.elapsed() < QUIET {
            anyhow::ensure!(begun.elapsed() < QUIET_MAX, "the wire is never quiet: {last:?}");
            thread::sleep(Duration::from_millis(50));
            let now = self.wire();
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        Ok(last)
    }
}

fn pass(client: &TcpStream, server: SocketAddr, counters: &Counters) {
    let Ok(server) = TcpStream::connect(server) else { return };
    // Without this, small messages would wait for one another here and nowhere else.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    thread::scope(|scope| {
        scope.spawn(|| copy(client, &server, &counters.up));
        copy(&server, client, &counters.down);
    });
}

fn copy(mut from: &TcpStream, mut to: &TcpStream, count: &AtomicU64) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        count.fetch_add(read as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = (to.shutdown(Shutdown::Write), from.shutdown(Shutdown::Read));
}

/// A port that nothing listens on now.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
