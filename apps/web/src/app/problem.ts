import { language, translate } from '../composables/texts.ts'

export interface FieldError {
  /** JSON pointer into the body, as `/address`. */
  pointer: string
  detail: string
}

export interface Problem {
  code: string
  status: number
  title: string
  detail: string
  params: Record<string, string | number>
  errors: FieldError[]
  requestId: string
}

/** What the server answered instead of a reply, in the reader's language; `status` 0 when nothing came back. */
export class ApiError extends Error implements Problem {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly params: Record<string, string | number>
  readonly errors: FieldError[]
  readonly requestId: string

  constructor(problem: Partial<Problem> & { code: string }, cause?: unknown) {
    super(problem.title ?? problem.code, { cause })
    this.name = 'ApiError'
    this.code = problem.code
    this.status = problem.status ?? 0
    this.title = problem.title ?? translate('ui.errors.unknown.title')
    this.detail = problem.detail ?? ''
    this.params = problem.params ?? {}
    this.errors = problem.errors ?? []
    this.requestId = problem.requestId ?? ''
  }

  static offline(cause?: unknown): ApiError {
    return new ApiError(
      {
        code: 'ui.offline',
        title: translate('ui.errors.offline.title'),
        detail: translate('ui.errors.offline.detail'),
      },
      cause,
    )
  }

  /** The server's word on one field of the body, by its name or path (`address`, `messages/0/content`). */
  field(name: string): string | undefined {
    const pointer = `/${name.replaceAll('.', '/')}`
    return this.errors.find((error) => error.pointer === pointer)?.detail
  }
}

/** Any thrown value as an ApiError, for ErrorState and toasts. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new ApiError({ code: 'ui.unknown', title: translate('ui.errors.unknown.title'), detail }, error)
}

export function problemFrom(status: number, text: string, requestId: string): ApiError {
  let body: Partial<Problem> = {}
  try {
    body = JSON.parse(text) as Partial<Problem>
    /* The gateway refuses in OpenAI's shape. */
    const { error } = body as { error?: { message?: string; code?: string | null } }
    if (error?.message) body = { code: error.code ?? 'ui.unknown', title: error.message, detail: '' }
  } catch {
    // A proxy in between answers in HTML: then the status is all there is.
  }
  return new ApiError({
    ...body,
    code: body.code ?? 'ui.unknown',
    status,
    title: body.title ?? translate('ui.errors.status.title', { status: String(status) }),
    detail: body.detail ?? translate('ui.errors.status.detail'),
    requestId: body.requestId ?? requestId,
  })
}

export async function parseProblem(response: Response): Promise<ApiError> {
  return problemFrom(response.status, await response.text(), response.headers.get('x-request-id') ?? '')
}

export function acceptLanguage(): string {
  return language.value === 'zh' ? 'zh-CN' : 'en'
}
