//! Makes the assets: takes the style sheet, script and icons of `nhsuk-frontend` and our own files from `static/`,
//! names each by its content, compresses it and writes `assets.rs` for `src/web/assets.rs` to include.

use std::borrow::Cow;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// The npm package that the pages are built with.
const PACKAGE: &str = "nhsuk-frontend";

/// Names a folder that holds the unpacked package, for builds without npm or a network.
const PACKAGE_VARIABLE: &str = "ASSURED_NHSUK_FRONTEND";

/// Where the package's style sheet expects its images.
const PACKAGE_IMAGES: &str = "/assets/images/";

/// The package's style sheet fetches two fonts that are licensed to NHS sites only.
const FONT_RULES: usize = 2;

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nThe assets could not be made.\n{problem}\n");
            ExitCode::FAILURE
        }
    }
}

/// The parts of our script: what the page calls each, and where it is.
const SCRIPT_PARTS: [(&str, &str); 5] = [
    ("copyLinks", "copy-links.js"),
    ("drafts", "drafts.js"),
    ("session", "session.js"),
    ("shortcuts", "shortcuts.js"),
    ("standardReplies", "standard-replies.js"),
];

fn build() -> Outcome<()> {
    let root = folder_from("CARGO_MANIFEST_DIR")?;
    let out = folder_from("OUT_DIR")?;
    let own = root.join("static");
    for input in [
        "build.rs",
        "static/app.css",
        "static/app.js",
        "static/copy-links.js",
        "static/drafts.js",
        "static/favicon.svg",
        "static/js-enabled.js",
        "static/package-lock.json",
        "static/run-sheet.js",
        "static/session.js",
        "static/shortcuts.js",
        "static/standard-replies.js",
    ] {
        println!("cargo:rerun-if-changed={input}");
    }
    println!("cargo:rerun-if-env-changed={PACKAGE_VARIABLE}");

    let package = find_package(&root, &own)?;
    // Tests read the fixtures that the package brings.
    println!("cargo:rustc-env=NHSUK_FRONTEND={}", package.display());
    let package = package.join("dist/nhsuk");
    let mut assets = Assets::new(out);

    let style = without_fonts(&text(&package.join("nhsuk-frontend.min.css"))?)?;
    for image in images(&style)? {
        let content = text(&package.join("assets/images").join(&image))?;
        assets.add(&image, SVG, &content)?;
    }
    assets.add("nhsuk-frontend.css", CSS, without_source_map(&style))?;
    let script = text(&package.join("nhsuk-frontend.min.js"))?;
    assets.add("nhsuk-frontend.js", JAVASCRIPT, without_source_map(&script))?;

    assets.add("favicon.svg", SVG, &text(&own.join("favicon.svg"))?)?;
    assets.add("app.css", CSS, &small_style(&text(&own.join("app.css"))?)?)?;
    assets.add("js-enabled.js", JAVASCRIPT, &text(&own.join("js-enabled.js"))?)?;
    let mut script = text(&own.join("app.js"))?;
    for (name, file) in SCRIPT_PARTS {
        script = format!("{script}\nfunction {name}() {{\n{}}}\n", text(&own.join(file))?);
    }
    assets.add("app.js", JAVASCRIPT, &script)?;
    assets.add("run-sheet.js", JAVASCRIPT, &text(&own.join("run-sheet.js"))?)?;
    assets.finish()
}

/// The folder of the unpacked package, in the version of the lock file; fetched with npm when it is not there.
fn find_package(root: &Path, own: &Path) -> Outcome<PathBuf> {
    let lock = text(&own.join("package-lock.json"))?;
    let wanted = version_after(&lock, &format!("\"node_modules/{PACKAGE}\""))
        .ok_or_else(|| format!("static/package-lock.json does not name {PACKAGE}."))?;

    if let Some(folder) = env::var_os(PACKAGE_VARIABLE) {
        let folder = root.join(folder);
        return match installed_version(&folder) {
            Some(found) if found == wanted => Ok(folder),
            Some(found) => Err(format!(
                "{PACKAGE_VARIABLE} names a folder with {PACKAGE} {found}, but static/package-lock.json asks for {wanted}."
            )),
            None => Err(format!(
                "{PACKAGE_VARIABLE} must name a folder with the unpacked npm package {PACKAGE} {wanted}, \
                 but there is no package.json in {}.",
                folder.display()
            )),
        };
    }

    let folder = own.join("node_modules").join(PACKAGE);
    if installed_version(&folder).as_deref() != Some(wanted) {
        fetch(own, wanted)?;
        if installed_version(&folder).as_deref() != Some(wanted) {
            return Err(format!("npm ran, but {PACKAGE} {wanted} is not in {}.", folder.display()));
        }
    }
    Ok(folder)
}

