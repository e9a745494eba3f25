import { describe, expect, it } from 'vitest'
import { address } from './api.ts'
import { ApiError, asApiError, problemFrom } from './problem.ts'
import { safeTarget } from './safe-target.ts'

describe('address', () => {
  it('fills in params and query, and leaves out what is not there', () => {
    expect(address('auth.revokeKey', { params: { id: 'a/b' } })).toEqual(['DELETE', '/api/v1/keys/a%2Fb'])
    expect(address('auth.listUsers', { query: { limit: 5, cursor: undefined, search: '' } })).toEqual([
      'GET',
      '/api/v1/users?limit=5',
    ])
    expect(address('auth.listUsers', { query: { role: ['viewer', 'member'] } })[1]).toBe(
      '/api/v1/users?role=viewer&role=member',
    )
  })
})

describe('what the server answers instead of a reply', () => {
  it('is taken from problem details, with the word on each field', () => {
    const problem = {
      code: 'platform.invalid-input',
      title: 'Some fields need a change',
      requestId: 'r1',
      errors: [{ pointer: '/connection/address', detail: 'Begin with http://' }],
    }
    const error = problemFrom(422, JSON.stringify(problem), 'other')
    expect(error).toMatchObject({
      code: 'platform.invalid-input',
      status: 422,
      requestId: 'r1',
      detail: expect.any(String),
    })
    expect(error.field('connection.address')).toBe('Begin with http://')
    expect(error.field('connection')).toBeUndefined()
  })

  it('survives a proxy that answers in HTML, and anything thrown', () => {
    expect(problemFrom(502, '<html>', 'r2')).toMatchObject({
      code: 'ui.unknown',
      status: 502,
      requestId: 'r2',
    })
    expect(asApiError(new TypeError('no'))).toMatchObject({ code: 'ui.unknown', detail: 'no' })
    const offline = ApiError.offline()
    expect(asApiError(offline)).toBe(offline)
  })
})

it('never leads away from this page after a sign-in', () => {
  expect(safeTarget('/chat/1?x=2')).toBe('/chat/1?x=2')
  for (const bad of [
    '//evil.example',
    '/\\\\evil.example',
    'https://evil.example',
    '/sign-in?to=/',
    null,
    ['/a'],
  ]) {
    expect(safeTarget(bad)).toBe('/')
  }
})
