// A supplier adds a product and a reviewer assures it, without JavaScript: six sections, one of them in two rounds.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, with_browser } from "./setup.mjs";
import { text_for } from "./samples.mjs";
import { Visitor } from "./visitor.mjs";

const PRODUCT = "Wardlight Journeys";
const QUESTION = "Name the person who checks this, and say what happens when they are away.";
const LONG_DATE = /(?:Mon|Tues|Wednes|Thurs|Fri)day \d{1,2} [A-Z][a-z]+ 20\d\d/;
const after = (words) => new RegExp(`${words} (${LONG_DATE.source})`);

const say = (sentence) => console.log(`  ${sentence}`);

/** A date that was promised must lie ahead, and not far. */
function check_date(visitor, words) {
  const date = new Date(`${words.replace(/^\w+ /, "")} 23:59 UTC`);
  const days = (date - Date.now()) / (24 * 60 * 60 * 1000);
  if (!(days >= 0 && days < 40)) {
    throw visitor.fault(`${words} is no date to promise.`);
  }
}

/** The sections on the product's page: [{title, tag}]. */
async function sections(visitor) {
  // The tasks of sections; those of the test, the certificate and the agreement have other addresses.
  return visitor.page.$$eval("main li.nhsuk-task-list__item", (items) =>
    items.filter((item) => item.querySelector("a[href*='/sections/']")).map((item) => ({
      title: item.querySelector("a, .nhsuk-task-list__name-and-hint > div").innerText.trim(),
      tag: item.querySelector(".nhsuk-task-list__status").innerText.trim(),
    })),
  );
}

async function expect_tag(visitor, title, tag) {
  const found = (await sections(visitor)).find((section) => section.title === title);
  if (found?.tag !== tag) {
    throw visitor.fault(`“${title}” is tagged “${found?.tag}” and not “${tag}”.`);
  }
}

async function add_product(visitor) {
  await visitor.open("/products");
  await visitor.press("Add a product");
  const fields = await visitor.fields("Continue");
  const named = (words) => fields.find((field) => field.label.startsWith(words));
  await visitor.type(named("Name of the product"), PRODUCT);
  await visitor.type(named("Version"), "4.2");
  await visitor.type(named("What does it do"), "Plans the way of a patient through the hospital, from arrival to discharge.");
  await visitor.press("Continue");
  await visitor.sees("How it connects");
  await visitor.fill("Save and continue");
  await visitor.press("Save and continue");
  await visitor.sees(`${PRODUCT} is ready to start`);
  await visitor.sees("It's your turn.");
  return visitor.path();
}

/** Answers page after page until the check. */
async function answer_section(visitor, title) {
  await visitor.press(title);
  let pages = 0;
  let last = "";
  for (let saves = 0; (await visitor.heading()) !== "Check and send"; saves += 1) {
    if (saves > 60) {
      throw visitor.fault("saving leads nowhere.");
    }
    pages += visitor.path() === last ? 0 : 1;
    last = visitor.path();
    const files = await visitor.fill("Save and continue");
    if (files.length > 0) {
      await visitor.press("Add file");
      for (const file of files) {
        await visitor.sees(file);
      }
    } else {
      await visitor.press("Save and continue");
    }
  }
  return pages;
}

async function send_section(visitor, title) {
  await visitor.fill("Send section for review");
  await visitor.press("Send section for review");
  await visitor.sees(`You've sent “${title}”`);
  const [, date] = await visitor.sees(after("We'll reply by"));
  check_date(visitor, date);
  await visitor.sees("It's our turn:");
  await expect_tag(visitor, title, "In review");
}

async function find_product(visitor) {
  await visitor.open("/products");
  const [field] = await visitor.fields("Find");
  await visitor.type(field, PRODUCT);
  await visitor.press("Find");
  await visitor.press(PRODUCT);
  await visitor.sees("It's our turn:");
}

/** Decides on every question of a review; asks about one of them if told to. Gives the number of decisions. */
async function decide(visitor, asks) {
  const fields = await visitor.fields("Check and send feedback");
  const groups = new Map();
  for (const field of fields.filter((one) => one.kind === "radio")) {
    groups.set(field.name, [...(groups.get(field.name) ?? []), field]);
  }
  if (groups.size === 0) {
    throw visitor.fault("there is no question to decide on.");
  }
  // Not the last: a section often ends with a declaration, which cannot be worded better.
  const asked = asks ? [...groups.keys()].at(-2) : "";
  for (const [name, choices] of groups) {
    const words = name === asked ? "Ask for more information" : "Accept this answer";
    await visitor.tick(choices.find((choice) => choice.label.startsWith(words)));
  }
  for (const field of await visitor.fields("Check and send feedback")) {
    if (field.kind === "textarea" && field.value === "") {
      await visitor.type(field, /need to do/.test(field.label) ? QUESTION : "Accepted because the date of the mend is agreed.");
    }
  }
  return groups.size;
}

