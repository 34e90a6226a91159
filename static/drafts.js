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

function mark() {
  form.dataset.unsent = typed() === kept ? 'no' : 'yes'
}

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

// Tells whether the server could be reached.
async function send(keepalive = false) {
  clearTimeout(timer)
  const body = typed()
  if (isBusy || isLeaving || body === kept) return true
  isBusy = true
  let answer
  try {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }
    // A browser sends at most 64 KB when a page is left.
    const options = { method: 'POST', body, headers, signal: stop.signal, keepalive: keepalive === true && body.length < 60000 }
    const patience = setTimeout(() => stop.abort(), 10000)
    answer = await fetch(address, options)
    clearTimeout(patience)
    await settle(body, answer)
  } catch {
    stop = new AbortController()
    say({ said: LATER, link: '' }, true)
    again()
  }
  isBusy = false
  return Boolean(answer) && answer.status < 500
}

async function settle(body, answer) {
  const words = await answer.json().catch(() => ({}))
  if (words.kept) {
    kept = body
    pause = 0
    mark()
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

// The page is left only when the server can be reached: a browser forgets what was typed before a page that does not come.
async function leave(event) {
  if (isLeaving || typed() === kept) {
    isLeaving = true
    clearTimeout(timer)
    setTimeout(() => { isLeaving = false }, 10000)
    return
  }
  event.preventDefault()
  const { submitter } = event
  while (isBusy) await new Promise((done) => setTimeout(done, 50))
  if (!await send()) return
  isLeaving = true
  form.requestSubmit(submitter)
}

form.addEventListener('input', () => { mark(); later(FIRST_PAUSE) })
form.addEventListener('change', () => send())
form.addEventListener('submit', leave)
addEventListener('online', () => send())
document.addEventListener('visibilitychange', () => document.hidden && send(true))
document.querySelector('[data-discard]')?.addEventListener('submit', () => { isLeaving = true })
addEventListener('beforeunload', (event) => {
  if (isLeaving || typed() === kept) return
  send(true)
  event.preventDefault()
})
