// Nothing typed is lost: at each step of answering the network is cut, the log-in ends, the tab is closed, the server is killed.
// What the page called kept is there afterwards, and what is not kept is said to be so. The same without JavaScript.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { log_in, run, with_browser } from "./setup.mjs";
import { Visitor } from "./visitor.mjs";

const TOM = "Tom Bell";
const PRIYA = "Priya Shah";
const HUB = "/products/c2a-1002/sections/service-management";
const DESK = `${HUB}/questions/sm-desk-phone`;
const HOURS = "#answer-sm-support-hours";

const say = (sentence) => console.log(`  ${sentence}`);

function expect(is_so, sentence) {
  if (!is_so) {
    throw new Error(sentence);
  }
}

/** Lets every session run out a moment ago, in the database of the demonstration. */
function end_sessions(demo, minutes = 40) {
  const code = `
import sqlite3, sys, datetime
db = sqlite3.connect(sys.argv[1], timeout=10)
for hash, seen in db.execute("SELECT token_hash, seen_at FROM session").fetchall():
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=${minutes})
    db.execute("UPDATE session SET seen_at = ? WHERE token_hash = ?", (at.isoformat(sep=seen[10]), hash))
db.commit()`;
  const done = spawnSync("python3", ["-c", code, join(demo.folder, "data", "assured.db")], { encoding: "utf8" });
  expect(done.status === 0, `The sessions could not be ended: ${done.stderr}`);
}

async function enter(browser, demo, person, context) {
  context ??= await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const cookies = await log_in(demo, person);
  await page.setCookie(...cookies.map((cookie) => ({ ...cookie, url: demo.base })));
  page.on("pageerror", (error) => console.error(`script: ${error.message}`));
  return page;
}

const line = (page) => page.$eval("[data-draft-said]", (element) => element.textContent.trim());

async function says(page, words, selector = "[data-draft-said]") {
  const is_said = (where, what) => (document.querySelector(where)?.textContent ?? "").includes(what);
  await page.waitForFunction(is_said, { timeout: 20_000, polling: 100 }, selector, words).catch(async () => {
    throw new Error(`${selector} does not say “${words}” but “${await page.$eval(selector, (e) => e.textContent).catch(() => "")}”.`);
  });
}

const value = (page, field = HOURS) => page.$eval(field, (element) => element.value);

/** Types behind what is there, and remembers all of it. */
async function type(page, text) {
  await page.focus(HOURS);
  await page.keyboard.down("Control");
  await page.keyboard.press("End");
  await page.keyboard.up("Control");
  await page.keyboard.type(text);
  return value(page);
}

/** Types and waits until the page says that it is kept. */
async function type_and_wait(page, text) {
  const before = await line(page);
  const all = await type(page, text);
  await page.waitForFunction(
    (was) => {
      const now = document.querySelector("[data-draft-said]").textContent;
      return now.includes("Draft saved") && (now !== was || document.querySelector("[data-draft]").dataset.unsent === "no");
    },
    { timeout: 20_000, polling: 100 },
    before,
  );
  await page.waitForFunction(() => document.querySelector("[data-draft]").dataset.unsent === "no", { timeout: 20_000, polling: 100 });
  return all;
}

async function reopened(browser, demo, kept, step) {
  const page = await enter(browser, demo, TOM);
  await page.goto(demo.base + DESK);
  const now = await value(page);
  expect(now === kept, `${step}: “${kept}” became “${now}”.`);
  await says(page, "We kept what you typed", "main");
  return page;
}

async function close_tab(browser, demo, page) {
  const kept = await type_and_wait(page, "Weekdays 8am to 6pm by the service desk, ");
  expect((await page.$eval("[data-draft-said]", (e) => e.getAttribute("role"))) === "status", "The line is no status.");
  await page.close({ runBeforeUnload: false });
  say("The tab was closed: what was kept is in the next one, in another browser.");
  return reopened(browser, demo, kept, "After the tab was closed");
}

