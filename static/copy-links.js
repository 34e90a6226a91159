// Makes of each link to a part of a page a button that copies its address, to be sent to a colleague. Without this script,
// or where the browser does not let a page write to the clipboard, it stays the link that it is.
if (navigator.clipboard) {
  for (const link of document.querySelectorAll('a[data-copy]')) {
    const button = document.createElement('button')
    const said = document.createElement('span')
    button.type = 'button'
    button.className = 'app-link-button'
    button.append('Copy link', ...link.querySelectorAll('.nhsuk-u-visually-hidden'))
    said.setAttribute('role', 'status')
    button.addEventListener('click', () =>
      navigator.clipboard.writeText(link.href).then(
        () => (said.textContent = ' Link copied'),
        () => (said.textContent = ` Copy this address: ${link.href}`),
      ),
    )
    link.replaceWith(button, said)
  }
}
