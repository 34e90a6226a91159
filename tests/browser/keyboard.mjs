// The work of a supplier, a reviewer and a manager with JavaScript and by keyboard alone: no mouse is ever used.

import { run, with_browser } from "./setup.mjs";
import { Typist } from "./typist.mjs";

const say = (sentence) => console.log(`  ${sentence}`);
const SUPPLIER = { name: "Daniel Osei", section: "/products/c2a-1008/sections/data-security" };
const REVIEWER = "Amina Okafor";
const MANAGER = "Grace Lin";

/** Changes an answer, then checks and sends the section. */
async function supplier_sends(typist) {
  await typist.open(SUPPLIER.section);
  const title = await typist.heading();
  const first = await typist.page.$eval("main .nhsuk-task-list__link", (link) => link.innerText.trim());
  await typist.press(first);
  const asked = await typist.heading();
  for (const field of await typist.fields("Save and continue")) {
    if (["text", "textarea"].includes(field.kind) && !/-(day|month|year)$/.test(field.name)) {
      await typist.type(field, `${field.value} Reviewed by our board`.trim().slice(0, Math.min(field.most, 2000)));
      break;
    }
    if (field.kind === "radio" && !field.checked) {
      await typist.tick(field);
      await typist.tick((await typist.fields("Save and continue")).find((one) => one.name === field.name));
      break;
    }
  }
  await typist.press("Save and continue");
  await typist.open(SUPPLIER.section);
  await typist.press("Check and send");
  const declaration = (await typist.fields("Send section for review")).filter((field) => field.kind === "checkbox" && !field.checked);
  for (const field of declaration) {
    await typist.tick(field);
  }
  await typist.press("Send section for review");
  await typist.sees(`You've sent “${title}”`);
  say(`${typist.person} changed “${asked}” and sent “${title}”.`);
}

/** Takes the next review, decides on every question and sends the feedback. */
async function reviewer_decides(typist) {
  await typist.open("/queue");
  await typist.press("Take the next review");
  const title = await typist.heading();
  const button = "Check and send feedback";
  const groups = new Set();
  for (const field of await typist.fields(button)) {
    if (field.kind === "radio" && field.label.startsWith("Accept") && !groups.has(field.name)) {
      groups.add(field.name);
      await typist.tick(field);
    }
  }
  // What asks for words once something is chosen.
  for (const field of await typist.fields(button)) {
    if (field.kind === "textarea" && field.value === "" && !/optional/.test(field.label)) {
      await typist.type(field, "Accepted because the date of the mend is agreed.");
    }
  }
  await typist.press(button);
  await typist.press("Send to supplier");
  say(`${typist.person} decided on ${groups.size} questions of “${title}” and sent the feedback.`);
}

/** Gives a review to somebody and reminds a supplier. */
async function manager_assigns_and_reminds(typist) {
  await typist.open("/queue");
  // The last one: the first may be what a colleague has just sent.
  const reviews = await typist.page.$$eval("input[name=review]", (boxes) => boxes.map((box) => ({ id: box.id, kind: "checkbox", label: box.labels[0].textContent })));
  const review = reviews.at(-1);
  await typist.tick(review);
  await typist.press("Reassign selected reviews");
  const button = await typist.text("main form button");
  const people = (await typist.fields(button)).filter((field) => field.kind === "radio" && !field.checked);
  await typist.tick(people[0]);
  await typist.press(button);
  await typist.sees(/assigned|given/i, "main");
  say(`${typist.person} gave a review to ${people[0].label}.`);

  await typist.open("/board?waiting=supplier");
  await typist.unfold("Remind");
  await typist.press("Send reminder");
  const [, product] = await typist.sees(/Reminder about (.+?) sent/);
  say(`${typist.person} reminded the supplier of ${product}.`);
}

await run(async () => {
  await with_browser(async ({ browser, demo }) => {
    await supplier_sends(await Typist.arrive(browser, demo, SUPPLIER.name));
    await reviewer_decides(await Typist.arrive(browser, demo, REVIEWER));
    await manager_assigns_and_reminds(await Typist.arrive(browser, demo, MANAGER));
  });
  console.log("The work was done with JavaScript and by keyboard alone.");
  return true;
});
