/** Copies a text; without a secure context by a selected field, as the clipboard is missing there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text)
      return true
    }
  } catch {
    // Refused by a policy: the older way may still be allowed.
  }
  const opener = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'visually-hidden'
  // Within an open dialog nothing outside it can be selected.
  const host = opener?.closest('dialog, [popover], .el-overlay') ?? document.body
  host.append(field)
  field.select()
  // The only way on plain http.
  const done = document.execCommand('copy')
  field.remove()
  if (opener instanceof HTMLElement) opener.focus()
  return done
}
