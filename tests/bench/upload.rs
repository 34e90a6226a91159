//! A signed agreement of 5 MB is sent: how long it takes, and how much memory it takes meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use assured::domain::calendar::london_date;
use chrono::Utc;
use lopdf::{Document, Object, Stream, dictionary};

use crate::http_client::Client;
use crate::seed::Plan;
use crate::service::{Service, memory};

/// Size of the file, in bytes.
const SIZE: usize = 5_000_000;
/// Pages of the file: more than the agreement has.
const PAGES: usize = 20;
const UPLOADS: u64 = 20;
const EDGE: &str = "an-edge-that-is-in-no-file";

/// What sending took.
pub struct Upload {
    pub p50: Duration,
    pub p95: Duration,
    /// How far the service's memory rose above what was resident before the uploads, in megabytes.
    pub rise: f64,
    /// The most that the process took that looks into the file, in megabytes.
    pub inspection: f64,
}

/// Sends the agreement again and again; a reviewer returns it in between.
pub fn measure(service: &Service, plan: &Plan) -> anyhow::Result<Upload> {
    let supplier = plan.suppliers.first().context("a supplier")?;
    let mut owner = service.at.client(&supplier.token);
    let mut reviewer = service.at.client(plan.reviewers.first().context("a reviewer")?);
    let address = format!("/products/{}/agreement", supplier.unsigned.first().context("an agreement")?);
    send(&mut owner, &address, 0)?;
    give_back(&mut reviewer, &address)?;
    let before = service.resident()?;
    service.forget_peak()?;
    let is_over = Arc::new(AtomicBool::new(false));
    let watch = std::thread::spawn({
        let (process, is_over) = (service.id(), Arc::clone(&is_over));
        move || watch(process, &is_over)
    });
    let mut times = Vec::new();
    for number in 1..=UPLOADS {
        times.push(send(&mut owner, &address, number)?);
        give_back(&mut reviewer, &address)?;
    }
    is_over.store(true, Ordering::Relaxed);
    let inspection = watch.join().ok().context("the watch of memory")?;
    times.sort_unstable();
    let rank = |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default();
    Ok(Upload { p50: rank(50), p95: rank(95), rise: service.peak()? - before, inspection })
}

/// Sends the file of a number. Returns how long it took.
fn send(owner: &mut Client, address: &str, number: u64) -> anyhow::Result<Duration> {
    let page = owner.get(&format!("{address}/signature"))?;
    let issued = page.hidden("issued").context("the document that was issued")?;
    let on = london_date(Utc::now());
    let fields = [
        ("issued", issued),
        ("signed-on-day", on.format("%-d").to_string()),
        ("signed-on-month", on.format("%-m").to_string()),
        ("signed-on-year", on.format("%Y").to_string()),
        ("authorised", "yes".to_owned()),
    ];
    let mut body = Vec::with_capacity(SIZE + 4096);
    for (name, value) in fields {
        body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"copy\"; filename=\"signed.pdf\"\r\n\r\n").bytes());
    body.extend(scan(number)?);
    body.extend(format!("\r\n--{EDGE}--\r\n").bytes());
    let start = Instant::now();
    let answer = owner.ask("POST", &format!("{address}/signature"), (&format!("multipart/form-data; boundary={EDGE}"), &body))?;
    let time = start.elapsed();
    ensure!(answer.status == 303, "the signed agreement was answered with {}:\n{}", answer.status, answer.body);
    Ok(time)
}

fn give_back(reviewer: &mut Client, address: &str) -> anyhow::Result<()> {
    let check = format!("{address}/check");
    let copy = reviewer.get(&check)?.hidden("copy").context("the signed copy")?;
    let fields = [("copy", copy.as_str()), ("decision", "return"), ("reason", "Page 2 cannot be read.")];
    let answer = reviewer.post(&check, &fields)?;
    ensure!(answer.status == 303, "returning was answered with {}:\n{}", answer.status, answer.body);
    Ok(())
}

/// Bytes that look like chance, and are the same in every run (Marsaglia, "Xorshift RNGs", 2003).
fn noise(seed: u64) -> impl Iterator<Item = u8> {
    let step = |state: &u64| {
        let a = state ^ (state << 13);
        let b = a ^ (a >> 7);
        Some(b ^ (b << 17))
    };
    std::iter::successors(Some(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)), step).skip(8).flat_map(u64::to_be_bytes)
}

/// A scan: pages with one picture each, whose bytes cannot be packed.
fn scan(number: u64) -> anyhow::Result<Vec<u8>> {
    let mut file = Document::with_version("1.7");
    let tree = file.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    let mut noise = noise(number);
    for _ in 0..PAGES {
        let scanned: Vec<u8> = noise.by_ref().take(SIZE / PAGES).collect();
        let picture = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 500, "Height" => 500,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8, "Filter" => "DCTDecode",
        };
        let picture = file.add_object(Stream::new(picture, scanned).with_compression(false));
        let content = file.add_object(Stream::new(dictionary! {}, b"595 0 0 842 0 0 cm /Scan Do".to_vec()));
        let page = file.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            "Contents" => content, "Resources" => dictionary! { "XObject" => dictionary! { "Scan" => picture } },
        });
        kids.push(page.into());
    }
    let count = i64::try_from(PAGES)?;
    file.objects.insert(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }.into());
    let catalog = file.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    file.trailer.set("Root", catalog);
    let mut bytes = Vec::with_capacity(SIZE + 64 * 1024);
    file.save_to(&mut bytes)?;
    Ok(bytes)
}

fn is_inspection(process: u32) -> bool {
    let line = std::fs::read_to_string(format!("/proc/{process}/cmdline")).unwrap_or_default();
    line.split('\0').nth(1) == Some("check-pdf")
}

/// The most memory that any child of a process took, in megabytes, looked at a thousand times a second.
fn watch(process: u32, is_over: &AtomicBool) -> f64 {
    let mut most: f64 = 0.0;
    while !is_over.load(Ordering::Relaxed) {
        for thread in std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            // Before it runs its own program, a child shows the memory of its parent.
            let ids = children.split_whitespace().filter_map(|id| id.parse().ok()).filter(|id| is_inspection(*id));
            most = ids.filter_map(|id| memory(id, "VmHWM:").ok()).fold(most, f64::max);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    most
}
