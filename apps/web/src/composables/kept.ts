/** Reads and writes what this browser keeps; without storage nothing is kept and nothing breaks. */
export function readKept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

export function keep(key: string, value: string | null): void {
  try {
    if (value === null || value === '') localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    /* A full or forbidden storage loses the draft at a reload, not now. */
  }
}
