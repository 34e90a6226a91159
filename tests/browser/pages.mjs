// Looks at every state of every page, wide and narrow: accessibility, reflow, HTML, console, network.
//
//   node pages.mjs                 everything
//   node pages.mjs --only WORDS    states whose name or route contains the words
//   node pages.mjs --shots FOLDER  keeps a picture of each state at each width

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { list_pages, log_in, run, with_browser } from "./setup.mjs";

const WIDTHS = [
  { width: 1280, height: 900 },
  { width: 320, height: 640 },
];
const AT_ONCE = 2;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_OPTIONS = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  // Off unless asked for.
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations", "incomplete"],
};

// What axe leaves to people, and people found right; anything else that it leaves open is a fault. Two are the contrast
// of #212b32 on light grounds (at least 9.9 to 1), hidden from axe by a drawing and by the transparent input over a label.
// The third are the dots of a pagination, one character and so too short for axe: #4c6272 on #f0f4f5, 5.7 to 1.
const DECIDED = { "color-contrast": "svg text, .nhsuk-radios__label, .nhsuk-checkboxes__label, .nhsuk-pagination__item--ellipsis" };

/** Widest spacing that text must bear (WCAG 1.4.12). */
const SPACING = `
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }
`;

/** Runs in the page: what is wrong with its HTML. */
function faults_of_html() {
  const faults = [];
  const seen = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (seen.has(id)) {
      faults.push(`the id ${id} is there twice`);
    }
    seen.add(id);
  }
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) {
    faults.push(`there are ${headings} h1`);
  }
  if (document.documentElement.lang !== "en") {
    faults.push("the language is not said");
  }
  if (document.title.trim() === "" || /\{\{|\}\}|undefined/.test(document.title)) {
    faults.push(`the title is “${document.title}”`);
  }
  for (const link of document.querySelectorAll("a[href*='#']")) {
    const url = new URL(link.href);
    const same = url.origin === location.origin && url.pathname === location.pathname;
    const id = decodeURIComponent(url.hash.slice(1));
    if (same && id !== "" && !document.getElementById(id)) {
      faults.push(`a link leads to #${id}, which is not on the page`);
    }
  }
  for (const attribute of ["aria-describedby", "aria-labelledby", "for"]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) {
          faults.push(`${attribute} names ${id}, which is not on the page`);
        }
      }
    }
  }
  return faults;
}

/** Runs in the page: what is wider than the window. */
function faults_of_width() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) {
    return [];
  }
  const reach = (e) => e.getBoundingClientRect().left + Math.max(e.scrollWidth, e.offsetWidth);
  const wide = [...document.querySelectorAll("main *, header *, footer *")].filter((e) => reach(e) > root.clientWidth + 1);
  const named = wide.slice(-3).map((e) => `${e.localName}${e.id && `#${e.id}`}${e.classList.length > 0 ? `.${e.classList[0]}` : ""}`);
  return [`${root.scrollWidth} px wide in a window of ${root.clientWidth} px (${named.join(", ")})`];
}

/** Runs in the page: puts the widest text spacing on, or takes it off. */
function space_text(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = css === "" ? [] : [sheet];
  // The header measures its menu only then.
  window.dispatchEvent(new Event("resize"));
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}