fn fetch(own: &Path, wanted: &str) -> Outcome<()> {
    let other_way = format!(
        "Or unpack the npm package {PACKAGE} {wanted} yourself and set {PACKAGE_VARIABLE} to the folder with its package.json."
    );
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let run = Command::new(npm).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(own).output().map_err(
        |error| {
            format!(
                "The build needs npm to fetch the package {PACKAGE} {wanted}, and npm did not start ({error}).\n\
                 Install Node.js 22 or later, which brings npm, and build again.\n{other_way}"
            )
        },
    )?;
    if run.status.success() {
        return Ok(());
    }
    Err(format!(
        "\"npm ci\" in {} failed. Check that the npm registry can be reached and build again.\n{other_way}\n\nnpm said:\n{}",
        own.display(),
        String::from_utf8_lossy(&run.stderr)
    ))
}

fn installed_version(package: &Path) -> Option<String> {
    let description = fs::read_to_string(package.join("package.json")).ok()?;
    version_after(&description, &format!("\"{PACKAGE}\"")).map(str::to_owned)
}

/// The first version after a marker in a file that npm wrote.
fn version_after<'a>(json: &'a str, marker: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(marker)?;
    let (_, rest) = rest.split_once("\"version\"")?;
    rest.split('"').nth(1)
}

fn without_fonts(style: &str) -> Outcome<String> {
    let mut kept = String::with_capacity(style.len());
    let mut rest = style;
    let mut found = 0;
    while let Some((before, rule)) = rest.split_once("@font-face{") {
        kept.push_str(before);
        rest = rule.split_once('}').map_or("", |(_, after)| after);
        found += 1;
    }
    kept.push_str(rest);
    if found == FONT_RULES && !kept.contains("https://") {
        Ok(kept)
    } else {
        Err(format!(
            "The style sheet of {PACKAGE} has {found} font rules where {FONT_RULES} are expected, or fetches from another host: \
             look at what changed."
        ))
    }
}

/// The map is not served, so nothing should ask for it.
fn without_source_map(content: &str) -> &str {
    let end = content.rfind("//# sourceMappingURL=").or_else(|| content.rfind("/*# sourceMappingURL="));
    end.and_then(|end| content.get(..end)).unwrap_or(content)
}

/// Our style sheet without comments and without spaces that mean nothing. Spaces are taken only where they never mean
/// anything: beside `{`, `}`, `;` and `,`, and after the colon of a declaration. Words in quotes are not looked into, so
/// there may be none with spaces.
fn small_style(style: &str) -> Outcome<String> {
    let mut plain = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").ok_or("static/app.css has a comment without an end.")?.1;
    }
    plain.push_str(rest);
    if plain.split('"').skip(1).step_by(2).any(|quoted| quoted.contains(char::is_whitespace)) || plain.contains('\'') {
        return Err(String::from(
            "static/app.css has words in quotes, or single quotes, which the build does not know how to pack.",
        ));
    }
    let mut small = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ["{", "}", ";", ","] {
        for spaced in [format!(" {mark}"), format!("{mark} ")] {
            small = small.replace(&spaced, mark);
        }
    }
    Ok(small.replace(": ", ":").replace(";}", "}"))
}

