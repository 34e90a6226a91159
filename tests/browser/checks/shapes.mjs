// HTML that pages write themselves, such as tables: each class of the design system on an element that its package puts it
// on, and each part of a component within its component.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = process.env.ASSURED_NHSUK_FRONTEND || fileURLToPath(new URL("../../../static/node_modules/nhsuk-frontend", import.meta.url));

/** Every pair of element and class in the fixtures of the package, such as `th.nhsuk-table__header`. */
export function known_shapes() {
  const folder = join(PACKAGE, "dist/nhsuk/components");
  const shapes = new Set();
  for (const name of readdirSync(folder)) {
    let file;
    try {
      file = readFileSync(join(folder, name, "fixtures.json"), "utf8");
    } catch {
      continue;
    }
    for (const { html } of JSON.parse(file).fixtures) {
      for (const [, element, classes] of html.matchAll(/<([a-z0-9]+)\b[^>]*?\bclass="([^"]*)"/g)) {
        classes.split(/\s+/).forEach((one) => shapes.add(`${element}.${one}`));
      }
    }
  }
  return [...shapes];
}

/** Runs in the page: classes on elements, or parts outside their component, as the package never has them. */
export function faults_of_shapes(known) {
  const shapes = new Set(known);
  const components = new Set(known.map((shape) => shape.split(".")[1]));
  const faults = new Set();
  for (const element of document.querySelectorAll("body [class*='nhsuk-']")) {
    // What the package's own script makes of a file field.
    if (element.closest(".nhsuk-file-upload__drop-button, .nhsuk-file-upload__button")) {
      continue;
    }
    for (const name of element.classList) {
      // Type, grid and utilities may be on any element; only what the fixtures have is compared.
      const is_loose = /^nhsuk-(u-|grid-|heading-|body|list|caption-|link|icon|section-break|hint|expander)/.test(name) || !components.has(name);
      if (!name.startsWith("nhsuk-") || is_loose) {
        continue;
      }
      if (!shapes.has(`${element.localName}.${name}`)) {
        faults.add(`<${element.localName} class="${name}">: the package puts this class on other elements`);
      }
      const whole = name.includes("__") ? name.split("__")[0] : null;
      if (whole && components.has(whole) && !element.parentElement.closest(`.${whole}`)) {
        faults.add(`${name} is not within ${whole}`);
      }
    }
  }
  return [...faults];
}