/** Collects what the browser complains about. */
function listen(page) {
  const heard = { faults: [], status: 0 };
  page.on("console", (message) => {
    // The page itself may be meant to be a 404; its status is compared separately.
    const own = message.location().url === page.url() && message.text().startsWith("Failed to load resource");
    if (["error", "warn"].includes(message.type()) && !own) {
      heard.faults.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => heard.faults.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => heard.faults.push(`${request.url()} failed: ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    const request = response.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      heard.status = response.status();
    } else if (response.status() >= 400) {
      heard.faults.push(`${response.url()} was answered with ${response.status()}`);
    }
  });
  return heard;
}

async function find(page, selector) {
  const element = await page.$(selector);
  if (!element) {
    throw new Error(`nothing on the page is ${selector}`);
  }
  return element;
}

/** The code in the newest e-mail that has one. */
async function mailed_code(demo) {
  const mail = await (await fetch(new URL("/demo/mail?only=links", demo.base))).text();
  const code = /Your code is (\d{6})\./.exec(mail);
  if (!code) {
    throw new Error("no e-mail has a code");
  }
  return code[1];
}

/** Does what the registry says must be done to reach a state. */
async function take_step(page, demo, step) {
  if (step.fill || step.code) {
    const field = await find(page, step.fill ?? step.code);
    const text = step.fill ? (step.text ?? "") : await mailed_code(demo);
    await field.evaluate((element, typed) => {
      element.value = typed;
      element.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  } else if (step.tick) {
    await (await find(page, step.tick)).evaluate((element) => element.checked || element.click());
  } else if (step.press) {
    const control = await find(page, step.press);
    const leaves = await control.evaluate((e) => e.matches("a[href], button:not([type=button]), input[type=submit]"));
    const left = leaves ? page.waitForNavigation({ waitUntil: "load", timeout: 20_000 }) : Promise.resolve();
    await Promise.all([left, control.evaluate((e) => e.click())]);
  } else {
    throw new Error(`the step ${JSON.stringify(step)} is not known`);
  }
}

async function reach(page, demo, state, heard) {
  if (state.person && state.person !== "nobody") {
    const cookies = await log_in(demo, state.person);
    await page.setCookie(...cookies.map((cookie) => ({ ...cookie, url: demo.base })));
  }
  await page.goto(new URL(state.address, demo.base).href, { waitUntil: "load", timeout: 20_000 });
  for (const step of state.steps ?? []) {
    await take_step(page, demo, step);
  }
  const expected = state.expect ?? 200;
  if (heard.status !== expected) {
    heard.faults.push(`answered with ${heard.status} instead of ${expected}`);
  }
}

/** Runs in the page: what axe found, in short. */
async function run_axe(options, decided) {
  const result = await axe.run(document, options);
  const short = ({ id, help, nodes }) => ({ id, help, targets: nodes.map((node) => node.target.join(" ")) });
  const is_open = (id) => (target) => !(id in decided && document.querySelector(target)?.matches(decided[id]));
  const left = result.incomplete.map(short);
  return {
    violations: result.violations.map(short),
    open: left.map((found) => ({ ...found, targets: found.targets.filter(is_open(found.id)) })).filter((found) => found.targets.length > 0),
    left: left.reduce((sum, found) => sum + found.targets.length, 0),
  };
}

async function ask_axe(page, tally) {
  await page.evaluate(AXE);
  const { violations, open, left } = await page.evaluate(run_axe, AXE_OPTIONS, DECIDED);
  tally.left += left;
  const words = ({ id, help, targets }) => `${id}: ${help} – ${targets.slice(0, 3).join("; ")}`;
  return [...violations.map((found) => `axe ${words(found)}`), ...open.map((found) => `axe cannot decide ${words(found)}`)];
}

/** Everything that is wrong with a state, and nothing if all is right. */
async function look_at(context, demo, state, { shots, tally }) {
  const page = await context.newPage();
  const heard = listen(page);
  const faults = [];
  try {
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await page.setViewport(WIDTHS[0]);
    await reach(page, demo, state, heard);
    faults.push(...(await page.evaluate(faults_of_html)));
    for (const size of WIDTHS) {
      const at = (list) => list.map((fault) => `at ${size.width} px: ${fault}`);
      await page.setViewport(size);
      await page.evaluate(space_text, "");
      faults.push(...at(await page.evaluate(faults_of_width)));
      faults.push(...at(await ask_axe(page, tally)));
      if (shots) {
        await page.screenshot({ path: join(shots, `${state.name.replace(/[^\w-]+/g, "-")}-${size.width}.png`), fullPage: true });
      }
      await page.evaluate(space_text, SPACING);
      faults.push(...at(await page.evaluate(faults_of_width)).map((fault) => `${fault}, with wide text spacing`));
    }
  } catch (error) {
    faults.push(error.message);
  }
  await page.close();
  return [...new Set([...heard.faults, ...faults])];
}

async function look_at_all({ browser, demo, quiet }, states, settings) {
  const results = new Array(states.length);
  let next = 0;
  const work = async () => {
    while (next < states.length) {
      const mine = next;
      next += 1;
      const context = await browser.createBrowserContext();
      results[mine] = await look_at(context, states[mine].is_quiet ? quiet : demo, states[mine], settings);
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

function report(states, results) {
  const columns = states.map((s, i) => [results[i].length === 0 ? "ok" : "FAULT", s.name, s.person || "nobody", s.address]);
  const widest = [0, 1, 2].map((c) => Math.max(...columns.map((row) => row[c].length)));
  for (const [i, row] of columns.entries()) {
    console.log(row.map((cell, c) => (c < 3 ? cell.padEnd(widest[c]) : cell)).join("  "));
    for (const fault of results[i]) {
      console.log(`       ${fault}`);
    }
  }
}

await run(async () => {
  const { values } = parseArgs({ options: { shots: { type: "string" }, only: { type: "string" } } });
  const shots = values.shots && resolve(values.shots);
  if (shots) {
    mkdirSync(shots, { recursive: true });
  }
  const only = values.only ?? "";
  const states = list_pages().filter((state) => state.name.includes(only) || state.route.includes(only));
  if (states.length === 0) {
    throw new Error("There is no state of a page to look at.");
  }
  const tally = { left: 0 };
  const needs = { quiet: states.some((state) => state.is_quiet) };
  const results = await with_browser((tools) => look_at_all(tools, states, { shots, tally }), needs);
  report(states, results);
  const faulty = results.filter((faults) => faults.length > 0).length;
  console.log(`\n${states.length} states at ${WIDTHS.map((w) => w.width).join(" and ")} px, ${faulty} with faults.`);
  console.log(`axe left ${tally.left} places to people, who looked at them.`);
  return faulty === 0;
});
