//! Requests as bytes: nothing here refuses to send what no honest client sends.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes, so that a node that hangs fails the test instead of hanging it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes of a request that are shown of one that went wrong.
const SHOWN: usize = 1_500;

/// A request, byte for byte, but for the length of its body.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The request for a person who looks into what went wrong.
    pub fn shown(&self) -> String {
        let body = String::from_utf8_lossy(&self.body[..self.body.len().min(SHOWN)]).into_owned();
        let Self { method, target, headers, .. } = self;
        format!("{method} {target}\n  {headers:?}\n  {} bytes: {body}", self.body.len())
    }
}

/// An answer, read to its end unless it has none.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub cookies: Vec<String>,
    pub body: Vec<u8>,
}

/// A connection to a node, opened anew where the node has closed it.
pub struct Line {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends a request and reads its answer. A node may refuse a body before it has come whole and hang up,
    /// so what cannot be sent is no error as long as there is an answer.
    pub fn ask(&mut self, request: &Request) -> io::Result<Answer> {
        let kept = self.stream.is_some();
        match self.try_ask(request) {
            // An idle connection may have been closed meanwhile.
            Err(_) if kept => self.try_ask(request),
            other => other,
        }
    }

    fn try_ask(&mut self, request: &Request) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
                BufReader::new(stream)
            }
        };
        let mut bytes = format!("{} {} HTTP/1.1\r\nhost: {}\r\n", request.method, request.target, self.address);
        for (name, value) in &request.headers {
            bytes.push_str(&format!("{name}: {value}\r\n"));
        }
        if !request.body.is_empty() || !matches!(request.method.as_str(), "GET" | "DELETE") {
            bytes.push_str(&format!("content-length: {}\r\n", request.body.len()));
        }
        let mut bytes = format!("{bytes}\r\n").into_bytes();
        bytes.extend_from_slice(&request.body);
        let sent = stream.get_mut().write_all(&bytes);
        let (answer, goes_on) = read(&mut stream).map_err(|error| sent.as_ref().err().map_or(error, copy))?;
        if goes_on && sent.is_ok() {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn copy(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}

/// Reads an answer; says too whether the connection can be used again.
fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(Answer, bool)> {
    let status = line(stream)?.split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut answer = Answer { status: status.ok_or(io::ErrorKind::InvalidData)?, ..Answer::default() };
    let (mut len, mut goes_on) = (None, true);
    loop {
        let line = line(stream)?;
        let Some((name, value)) = line.split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => len = Some(value.parse().map_err(|_| io::ErrorKind::InvalidData)?),
            "content-type" => answer.kind = value.split(';').next().unwrap_or_default().trim().to_owned(),
            "set-cookie" => answer.cookies.extend(value.split(';').next().map(str::to_owned)),
            "connection" => goes_on &= !value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    match len {
        Some(len) => {
            answer.body = vec![0; len];
            stream.read_exact(&mut answer.body)?;
        }
        // A stream without an end, of which the head is enough; else there is no body at all.
        None => goes_on &= matches!(answer.status, 204 | 304),
    }
    Ok((answer, goes_on))
}

fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}
