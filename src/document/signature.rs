//! Signatures that anybody can check: Ed25519 in JSON Web Signatures (RFC 7515, RFC 8037), and the public keys for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::secret::seed_from_file;

/// What the name of a file with a public key ends with.
const PUBLIC: &str = ".public.json";

/// The key that certificates are signed with.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Ed25519KeyPair>,
    id: String,
}

impl SigningKey {
    /// The key of a seed of 32 secret bytes.
    pub fn from_seed(seed: [u8; 32]) -> anyhow::Result<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|e| anyhow!("The seed makes no key: {e}"))?;
        let id = thumbprint(&encoded(pair.public_key().as_ref()));
        Ok(Self { pair: Arc::new(pair), id })
    }

    /// The key in a file of 64 hexadecimal digits, made (readable by its owner alone) if it is not there.
    pub fn from_file(path: &Path) -> anyhow::Result<Self> {
        Self::from_seed(seed_from_file(path)?)
    }

    /// What the key is called in signatures: its thumbprint (RFC 7638).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A signature with the payload in it, in compact form: header, payload and signature, with dots between them. The
    /// same payload always gives the same one.
    #[must_use]
    pub fn sign(&self, payload: &[u8]) -> String {
        let header = json!({ "alg": "EdDSA", "kid": self.id });
        let signed = format!("{}.{}", encoded(header.to_string().as_bytes()), encoded(payload));
        let signature = self.pair.sign(signed.as_bytes());
        format!("{signed}.{}", encoded(signature.as_ref()))
    }

    /// The public half, as a JSON Web Key (RFC 7517, RFC 8037).
    #[must_use]
    pub fn jwk(&self) -> Value {
        let x = encoded(self.pair.public_key().as_ref());
        json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.id, "alg": "EdDSA", "use": "sig" })
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// RFC 7638 over the members that RFC 8037 names, in their order.
fn thumbprint(x: &str) -> String {
    encoded(&Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

/// The key that signs now, and the public keys of all that ever did, so that old certificates can still be checked.
#[derive(Clone)]
pub struct KeySet {
    current: SigningKey,
    retired: Vec<Value>,
}

impl KeySet {
    /// A key without predecessors.
    #[must_use]
    pub const fn new(current: SigningKey) -> Self {
        Self { current, retired: Vec::new() }
    }

    /// The key in a file, made if it is not there, and the public keys beside it.
    ///
    /// The public half of each key is kept beside its file as `<file>.<id>.public.json`. To sign with a new key, move
    /// the file away and start again: a new one is made, and what the old one signed stays good.
    pub fn from_file(path: &Path) -> anyhow::Result<Self> {
        let current = SigningKey::from_file(path)?;
        let public = beside(path, &format!(".{}{PUBLIC}", current.id()));
        if !public.exists() {
            let text = format!("{:#}\n", current.jwk());
            std::fs::write(&public, text).with_context(|| format!("The public key {} cannot be written", public.display()))?;
        }
        let mut retired = Vec::new();
        for file in public_files(path)? {
            let key = read_public(&file)?;
            if key.get("kid").and_then(Value::as_str) != Some(current.id()) {
                retired.push(key);
            }
        }
        Ok(Self { current, retired })
    }

    /// The key that signs now.
    #[must_use]
    pub const fn current(&self) -> &SigningKey {
        &self.current
    }

    /// The public keys as a JSON Web Key Set (RFC 7517), the one that signs now first.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let mut keys = vec![self.current.jwk()];
        keys.extend(self.retired.iter().cloned());
        json!({ "keys": keys })
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// The files with public keys beside a key, in order of their names.
fn public_files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let start = format!("{}.", path.file_name().unwrap_or_default().to_string_lossy());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("The folder {} cannot be read", folder.display()))? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(&start) && name.ends_with(PUBLIC) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn read_public(file: &Path) -> anyhow::Result<Value> {
    let text = std::fs::read_to_string(file).with_context(|| format!("The public key {} cannot be read", file.display()))?;
    let key: Value = serde_json::from_str(&text).with_context(|| format!("The public key {} is not JSON", file.display()))?;
    let told = key.get("kid").and_then(Value::as_str);
    let is_whole = public_bytes(&key).is_some() && key.get("x").and_then(Value::as_str).map(thumbprint).as_deref() == told;
    ensure!(is_whole, "{} must hold a public Ed25519 key whose kid is its RFC 7638 thumbprint", file.display());
    Ok(key)
}

fn public_bytes(key: &Value) -> Option<Vec<u8>> {
    let is = |member: &str, value: &str| key.get(member).and_then(Value::as_str) == Some(value);
    if !is("kty", "OKP") || !is("crv", "Ed25519") || key.get("d").is_some() {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(key.get("x")?.as_str()?).ok()?;
    (bytes.len() == 32).then_some(bytes)
}

/// The payload of a signature that one of the keys made; nothing if none did or anything about it is odd.
#[must_use]
pub fn verify(token: &str, jwks: &Value) -> Option<Vec<u8>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    if header.get("alg")?.as_str()? != "EdDSA" || header.get("crit").is_some() {
        return None;
    }
    let id = header.get("kid")?.as_str()?;
    let keys = jwks.get("keys")?.as_array()?;
    let key = keys.iter().find(|key| key.get("kid").and_then(Value::as_str) == Some(id))?;
    let public = UnparsedPublicKey::new(&ED25519, public_bytes(key)?);
    public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    URL_SAFE_NO_PAD.decode(payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example key of RFC 8037, appendix A.
    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    fn example() -> SigningKey {
        SigningKey::from_seed(URL_SAFE_NO_PAD.decode(SEED).unwrap().try_into().unwrap()).unwrap()
    }

    #[test]
    fn the_example_of_the_standard_has_the_public_key_and_thumbprint_it_says() {
        let key = example();
        assert_eq!(key.jwk()["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.id(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_signature_is_good_for_its_payload_and_key_only() {
        let key = example();
        let keys = KeySet::new(key.clone()).jwks();
        let token = key.sign(b"payload");
        assert_eq!(token, key.sign(b"payload"));
        assert_eq!(verify(&token, &keys).as_deref(), Some(b"payload".as_slice()));

        let parts: Vec<&str> = token.split('.').collect();
        let with = |header: &str| format!("{}.{}.{}", encoded(header.as_bytes()), parts[1], parts[2]);
        let id = key.id();
        for odd in [
            String::new(),
            format!("{}.{}.{}", parts[0], encoded(b"other"), parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{token}.{}", parts[2]),
            format!("{token}="),
            with(&format!(r#"{{"alg":"none","kid":"{id}"}}"#)),
            with(&format!(r#"{{"alg":"HS256","kid":"{id}"}}"#)),
            with(r#"{"alg":"EdDSA"}"#),
            SigningKey::from_seed([1; 32]).unwrap().sign(b"payload"),
        ] {
            assert_eq!(verify(&odd, &keys), None, "{odd}");
        }
        assert_eq!(verify(&token, &json!({ "keys": [] })), None);
    }

    #[test]
    fn a_signature_with_demands_of_its_own_is_refused() {
        let key = example();
        let header = json!({ "alg": "EdDSA", "kid": key.id(), "crit": ["exp"], "exp": 1 });
        let signed = format!("{}.{}", encoded(header.to_string().as_bytes()), encoded(b"payload"));
        let token = format!("{signed}.{}", encoded(key.pair.sign(signed.as_bytes()).as_ref()));
        assert_eq!(verify(&token, &KeySet::new(key).jwks()), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let path = std::env::temp_dir().join(format!("assured-signing-key-{}", std::process::id()));
        std::fs::remove_file(&path).ok();
        SigningKey::from_file(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        std::fs::write(&path, "too short").unwrap();
        let refused = SigningKey::from_file(&path).err().unwrap().to_string();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(mode & 0o777, 0o600);
        assert!(refused.contains("64 hexadecimal digits"), "{refused}");
    }
}
