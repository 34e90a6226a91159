// A person at a browser without JavaScript: reads the page, fills in forms, presses what can be seen.

import { date_for, file_for, text_for } from "./samples.mjs";

const tidy = (text) => text.replace(/[’‘]/g, "'").replace(/\s+/g, " ").trim();

/** Runs in the page: puts a visible link or button with these words into the middle of the window and says where it is. */
function locate(words, within) {
  const plain = (text) => text.replace(/[’‘]/g, "'").replace(/\s+/g, " ").trim();
  const area = within === "" ? document : [...document.querySelectorAll("li, section")].find((e) => plain(e.textContent).includes(within));
  const all = [...(area?.querySelectorAll("a[href], button, summary") ?? [])].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  const exact = all.filter((e) => plain(e.textContent) === words);
  const element = exact[0] ?? all.find((e) => plain(e.textContent).startsWith(words));
  if (!element) {
    return null;
  }
  element.scrollIntoView({ block: "center" });
  const [box] = element.getClientRects();
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const top = document.elementFromPoint(point.x, point.y);
  return top && (element.contains(top) || top.contains(element)) ? point : null;
}

/** Runs in the page: the visible fields of the form that has this button. */
function describe(button) {
  const plain = (text) => (text ?? "").replace(/[’‘]/g, "'").replace(/\s+/g, " ").trim();
  const forms = [...document.querySelectorAll("main form")];
  const form = forms.find((f) => [...f.querySelectorAll("button")].some((b) => plain(b.textContent).startsWith(button)));
  if (!form) {
    return null;
  }
  const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea, select")];
  return fields.filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => ({
    id: e.id,
    name: e.name,
    kind: e.matches("textarea, select") ? e.localName : e.type,
    value: e.value,
    checked: e.checked === true,
    accept: e.accept ?? "",
    inputmode: e.inputMode,
    label: plain(e.labels?.[0]?.textContent),
    legend: plain(e.closest("fieldset")?.querySelector("legend")?.textContent),
    hint: plain(e.closest(".nhsuk-form-group")?.querySelector(".nhsuk-hint")?.textContent),
    most: Number(e.closest("[data-maxlength]")?.dataset.maxlength ?? 2000),
  }));
}

export class Visitor {
  constructor(page, demo, person, folder) {
    Object.assign(this, { page, base: demo.base, person, folder, status: 0 });
    page.on("response", (response) => {
      if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) {
        this.status = response.status();
      }
    });
  }

  /** Arrives in a window of their own, logged in with the button of the demonstration. */
  static async arrive(browser, demo, person, folder) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setJavaScriptEnabled(false);
    await page.setViewport({ width: 1280, height: 900 });
    const visitor = new this(page, demo, person, folder);
    await visitor.open("/login");
    await visitor.press(`Log in as ${person}`);
    await visitor.sees(person, "body");
    return visitor;
  }

  fault(sentence) {
    return new Error(`${this.person} at ${this.page.url().replace(this.base, "")}: ${sentence}`);
  }

  async open(address) {
    await this.page.goto(new URL(address, this.base).href, { waitUntil: "load" });
    await this.check_answer();
  }

  async check_answer() {
    if (this.status >= 400) {
      const summary = await this.text("main");
      throw this.fault(`the page was answered with ${this.status}. It says: ${summary.slice(0, 700)}`);
    }
  }

  async text(selector = "main") {
    return tidy(await this.page.$eval(selector, (element) => element.innerText));
  }

  async heading() {
    return this.text("h1");
  }

  path() {
    return new URL(this.page.url()).pathname;
  }

  /** Fails unless the page says this; words, or a pattern whose match is given back. */
  async sees(expected, selector = "main") {
    const text = await this.text(selector);
    const match = expected instanceof RegExp ? expected.exec(text) : text.includes(tidy(expected));
    if (!match) {
      throw this.fault(`the page does not say “${expected}”. It says: ${text.slice(0, 900)}`);
    }
    return match;
  }

  /** Presses a link or a button and waits for the next page. */
  async press(words, within = "") {
    const point = await this.page.evaluate(locate, tidy(words), tidy(within));
    if (!point) {
      throw this.fault(`there is no link or button “${words}” to press${within && ` in “${within}”`}.`);
    }
    await Promise.all([this.page.waitForNavigation({ waitUntil: "load" }), this.page.mouse.click(point.x, point.y)]);
    await this.check_answer();
  }

  async fields(button) {
    const fields = await this.page.evaluate(describe, button);
    if (!fields) {
      throw this.fault(`there is no form with the button “${button}”.`);
    }
    return fields;
  }

  element(field) {
    return this.page.$(`[id="${field.id}"]`);
  }

  async type(field, text) {
    const element = await this.element(field);
    await element.evaluate((e) => {
      e.focus();
      e.select();
    });
    await this.page.keyboard.sendCharacter(text);
  }

  async tick(field) {
    await (await this.element(field)).evaluate((e) => e.labels[0].click());
  }

  /** Fills the empty fields of the form with this button as a supplier would; gives the names of files to upload. */
  async fill(button) {
    const files = [];
    const chosen = new Set();
    const fields = await this.fields(button);
    const has_files = fields.some((field) => field.name.startsWith("remove-"));
    for (const field of fields) {
      const optional = /\(optional\)/.test(`${field.legend} ${field.label}`);
      if (optional || field.name.startsWith("remove-")) {
        continue;
      }
      if (field.kind === "radio") {
        const decided = fields.some((other) => other.name === field.name && other.checked);
        if (!decided && !chosen.has(field.name)) {
          await this.tick(field);
        }
        chosen.add(field.name);
      } else if (field.kind === "checkbox") {
        if (!field.checked) {
          await this.tick(field);
        }
      } else if (field.kind === "file") {
        if (!has_files) {
          const file = file_for(field.accept, this.folder);
          await (await this.element(field)).uploadFile(file.path);
          files.push(file.name);
        }
      } else if (field.value === "") {
        const part = /-(day|month|year)$/.exec(field.name)?.[1];
        const dates = date_for(`${field.legend} ${field.hint}`);
        await this.type(field, part ? dates[["day", "month", "year"].indexOf(part)] : text_for(field));
      }
    }
    return files;
  }
}
