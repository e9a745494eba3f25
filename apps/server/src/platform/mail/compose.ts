import { text } from '../http/catalogue.ts'
import type { MailMessage } from './mail.types.ts'

export interface ComposedMail {
  subject: string
  text: string
  html: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (plain: string) => plain.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

/** One line, whatever a name holds: one that breaks it would begin another header, or a paragraph of its own. */
const oneLine = (words: string) => words.replace(/[\r\n\t\u2028\u2029]+/g, ' ').trim()

const paragraph = 'margin:0 0 16px;font:15px/24px -apple-system,Segoe UI,Roboto,sans-serif;color:#14171b'
const small = 'margin:0 0 8px;font:12px/18px -apple-system,Segoe UI,Roboto,sans-serif;color:#626a76'
const button =
  'display:inline-block;padding:9px 16px;border-radius:6px;background:#1b1f24;color:#ffffff;font:500 14px/20px -apple-system,Segoe UI,Roboto,sans-serif;text-decoration:none'

/** A mail as plain text and as plain HTML, both from the same words of the catalogue. */
export function compose({ language, kind, params, link }: MailMessage): ComposedMail {
  const said = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  )
  const word = (part: string) => text(language, `mail.${kind}.${part}`, said)
  const subject = word('subject') ?? 'Anneal'
  const paragraphs = (word('text') ?? '').split('\n')
  const action = word('action')
  const end = [word('end'), text(language, 'mail.signature', said)].filter((line) => line !== undefined)
  const body = [...paragraphs, ...(link ? [link] : []), ...end]
  const linkHtml = link
    ? `<p style="margin:24px 0"><a href="${escaped(link)}" style="${button}">${escaped(action ?? link)}</a></p><p style="${small};word-break:break-all">${escaped(link)}</p>`
    : ''
  const html = [
    `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>`,
    '<body style="margin:0;padding:32px 24px;background:#ffffff"><div style="max-width:520px">',
    ...paragraphs.map((line) => `<p style="${paragraph}">${escaped(line)}</p>`),
    linkHtml,
    ...end.map((line) => `<p style="${small}">${escaped(line)}</p>`),
    '</div></body></html>',
  ].join('')
  return { subject, text: `${body.join('\n\n')}\n`, html }
}
