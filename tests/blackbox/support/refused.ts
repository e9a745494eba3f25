import { expect } from 'vitest'

const CHINESE = /\p{Script=Han}/u

/** The same refusal in both languages: one code, words in each, nothing left unfilled. */
export async function refusedInBoth(
  send: (headers: Record<string, string>) => Promise<Response>,
  status: number,
  code: string,
): Promise<void> {
  for (const language of ['en', 'zh']) {
    const response = await send({
      'accept-language': language === 'en' ? 'en-GB,en' : 'zh-CN,zh;q=0.9,en;q=0.5',
    })
    const problem = (await response.json()) as Record<string, string>
    expect({ status: response.status, code: problem.code }).toEqual({ status, code })
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const words = `${problem.title} ${problem.detail}`
    expect(CHINESE.test(words), words).toBe(language === 'zh')
    expect(words).not.toMatch(/[{}]|undefined|null/)
    expect(problem.detail!.length).toBeGreaterThan(5)
    expect(problem.requestId).toBeTruthy()
  }
}
