import { effectScope } from 'vue'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { handleKey, keyName, useShortcuts } from './shortcuts.ts'

class FakeElement {
  readonly tagName: string
  readonly isContentEditable = false
  constructor(tagName: string) {
    this.tagName = tagName
  }
}

function press(key: string, more: Partial<KeyboardEvent> = {}, at = 0) {
  const event = {
    key,
    metaKey: false,
    ctrlKey: false,
    altKey: false,
    shiftKey: false,
    defaultPrevented: false,
    isComposing: false,
    target: new FakeElement('BODY'),
    ...more,
    preventDefault: vi.fn(),
  }
  handleKey(event as unknown as KeyboardEvent, at)
  return event
}

const over = { popover: false, overlays: [] as { style: { display: string } }[] }
beforeAll(() => {
  vi.stubGlobal('HTMLElement', FakeElement)
  vi.stubGlobal('document', {
    querySelector: () => (over.popover ? {} : null),
    querySelectorAll: () => over.overlays,
  })
})

describe('shortcuts', () => {
  it('names keys', () => {
    const plain = { metaKey: false, ctrlKey: false, altKey: false, shiftKey: false }
    expect(keyName({ ...plain, key: 'Enter', ctrlKey: true })).toBe('mod+enter')
    expect(keyName({ ...plain, key: 'C', shiftKey: true })).toBe('shift+c')
    expect(keyName({ ...plain, key: '?', shiftKey: true })).toBe('?')
  })

  it('follows G with a letter, but not after a while', () => {
    const scope = effectScope()
    const chat = vi.fn()
    scope.run(() => useShortcuts({ 'g c': chat }))
    press('g', {}, 0)
    press('c', {}, 500)
    expect(chat).toHaveBeenCalledTimes(1)
    press('g', {}, 1000)
    press('c', {}, 9000)
    expect(chat).toHaveBeenCalledTimes(1)
    scope.stop()
    press('g', {}, 20_000)
    press('c', {}, 20_100)
    expect(chat).toHaveBeenCalledTimes(1)
  })

  it('rests in fields for letters and editing keys, not for commands', () => {
    const scope = effectScope()
    const [next, undo, save] = [vi.fn(), vi.fn(), vi.fn()]
    scope.run(() => useShortcuts({ j: next, 'mod+z': undo, 'mod+s': save }))
    const target = new FakeElement('TEXTAREA') as unknown as EventTarget
    press('j', { target })
    press('z', { target, ctrlKey: true })
    const saving = press('s', { target, metaKey: true })
    expect([next, undo, save].map((one) => one.mock.calls.length)).toEqual([0, 0, 1])
    expect(saving.preventDefault).toHaveBeenCalled()
    press('j', { isComposing: true })
    expect(next).not.toHaveBeenCalled()
    scope.stop()
  })

  it('lets the part set up last win, while it is enabled', () => {
    const scope = effectScope()
    const [page, dialog] = [vi.fn(), vi.fn()]
    let open = true
    scope.run(() => {
      useShortcuts({ escape: page })
      useShortcuts({ escape: dialog }, { enabled: () => open })
    })
    press('Escape')
    open = false
    press('Escape')
    expect([page.mock.calls.length, dialog.mock.calls.length]).toEqual([1, 1])
    scope.stop()
  })

  it('lets the page rest while something lies over it', () => {
    const scope = effectScope()
    const [page, undo] = [vi.fn(), vi.fn()]
    scope.run(() => {
      useShortcuts({ escape: page })
      useShortcuts({ 'mod+z': undo }, { over: true })
    })
    over.popover = true
    const closing = press('Escape')
    over.popover = false
    over.overlays = [{ style: { display: '' } }]
    press('Escape')
    press('z', { ctrlKey: true })
    expect([page.mock.calls.length, undo.mock.calls.length]).toEqual([0, 1])
    expect(closing.preventDefault).not.toHaveBeenCalled()
    over.overlays = [{ style: { display: 'none' } }]
    press('Escape')
    expect(page).toHaveBeenCalledTimes(1)
    scope.stop()
  })
})
