// Counts what a reviewer presses for a review, without JavaScript: one for each decision, and three around them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, with_browser } from "./setup.mjs";
import { Visitor } from "./visitor.mjs";

/** A section that its supplier only has to send. */
const SECTION = "/products/c2a-1008/sections/data-security";
const SUPPLIER = "Daniel Osei";
const REVIEWER = "Amina Okafor";
/** Take it, check it, send it. */
const AROUND = 3;
const ASKED = 3;

/** A reviewer whose presses are counted; typing is not. */
class Counted extends Visitor {
  presses = 0;

  async press(words, within) {
    this.presses += 1;
    await super.press(words, within);
  }

  async tick(field) {
    this.presses += 1;
    await super.tick(field);
  }
}

/** Decides on every question: more about the first so many, the rest accepted. Gives the number of decisions. */
async function decide(reviewer, asked) {
  const radios = (await reviewer.fields("Check and send feedback")).filter((field) => field.kind === "radio");
  const names = [...new Set(radios.map((field) => field.name))];
  for (const [number, name] of names.entries()) {
    const words = number < asked ? "Ask for more information" : "Accept this answer";
    await reviewer.tick(radios.find((field) => field.name === name && field.label.startsWith(words)));
  }
  for (const field of await reviewer.fields("Check and send feedback")) {
    if (field.kind === "textarea" && field.value === "") {
      await reviewer.type(field, "Say who does this, and when.");
    }
  }
  return names.length;
}

/** A review from the button that takes it to the page after sending. Gives the presses and the decisions. */
async function review(reviewer, take, asked) {
  reviewer.presses = 0;
  await reviewer.press(take);
  const decisions = await decide(reviewer, asked);
  await reviewer.press("Check and send feedback");
  await reviewer.press("Send to supplier");
  await reviewer.sees("Feedback sent");
  return { presses: reviewer.presses, decisions };
}

function compare(reviewer, what, { presses, decisions }) {
  if (presses !== decisions + AROUND) {
    throw reviewer.fault(`${what} with ${decisions} decisions took ${presses} presses and not ${decisions + AROUND}.`);
  }
  console.log(`${what}: ${presses} presses for ${decisions} decisions.`);
}

async function answer(supplier) {
  await supplier.open(`${SECTION}/feedback`);
  for (const field of (await supplier.fields("Check what you changed")).filter((one) => one.name.startsWith("remark-"))) {
    await supplier.type(field, "The security lead does, every month.");
  }
  await supplier.press("Check what you changed");
  await supplier.fill("Send changes");
  await supplier.press("Send changes");
}

async function count({ browser, demo }) {
  const folder = mkdtempSync(join(tmpdir(), "assured-review-"));
  try {
    const supplier = await Visitor.arrive(browser, demo, SUPPLIER, folder);
    const reviewer = await Counted.arrive(browser, demo, REVIEWER, folder);
    await reviewer.open("/queue");
    compare(reviewer, "The next review of the queue", await review(reviewer, "Take the next review", 0));

    await supplier.open(`${SECTION}/check`);
    await supplier.fill("Send section for review");
    await supplier.press("Send section for review");
    await reviewer.open(`${SECTION}/review`);
    compare(reviewer, "A first round", await review(reviewer, "Take this review", ASKED));

    await answer(supplier);
    await reviewer.open(`${SECTION}/review`);
    const again = await review(reviewer, "Take this review", 0);
    compare(reviewer, "A second round", again);
    if (again.decisions !== ASKED) {
      throw reviewer.fault(`the second round asked for ${again.decisions} decisions and not ${ASKED}.`);
    }
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await run(() => with_browser(count, { flags: ["--undo-minutes", "0"] }));
