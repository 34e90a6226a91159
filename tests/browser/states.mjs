// Reaches the states of pages that the program lists, and hears what the browser says meanwhile.

import { log_in } from "./setup.mjs";

/** Collects what the browser complains about. */
export function listen(page) {
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

/** Opens a state as its person and does what must be done to reach it. */
export async function reach(page, demo, state, heard) {
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
