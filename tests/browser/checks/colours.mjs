// Forced colours with a dark scheme: what was told apart by colour is still there.

/** Runs in the page in forced colours: what cannot be told from what is behind it. */
function faults_of_colours() {
  const faults = new Set();
  const name = (e) => `${e.localName}.${[...e.classList].join(".")} “${e.textContent.trim().slice(0, 30)}”`;
  const clear = (colour) => colour === "none" || colour === "transparent" || /^rgba\(.*, 0\)$/.test(colour);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const { backgroundColor } = getComputedStyle(one);
      if (!clear(backgroundColor)) {
        return backgroundColor;
      }
    }
    return "rgb(0, 0, 0)";
  };
  const has_border = (element) => {
    const style = getComputedStyle(element);
    const side = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0;
    return side && !clear(style.borderTopColor) && style.borderTopColor !== behind(element.parentElement);
  };
  const has_ground = (element) => {
    const ground = getComputedStyle(element).backgroundColor;
    return !clear(ground) && ground !== behind(element.parentElement);
  };
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility({ visibilityProperty: true }));
  for (const tag of shown(".nhsuk-tag, .app-count, mark")) {
    if (getComputedStyle(tag).color === behind(tag)) {
      faults.add(`the words of ${name(tag)} cannot be seen`);
    }
    if (!tag.matches(".nhsuk-tag--no-border") && !has_border(tag) && !has_ground(tag)) {
      faults.add(`${name(tag)} has no edge`);
    }
  }
  for (const button of shown(".nhsuk-button, .nhsuk-input, .nhsuk-textarea, .nhsuk-select")) {
    if (!has_border(button) && !has_ground(button)) {
      faults.add(`${name(button)} has no edge`);
    }
  }
  const shapes = "rect, line, circle, path, polyline, polygon, ellipse, text";
  for (const shape of shown("main svg:not(.nhsuk-icon, .app-qr)").flatMap((svg) => [...svg.querySelectorAll(shapes)])) {
    if (shape.closest("defs, pattern, clipPath, mask")) {
      continue;
    }
    const style = getComputedStyle(shape);
    const ground = behind(shape.ownerSVGElement);
    const is_seen = [style.fill, style.stroke].some((paint) => !clear(paint) && paint !== ground);
    if (!is_seen) {
      faults.add(`${shape.localName}.${shape.getAttribute("class") ?? ""} in ${name(shape.ownerSVGElement)} cannot be told from what is behind it`);
    }
  }
  // One of each kind stands for all.
  for (const control of ["main a[href]", "main .nhsuk-button", "main input:not([type=hidden])", "main summary"].flatMap((s) => shown(s).slice(0, 1))) {
    control.focus();
    const looks = [control, control.nextElementSibling, control.firstElementChild].filter(Boolean);
    const ring = looks.flatMap((e) => [null, "::before", "::after"].map((part) => getComputedStyle(e, part)));
    const has_ring = ring.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 && s.outlineColor !== behind(control));
    if (!has_ring && document.activeElement === control) {
      faults.add(`${name(control)} has no ring with the focus`);
    }
    control.blur();
  }
  return [...faults].slice(0, 5);
}

/** Looks at the page in forced colours; `see` may take a picture meanwhile. */
export async function look_in_forced_colours(page, see) {
  const session = await page.createCDPSession();
  const still = { name: "prefers-reduced-motion", value: "reduce" };
  await session.send("Emulation.setEmulatedMedia", {
    features: [still, { name: "forced-colors", value: "active" }, { name: "prefers-color-scheme", value: "dark" }],
  });
  const faults = (await page.evaluate(() => matchMedia("(forced-colors: active)").matches))
    ? await page.evaluate(faults_of_colours)
    : ["the browser does not force colours"];
  await see();
  await session.send("Emulation.setEmulatedMedia", { features: [still] });
  await session.detach();
  return faults.map((fault) => `in forced colours: ${fault}`);
}