async function review(visitor, title, asks) {
  await find_product(visitor);
  await visitor.press(title);
  await visitor.press("Take this review");
  const decisions = await decide(visitor, asks);
  await visitor.press("Check and send feedback");
  if (asks) {
    await visitor.sees(QUESTION);
  }
  await visitor.press("Send to supplier");
  return decisions;
}

/** Answers what was asked, on one page. */
async function answer_feedback(visitor, address, title) {
  await visitor.open(address);
  await visitor.sees("It's your turn.");
  await expect_tag(visitor, title, "Changes needed");
  const [, date] = await visitor.sees(after("An answer is expected by"));
  check_date(visitor, date);
  await visitor.press("Answer 1 question");
  await visitor.sees(QUESTION);
  const fields = await visitor.fields("Check what you changed");
  const answer = fields.find((field) => field.name.startsWith("answer-"));
  const reply = fields.find((field) => field.name.startsWith("remark-"));
  await visitor.type(answer, `${text_for(answer)} When that person is away, the head of operations does it.`);
  await visitor.type(reply, "We have named the person who stands in.");
  await visitor.press("Check what you changed");
  await visitor.sees("the head of operations does it");
  await visitor.sees("We have named the person who stands in.");
  await visitor.fill("Send changes");
  await visitor.press("Send changes");
  await expect_tag(visitor, title, "In review");
}

async function travel({ browser, demo }, folder) {
  const who = (what) => {
    const person = demo.people.find((one) => what.test(one.what));
    if (!person) {
      throw new Error(`The demonstration has nobody who is ${what}.`);
    }
    return person.name;
  };
  const supplier = await Visitor.arrive(browser, demo, who(/^owner at/), folder);
  const reviewer = await Visitor.arrive(browser, demo, who(/^reviewer/), folder);

  const address = await add_product(supplier);
  const titles = (await sections(supplier)).map((section) => section.title);
  if (titles.length !== 6) {
    throw supplier.fault(`there are ${titles.length} sections and not 6.`);
  }
  say(`${supplier.person} added ${PRODUCT}.`);
  for (const title of titles) {
    await supplier.open(address);
    const pages = await answer_section(supplier, title);
    await send_section(supplier, title);
    say(`${supplier.person} answered ${pages} pages and sent “${title}”.`);
  }

  for (const title of titles) {
    const asks = title === titles[0];
    const decisions = await review(reviewer, title, asks);
    await supplier.open(address);
    await expect_tag(supplier, title, asks ? "Changes needed" : "Accepted");
    say(`${reviewer.person} decided on ${decisions} questions of “${title}”${asks ? " and asked about one" : ""}.`);
  }

  await answer_feedback(supplier, address, titles[0]);
  say(`${supplier.person} answered what was asked.`);
  await find_product(reviewer);
  await reviewer.press(titles[0]);
  await reviewer.sees("We have named the person who stands in.");
  const again = await review(reviewer, titles[0], false);
  if (again !== 1) {
    throw reviewer.fault(`the second round had ${again} decisions and not 1.`);
  }

  await supplier.open(address);
  await supplier.sees("All 6 sections are accepted.");
  for (const title of titles) {
    await expect_tag(supplier, title, "Accepted");
  }
  await supplier.press("History");
  await supplier.sees(reviewer.person);
  await supplier.open("/demo/mail");
  await supplier.sees(PRODUCT);
  say("All 6 sections are accepted, in the history and in the emails.");

  await reviewer.open("/queue");
  await reviewer.press("Take the next review");
  await reviewer.fields("Check and send feedback");
  say(`${reviewer.person} took the next review from the queue.`);
  for (const visitor of [supplier, reviewer]) {
    await visitor.press("Log out");
    await visitor.open("/products");
    await visitor.sees("Log in");
  }
}

await run(async () => {
  const folder = mkdtempSync(join(tmpdir(), "assured-evidence-"));
  try {
    await with_browser((tools) => travel(tools, folder), { flags: ["--undo-minutes", "0"] });
    console.log("The journey was made without JavaScript.");
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
