//! A small HTTP/1.1 client for a service on this machine: one connection that is kept open, cookies, forms.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Where a redirect goes; empty without one.
    pub location: String,
    pub body: String,
}

impl Answer {
    /// The text in the field of a page that has this name.
    pub fn textarea(&self, name: &str) -> Option<String> {
        let (_, after) = self.body.split_once(&format!("name=\"{name}\""))?;
        let (_, after) = after.split_once('>')?;
        let (text, _) = after.split_once("</textarea>")?;
        Some(text.trim().to_owned())
    }

    /// The value of the hidden field that has this name.
    pub fn hidden(&self, name: &str) -> Option<String> {
        let (_, after) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        after.split_once('"').map(|(value, _)| value.to_owned())
    }
}

/// Somebody's browser.
pub struct Client {
    port: u16,
    base: String,
    pub cookies: BTreeMap<String, String>,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client of the service on a port whose public address is `base`.
    pub fn new(port: u16, base: &str) -> Self {
        Self { port, base: base.to_owned(), cookies: BTreeMap::new(), connection: None }
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, ("", &[]))
    }

    /// Posts a form from one of the service's own pages.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.ask("POST", path, ("application/x-www-form-urlencoded", body.as_bytes()))
    }

    /// Sends a request whose body, if it has one, is of this type.
    pub fn ask(&mut self, method: &str, path: &str, (content_type, body): (&str, &[u8])) -> io::Result<Answer> {
        use std::fmt::Write as _;
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost:{}\r\n", self.port);
        if !self.cookies.is_empty() {
            let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let _ = write!(text, "cookie: {}\r\n", line.join("; "));
        }
        if method == "POST" {
            let _ = write!(text, "origin: {}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n", self.base, body.len());
        }
        text.push_str("\r\n");
        let bytes = [text.as_bytes(), body].concat();
        let mut connection = match self.connection.take() {
            Some(open) => open,
            None => self.connect()?,
        };
        connection.get_mut().write_all(&bytes)?;
        let head = read_head(&mut connection)?;
        let body = read_body(&mut connection, &head)?;
        if head.header("connection") != "close" {
            self.connection = Some(connection);
        }
        self.take_cookies(&head);
        Ok(Answer {
            status: head.status,
            location: head.header("location").to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(BufReader::with_capacity(64 * 1024, stream))
    }

    fn take_cookies(&mut self, head: &Head) {
        for line in head.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value) {
            let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if value.is_empty() || rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Status and headers.
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

impl Head {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn read_line(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    if connection.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if !line.ends_with('\n') {
        return Err(broken("half a line"));
    }
    Ok(line.trim_end().to_owned())
}

fn read_head(connection: &mut BufReader<TcpStream>) -> io::Result<Head> {
    let first = read_line(connection)?;
    let status = first.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| broken("no status"))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(connection)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(Head { status, headers })
}

fn read_body(connection: &mut BufReader<TcpStream>, head: &Head) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if head.header("transfer-encoding") == "chunked" {
        loop {
            let size = usize::from_str_radix(&read_line(connection)?, 16).map_err(|_| broken("no size of a chunk"))?;
            let start = body.len();
            body.resize(start + size, 0);
            connection.read_exact(body.get_mut(start..).unwrap_or_default())?;
            read_line(connection)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    body.resize(head.header("content-length").parse().unwrap_or(0), 0);
    connection.read_exact(&mut body)?;
    Ok(body)
}

/// A port that nothing listens on now.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
