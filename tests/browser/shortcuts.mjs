// Keyboard shortcuts: off until switched on, then each key does what the list says, and nothing while somebody types.
// And the link of a question, which is copied for a colleague.

import { log_in, run, with_browser } from "./setup.mjs";

const AMINA = "Amina Okafor";
const REVIEW = "/products/c2a-1005/sections/service-management/review";

const say = (sentence) => console.log(`  ${sentence}`);

function expect(is_so, sentence) {
  if (!is_so) {
    throw new Error(sentence);
  }
}

const path = (page) => new URL(page.url()).pathname;
const focused = (page) => page.evaluate(() => document.activeElement.id);
const chosen = (page, value) => page.$$eval(`[name^="decision-"][value="${value}"]:checked`, (radios) => radios.length);

/** Presses keys and waits until the page has another address. */
async function press_and_go(page, keys, address) {
  const arrived = page.waitForFunction((wanted) => location.pathname === wanted, { timeout: 10_000 }, address);
  for (const key of keys) {
    await page.keyboard.press(key);
  }
  await arrived.catch(() => expect(false, `${keys.join(" ")} led to ${path(page)} and not to ${address}.`));
  await page.waitForFunction(() => document.readyState === "complete");
}

async function are_off(page, demo) {
  await page.goto(demo.base + REVIEW);
  for (const key of ["j", "a", "n", "?", "/", "g", "q"]) {
    await page.keyboard.press(key);
  }
  expect(path(page) === REVIEW && (await focused(page)) === "", "A key did something although shortcuts are off.");
  const scripts = await page.$$eval("script[src]", (all) => all.map((script) => script.src));
  expect(scripts.every((src) => !src.includes("shortcuts")), "The script is loaded although shortcuts are off.");
  say("Shortcuts are off, and cost nothing.");
}

/** Beside each question is a button that copies an address, which opens at that question. */
async function copy_link(page, demo) {
  await page.browserContext().setPermission(demo.base, { permission: { name: "clipboard-read" }, state: "granted" });
  await page.goto(demo.base + REVIEW);
  const id = await page.$eval(".app-question", (one) => one.id);
  const button = await page.waitForSelector(`#${id} button.app-link-button`);
  await button.click();
  await page.waitForFunction((key) => document.querySelector(`#${key} [role=status]`)?.textContent.includes("Link copied"), {}, id);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto(link);
  const at = await page.evaluate(() => document.querySelector(":target")?.id);
  expect(at === id && path(page) === REVIEW, `The link ${link} opens at ${at}.`);
  say("The link of a question is copied, and opens at the question.");
}

async function switch_on(page, demo) {
  await page.goto(`${demo.base}/account/preferences`);
  await page.$eval("#shortcuts", (box) => box.labels[0].click());
  await Promise.all([page.waitForNavigation(), page.$eval("main form button", (button) => button.click())]);
  expect(await page.$eval("#shortcuts", (box) => box.checked), "Shortcuts could not be switched on.");
  say("They were switched on.");
}

async function review(page, demo) {
  await page.goto(demo.base + REVIEW);
  const questions = await page.$$eval(".app-question", (all) => all.map((one) => one.id));
  await page.keyboard.press("j");
  expect((await focused(page)) === questions[0], `j went to ${await focused(page)}.`);
  await page.keyboard.press("j");
  expect((await focused(page)) === questions[1], `j again went to ${await focused(page)}.`);
  await page.keyboard.press("k");
  expect((await focused(page)) === questions[0], `k went to ${await focused(page)}.`);
  await page.keyboard.press("a");
  expect((await chosen(page, "accept")) === 1, "a accepted nothing.");
  await page.keyboard.press("n");
  expect((await focused(page)) === questions[1], `n went to ${await focused(page)}.`);
  await page.keyboard.press("m");
  expect((await chosen(page, "more")) === 1, "m asked for nothing.");
  const field = `comment-${questions[1]}`;
  expect((await focused(page)) === field, `m went to ${await focused(page)}.`);
  say("j, k, a, n and m do what the list says.");

  await page.keyboard.type("jkamn/?gqgp");
  const typed = await page.$eval(`#${field}`, (area) => area.value);
  expect(typed === "jkamn/?gqgp", `The field holds “${typed}”.`);
  expect(path(page) === REVIEW && (await focused(page)) === field, "A letter that was typed did something else.");
  expect((await chosen(page, "accept")) === 1 && (await chosen(page, "more")) === 1, "A letter that was typed decided something.");
  say("Letters that are typed are letters.");

  await page.evaluate(() => document.activeElement.blur());
  for (const held of ["Control", "Alt", "Meta"]) {
    await page.keyboard.down(held);
    await page.evaluate((name) => {
      const which = { Control: "ctrlKey", Alt: "altKey", Meta: "metaKey" }[name];
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", [which]: true, bubbles: true }));
    }, held);
    await page.keyboard.up(held);
    expect((await focused(page)) === "", `${held} and k did something.`);
  }
  say("With Ctrl, Alt or Meta they do nothing.");
}

async function move(page, demo) {
  // Until what was typed is kept, the browser asks before it leaves the page.
  await page.waitForFunction(() => document.querySelector("[data-draft]")?.dataset.unsent !== "yes");
  await page.goto(demo.base + REVIEW);
  await press_and_go(page, ["?"], "/keyboard-shortcuts");
  await press_and_go(page, ["g", "q"], "/queue");
  await press_and_go(page, ["g", "p"], "/products");
  await page.keyboard.press("/");
  expect((await focused(page)) === "q", `/ went to ${await focused(page)}.`);
  say("?, g q, g p and / lead where they say.");
}

await run(async () => {
  await with_browser(async ({ browser, demo }) => {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const cookies = await log_in(demo, AMINA);
    await page.setCookie(...cookies.map((cookie) => ({ ...cookie, url: demo.base })));
    page.on("pageerror", (error) => console.error(`script: ${error.message}`));
    await are_off(page, demo);
    await copy_link(page, demo);
    await switch_on(page, demo);
    await review(page, demo);
    await move(page, demo);
  });
  console.log("Shortcuts are heard when they are meant, and only then.");
  return true;
});
