// Looks at every state of every page, wide and narrow: accessibility, reflow, keyboard, forced colours, motion, HTML, words,
// weight, console, network.
//
//   node pages.mjs                 everything
//   node pages.mjs --only WORDS    states whose name or route contains the words
//   node pages.mjs --shots FOLDER  keeps a picture of each state at each width, and in forced colours
//   node pages.mjs --notes         says of each state how many bytes it has and how easy it is to read

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { look_in_forced_colours } from "./checks/colours.mjs";
import { faults_of_fields, faults_of_headings, faults_of_html, shared_titles } from "./checks/html.mjs";
import { faults_of_keyboard } from "./checks/keyboard.mjs";
import { faults_of_motion } from "./checks/motion.mjs";
import { faults_of_shapes, known_shapes } from "./checks/shapes.mjs";
import { LAYOUT, faults_of_layout, faults_of_weight, watch_shifts, weigh } from "./checks/weight.mjs";
import { faults_of_words, own_words, reading_ease } from "./checks/words.mjs";
import { list_pages, run, with_browser } from "./setup.mjs";
import { listen, reach } from "./states.mjs";

const WIDTHS = [
  { width: 1280, height: 900 },
  { width: 320, height: 640 },
];
const AT_ONCE = 2;
const SHAPES = known_shapes();
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

// Places that axe leaves to people on one page at one width: more than on any page that people have looked at is a fault.
const MOST_LEFT = 30;

// Parts of pages that hold what somebody typed.
const TYPED = ".app-said__text, .app-typed, .app-diff__text, .app-letter, [data-typed]";

/** Widest spacing that text must bear (WCAG 1.4.12). */
const SPACING = `
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }
`;

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
  tally.most = Math.max(tally.most, left);
  const words = ({ id, help, targets }) => `${id}: ${help} – ${targets.slice(0, 3).join("; ")}`;
  const faults = [...violations.map((found) => `axe ${words(found)}`), ...open.map((found) => `axe cannot decide ${words(found)}`)];
  return left > MOST_LEFT ? [...faults, `axe leaves ${left} places to people: at most ${MOST_LEFT} on a page`] : faults;
}

/** What is wrong with a page as it came, before anybody does anything with it. */
async function look_once(page, scale, base, note) {
  const weight = faults_of_weight(scale, base);
  const text = await page.evaluate(own_words, TYPED);
  Object.assign(note, { bytes: weight.page, ease: reading_ease(text), title: await page.title() });
  const faults = [...weight.faults, ...faults_of_words(text), ...(await page.evaluate(faults_of_layout, LAYOUT))];
  faults.push(...(await page.evaluate(faults_of_shapes, SHAPES)));
  for (const check of [faults_of_html, faults_of_headings, faults_of_fields, faults_of_motion]) {
    faults.push(...(await page.evaluate(check)));
  }
  return faults;
}

/** What is wrong with a page at one width. */
async function look_at_width(page, size, tally, see) {
  await page.setViewport(size);
  await page.evaluate(space_text, "");
  const faults = await page.evaluate(faults_of_width);
  faults.push(...(await ask_axe(page, tally)));
  await see(`${size.width}`);
  await page.evaluate(space_text, SPACING);
  faults.push(...(await page.evaluate(faults_of_width)).map((fault) => `${fault}, with wide text spacing`));
  await page.evaluate(space_text, "");
  return faults.map((fault) => `at ${size.width} px: ${fault}`);
}

/** Everything that is wrong with a state, and nothing if all is right; and what is worth knowing about it. */
async function look_at(context, demo, state, { shots, tally }) {
  const page = await context.newPage();
  const heard = listen(page);
  const faults = [];
  const note = { person: state.person };
  const see = async (what) => {
    if (shots) {
      await page.screenshot({ path: join(shots, `${state.name.replace(/[^\w-]+/g, "-")}-${what}.png`), fullPage: true });
    }
  };
  try {
    const scale = await weigh(page);
    await page.evaluateOnNewDocument(watch_shifts);
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await page.setViewport(WIDTHS[0]);
    await reach(page, demo, state, heard);
    Object.assign(note, { status: heard.status, path: new URL(page.url()).pathname });
    faults.push(...(await look_once(page, scale, demo.base, note)));
    faults.push(...(await faults_of_keyboard(page)));
    faults.push(...(await look_in_forced_colours(page, () => see("forced"))));
    for (const size of WIDTHS) {
      faults.push(...(await look_at_width(page, size, tally, see)));
    }
  } catch (error) {
    faults.push(error.message);
  }
  await page.close();
  return { note, faults: [...new Set([...heard.faults, ...faults])] };
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
  for (const [number, fault] of shared_titles(results.map((result) => result.note))) {
    results[number].faults.push(fault);
  }
  return results;
}

function report(states, results, is_noted) {
  const columns = states.map((s, i) => [results[i].faults.length === 0 ? "ok" : "FAULT", s.name, s.person || "nobody", s.address]);
  const widest = [0, 1, 2].map((c) => Math.max(...columns.map((row) => row[c].length)));
  for (const [i, row] of columns.entries()) {
    const { bytes, ease } = results[i].note;
    const noted = is_noted ? `  ${bytes} bytes, reading ease ${ease ?? "–"}` : "";
    console.log(row.map((cell, c) => (c < 3 ? cell.padEnd(widest[c]) : cell)).join("  ") + noted);
    for (const fault of results[i].faults) {
      console.log(`       ${fault}`);
    }
  }
}

/** The pages that are hardest to read, for people to mend. */
function report_reading(states, results) {
  const eases = results.map(({ note }, i) => ({ ease: note.ease, name: states[i].name })).filter(({ ease }) => Number.isFinite(ease));
  eases.sort((one, other) => one.ease - other.ease);
  if (eases.length > 0) {
    const hardest = eases.slice(0, 5).map(({ ease, name }) => `${name} (${ease})`);
    console.log(`Reading ease of half of the pages is ${eases[Math.floor(eases.length / 2)].ease} or more; hardest: ${hardest.join(", ")}.`);
  }
}

await run(async () => {
  const { values } = parseArgs({ options: { shots: { type: "string" }, only: { type: "string" }, notes: { type: "boolean" } } });
  const shots = values.shots && resolve(values.shots);
  if (shots) {
    mkdirSync(shots, { recursive: true });
  }
  const only = values.only ?? "";
  const states = list_pages().filter((state) => state.name.includes(only) || state.route.includes(only));
  if (states.length === 0) {
    throw new Error("There is no state of a page to look at.");
  }
  const tally = { left: 0, most: 0 };
  const began = Date.now();
  const needs = { quiet: states.some((state) => state.is_quiet) };
  const results = await with_browser((tools) => look_at_all(tools, states, { shots, tally }), needs);
  report(states, results, values.notes);
  const faulty = results.filter(({ faults }) => faults.length > 0).length;
  console.log(`\n${states.length} states at ${WIDTHS.map((w) => w.width).join(" and ")} px, ${faulty} with faults, in ${Math.round((Date.now() - began) / 1000)} s.`);
  console.log(`axe left ${tally.left} places to people, who looked at them; at most ${tally.most} on a page.`);
  console.log(`The heaviest page has ${Math.max(...results.map(({ note }) => note.bytes ?? 0))} bytes.`);
  report_reading(states, results);
  return faulty === 0;
});
