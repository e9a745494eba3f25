import { shallowRef } from 'vue'
import type { Component } from 'vue'
import { announce } from './announce.ts'

export interface ToastOptions {
  text: string
  icon?: Component
  tone?: 'neutral' | 'ok' | 'danger'
  /** One way on, as Undo or Why. */
  action?: { label: string; run: () => void; keys?: string }
  /** Milliseconds; by default 8 s with an action, 4 s without. It waits while pointed at or focused. */
  duration?: number
}

export interface Toast extends ToastOptions {
  id: number
  duration: number
}

let lastId = 0
export const toasts = shallowRef<readonly Toast[]>([])

function close(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

/** A message that goes by itself: `show({ text, action: { label: t('ui.undo'), run } })`. */
export function useToast() {
  return {
    show(options: ToastOptions): number {
      const toast = { ...options, id: ++lastId, duration: options.duration ?? (options.action ? 8000 : 4000) }
      // Never more than four: the oldest leaves.
      toasts.value = [...toasts.value.slice(-3), toast]
      announce(options.text, options.tone === 'danger' ? 'assertive' : 'polite')
      return toast.id
    },
    close,
  }
}
