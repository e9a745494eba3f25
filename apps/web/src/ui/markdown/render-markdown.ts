import DOMPurify from 'dompurify'
import MarkdownIt from 'markdown-it'

const parser = new MarkdownIt({ html: false, linkify: true, breaks: false, typographer: false })

/* An answer is untrusted: a picture from elsewhere would tell its server who reads. It is offered as a link instead. */
parser.renderer.rules['image'] = (tokens, index) => {
  const token = tokens[index]
  const source = String(token?.attrGet('src') ?? '')
  const label = parser.utils.escapeHtml(token?.content || source)
  return `<a class="picture" href="${parser.utils.escapeHtml(source)}">${label}</a>`
}
parser.renderer.rules['table_open'] = () => '<div class="table" tabindex="0"><table>'
parser.renderer.rules['table_close'] = () => '</table></div>'

const allowed = {
  ALLOWED_TAGS:
    'p br hr strong em s del code pre blockquote ul ol li a h1 h2 h3 h4 h5 h6 table thead tbody tr th td div sup sub'.split(
      ' ',
    ),
  ALLOWED_ATTR: ['href', 'title', 'class', 'start', 'style', 'tabindex'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
}

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    node.setAttribute('target', '_blank')
    node.setAttribute('rel', 'noopener noreferrer nofollow')
  }
  const style = node.getAttribute('style')
  if (style && !/^text-align:\s*(?:left|right|center);?$/.test(style)) node.removeAttribute('style')
  if (node.hasAttribute('class') && !['picture', 'table'].includes(node.className))
    node.removeAttribute('class')
})

/** Link definitions, shared by the blocks of one text. */
export type MarkdownContext = Record<string, unknown>

/** One block of Markdown as clean HTML: no script, no raw HTML, no other address than http, https and mail. */
export function renderMarkdown(source: string, context: MarkdownContext): string {
  return DOMPurify.sanitize(parser.render(source, context), allowed)
}
