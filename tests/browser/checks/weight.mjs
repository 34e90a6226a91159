// How much a page weighs: bytes and requests as they went over the network, elements, and whether anything moved while it loaded.

const FIRST_VISIT = { bytes: 60 * 1024, requests: 7 };
const NEXT_PAGE = { bytes: 15 * 1024, requests: 1 };
const ELEMENTS = 1500;
// Nothing is painted before the whole page is there, so nothing moves while it loads; less than this is rounding.
const SHIFT = 0.001;

/** Counts what goes over the network from the last navigation on. */
export async function weigh(page) {
  const session = await page.createCDPSession();
  await session.send("Network.enable");
  const scale = { requests: new Map(), pages: 0 };
  session.on("Network.requestWillBeSent", ({ requestId, request, type, redirectResponse }) => {
    if (type === "Document") {
      scale.pages += redirectResponse ? 0 : 1;
      scale.requests.clear();
    }
    if (!request.url.startsWith("data:")) {
      scale.requests.set(requestId, { url: request.url, type, bytes: 0, is_kept: false });
    }
  });
  const of = (id, change) => {
    const request = scale.requests.get(id);
    if (request) {
      change(request);
    }
  };
  session.on("Network.requestServedFromCache", ({ requestId }) => of(requestId, (one) => (one.is_kept = true)));
  session.on("Network.responseReceived", ({ requestId, response, type }) =>
    of(requestId, (one) => {
      one.is_kept ||= response.fromDiskCache;
      one.kind = response.mimeType;
      one.type = type;
    }),
  );
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => of(requestId, (one) => (one.bytes = encodedDataLength)));
  return scale;
}

/** What is too heavy in what was weighed since the last navigation. */
export function faults_of_weight(scale, base) {
  const sent = [...scale.requests.values()].filter((one) => !one.is_kept);
  const bytes = sent.reduce((sum, one) => sum + one.bytes, 0);
  const [most, visit] = scale.pages > 1 ? [NEXT_PAGE, "next page"] : [FIRST_VISIT, "first visit"];
  const faults = [];
  if (bytes > most.bytes) {
    faults.push(`${bytes} bytes for a ${visit}: ${most.bytes} are allowed`);
  }
  if (sent.length > most.requests) {
    faults.push(`${sent.length} requests for a ${visit}: ${sent.map((one) => one.url.replace(base, "")).join(", ")}`);
  }
  const page = sent.find((one) => one.type === "Document");
  if (page && page.bytes > NEXT_PAGE.bytes) {
    faults.push(`the page has ${page.bytes} bytes: ${NEXT_PAGE.bytes} are allowed`);
  }
  for (const { url, type, kind } of sent) {
    if (!url.startsWith(`${base}/`)) {
      faults.push(`asks another host: ${url}`);
    }
    if (type === "Font" || (kind?.startsWith("image/") && kind !== "image/svg+xml")) {
      faults.push(`fetches ${url}, a font or a picture made of dots`);
    }
  }
  return { faults, bytes, page: page?.bytes ?? 0 };
}

/** Runs before the page: adds up what moves while it loads. */
export function watch_shifts() {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      window.shifted += entry.hadRecentInput ? 0 : entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Runs in the page: what is too much of it, and what moved. */
export async function faults_of_layout({ elements, shift }) {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const faults = [];
  const count = document.querySelectorAll("*").length;
  if (count > elements) {
    faults.push(`${count} elements: ${elements} are allowed`);
  }
  if (window.shifted >= shift) {
    faults.push(`things moved while the page loaded: ${window.shifted.toFixed(4)}`);
  }
  return faults;
}

/** The most elements that a page may have, and the most that may move. */
export const LAYOUT = { elements: ELEMENTS, shift: SHIFT };