/// The names of the images that the package's style sheet refers to.
fn images(style: &str) -> Outcome<Vec<String>> {
    let mut names: Vec<String> =
        style.split(PACKAGE_IMAGES).skip(1).filter_map(|after| after.split(')').next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    match names.iter().find(|name| !is_svg(name)) {
        Some(name) => Err(format!("The style sheet of {PACKAGE} refers to {name:?}, which is not a plain SVG file.")),
        None => Ok(names),
    }
}

fn is_svg(name: &str) -> bool {
    let stem = name.strip_suffix(".svg").unwrap_or_default();
    !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The assets so far. One may refer to those before it by `/assets/<name>`.
struct Assets {
    out: PathBuf,
    addresses: Vec<(String, String)>,
    source: String,
}

impl Assets {
    fn new(out: PathBuf) -> Self {
        Self { out, addresses: Vec::new(), source: String::from("/// Every asset.\npub static ASSETS: &[Asset] = &[\n") }
    }

    fn add(&mut self, name: &str, content_type: &str, content: &str) -> Outcome<()> {
        let content = self.with_addresses(name, content)?;
        let plain = content.as_bytes();
        let file = hashed(name, plain)?;
        let path = format!("/assets/{file}");

        self.write(&file, plain)?;
        let brotli = self.write_if_smaller(&format!("{file}.br"), &brotli(plain)?, plain)?;
        let gzip = self.write_if_smaller(&format!("{file}.gz"), &gzip(plain)?, plain)?;
        write!(
            self.source,
            "    Asset {{\n        name: {name:?},\n        path: {path:?},\n        content_type: {content_type:?},\n        \
             plain: include_bytes!({file:?}),\n        brotli: {brotli},\n        gzip: {gzip},\n    }},\n"
        )
        .map_err(|error| error.to_string())?;
        self.addresses.push((name.to_owned(), path));
        Ok(())
    }

    /// Puts the addresses with hashes in place of the names.
    fn with_addresses<'a>(&self, name: &str, content: &'a str) -> Outcome<Cow<'a, str>> {
        let mut content = Cow::Borrowed(content);
        for (other, path) in &self.addresses {
            for reference in [format!("{PACKAGE_IMAGES}{other}"), format!("/assets/{other}")] {
                if content.contains(&reference) {
                    content = Cow::Owned(content.replace(&reference, path));
                }
            }
        }
        let unknown = content.split("/assets/").skip(1).find(|after| {
            !self.addresses.iter().any(|(_, path)| path.get("/assets/".len()..).is_some_and(|file| after.starts_with(file)))
        });
        match unknown {
            Some(after) => {
                let reference: String = after.chars().take(40).collect();
                Err(format!("{name} refers to /assets/{reference}…, which is not an asset that was made before it."))
            }
            None => Ok(content),
        }
    }

    fn write(&self, file: &str, content: &[u8]) -> Outcome<()> {
        let path = self.out.join(file);
        fs::write(&path, content).map_err(|error| format!("{} could not be written: {error}", path.display()))
    }

    fn write_if_smaller(&self, file: &str, packed: &[u8], plain: &[u8]) -> Outcome<String> {
        if packed.len() >= plain.len() {
            return Ok(String::from("None"));
        }
        self.write(file, packed)?;
        Ok(format!("Some(include_bytes!({file:?}))"))
    }

    fn finish(mut self) -> Outcome<()> {
        self.source.push_str("];\n");
        self.write("assets.rs", self.source.as_bytes())
    }
}

/// `app.css` becomes `app-0123456789abcdef.css`.
fn hashed(name: &str, content: &[u8]) -> Outcome<String> {
    let (stem, extension) = name.rsplit_once('.').ok_or_else(|| format!("{name} has no extension."))?;
    let hash = Sha256::digest(content).iter().take(8).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    Ok(format!("{stem}-{hash}.{extension}"))
}

fn brotli(plain: &[u8]) -> Outcome<Vec<u8>> {
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*plain, &mut packed, &settings).map_err(|error| error.to_string())?;
    Ok(packed)
}

fn gzip(plain: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).map_err(|error| error.to_string())?;
    encoder.finish().map_err(|error| error.to_string())
}

fn text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("{} could not be read: {error}", path.display()))
}

fn folder_from(name: &str) -> Outcome<PathBuf> {
    env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("{name} is not set: run this with cargo."))
}
