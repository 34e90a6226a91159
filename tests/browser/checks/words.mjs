// Words that pages do not use, and how easy the rest is to read.

/** Words that are unkind, unclear or ours alone. */
const FORBIDDEN = [
  "please",
  "invalid",
  "click here",
  "submit",
  "submitted",
  "successfully",
  "sla",
  "e\\.g\\.",
  "i\\.e\\.",
  "etc",
  "oops",
  "in order to",
  "utili[sz]e",
];
const PATTERN = new RegExp(`(?<![\\w-])(${FORBIDDEN.join("|")})(?![\\w-])`, "gi");

/** Runs in the page: what it says itself, without what people typed into it. */
export function own_words(typed) {
  const parts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const blocks = new Set(["P", "LI", "DT", "DD", "H1", "H2", "H3", "H4", "TD", "TH", "LABEL", "LEGEND", "DIV", "SUMMARY", "BUTTON", "CAPTION"]);
  let block = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (node.textContent.trim() === "" || element.closest(`script, style, textarea, option, ${typed}`)) {
      continue;
    }
    let holder = element;
    while (holder && !blocks.has(holder.tagName)) {
      holder = holder.parentElement;
    }
    parts.push(holder === block ? " " : "\n", node.textContent.replace(/\s+/g, " "));
    block = holder;
  }
  return parts.join("");
}

/** The forbidden words in a text, with what stands around them. */
export function faults_of_words(text) {
  return [...text.matchAll(PATTERN)].map(({ 0: word, index }) => {
    const around = text.slice(Math.max(0, index - 30), index + 30).replace(/\s+/g, " ");
    return `says “${word}”: …${around}…`;
  });
}

function syllables(word) {
  const plain = word.toLowerCase().replace(/(?:[^laeiouy]es|ed|[^laeiouy]e)$/, "").replace(/^y/, "");
  return Math.max(1, plain.match(/[aeiouy]{1,2}/g)?.length ?? 0);
}

/** Flesch reading ease of the sentences of a page: 60 and more is plain English. Nothing for a page with few sentences. */
export function reading_ease(text) {
  const sentences = text.split("\n").flatMap((line) => line.split(/(?<=[.?!])\s+/)).filter((line) => /[.?!]$/.test(line.trim()));
  const words = sentences.flatMap((line) => line.match(/[A-Za-z'’]+/g) ?? []);
  if (sentences.length < 5 || words.length < 60) {
    return null;
  }
  const total = words.reduce((sum, word) => sum + syllables(word), 0);
  return Math.round(206.835 - 1.015 * (words.length / sentences.length) - 84.6 * (total / words.length));
}
