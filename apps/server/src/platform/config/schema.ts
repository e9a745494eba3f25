export interface Config {
  /** Names or addresses to listen on. */
  readonly hosts: readonly string[]
  /** 0: any free one (tests). */
  readonly port: number
  /** Absolute path of the data folder. */
  readonly data: string
  /** `sqlite:<absolute file>`, `mysql://…` or `postgres://…`. */
  readonly databaseUrl: string
  /** Scheme, host and port, without a trailing slash; null: the address listened on. */
  readonly publicUrl: string | null
  readonly adminEmail: string | null
  readonly adminPassword: string | null
  readonly masterKey: string | null
  readonly python: string | null
  readonly enginePrepare: 'auto' | 'off'
  readonly trustProxy: boolean
  readonly smtpUrl: string | null
  readonly httpProxy: string | null
  readonly caFile: string | null
  readonly metricsToken: string | null
  /** `none` turns it off; null: decided by what the machine has. */
  readonly torchIndex: string | null
  readonly nodeUrl: string | null
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** Absolute path of the folder that holds the product's package.json. */
  readonly root: string
  readonly version: string
}
