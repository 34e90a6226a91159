// What programs read of pages: the text of printed pages, and names and roles of the main controls for screen readers.
//
//   node papers.mjs             compares with tests/browser/snapshots
//   UPDATE=1 node papers.mjs    writes the snapshots anew; look at the difference

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { list_pages, run, with_browser } from "./setup.mjs";
import { listen, reach } from "./states.mjs";

const FOLDER = fileURLToPath(new URL("snapshots", import.meta.url));

/** The states whose controls are kept: a file's name, and the name of the state. */
const READ_ALOUD = {
  "product-home": "product with feedback, a review and drafts",
  question: "questions with choices and a date",
  "feedback-round": "feedback round",
  review: "review in the second round",
  dashboard: "dashboard, busy, few finished",
};
const PRINTED = ["everything on one page", "certificate"];
const PRODUCTS = /\b(Wardlight|Fernhill|Medibridge) [A-Z]/;
const ROLES = new Set(["link", "button", "textbox", "radio", "checkbox", "combobox", "heading", "searchbox", "tab", "DisclosureTriangle"]);

/** Days pass and numbers change with them; what is said around them stays. */
function lasting(name) {
  return name
    .replace(/(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?: 20\d\d)?/g, "[date]")
    .replace(/\b\d{1,2}(?:\.\d\d)?[ap]m\b/g, "[time]")
    .replace(/\d[\d,.]*\+?/g, "[number]")
    .replace(/\s+/g, " ")
    .trim();
}

/** Role and name of every control, as a screen reader gets them, each line once. */
async function controls(page) {
  const session = await page.createCDPSession();
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const lines = nodes
    .filter((node) => !node.ignored && ROLES.has(node.role?.value))
    .map((node) => {
      const level = node.properties?.find((property) => property.name === "level")?.value.value;
      return `${node.role.value}${level ? ` ${level}` : ""}: ${lasting(node.name?.value ?? "")}`;
    });
  // Which products a list holds changes with the days.
  return [...new Set(lines)].filter((line) => !(PRODUCTS.test(line) && /^(link|DisclosureTriangle):/.test(line)));
}

/** Compares lines with a file, or writes it. */
function compare(file, lines) {
  const path = join(FOLDER, `${file}.txt`);
  if (process.env.UPDATE || !existsSync(path)) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, `${lines.join("\n")}\n`);
    return process.env.UPDATE ? [] : [`there was no ${path}; it was written: look at it`];
  }
  const kept = readFileSync(path, "utf8").trim().split("\n");
  const gone = kept.filter((line) => !lines.includes(line)).map((line) => `gone: ${line}`);
  const added = lines.filter((line) => !kept.includes(line)).map((line) => `new: ${line}`);
  return [...gone, ...added];
}

/** What a printed page lacks, and what of the screen it still has. */
async function faults_of_print(page) {
  const shown = await page.evaluate(() => {
    const words = (selector) => [...document.querySelectorAll(selector)].map((e) => e.innerText.replace(/\s+/g, " ").trim()).filter(Boolean);
    return { headings: words("main :is(h1, h2)"), ways: words("header nav a, .nhsuk-back-link, .nhsuk-breadcrumb__link, .nhsuk-skip-link, footer a") };
  });
  const pdf = await page.pdf({ format: "A4" });
  const read = spawnSync("pdftotext", ["-layout", "-", "-"], { input: pdf, encoding: "utf8" });
  if (read.status !== 0) {
    throw new Error(`pdftotext did not read the printed page: ${read.stderr || read.error}`);
  }
  const text = read.stdout.replace(/\s+/g, " ");
  const lines = new Set(read.stdout.split(/\n| {2,}/).map((line) => line.replace(/\s+/g, " ").trim()));
  const missing = shown.headings.filter((words) => !text.includes(words));
  // The name of a product is a way to it and a heading.
  const left = shown.ways.filter((words) => lines.has(words) && !shown.headings.includes(words));
  if (shown.headings.length < 2) {
    missing.push("more than one heading");
  }
  return [...missing.map((words) => `printed without “${words}”`), ...left.map((words) => `printed with the way to “${words}”`)];
}

async function look_at({ browser, demo }, state, check) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const heard = listen(page);
  await page.setViewport({ width: 1280, height: 900 });
  await reach(page, demo, state, heard);
  const faults = await check(page);
  await context.close();
  return [...heard.faults, ...faults];
}

await run(async () => {
  const states = list_pages();
  const named = (name) => {
    const state = states.find((one) => one.name === name);
    if (!state) {
      throw new Error(`There is no state “${name}”.`);
    }
    return state;
  };
  let count = 0;
  await with_browser(async (tools) => {
    const say = (name, faults) => {
      count += faults.length;
      console.log(`${faults.length === 0 ? "ok   " : "FAULT"}  ${name}${faults.map((fault) => `\n       ${fault}`).join("")}`);
    };
    for (const name of PRINTED) {
      say(`${name}, printed`, await look_at(tools, named(name), faults_of_print));
    }
    for (const [file, name] of Object.entries(READ_ALOUD)) {
      const read = async (page) => compare(file, await controls(page));
      say(`${name}, read aloud`, await look_at(tools, named(name), read));
    }
  });
  return count === 0;
});
