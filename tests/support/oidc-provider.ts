import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** Someone at the provider, by what they type as their login; what it says of them. */
export type Accounts = Record<string, Record<string, unknown>>

export const oidcClient = { id: 'anneal', secret: 'a-client-secret-of-the-tests-0123456789' }

/** A certified OpenID Connect provider library, run on this machine over HTTP with its own pages to sign in. */
export class OidcServer {
  readonly accounts: Accounts = {}
  readonly #server: Server
  #handle: ((request: IncomingMessage, response: ServerResponse) => unknown) | undefined

  constructor() {
    this.#server = createServer((request, response) => {
      if (this.#handle) void this.#handle(request, response)
      else response.writeHead(503).end()
    })
  }

  get issuer(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve))
    this.knowCallbacks([])
  }

  /** The addresses that it may send people back to; it forgets everything else. */
  knowCallbacks(callbacks: string[]): void {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: oidcClient.id,
          client_secret: oidcClient.secret,
          redirect_uris: callbacks.length > 0 ? callbacks : ['http://localhost/none'],
        },
      ],
      cookies: { keys: ['the tests alone'] },
      scopes: ['openid', 'email', 'profile', 'groups'],
      claims: { email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
      // Claims stand in the ID token where the client asks for them there; else user info tells them.
      conformIdTokenClaims: true,
      findAccount: (_ctx, login) => {
        const claims = this.accounts[login]
        return claims && { accountId: login, claims: () => ({ sub: login, ...claims }) }
      },
    })
    // Its complaints are of plain http and of keys for trying out.
    this.#handle = provider.callback()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** A browser of sorts: it keeps cookies by origin, and follows where it is led. */
export class Wanderer {
  readonly cookies = new Map<string, string>()

  #keep(url: URL, response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      if (/Max-Age=0|expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(`${url.origin} ${name}`)
      else this.cookies.set(`${url.origin} ${name}`, pair.slice(pair.indexOf('=') + 1))
    }
  }

  header(url: URL): string {
    return [...this.cookies]
      .filter(([key]) => key.startsWith(`${url.origin} `))
      .map(([key, value]) => `${key.split(' ')[1]}=${value}`)
      .join('; ')
  }

  async visit(address: string | URL, form?: Record<string, string>): Promise<Response> {
    const url = new URL(address)
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: this.header(url) },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    this.#keep(url, response)
    return response
  }

  /** Goes from one redirect to the next until one leads to an address that fits; gives that. */
  async follow(address: string | URL, until: (url: URL) => boolean, login: string): Promise<URL> {
    let url = new URL(address)
    for (let hop = 0; hop < 20; hop += 1) {
      if (until(url)) return url
      let response = await this.visit(url)
      if (response.status === 200) response = await this.#submit(url, await response.text(), login)
      const location = response.headers.get('location')
      if (!location) throw new Error(`${url} leads nowhere: ${response.status} ${await response.text()}`)
      url = new URL(location, url)
    }
    throw new Error('led in circles')
  }

  /** The provider's own pages: first who it is, then whether that is fine. */
  #submit(page: URL, html: string, login: string): Promise<Response> {
    const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1]
    if (!action) throw new Error(`no form at ${page}: ${html.slice(0, 500)}`)
    const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1] ?? 'login'
    return this.visit(new URL(action, page), { prompt, login, password: 'any' })
  }
}
