//! Passwords, tokens, link signatures and new identifiers: the only source of randomness.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::domain::answer::hex;
use crate::domain::certificate::number::{ALPHABET, written};
use crate::domain::forecast::Seed;

/// A new identifier, in order of time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place at which identifiers are made")]
pub fn new_id() -> Uuid {
    REPEATABLE.try_with(Repeatable::id).unwrap_or_else(|_| Uuid::now_v7())
}

tokio::task_local! {
    static REPEATABLE: Repeatable;
}

/// Runs something whose identifiers and numbers of certificates follow from a seed: run twice, they are the same.
///
/// For what nobody relies on, such as a demonstration. Tokens, keys and passwords stay random.
pub async fn repeatable<F: Future>(seed: Seed, from: DateTime<Utc>, run: F) -> F::Output {
    let from = u64::try_from(from.timestamp_millis()).unwrap_or_default();
    REPEATABLE.scope(Repeatable { seed, from, made: Cell::new(0) }, run).await
}

/// Where what is repeatable comes from.
struct Repeatable {
    seed: Seed,
    /// The time of the first identifier in milliseconds; each later one has a millisecond of its own.
    from: u64,
    made: Cell<u64>,
}

impl Repeatable {
    fn bytes<const N: usize>(&self) -> [u8; N] {
        self.made.set(self.made.get() + 1);
        let seed = self.seed.with(self.made.get());
        let mut number = 0;
        std::array::from_fn(|_| {
            number += 1;
            let [first, ..] = seed.bits(number).to_be_bytes();
            first
        })
    }

    fn id(&self) -> Uuid {
        let bytes = self.bytes();
        uuid::Builder::from_unix_timestamp_millis(self.from + self.made.get(), &bytes).into_uuid()
    }
}

fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| anyhow!("The operating system gives no random numbers: {e}"))?;
    Ok(bytes)
}

/// A new session token: 256 random bits; only its hash is stored.
pub fn new_token() -> anyhow::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// The number of a new certificate: the year, and 60 random bits as 12 characters.
pub fn certificate_number(year: i32) -> anyhow::Result<String> {
    let letter = |byte: u8| ALPHABET.get(usize::from(byte % 32)).map(|b| char::from(*b));
    let bytes = REPEATABLE.try_with(Repeatable::bytes::<12>).map_or_else(|_| random(), Ok)?;
    let characters: String = bytes.into_iter().filter_map(letter).collect();
    Ok(written(year, &characters))
}

/// What is stored of a token.
#[must_use]
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// Signs the links of invitations and password resets, so that no link needs to be stored.
#[derive(Clone)]
pub struct LinkKey(Arc<[u8; 32]>);

impl LinkKey {
    /// A key of random bytes, good for as long as the process lives.
    pub fn random() -> anyhow::Result<Self> {
        Ok(Self(Arc::new(random()?)))
    }

    /// The key in a file of 64 hexadecimal digits, made (readable by its owner alone) if it is not there.
    pub fn from_file(path: &Path) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(seed_from_file(path)?)))
    }

    fn mac(&self, purpose: &str, id: Uuid) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).ok()?;
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(id.as_bytes());
        Some(mac)
    }

    /// The token of a link: the identifier and a signature over it for one purpose.
    #[must_use]
    pub fn sign(&self, purpose: &str, id: Uuid) -> String {
        let mut bytes = id.as_bytes().to_vec();
        if let Some(mac) = self.mac(purpose, id) {
            bytes.extend(mac.finalize().into_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The identifier in a token whose signature is right.
    #[must_use]
    pub fn verify(&self, purpose: &str, token: &str) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, signature) = bytes.split_at_checked(16)?;
        let id = Uuid::from_slice(id).ok()?;
        self.mac(purpose, id)?.verify_slice(signature).ok()?;
        Some(id)
    }

    /// The 6 digits that open a signatory's page: worked out from the link and the moment at which they were asked for,
    /// so that no code needs to be stored.
    #[must_use]
    pub fn signing_code(&self, id: Uuid, at: DateTime<Utc>) -> String {
        let Some(mut mac) = self.mac("signing-code", id) else { return String::new() };
        // A database keeps microseconds, no more.
        mac.update(&at.timestamp_micros().to_be_bytes());
        let code = mac.finalize().into_bytes().iter().take(8).fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        format!("{:06}", code % 1_000_000)
    }
}