async function cut_network(browser, demo, page) {
  const kept = await value(page);
  await page.setOfflineMode(true);
  const typed = await type(page, "weekends by the on-call engineer, ");
  await says(page, "Not saved yet. We’ll keep trying.");
  // Pressing the button does not leave the page for one that cannot come.
  await page.$eval("main form[data-draft] button[value=continue]", (button) => button.click());
  await new Promise((done) => setTimeout(done, 500));
  expect(page.url() === demo.base + DESK && (await value(page)) === typed, "The page was left without a network.");
  const [warned] = await Promise.all([
    new Promise((done) => {
      page.once("dialog", async (dialog) => {
        const kind = dialog.type();
        await dialog.dismiss();
        done(kind);
      });
    }),
    page.evaluate(() => setTimeout(() => location.assign("/products"), 0)),
  ]);
  expect(warned === "beforeunload", `Leaving was answered with ${warned}.`);
  expect((await value(page)) === typed && typed !== kept, "The text is gone.");
  await page.setOfflineMode(false);
  await says(page, "Draft saved");
  await page.waitForFunction(() => document.querySelector("[data-draft]").dataset.unsent === "no", { timeout: 20_000 });
  await page.close();
  say("The network was cut: the page said so, stayed, warned, and sent the text when it was back.");
  return reopened(browser, demo, typed, "After the network was cut");
}

async function kill_server(browser, demo, page) {
  const kept = await type_and_wait(page, "at night for severity 1, ");
  await demo.kill();
  const typed = await type(page, "and never by a robot.");
  await says(page, "Not saved yet. We’ll keep trying.");
  await demo.restart();
  await says(page, "Draft saved");
  await page.waitForFunction(() => document.querySelector("[data-draft]").dataset.unsent === "no", { timeout: 70_000 });
  const now = await value(page);
  expect(now === typed && typed.startsWith(kept), `After the server was killed “${typed}” became “${now}”.`);
  await page.close();
  say("The server was killed: the page said so, and sent the text when it was back.");
  return reopened(browser, demo, typed, "After the server was killed");
}

async function end_log_in(browser, demo, page) {
  end_sessions(demo);
  const typed = await type(page, " Ask for Tom.");
  await says(page, "You’ve been logged out. We’ve kept what you typed until");
  await Promise.all([page.waitForNavigation(), page.$eval("[data-draft-said] a", (link) => link.click())]);
  await says(page, "We’ve kept what you typed", "main");
  await Promise.all([page.waitForNavigation(), press_person(page, TOM)]);
  expect(page.url() === demo.base + DESK, `Logging in led to ${page.url()}.`);
  expect((await value(page)) === typed, "The text was lost with the log-in.");
  say("The log-in ended while typing: the text was there after the next one.");

  end_sessions(demo);
  const last = await type(page, " By telephone.");
  await Promise.all([page.waitForNavigation(), page.$eval("main form[data-draft] button[value=back]", (button) => button.click())]);
  expect(new URL(page.url()).pathname === "/login", `Saving led to ${page.url()}.`);
  await Promise.all([page.waitForNavigation(), press_person(page, TOM)]);
  expect((await value(page)) === last, "The text that was sent was lost with the log-in.");
  say("The log-in ended before saving: what was sent is in the form again.");
  return last;
}

const press_person = (page, person) =>
  page.$$eval("main button", (buttons, name) => buttons.find((b) => b.textContent.trim() === `Log in as ${name}`).click(), person);

async function save(page, demo, typed) {
  await page.goto(demo.base + DESK);
  await page.$eval("#answer-sm-desk-phone", (field) => { field.value = "0113 496 0000"; });
  await page.$eval("#answer-sm-desk-email", (field) => { field.value = "desk@wardlight.example.com"; });
  await Promise.all([page.waitForNavigation(), page.$eval("main form[data-draft] button[value=back]", (button) => button.click())]);
  const text = await page.$eval("main", (e) => e.innerText);
  expect(!text.includes("There is a problem"), `Saving was answered with ${text.slice(0, 600)}`);
  await page.goto(demo.base + DESK);
  expect((await value(page)) === typed, "Saved is something else than what was typed.");
  expect(!(await page.$eval("main", (e) => e.innerText)).includes("We kept what you typed"), "The draft stayed after saving.");
  const stored = await page.evaluate(() => localStorage.length + sessionStorage.length);
  expect(stored === 0, "Something is kept in the browser's storage.");
  say("Saved, and the draft is gone.");
}

