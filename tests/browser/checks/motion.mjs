// Whether a page keeps still for those who asked for that.

/** Runs in the page, which was asked to reduce motion: what moves all the same. */
export function faults_of_motion() {
  const moves = (style) => /[1-9]/.test(style.transitionDuration) || (style.animationName !== "none" && /[1-9]/.test(style.animationDuration));
  const faults = new Set();
  for (const element of document.querySelectorAll("body, body *")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      if ((part === null || style.content !== "none") && moves(style)) {
        faults.add(`${element.localName}.${element.classList[0] ?? ""}${part ?? ""} moves although motion is to be reduced`);
      }
    }
  }
  return [...faults].slice(0, 3);
}