/// The 32 secret bytes in a file of 64 hexadecimal digits, made (readable by its owner alone) if it is not there.
pub fn seed_from_file(path: &Path) -> anyhow::Result<[u8; 32]> {
    if !path.exists() {
        let text = hex(&random::<32>()?);
        write_private(path, &text).with_context(|| format!("The key file {} cannot be written", path.display()))?;
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("The key file {} cannot be read", path.display()))?;
    let text = text.trim();
    let bytes: Option<Vec<u8>> =
        text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok())).collect();
    let seed = bytes.and_then(|b| <[u8; 32]>::try_from(b).ok());
    seed.with_context(|| format!("The key file {} must hold 64 hexadecimal digits", path.display()))
}

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}

/// Hashes passwords with argon2id (19 MiB, 2 passes, 1 lane: the floor of the OWASP cheat sheet), two at a time.
#[derive(Clone)]
pub struct Passwords {
    memory_kib: u32,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// The strength for real use.
    #[must_use]
    pub fn strong() -> Self {
        Self { memory_kib: 19_456, turns: Arc::new(Semaphore::new(2)) }
    }

    /// A weak and quick one, for tests and the demonstration, whose people are not real.
    #[must_use]
    pub fn quick() -> Self {
        Self { memory_kib: 64, turns: Arc::new(Semaphore::new(2)) }
    }

    /// The hash of a new password, as text with its settings and salt.
    pub async fn hash(&self, password: String) -> anyhow::Result<String> {
        let memory = self.memory_kib;
        let _turn = self.turns.acquire().await?;
        tokio::task::spawn_blocking(move || {
            let salt = SaltString::encode_b64(&random::<16>()?).map_err(|e| anyhow!("{e}"))?;
            let hash = hasher(memory)?.hash_password(password.as_bytes(), &salt).map_err(|e| anyhow!("{e}"))?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether a password is the one that was hashed. Without a hash, a hash is worked out all the same, so that
    /// an unknown address takes as long as a wrong password.
    pub async fn matches(&self, password: String, hash: Option<String>) -> anyhow::Result<bool> {
        let Some(hash) = hash else {
            self.hash(password).await?;
            return Ok(false);
        };
        let _turn = self.turns.acquire().await?;
        tokio::task::spawn_blocking(move || {
            let parsed = PasswordHash::new(&hash).map_err(|e| anyhow!("{e}"))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
        })
        .await?
    }
}

fn hasher(memory_kib: u32) -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(memory_kib, 2, 1, Some(32)).map_err(|e| anyhow!("{e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[actix_web::test]
    async fn what_is_repeatable_is_so_only_within_and_in_order() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let make = async || (new_id(), certificate_number(2026).unwrap(), new_id(), new_token().unwrap());
        let one = repeatable(Seed::new(1), start, make()).await;
        let other = repeatable(Seed::new(1), start, make()).await;
        assert_eq!((one.0, &one.1, one.2), (other.0, &other.1, other.2));
        assert!(one.0 < one.2);
        assert_ne!(one.3, other.3, "a token is never repeatable");
        assert_ne!(one.0, repeatable(Seed::new(2), start, make()).await.0);
        assert_ne!(new_id(), new_id());
    }

    #[test]
    fn a_signing_code_belongs_to_one_link_one_moment_and_one_key() {
        let (key, other) = (LinkKey(Arc::new([7; 32])), LinkKey(Arc::new([8; 32])));
        let (id, at) = (Uuid::from_u128(1), DateTime::<Utc>::UNIX_EPOCH + Duration::microseconds(1_775_120_400_123_456));
        let code = key.signing_code(id, at);
        assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        assert_eq!(code, key.signing_code(id, at + Duration::nanoseconds(999)), "what a database does not keep counts for nothing");
        assert_ne!(code, key.signing_code(id, at + Duration::microseconds(1)));
        assert_ne!(code, key.signing_code(Uuid::from_u128(2), at));
        assert_ne!(code, other.signing_code(id, at));
    }
}
