// Keeps what is typed on a form as a draft on the server. Nothing is kept in the browser.
const form = document.querySelector('[data-draft]')
const line = form.querySelector('[data-draft-said]')
const address = `/drafts?place=${encodeURIComponent(form.dataset.draft)}`
const FIRST_PAUSE = 2000
const LONGEST_PAUSE = 60000
const WORDS = {
  403: 'Not saved: reload this page first. Copy what you typed before you do.',
  404: 'Not saved: you cannot change this any more. Copy what you typed.',
  413: 'Not saved as a draft: this is more text than we can keep. Make it shorter, or save it with the button.',
  429: 'Not saved yet: too much was sent at once. We’ll try again soon.'
}
const LATER = 'Not saved yet. We’ll keep trying. Keep this page open.'

let isLeaving = false
let isBusy = false
let hasSpoken = false
let timer
let pause = 0
let stop = new AbortController()

// Files are no part of a draft.
const typed = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === 'string')).toString()
let kept = typed()

// Screen readers hear the first save and every failure; the other saves are there to be read.
function say({ said, href, link }, isFailure) {
  if (line.dataset.said === said + link) return
  line.setAttribute('aria-live', isFailure || !hasSpoken ? 'polite' : 'off')
  hasSpoken ||= !isFailure
  line.dataset.said = said + link
  line.classList.toggle('nhsuk-error-message', Boolean(isFailure))
  line.textContent = `${said} `
  if (link) line.append(Object.assign(document.createElement('a'), { href, textContent: link }))
}

function later(milliseconds) {
  clearTimeout(timer)
  timer = setTimeout(send, milliseconds)
}

function again() {
  pause = Math.min(pause * 2 || FIRST_PAUSE, LONGEST_PAUSE)
  later(pause)
}

async function send(keepalive = false) {
  clearTimeout(timer)
  const body = typed()
  if (isBusy || isLeaving || body === kept) return
  isBusy = true
  try {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }
    const signal = AbortSignal.any?.([stop.signal, AbortSignal.timeout(10000)]) ?? stop.signal
    // A browser sends at most 64 KB when a page is left.
    const options = { method: 'POST', body, headers, signal, keepalive: keepalive === true && body.length < 60000 }
    settle(body, await fetch(address, options))
  } catch {
    if (!isLeaving) {
      say({ said: LATER, link: '' }, true)
      isBusy = false
      again()
    }
  }
  isBusy = false
}

async function settle(body, answer) {
  const words = await answer.json().catch(() => ({}))
  if (words.kept) {
    kept = body
    pause = 0
    say(words, !answer.ok)
    if (typed() !== kept) later(FIRST_PAUSE)
  } else if (answer.status >= 500 || answer.status === 401 || answer.status === 429) {
    say({ said: words.said ?? WORDS[answer.status] ?? LATER, href: words.href, link: words.link ?? '' }, true)
    again()
  } else {
    // Trying the same again would not help; the next change is tried.
    say({ said: words.said ?? WORDS[answer.status] ?? 'Not saved. Copy what you typed.', href: words.href, link: words.link ?? '' }, true)
  }
}

form.addEventListener('input', () => later(FIRST_PAUSE))
form.addEventListener('change', send)
addEventListener('online', send)
document.addEventListener('visibilitychange', () => document.hidden && send(true))
document.addEventListener('submit', (event) => {
  if (event.target !== form && !('discard' in event.target.dataset)) return
  isLeaving = true
  clearTimeout(timer)
  stop.abort()
})
addEventListener('beforeunload', (event) => {
  if (isLeaving || typed() === kept) return
  send(true)
  event.preventDefault()
})
addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  isLeaving = false
  stop = new AbortController()
})
