// Warns 2 minutes before the log-in runs out. Asking how long it lasts does not make it last longer.
const WARNING = 120
const tabs = new BroadcastChannel('session')
const logOut = () => document.querySelector('form[action="/logout"]').requestSubmit()
let timer
let dialog
let ends

function watch(left) {
  ends = Date.now() + left * 1000
  clearTimeout(timer)
  timer = setTimeout(look, Math.max(0, left - WARNING) * 1000)
}

async function ask(method) {
  const answer = await fetch('/session', { method, headers: { Accept: 'application/json' }, redirect: 'manual' })
  return answer.ok ? answer.json() : { left: 0 }
}

// What this page knows by itself, for when the server cannot be reached.
function own() {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: 'numeric', minute: '2-digit', hour12: true })
  return { left: (ends - Date.now()) / 1000, at: clock.format(ends).replace(':', '.').replace(' ', '') }
}

// Other tabs may have been used meanwhile: the server knows.
async function look() {
  const { left, at } = await ask('GET').catch(own)
  if (left > WARNING) return close(left)
  if (left > 0) timer = setTimeout(look, Math.min(left + 1, 20) * 1000)
  show(left, at)
}

function close(left) {
  dialog?.close()
  dialog = undefined
  watch(left)
}

async function stay() {
  const { left } = await ask('POST').catch(own)
  if (left <= 0) return show(0)
  close(left)
  tabs.postMessage(left)
}

function button(text, isFirst, press) {
  const one = document.createElement('button')
  const className = `nhsuk-button nhsuk-button--small${isFirst ? '' : ' nhsuk-button--secondary'}`
  return Object.assign(one, { type: 'button', className, textContent: text, onclick: press, autofocus: isFirst })
}

function show(left, at) {
  const isOver = left <= 0
  const title = isOver ? 'You’ve been logged out' : `You’ll be logged out at ${at}`
  if (dialog?.dataset.title === title) return
  const text = isOver
    ? 'What you saved is safe. If you press a button of a form now, we keep what you typed for 1 hour and ask you to log in.'
    : 'What you saved is safe. Stay logged in to go on.'
  dialog?.close()
  dialog?.remove()
  dialog = document.createElement('dialog')
  dialog.dataset.title = title
  dialog.setAttribute('aria-labelledby', 'session-title')
  dialog.setAttribute('aria-describedby', 'session-text')
  const heading = Object.assign(document.createElement('h2'), { id: 'session-title', className: 'nhsuk-heading-m', textContent: title })
  const words = Object.assign(document.createElement('p'), { id: 'session-text', textContent: text })
  const group = Object.assign(document.createElement('div'), { className: 'nhsuk-button-group' })
  const shut = () => dialog.close()
  if (isOver) group.append(button('Close this message', true, shut))
  else group.append(button('Stay logged in', true, stay), button('Log out', false, logOut))
  // Escape stays logged in.
  dialog.addEventListener('cancel', (event) => {
    if (isOver) return
    event.preventDefault()
    stay()
  })
  dialog.append(heading, words, group)
  document.body.append(dialog)
  dialog.showModal()
}

// The other tab's log-out is on its way.
tabs.onmessage = ({ data }) => (data === 'out' ? setTimeout(look, 2000) : close(data))
document.addEventListener('submit', ({ target }) => target.matches('form[action="/logout"]') && tabs.postMessage('out'))
watch(Number(document.body.dataset.sessionLeft))
