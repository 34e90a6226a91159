// Starts the parts of the design system and guards forms against being sent twice.
// The build replaces the address of the module by the one with its hash, and puts each file of a part below as a function,
// so that a page asks for one script.
import { initAll } from '/assets/nhsuk-frontend.js'

initAll(document)

copyLinks()
if (document.querySelector('[data-standard]')) standardReplies()
if (document.querySelector('[data-draft]')) drafts()
if (document.body.dataset.sessionLeft) session()
if ('shortcuts' in document.body.dataset) shortcuts()

// The visible words of the package's file button run together where its name has
// a hidden comma. With a space, speech control finds the button by what is seen.
for (const comma of document.querySelectorAll('.nhsuk-file-upload__drop-button > .nhsuk-u-visually-hidden')) {
  comma.after(' ')
}

// A form that was sent is not sent again for this long: enough for a slow
// network, short enough to try again when nothing came back.
const AGAIN_AFTER = 10000

document.addEventListener('submit', (event) => {
  const form = event.target
  if (event.defaultPrevented || form.method !== 'post') {
    return
  }
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'true'
  setTimeout(() => delete form.dataset.sent, AGAIN_AFTER)
})

// The Back button may show a page as it was left, with its forms still marked.
addEventListener('pageshow', () => {
  for (const form of document.forms) {
    delete form.dataset.sent
  }
})
