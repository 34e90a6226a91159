// The day of a test: marks made without a connection reach the server, also after the page was left; and all works without JavaScript.

import { log_in, run, with_browser } from "./setup.mjs";
import { Visitor } from "./visitor.mjs";

const PRODUCT = "Fernhill Clinics";
const AMINA = "Amina Okafor";
const SAM = "Sam Reed";

const say = (sentence) => console.log(`  ${sentence}`);

function expect(is_so, sentence) {
  if (!is_so) {
    throw new Error(sentence);
  }
}

/** The server as one person's program reads it, without a browser. */
class Client {
  constructor(demo, cookies) {
    this.base = demo.base;
    this.cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  async page(address) {
    const answer = await fetch(this.base + address, { headers: { Cookie: this.cookie } });
    return (await answer.text()).replace(/\s+/g, " ");
  }

  async post(address, fields) {
    const headers = { Cookie: this.cookie, Origin: this.base, "Content-Type": "application/x-www-form-urlencoded" };
    const answer = await fetch(this.base + address, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
    expect(answer.status === 303, `${address} was answered with ${answer.status}.`);
  }
}

/** Waits until a part of the page says something. */
async function says(page, selector, words) {
  const is_said = (where, what) => {
    const text = document.querySelector(where)?.textContent.trim() ?? "";
    return what === "" ? text === "" : text.includes(what);
  };
  await page.waitForFunction(is_said, { timeout: 20_000, polling: 100 }, selector, words).catch(async () => {
    const text = await page.$eval(selector, (element) => element.textContent);
    throw new Error(`${selector} does not say “${words}” but “${text.trim()}”.`);
  });
}

const mark = (page, line, result) => page.$eval(`[name="mark-${line}"][value="${result}"]`, (radio) => radio.labels[0].click());
const kept = (page) => page.evaluate(() => JSON.stringify(localStorage));

async function begin(page, demo) {
  await page.goto(`${demo.base}/products?q=${encodeURIComponent(PRODUCT)}`);
  const address = await page.$$eval("main a", (links, name) => links.find((a) => a.textContent.trim() === name)?.pathname, PRODUCT);
  expect(address, `There is no product ${PRODUCT}.`);
  const sheet = `${address}/demonstration/run-sheet`;
  await page.goto(demo.base + sheet);
  await Promise.all([page.waitForNavigation(), page.$eval("main form button", (button) => button.click())]);
  await says(page, "#progress", "0 of");
  return sheet;
}

async function lose_connection(page, demo, sheet, client) {
  await mark(page, "a1", "seen");
  await says(page, "#said-a1", `marked by ${AMINA}`);
  await says(page, "#progress", "1 of");
  say("A mark was saved at once.");

  await page.setOfflineMode(true);
  await mark(page, "a2", "seen");
  await page.type("#note-a3", "No nonce in the request");
  await mark(page, "a3", "not-seen");
  await says(page, "#unsent", "Saved in this browser, will send when back");
  expect(/id="progress">\s*1 of/.test(await client.page(sheet)), "The server knows of more than 1 mark.");
  await page.setOfflineMode(false);
  await says(page, "#said-a3", `Not seen, marked by ${AMINA}`);
  await says(page, "#progress", "3 of");
  await says(page, "#unsent", "");
  expect((await client.page(sheet)).includes("No nonce in the request"), "The note did not reach the server.");
  expect((await kept(page)) === "{}", `The browser keeps ${await kept(page)}.`);
  say("2 marks were made without a connection and sent when it was back.");
}

async function leave_page(page, demo, sheet) {
  await page.setOfflineMode(true);
  await mark(page, "a4", "seen");
  await page.type("#note-a4", "Second server");
  await says(page, "#unsent", "Saved in this browser");
  await page.reload().catch(() => {});
  await page.setOfflineMode(false);
  await page.goto(demo.base + sheet);
  await says(page, "#said-a4", `Seen, marked by ${AMINA}`);
  const note = await page.$eval("#note-a4", (field) => field.value);
  expect(note === "Second server", `The note is “${note}”.`);
  await page.reload();
  await says(page, "#said-a4", `Seen, marked by ${AMINA}`);
  await says(page, "#progress", "4 of");
  expect((await kept(page)) === "{}", `The browser keeps ${await kept(page)}.`);
  say("A mark outlived leaving the page.");
}

async function disagree(page, sheet, sam) {
  await sam.post(sheet.replace("run-sheet", "marks"), { "was-d1": "", "mark-d1": "seen", "note-d1": "On every page" });
  await mark(page, "d1", "not-seen");
  await says(page, "#said-d1", "Not saved: Line D1 has changed while you had it open");
  await says(page, "#said-d1", "On every page");
  await says(page, "#unsent", "Not saved: D1");
  await page.$eval("#to-outcome", (link) => link.click());
  await says(page, "#unsent", "Some lines are not saved yet: D1");
  await mark(page, "d1", "not-seen");
  await says(page, "#said-d1", `Not seen, marked by ${AMINA}`);
  await says(page, "#unsent", "");
  say("2 people who disagree are told.");
}

async function mark_without_script(browser, demo, sheet) {
  const visitor = await Visitor.arrive(browser, demo, SAM, "");
  await visitor.open(sheet);
  const fields = await visitor.fields("Save marks");
  const named = (name, label) => fields.find((field) => field.name === name && field.label.startsWith(label));
  await visitor.tick(named("mark-c1", "Seen"));
  await visitor.type(named("note-c1", "Note"), "After 15 minutes");
  await visitor.press("Save marks");
  await visitor.sees(`Seen, marked by ${SAM}`);
  expect(visitor.page.url().endsWith(`${sheet}#line-c1`), `Saving led to ${visitor.page.url()}.`);
  say("A line was marked without JavaScript.");
}

await run(async () => {
  await with_browser(async ({ browser, demo }) => {
    const cookies = await log_in(demo, AMINA);
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.setCookie(...cookies.map((cookie) => ({ ...cookie, url: demo.base })));
    page.on("pageerror", (error) => console.error(`script: ${error.message}`));
    const sheet = await begin(page, demo);
    await lose_connection(page, demo, sheet, new Client(demo, cookies));
    await leave_page(page, demo, sheet);
    await disagree(page, sheet, new Client(demo, await log_in(demo, SAM)));
    await mark_without_script(browser, demo, sheet);
  });
  console.log("No mark of the run sheet was lost.");
  return true;
});
