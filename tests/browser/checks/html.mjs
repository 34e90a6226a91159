// What is wrong with the HTML of a page: names, headings, fields, links within the page.

/** Runs in the page: what is wrong with its HTML. */
export function faults_of_html() {
  const faults = [];
  const seen = new Set();
  for (const { id } of document.querySelectorAll("[id]")) {
    if (seen.has(id)) {
      faults.push(`the id ${id} is there twice`);
    }
    seen.add(id);
  }
  if (document.documentElement.lang !== "en") {
    faults.push("the language is not said");
  }
  if (document.title.trim() === "" || /\{\{|\}\}|undefined/.test(document.title)) {
    faults.push(`the title is “${document.title}”`);
  }
  for (const link of document.querySelectorAll("a[href*='#']")) {
    const url = new URL(link.href);
    const same = url.origin === location.origin && url.pathname === location.pathname;
    const id = decodeURIComponent(url.hash.slice(1));
    if (same && id !== "" && !document.getElementById(id)) {
      faults.push(`a link leads to #${id}, which is not on the page`);
    }
  }
  for (const attribute of ["aria-describedby", "aria-labelledby", "aria-controls", "for"]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) {
          faults.push(`${attribute} names ${id}, which is not on the page`);
        }
      }
    }
  }
  return faults;
}

/** Runs in the page: headings that leave out a level. What was achieved or is wrong stands before the heading of the page. */
export function faults_of_headings() {
  const faults = [];
  const first = document.querySelectorAll("h1");
  if (first.length !== 1) {
    faults.push(`there are ${first.length} h1`);
  }
  const above = ".nhsuk-notification-banner, .nhsuk-error-summary";
  let level = 0;
  for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")) {
    if (heading.closest(above)) {
      continue;
    }
    const next = Number(heading.localName.slice(1));
    if (next > level + 1) {
      faults.push(`the heading “${heading.textContent.trim()}” is h${next} after h${level}`);
    }
    level = next;
  }
  return faults;
}

/** Runs in the page: fields without a label of their own, or with a word in autocomplete that browsers do not know. */
export function faults_of_fields() {
  const faults = [];
  const known = new Set(
    ["on", "off", "name", "given-name", "family-name", "email", "tel", "organization", "organization-title", "url", "username"].concat(
      ["current-password", "new-password", "one-time-code", "street-address", "postal-code", "country-name", "bday"],
    ),
  );
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    // The package's script gives the label of a file field to the button that it puts before it.
    const labels = field.type === "file" ? [...field.closest(".nhsuk-file-upload, .nhsuk-form-group").querySelectorAll("label")] : field.labels;
    const named = [...labels].some((label) => label.textContent.trim() !== "") || field.ariaLabel;
    if (!named) {
      faults.push(`the field ${field.name} has no label`);
    }
    const token = field.getAttribute("autocomplete");
    if (token !== null && !known.has(token)) {
      faults.push(`the field ${field.name} has autocomplete="${token}"`);
    }
    if (field.type === "password" && !/-(password|code)$/.test(token ?? "")) {
      faults.push(`the password field ${field.name} does not say which password it is`);
    }
  }
  return faults;
}

/** Titles that two pages share: faults by the number of the state. Pages of the same path are one page in several states. */
export function shared_titles(pages) {
  const faults = new Map();
  const first = new Map();
  for (const [number, page] of pages.entries()) {
    if (!page || page.status !== 200) {
      continue;
    }
    const key = `${page.person}\n${page.title}`;
    const other = first.get(key);
    if (other && other.path !== page.path) {
      faults.set(number, `the title “${page.title}” is also that of ${other.path}`);
    }
    first.set(key, other ?? page);
  }
  return faults;
}
