import { type RedirectReply, redirect } from '../../../platform/http/index.ts'

const address = (...parts: string[]) => `/tracking/${parts.map(encodeURIComponent).join('/')}`

/** The links that an SDK prints, to the pages of the product; a page asks by itself who may see it. */
export const projectPage = (link: { workspace: string; project: string }): RedirectReply =>
  redirect(address(link.workspace, link.project))

export const runPage = (link: { workspace: string; project: string; run: string }): RedirectReply =>
  redirect(`${address(link.workspace, link.project)}/runs/${encodeURIComponent(link.run)}`)
