// Saves each mark of the run sheet as it is made. What cannot be sent stays in this browser until it can.
const sheet = document.querySelector('[data-sheet]')
const form = sheet.closest('form')
const key = `run-sheet/${sheet.dataset.sheet}`
const banner = document.getElementById('unsent')
const field = (part, line) => form.elements[`${part}-${line}`]
let memory = {}
let isKept = true

function read() {
  try {
    return isKept ? JSON.parse(localStorage.getItem(key)) ?? {} : memory
  } catch {
    return memory
  }
}

function write(marks) {
  memory = marks
  try {
    if (Object.keys(marks).length) localStorage.setItem(key, JSON.stringify(marks))
    else localStorage.removeItem(key)
    isKept = true
  } catch {
    isKept = false
  }
}

function say(text) {
  if (banner.textContent !== text) banner.textContent = text
}

function said(line, text, isWrong) {
  const place = document.getElementById(`said-${line}`)
  place.textContent = text
  place.classList.toggle('nhsuk-error-message', Boolean(isWrong))
}

function record(line) {
  const marks = read()
  const before = marks[line]
  const was = before && !refused.has(line) ? before.was : field('was', line).value
  refused.delete(line)
  const mark = field('mark', line).value
  marks[line] = { mark, note: field('note', line).value, at: new Date().toISOString(), was }
  write(marks)
  if (!mark) said(line, 'Select a result, then the note is saved')
}

let isBusy = false
const refused = new Set()

async function send() {
  const marks = read()
  const ready = Object.entries(marks).filter(([line, { mark }]) => mark && !refused.has(line))
  if (isBusy || !ready.length) return
  isBusy = true
  const body = new URLSearchParams({ attempt: form.elements.attempt.value, sent: new Date().toISOString() })
  for (const [line, mark] of ready) for (const part in mark) body.set(`${part}-${line}`, mark[part])
  try {
    const headers = { Accept: 'application/json' }
    const signal = AbortSignal.timeout(8000)
    const answer = await fetch(form.action, { method: 'POST', body, headers, redirect: 'manual', signal })
    if (answer.type === 'opaqueredirect') say('You are logged out. Marks are saved in this browser. Log in again in another tab.')
    else if (answer.status < 500) settle(ready, await answer.json().catch(() => ({ problem: `This could not be saved (${answer.status}).` })))
    else throw answer
  } catch {
    say(isKept ? 'Saved in this browser, will send when back' : 'Not saved yet. Keep this page open')
  }
  isBusy = false
}

function settle(sent, { lines = [], progress, problem }) {
  const marks = read()
  for (const [line, { at }] of sent) {
    const now = lines.find((one) => one.line === line)
    const wrong = problem || now?.problem
    if (now) field('was', line).value = now.was
    if (marks[line]?.at !== at) {
      if (marks[line] && now && !wrong) marks[line].was = now.was
    } else if (wrong) {
      refused.add(line)
      said(line, `Not saved: ${wrong}`, true)
    } else {
      delete marks[line]
      said(line, now?.said ?? '')
    }
  }
  write(marks)
  if (progress) document.getElementById('progress').textContent = progress
  const left = Object.keys(marks).filter((line) => refused.has(line))
  say(left.length ? `Not saved: ${left.join(', ').toUpperCase()}. ${problem || 'See the lines'}` : '')
}

function tick() {
  const place = document.getElementById('elapsed')
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(place.dataset.since)) / 60000))
  const of = (number, noun) => (number ? `${number} ${noun}${number > 1 ? 's' : ''}` : '')
  place.textContent = `${of(Math.floor(minutes / 60), 'hour')} ${of(minutes % 60, 'minute')}`.trim() || '0 minutes'
}

if (form) {
  form.dataset.live = 'true'
  for (const [line, { mark, note }] of Object.entries(read())) {
    if (!field('note', line)) continue
    field('mark', line).value = mark
    field('note', line).value = note
  }
  const line_of = (event) => /^(?:mark|note)-(.+)/.exec(event.target.name)?.[1]
  form.addEventListener('input', (event) => line_of(event) && record(line_of(event)))
  // To choose what was refused once more keeps it, now that the other mark has been read.
  form.addEventListener('click', (event) => refused.has(line_of(event)) && (record(line_of(event)), send()))
  form.addEventListener('change', send)
  form.addEventListener('submit', (event) => {
    if (event.submitter?.name === 'files') return
    event.preventDefault()
    send()
  })
  document.getElementById('to-outcome')?.addEventListener('click', (event) => {
    if (Object.keys(read()).length) {
      event.preventDefault()
      say('Some lines are not saved yet: ' + Object.keys(read()).join(', ').toUpperCase())
    }
  })
  addEventListener('online', send)
  setInterval(() => { send(); tick() }, 5000)
  send()
} else if (Object.keys(read()).length) {
  // Nothing can be sent any more: what was kept is shown once, and goes when it has been read.
  const rows = Object.entries(read()).map(([line, { mark, note, at }]) => `${line.toUpperCase()}: ${mark} ${note} (${at})`)
  say(`These marks in this browser were never saved. ${rows.join('; ')}`)
  const button = document.createElement('button')
  Object.assign(button, { type: 'button', className: 'nhsuk-button nhsuk-button--small', textContent: 'Remove them from this browser' })
  button.onclick = () => { write({}); say('') }
  banner.append(button)
}
