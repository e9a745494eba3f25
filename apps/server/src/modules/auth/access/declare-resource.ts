import type { AccessKind } from '@anneal/contract'

/** How a module says what can be shared of what it keeps; its table has the columns of every resource. */
export interface ResourceDeclaration {
  kind: AccessKind
  table: string
  nameColumn: string
  /** What its access follows where the column is set: it is changed there, and copied or looked up from there. */
  parent?: {
    kind: AccessKind
    column: string
    /** Whether its grants are its parent's own rows, or copies under its own id. */
    grants: 'looked-up' | 'copied'
  }
}

const declared = new Map<AccessKind, ResourceDeclaration>()

export function declareResource(declaration: ResourceDeclaration): void {
  declared.set(declaration.kind, declaration)
}

export function declarationOf(kind: AccessKind): ResourceDeclaration | undefined {
  return declared.get(kind)
}

/** Every kind that the modules of this server keep. */
export function declaredResources(): ResourceDeclaration[] {
  return [...declared.values()]
}

/** The kinds whose access follows that of this kind. */
export function followersOf(kind: AccessKind): (ResourceDeclaration & { parent: { column: string } })[] {
  return declaredResources().flatMap((one) =>
    one.parent?.kind === kind ? [{ ...one, parent: one.parent }] : [],
  )
}
