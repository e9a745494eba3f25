/** Hands a file to the browser to be saved under a name. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  /* Some browsers read it only after the click. */
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
