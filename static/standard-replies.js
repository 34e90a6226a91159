// Puts a standard reply into the text as soon as it is chosen; without this script a button does.
for (const choice of document.querySelectorAll('[data-standard]')) {
  const button = choice.querySelector('button')
  const select = choice.querySelector('select')
  button.hidden = true
  select.addEventListener('change', () => {
    const reply = document.getElementById(`text-${select.value}`)
    if (!reply) return
    const field = button.form.elements[choice.dataset.standard]
    const typed = field.value.trimEnd()
    field.value = typed ? `${typed}\n\n${reply.textContent}` : reply.textContent
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
