/** What OWASP's list of secure headers asks for and every answer carries; a page or a file brings a policy of its own. */
const always: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  /* Nothing that a program is answered is ever shown as a page. */
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

/* Over plain http browsers ignore these, and say so in the console at each page. */
const overHttps: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000',
  'cross-origin-opener-policy': 'same-origin',
}

/** The headers of every answer, by whether this server is reached by https. */
export function securityHeaders(https: boolean): Record<string, string> {
  return https ? { ...always, ...overHttps } : { ...always }
}
