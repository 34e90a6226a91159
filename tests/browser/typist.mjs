// A person at a browser with JavaScript who has no mouse: everything is reached with Tab and done with keys.

import { Visitor } from "./visitor.mjs";

/** More presses of Tab than any page has controls. */
const MOST_TABS = 400;

/** Runs in the page: whether what has the focus is what is looked for. */
function has_focus({ words, id, within }) {
  const plain = (text) => text.replace(/[’‘]/g, "'").replace(/\s+/g, " ").trim();
  const element = document.activeElement;
  if (!element || element === document.body) {
    return false;
  }
  if (id) {
    // Tab reaches one radio of a group; arrow keys go on from there.
    const wanted = document.getElementById(id);
    return element === wanted || (wanted.type === "radio" && element.type === "radio" && element.name === wanted.name);
  }
  const area = within ? element.closest("li, tr, section") : null;
  const is_there = !within || (area && plain(area.textContent).includes(within));
  return is_there && element.matches("a[href], button, summary") && plain(element.textContent).startsWith(words);
}

export class Typist extends Visitor {
  static async arrive(browser, demo, person) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    // Any press of a mouse button would be a fault of this script.
    await page.evaluateOnNewDocument(() => addEventListener("mousedown", () => (document.title = "a mouse was used")));
    await page.setViewport({ width: 1280, height: 900 });
    const typist = new Typist(page, demo, person, "");
    await typist.open("/login");
    await typist.press(`Log in as ${person}`);
    await typist.sees(person, "body");
    return typist;
  }

  /** Presses Tab until something has the focus. */
  async go_to(wanted) {
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      if (await this.page.evaluate(has_focus, wanted)) {
        return;
      }
      await this.page.keyboard.press("Tab");
    }
    throw this.fault(`Tab does not reach ${JSON.stringify(wanted)}.`);
  }

  async press(words, within = "") {
    await this.go_to({ words, within });
    await Promise.all([this.page.waitForNavigation({ waitUntil: "load" }), this.page.keyboard.press("Enter")]);
    await this.check_answer();
  }

  /** Opens or closes what is folded. */
  async unfold(words, within = "") {
    await this.go_to({ words, within });
    await this.page.keyboard.press("Enter");
  }

  async type(field, text) {
    await this.go_to({ id: field.id });
    await this.page.keyboard.down("Control");
    await this.page.keyboard.press("a");
    await this.page.keyboard.up("Control");
    await this.page.keyboard.sendCharacter(text);
  }

  async tick(field) {
    await this.go_to({ id: field.id });
    if (field.kind === "checkbox") {
      await this.page.keyboard.press("Space");
    } else {
      await this.choose(field);
    }
    if (!(await this.page.evaluate((id) => document.getElementById(id).checked, field.id))) {
      throw this.fault(`“${field.label}” could not be chosen with keys.`);
    }
  }

  /** Chooses a radio: Space for the one with the focus, arrow keys for the others of its group. */
  async choose(field) {
    const is_chosen = () => this.page.evaluate((id) => document.getElementById(id).checked, field.id);
    await this.page.keyboard.press("Space");
    for (let presses = 0; presses < 30 && !(await is_chosen()); presses += 1) {
      await this.page.keyboard.press("ArrowDown");
    }
  }
}
