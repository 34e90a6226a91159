// Walks through a page with the Tab key: every control once, in the order of the page, seen when it has the focus.

/** Runs in the page: finds what Tab should reach, and how each looks without the focus. */
function prepare() {
  const looks = (element) => {
    const parts = [element, element.nextElementSibling, element.firstElementChild, element.closest("summary, label, button, a")];
    return parts
      .filter(Boolean)
      .flatMap((one) => [null, "::before", "::after"].map((part) => getComputedStyle(one, part)))
      .map((s) => [s.outline, s.boxShadow, s.backgroundColor, s.color, s.border, s.textDecorationLine].join())
      .join("|");
  };
  const is_radio = (element) => element.matches("input[type=radio]");
  const group = (element) => [...document.querySelectorAll("input[type=radio]")].filter((e) => e.name === element.name && e.form === element.form);
  const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";
  const all = [...document.querySelectorAll(selector)].filter((element) => {
    const is_open = !element.disabled && element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    return is_open && element.tabIndex >= 0;
  });
  // Tab reaches one radio of a group: the chosen one, or the first.
  const stops = all.filter((element) => {
    if (!is_radio(element)) {
      return true;
    }
    const open = group(element).filter((one) => all.includes(one));
    return element === (open.find((one) => one.checked) ?? open[0]);
  });
  document.activeElement?.blur();
  window.walk = { stops, looks, plain: stops.map(looks), at: -1 };
  // From here Tab goes on, wherever the focus was before.
  stops[0]?.focus();
  return stops.length;
}

/** Runs in the page: at every press of Tab, before the focus moves on, sees where it is and what is wrong with that. */
function watch_focus() {
  const faults = [];
  const { walk } = window;
  walk.found = { faults, is_out: false };
  addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Tab" && !walk.found.is_out) {
        const step = look_around();
        walk.found.is_out = step.is_out === true;
        faults.push(...step.faults);
      }
    },
    true,
  );
  const look_around = () => {
    const { stops, looks, plain, at } = walk;
    const element = document.activeElement;
    const name = (e) => `${e.localName}${e.id && `#${e.id}`} “${(e.innerText || e.ariaLabel || e.name || "").trim().slice(0, 40)}”`;
    if (!element || element === document.body) {
      return { is_out: true, faults: [] };
    }
    const place = stops.indexOf(element);
    if (place < 0) {
      const can_scroll = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
      return { faults: can_scroll ? [] : [`Tab reaches ${name(element)}, which is no control`] };
    }
    const faults = [];
    if (place !== at + 1) {
      faults.push(`Tab reaches ${name(element)} ${place <= at ? "again or too late" : `and leaves out ${name(stops[at + 1])}`}`);
    }
    walk.at = place;
    if (looks(element) === plain[place]) {
      faults.push(`${name(element)} looks no different with the focus`);
    }
    const [box] = element.getClientRects();
    const target = element.matches("input") && box && box.width * box.height < 4 ? element.labels[0].getClientRects()[0] : box;
    const x = target ? (Math.max(0, target.left) + Math.min(innerWidth, target.right)) / 2 : -1;
    const y = target ? (Math.max(0, target.top) + Math.min(innerHeight, target.bottom)) / 2 : -1;
    if (!target || target.bottom <= 0 || target.top >= innerHeight || target.right <= 0 || target.left >= innerWidth) {
      faults.push(`${name(element)} has the focus outside the window`);
    } else {
      const top = document.elementFromPoint(x, y);
      const is_seen = top && (element.contains(top) || top.contains(element) || [...(element.labels ?? [])].some((l) => l.contains(top)));
      if (!is_seen) {
        faults.push(`${name(element)} has the focus and is covered by ${top ? name(top) : "nothing"}`);
      }
    }
    return { faults };
  };
}

/** What is wrong with the way through a page by keyboard. */
export async function faults_of_keyboard(page) {
  const count = await page.evaluate(prepare);
  await page.evaluate(watch_focus);
  const keys = await page.createCDPSession();
  const tab = { type: "rawKeyDown", key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 };
  // Things that scroll are stops of their own, so there may be more than were counted. The presses are not waited for one
  // by one: the browser takes them in their order.
  await Promise.all(Array.from({ length: count + 8 }, () => keys.send("Input.dispatchKeyEvent", tab)));
  await keys.detach();
  const { faults, is_out, reached } = await page.evaluate(() => ({ ...window.walk.found, reached: window.walk.at + 1 }));
  if (faults.length === 0 && reached !== count) {
    faults.push(`Tab reaches ${reached} of ${count} controls`);
  }
  if (faults.length === 0 && !is_out) {
    faults.push("Tab does not leave the page");
  }
  return [...faults.slice(0, 4), ...(await faults_of_skip_link(page))];
}

async function faults_of_skip_link(page) {
  const is_there = await page.evaluate(() => {
    const link = document.querySelector(".nhsuk-skip-link");
    link?.focus();
    return Boolean(link);
  });
  if (!is_there) {
    return ["there is no link to skip to the content"];
  }
  await page.keyboard.press("Enter");
  const is_in = await page.evaluate(() => document.activeElement?.id === "maincontent");
  return is_in ? [] : ["the skip link does not go to the content"];
}
