// Keyboard shortcuts, started only for those who switched them on. None is heard while a field has the focus, nor with
// Ctrl, Alt or Meta. They press what is on the page, and save and send nothing.
const QUESTIONS = '.app-question, .app-field, .nhsuk-task-list__link, .nhsuk-summary-list__row[id]'
const PAIR_TIME = 1500

let current
let pairUntil = 0

const questions = () => [...document.querySelectorAll(QUESTIONS)]
const here = () => document.activeElement.closest(QUESTIONS) ?? current
const decisions = (question) => [...(question?.querySelectorAll('[name^="decision-"]') ?? [])]

function visit(question) {
  if (!question) return
  current = question
  if (!question.matches('a, [tabindex]')) question.tabIndex = -1
  question.focus()
  question.scrollIntoView({ block: 'start' })
}

function step(by) {
  const all = questions()
  const at = all.indexOf(here())
  visit(all[at < 0 ? (by > 0 ? 0 : -1) : at + by])
}

function decide(value) {
  const question = here()
  const radio = decisions(question).find((one) => one.value === value)
  if (!radio) return
  current = question
  radio.click()
  if (value === 'more') question.querySelector('[name^="comment-"]')?.focus()
}

function undecided() {
  const all = questions()
  const is_open = (one) => decisions(one).length > 0 && !decisions(one).some((radio) => radio.checked)
  const at = all.indexOf(here())
  visit(all.slice(at + 1).find(is_open) ?? all.find(is_open))
}

function search() {
  const field = document.querySelector('form[role="search"] input:not([type="hidden"])')
  if (field) field.focus()
  else location.assign('/search')
}

const follow = (address) => document.querySelector(`header a[href="${address}"]`)?.click()

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => decide('accept'),
  m: () => decide('more'),
  n: undecided,
  '/': search,
  '?': () => location.assign('/keyboard-shortcuts'),
  g: () => { pairUntil = Date.now() + PAIR_TIME },
}
const AFTER_G = { q: () => follow('/queue'), p: () => follow('/products') }

document.addEventListener('keydown', (event) => {
  const { key, target } = event
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return
  if (target.isContentEditable || target.matches?.('input, textarea, select')) return
  const isPair = Date.now() < pairUntil
  pairUntil = 0
  const act = (isPair ? AFTER_G : KEYS)[key]
  if (!act) return
  event.preventDefault()
  act()
})
