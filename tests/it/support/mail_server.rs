//! A mail server for tests of what leaves the outbox: it keeps what it was handed over whole, and tells at each command.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Runs at each command that a mail server gets, by its word, and at "taken" when it has a message whole.
pub type Hook = Arc<dyn Fn(&str) + Send + Sync>;

/// A mail server without encryption that keeps what it gets, until it is dropped.
pub struct Server {
    pub port: u16,
    pub letters: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub async fn start(port: u16, hook: Hook) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let letters: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&letters);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&kept), Arc::clone(&hook)));
            }
        });
        Self { port, letters, task }
    }

    pub async fn new() -> Self {
        Self::start(0, Arc::new(|_| {})).await
    }

    /// The Message-IDs that arrived, in order.
    pub fn ids(&self) -> Vec<String> {
        let letters = self.letters.lock().unwrap();
        let mut ids: Vec<String> = letters.iter().map(|l| header(l, "Message-ID").to_owned()).collect();
        ids.sort();
        ids
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One conversation, as RFC 5321 has it.
async fn talk(stream: TcpStream, letters: Arc<Mutex<Vec<String>>>, hook: Hook) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut answer = "220 mail.test";
    loop {
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
        let Ok(Some(line)) = lines.next_line().await else { return };
        let word = line.split(' ').next().unwrap_or_default();
        hook(word);
        answer = match word {
            "QUIT" => return,
            "DATA" => {
                if writer.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                let mut letter = String::new();
                // What ends before its full stop was not handed over.
                loop {
                    match lines.next_line().await {
                        Ok(Some(line)) if line == "." => break,
                        Ok(Some(line)) => {
                            letter.push_str(&line);
                            letter.push('\n');
                        }
                        Ok(None) | Err(_) => return,
                    }
                }
                letters.lock().unwrap().push(letter);
                hook("taken");
                "250 taken"
            }
            _ => "250 mail.test",
        };
    }
}

/// A header of a message that arrived.
pub fn header<'a>(letter: &'a str, name: &str) -> &'a str {
    letter.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_else(|| panic!("no {name} in\n{letter}"))
}