async function warn(browser, demo) {
  const context = await browser.createBrowserContext();
  const page = await enter(browser, demo, TOM, context);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    // Half an hour passes in 6 seconds.
    await tab.evaluateOnNewDocument(() => {
      const real = window.setTimeout;
      window.setTimeout = (act, wait, ...more) => real(act, wait > 600_000 ? 6_000 : wait, ...more);
    });
    await tab.goto(demo.base + DESK);
  }
  end_sessions(demo, 28.5);
  const is_open = (tab, open) =>
    tab.waitForFunction((is) => Boolean(document.querySelector("dialog[open]")) === is, { timeout: 15_000, polling: 100 }, open);
  await Promise.all([is_open(page, true), is_open(other, true)]);
  await page.bringToFront();
  const words = await page.$eval("dialog", (e) => e.innerText);
  expect(/You’ll be logged out at \d+(\.\d\d)?[ap]m/.test(words) && words.includes("Stay logged in"), `The warning says “${words}”.`);
  expect(await page.evaluate(() => document.activeElement.textContent === "Stay logged in"), "The focus is not on “Stay logged in”.");
  const left = async () => (await page.evaluate(() => fetch("/session").then((a) => a.json()))).left;
  expect((await left()) <= 120, "The warning made the session last longer by itself.");
  await page.keyboard.press("Escape");
  await Promise.all([is_open(page, false), is_open(other, false)]);
  expect((await left()) > 1700, "Escape did not stay logged in.");
  await context.close();
  say("The warning came, did not keep the session alive by itself, and Escape stayed logged in, in both tabs.");
}

async function without_script(browser, demo) {
  const priya = await Visitor.arrive(browser, demo, PRIYA, "");
  const tom = await Visitor.arrive(browser, demo, TOM, "");
  const page = `${HUB}/questions/sm-incident-process`;
  const phone = (fields) => fields.find((field) => field.kind === "textarea" && !field.name.startsWith("remark"));
  const typed = async (visitor, text) => {
    await visitor.open(page);
    await visitor.type(phone(await visitor.fields("Save and continue")), text);
  };
  const long = (words) => `${words} ${"We write down what happened, tell the customer, and mend it. ".repeat(4)}`.trim();
  await typed(tom, long("Tom wrote this."));
  await typed(priya, long("Priya wrote that."));
  await tom.press("Save and go back");
  await priya.press("Save and go back").catch(() => {});
  await priya.sees("Somebody else changed this answer");
  await priya.sees("Tom wrote this");
  await priya.press("Keep mine");
  await priya.open(page);
  expect((await priya.page.$eval("main textarea", (e) => e.value)).startsWith("Priya wrote that."), "“Keep mine” kept something else.");
  say("2 versions without JavaScript: one was chosen.");

  await typed(priya, long("Priya wrote that, and more."));
  end_sessions(demo);
  await priya.press("Save and continue");
  await priya.sees("We've kept what you typed");
  await priya.press(`Log in as ${PRIYA}`);
  await priya.sees("We kept what you typed");
  expect((await priya.page.$eval("main textarea", (e) => e.value)).startsWith("Priya wrote that, and more."), "The text was lost.");
  say("The log-in ended without JavaScript: what was sent is in the form again.");

  const messages = "/products/c2a-1002/messages";
  await priya.open(messages);
  const fields = await priya.fields("Send message");
  await priya.type(fields.find((f) => f.name === "subject"), "Before the log-in ended");
  await priya.type(fields.find((f) => f.name === "text"), "And this is the message.");
  end_sessions(demo);
  await priya.press("Send message");
  await priya.press(`Log in as ${PRIYA}`);
  await priya.sees("Nothing has been sent or saved yet");
  await priya.press("Send it again");
  await priya.sees("And this is the message.");
  say("A message that was sent too late was sent again by one press.");
}

await run(async () => {
  await with_browser(async ({ browser, demo }) => {
    let page = await enter(browser, demo, TOM);
    await page.goto(demo.base + DESK);
    page = await close_tab(browser, demo, page);
    page = await cut_network(browser, demo, page);
    page = await kill_server(browser, demo, page);
    const typed = await end_log_in(browser, demo, page);
    await save(page, demo, typed);
    await warn(browser, demo);
    await without_script(browser, demo);
  });
  console.log("Nothing that was typed was lost.");
  return true;
});
