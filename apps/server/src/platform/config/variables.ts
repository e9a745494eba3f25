import path from 'node:path'
import { StartError } from '../start-error.ts'
import * as read from './readers.ts'
import type { Config } from './schema.ts'

type Folders = { root: string; data: string }

export interface Variable<T> {
  readonly name: string
  /** As the documentation shows it. */
  readonly default: string
  readonly doc: string
  /** Reads a value that is given and not empty; throws a TypeError that says what would be right. */
  read(value: string, folders: Folders): T
  /** Where it is not given. */
  readonly absent: (folders: Folders) => T
}

type Variables = { readonly [K in Exclude<keyof Config, 'root' | 'version'>]: Variable<Config[K]> }

const nothing = () => null

/** Every variable the server reads: checks and `docs/configuration.md` come from here. */
export const variables: Variables = {
  hosts: {
    name: 'ANNEAL_HOST',
    default: '`localhost`',
    doc: 'Name or address to listen on. `localhost` means `127.0.0.1` and `::1`; `0.0.0.0` or `::` opens the server to the network.',
    read: read.hosts,
    absent: () => ['127.0.0.1', '::1'],
  },
  port: {
    name: 'ANNEAL_PORT',
    default: '`4600`',
    doc: 'Port to listen on; `0` takes a free one.',
    read: read.port,
    absent: () => 4600,
  },
  data: {
    name: 'ANNEAL_DATA',
    default: '`./data`',
    doc: "The data folder: database, files, training runs, keys. Made with mode 0700. A relative path starts at the product's folder. One server at a time uses it.",
    read: (value, folders) => path.resolve(folders.root, value),
    absent: (folders) => path.join(folders.root, 'data'),
  },
  databaseUrl: {
    name: 'ANNEAL_DATABASE_URL',
    default: 'SQLite in the data folder',
    doc: '`sqlite:<file>`, `mysql://user:password@host:port/name` (MySQL 8, MariaDB 10.6 and newer) or `postgres://user:password@host:port/name` (13 and newer).',
    read: (value, folders) => read.databaseUrl(value, folders.root),
    absent: (folders) => `sqlite:${path.join(folders.data, 'anneal.db')}`,
  },
  publicUrl: {
    name: 'ANNEAL_PUBLIC_URL',
    default: '`http://localhost:<port>`',
    doc: 'How people reach the server: scheme, host and port, without a path. Links that leave the server are made from it alone. A request for any other host name is answered 421.',
    read: read.origin,
    absent: nothing,
  },
  adminEmail: {
    name: 'ANNEAL_ADMIN_EMAIL',
    default: '',
    doc: 'With `ANNEAL_ADMIN_PASSWORD`: makes the first administrator unattended if there is no user yet.',
    read: read.email,
    absent: nothing,
  },
  adminPassword: {
    name: 'ANNEAL_ADMIN_PASSWORD',
    default: '',
    doc: 'See `ANNEAL_ADMIN_EMAIL`; 15 to 128 characters.',
    read: read.password,
    absent: nothing,
  },
  masterKey: {
    name: 'ANNEAL_MASTER_KEY',
    default: 'the file `master.key` in the data folder',
    doc: 'Encrypts secrets at rest: 32 bytes in base64 or hexadecimal (`openssl rand -base64 32`). Every server on one database needs the same.',
    read: read.masterKey,
    absent: nothing,
  },
  python: {
    name: 'ANNEAL_PYTHON',
    default: 'the first `python3` that serves',
    doc: "Python that makes the training engine's environment.",
    read: read.text,
    absent: nothing,
  },
  enginePrepare: {
    name: 'ANNEAL_ENGINE_PREPARE',
    default: '`auto`',
    doc: '`auto` prepares the training engine in the background on the first start, `off` on demand only.',
    read: (value) => read.oneOf(value, ['auto', 'off']),
    absent: () => 'auto',
  },
  trustProxy: {
    name: 'ANNEAL_TRUST_PROXY',
    default: '`off`',
    doc: '`on` believes `X-Forwarded-For` and `X-Forwarded-Proto` of the one proxy before the server.',
    read: read.onOff,
    absent: () => false,
  },
  smtpUrl: {
    name: 'ANNEAL_SMTP_URL',
    default: '',
    doc: 'Server for mail: `smtp://user:password@host:port` or `smtps://…`; `?from=anneal@company.com` names the sender, `?tls=required` refuses a server without STARTTLS. Without it, nothing offers mail.',
    read: (value) => read.url(value, ['smtp:', 'smtps:']),
    absent: nothing,
  },
  httpProxy: {
    name: 'ANNEAL_HTTP_PROXY',
    default: '',
    doc: 'Proxy for calls that leave the server: `http://host:port`.',
    read: (value) => read.url(value, ['http:', 'https:']),
    absent: nothing,
  },
  caFile: {
    name: 'ANNEAL_CA_FILE',
    default: '',
    doc: 'File of PEM certificates that are trusted for calls that leave the server, beside the public ones.',
    read: (value, folders) => read.file(value, folders.root),
    absent: nothing,
  },
  metricsToken: {
    name: 'ANNEAL_METRICS_TOKEN',
    default: '',
    doc: 'Opens `/metrics` (Prometheus) to callers that send it as Bearer; off where absent. At least 16 characters.',
    read: (value) => read.longText(value, 16),
    absent: nothing,
  },
  torchIndex: {
    name: 'ANNEAL_TORCH_INDEX',
    default: "PyTorch's public CPU index on Linux without an NVIDIA GPU, unless pip has an index of its own",
    doc: 'Package index that PyTorch is taken from; `none` leaves the choice to pip.',
    read: (value) => (value === 'none' ? value : read.url(value, ['http:', 'https:', 'file:'])),
    absent: nothing,
  },
  nodeUrl: {
    name: 'ANNEAL_NODE_URL',
    default: 'the address listened on',
    doc: 'How other servers on the same database reach this one; accepted as a host name.',
    read: read.origin,
    absent: nothing,
  },
  logLevel: {
    name: 'ANNEAL_LOG_LEVEL',
    default: '`info`',
    doc: '`debug`, `info`, `warn` or `error`.',
    read: (value) => read.oneOf(value, ['debug', 'info', 'warn', 'error']),
    absent: () => 'info',
  },
}

/** Reads one variable; a bad value becomes one clear line. */
export function readVariable<T>(
  variable: Variable<T>,
  environment: Readonly<Record<string, string | undefined>>,
  folders: Folders,
): T {
  const value = environment[variable.name]?.trim()
  if (!value) return variable.absent(folders)
  try {
    return variable.read(value, folders)
  } catch (error) {
    throw new StartError(`${variable.name} ${error instanceof Error ? error.message : 'cannot be read'}.`)
  }
}
