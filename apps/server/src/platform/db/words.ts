import type { Dialect, Words } from './types.ts'

/** Compared byte by byte without padding: `train/loss`, `train/Loss` and `train/loss ` are three keys. */
export interface Collation {
  mysql: string
}

type Types = Omit<Words, 'dialect' | 'text' | 'createTable' | 'createIndex' | 'addColumn'>

function typesOf(dialect: Dialect, collation: Collation): Types & { text(n: number): string } {
  if (dialect === 'sqlite') {
    const text = 'text'
    return {
      id: text,
      text: () => text,
      longtext: text,
      int: 'integer',
      bigint: 'integer',
      double: 'real',
      bool: 'integer',
      json: text,
      blob: 'blob',
      time: 'integer',
    }
  }
  if (dialect === 'mysql') {
    const as = `character set utf8mb4 collate ${collation.mysql}`
    return {
      id: `varchar(36) ${as}`,
      text: (n) => `varchar(${n}) ${as}`,
      longtext: `longtext ${as}`,
      int: 'int',
      bigint: 'bigint',
      double: 'double',
      bool: 'smallint',
      json: `longtext ${as}`,
      blob: 'mediumblob',
      time: 'bigint',
    }
  }
  return {
    id: 'varchar(36) collate "C"',
    text: (n) => `varchar(${n}) collate "C"`,
    longtext: 'text collate "C"',
    int: 'integer',
    bigint: 'bigint',
    double: 'double precision',
    bool: 'smallint',
    json: 'text collate "C"',
    blob: 'bytea',
    time: 'bigint',
  }
}

/** The words of a dialect's DDL; each statement may be run again. */
export function wordsOf(dialect: Dialect, collation: Collation): Words {
  const quote = (name: string) => (dialect === 'mysql' ? `\`${name}\`` : `"${name}"`)
  const ifNotExists = dialect === 'mysql' ? '' : 'if not exists '
  return {
    ...typesOf(dialect, collation),
    dialect,
    createTable(name, columns, extra = []) {
      const lines = [...Object.entries(columns).map(([column, type]) => `${quote(column)} ${type}`), ...extra]
      return `create table if not exists ${quote(name)} (${lines.join(', ')})`
    },
    createIndex(name, table, columns, unique = false) {
      const list = columns.map(quote).join(', ')
      return `create ${unique ? 'unique ' : ''}index ${ifNotExists}${quote(name)} on ${quote(table)} (${list})`
    },
    addColumn(table, column, type) {
      const guard = dialect === 'postgres' ? 'if not exists ' : ''
      return `alter table ${quote(table)} add column ${guard}${quote(column)} ${type}`
    },
  }
}
