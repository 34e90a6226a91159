//! The service in a process of its own, which a test can kill.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use assured::store::Address;

use crate::http_client::{Client, free_port};

/// A service that answers. Killed when dropped.
pub struct Service {
    child: Child,
    port: u16,
    base: String,
}

impl Service {
    /// The demonstration.
    pub fn demo(address: &Address, data: &Path) -> Self {
        Self::start(address, data, |port, _| vec!["demo".to_owned(), "--port".to_owned(), port.to_string()])
    }

    /// The service as it is run, with mail in memory.
    pub fn serve(address: &Address, data: &Path) -> Self {
        Self::serve_mailing(address, data, "memory")
    }

    /// The same with a mail setting.
    pub fn serve_mailing(address: &Address, data: &Path, mail: &str) -> Self {
        Self::start(address, data, |port, base| {
            let listen = format!("127.0.0.1:{port}");
            let words =
                ["serve", "--listen", &listen, "--public-address", base, "--mail", mail, "--workers", "2", "--log", "error"];
            words.map(str::to_owned).to_vec()
        })
    }

    fn start(address: &Address, data: &Path, words: impl FnOnce(u16, &str) -> Vec<String>) -> Self {
        let port = free_port().unwrap();
        let base = format!("http://localhost:{port}");
        let database = match address {
            Address::Sqlite(path) => format!("sqlite:{}", path.display()),
            Address::Postgres(url) => url.clone(),
        };
        let mut program = Command::new(env!("CARGO_BIN_EXE_assured"));
        program.args(words(port, &base)).args(["--database", &database, "--data"]).arg(data);
        let service = Self { child: program.stdout(Stdio::null()).spawn().unwrap(), port, base };
        let start = Instant::now();
        while !service.client().get("/health").is_ok_and(|a| a.status == 200) {
            assert!(start.elapsed() < Duration::from_mins(1), "the service is not ready");
            std::thread::sleep(Duration::from_millis(10));
        }
        service
    }

    /// A browser that nobody has logged in with.
    pub fn client(&self) -> Client {
        Client::new(self.port, &self.base)
    }

    /// Ends it without warning.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
        self.child.wait().unwrap();
    }
}
