// Starts the demonstration and a browser, and knows how to become one of the demonstration's people.

import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BINARY = resolve(ROOT, process.env.ASSURED_BIN || "target/debug/assured");
const BROWSERS = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Ends the run with a sentence. */
function give_up(sentence) {
  throw new Error(sentence);
}

/** Runs a script; what goes wrong is said without the place in the code. */
export async function run(script) {
  try {
    process.exitCode = (await script()) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof TypeError || error instanceof ReferenceError ? error.stack : error.message);
    process.exitCode = 1;
  }
}

/** The environment without settings of the service: the demonstration runs on its defaults. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ASSURED_")));
}

function check_binary() {
  try {
    accessSync(BINARY, constants.X_OK);
  } catch {
    give_up(`There is no program ${BINARY}. Run cargo build first, or set ASSURED_BIN to its path.`);
  }
}

/** Every state of every page, as the program lists them. */
export function list_pages() {
  check_binary();
  const run = spawnSync(BINARY, ["demo", "--list-pages"], { encoding: "utf8", env: environment(), maxBuffer: 64 * 1024 * 1024 });
  if (run.status !== 0) {
    give_up(`assured demo --list-pages failed.\n${run.stderr}`);
  }
  try {
    return JSON.parse(run.stdout);
  } catch (error) {
    return give_up(`assured demo --list-pages did not print JSON: ${error.message}\n${run.stdout.slice(0, 500)}`);
  }
}

function free_port() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Starts the demonstration with fresh data on a free port. */
async function start_demo(flags) {
  check_binary();
  const folder = mkdtempSync(join(tmpdir(), "assured-demo-"));
  const port = await free_port();
  const base = `http://localhost:${port}`;
  let said = "";
  const keep = (bytes) => {
    said = (said + bytes).slice(-20_000);
  };
  let child;
  let ended;
  const begin = async (more) => {
    child = spawn(BINARY, ["demo", "--data", join(folder, "data"), "--port", String(port), ...more, ...flags], {
      cwd: folder,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    ended = new Promise((done) => child.once("exit", done));
    const until = Date.now() + 90_000;
    while (Date.now() < until && child.exitCode === null) {
      try {
        const answer = await fetch(`${base}/health`);
        if (answer.ok) {
          return;
        }
      } catch {
        // Not listening yet.
      }
      await pause(100);
    }
    await stop();
    give_up(`The demonstration did not answer at ${base}/health.\n${said}`);
  };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(forced);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  await begin(["--fresh"]);
  // Killed without warning, and started again on the same data.
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { base, folder, stop, kill, restart: () => begin([]), said: () => said };
}

function browser_path() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of BROWSERS) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // The next one.
      }
    }
  }
  return give_up("There is no Chromium in PATH. Set CHROMIUM to its path.");
}

async function start_browser() {
  const profile = mkdtempSync(join(tmpdir(), "assured-browser-"));
  // Chromium's sandbox does not work for root.
  const flags = process.getuid?.() === 0 ? ["--no-sandbox", ...FLAGS] : FLAGS;
  const browser = await puppeteer.launch({
    executablePath: browser_path(),
    headless: true,
    args: flags,
    userDataDir: profile,
  });
  const stop = async () => {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  return { browser, stop };
}

/** The demonstration's people from the buttons of its log-in page: [{id, name, what}]. */
async function find_people(base) {
  const page = await (await fetch(`${base}/login`)).text();
  const plain = (html) => html.replaceAll("&#39;", "'").replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
  const people = [];
  for (const [, attributes, words] of page.matchAll(/<button\b([^>]*\bname="person"[^>]*)>([^<]*)/g)) {
    const id = /\bvalue="([^"]+)"/.exec(attributes)?.[1];
    const what = new RegExp(`id="about-${id}"[^>]*>([^<]*)`).exec(page)?.[1] ?? "";
    people.push({ id, name: plain(words).replace(/^Log in as /, ""), what: plain(what) });
  }
  if (people.length === 0) {
    give_up("The log-in page of the demonstration offers no people.");
  }
  return people;
}

/** Logs one of the demonstration's people in and gives the cookies of the session. */
export async function log_in(demo, person) {
  const found = demo.people.find((one) => one.name === person);
  if (!found) {
    throw new Error(`The demonstration has no ${person}. It has: ${demo.people.map((one) => one.name).join(", ")}.`);
  }
  const answer = await fetch(`${demo.base}/demo/login`, {
    method: "POST",
    headers: { Origin: demo.base, "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ person: found.id }),
    redirect: "manual",
  });
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [pair] = line.split(";");
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  if (answer.status !== 303 || cookies.length === 0) {
    throw new Error(`Logging ${person} in was answered with ${answer.status} and ${cookies.length} cookies.`);
  }
  return cookies;
}

/**
 * Runs `body` with a demonstration and a browser, and stops both whatever happens; `needs.flags` are given to the
 * demonstration, `needs.quiet` asks for a second one that has no products.
 */
export async function with_browser(body, needs = {}) {
  const stops = [];
  const stop_all = async () => {
    while (stops.length > 0) {
      await stops.pop()().catch((error) => console.error(error.message));
    }
  };
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => stop_all().finally(() => process.exit(1)));
  }
  try {
    const begin = async (...flags) => {
      const started = await start_demo(flags);
      stops.push(started.stop);
      return { ...started, people: await find_people(started.base) };
    };
    const demo = await begin(...(needs.flags ?? []));
    const quiet = needs.quiet ? await begin("--no-products") : undefined;
    const { browser, stop } = await start_browser();
    stops.push(stop);
    return await body({ browser, demo, quiet });
  } finally {
    await stop_all();
  }
}
