import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ChatPage } from './pages/chat-page.ts'
import { createPrompt, PromptPage } from './pages/prompt-page.ts'
import { openStage, type Stage } from './support/stage.ts'
import { words } from './support/words.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage({ standIn: { reply: () => ({ text: 'One two three.' }) } })
})
afterAll(() => stage.close())
afterEach(() => stage.closePages())

test('a prompt is written, tried, saved as a version, compared, put into production, and answers in chat', async () => {
  const page = await stage.open('/prompts')
  const prompt = await createPrompt(page, { name: 'mail-reply', text: 'Answer {{role}}.\nBe brief.' })
  await prompt.editor.fill('Answer {{role}} at once.\nBe brief.')
  await prompt.versions.getByText(words('prompts.draft')).waitFor()
  await page.getByRole('textbox', { name: words('prompts.defaultOf', { name: 'role' }) }).fill('operators')
  await page.reload()
  expect(await prompt.editor.inputValue()).toBe('Answer {{role}} at once.\nBe brief.')

  const results = await prompt.run('Hello')
  await results.getByText('One two three.').waitFor()
  await results.getByText(words('prompts.words', { n: 3 })).waitFor()
  const asked = stage.provider.requests.at(-1)?.body as { messages: { content: string }[] }
  expect(asked.messages[0]?.content).toBe('Answer operators at once.\nBe brief.')

  await prompt.save(2, 'At once')
  await prompt.versions.getByText('At once').waitFor()
  await prompt.show('diff')
  await prompt.diff.getByText('at once').waitFor()
  await prompt.moveLabel('Tried on three mails')
  await page.getByText(`${words('prompts.labels.production')} v2`, { exact: true }).waitFor()
  await prompt.show('labels')
  await page.getByText('Tried on three mails').waitFor()

  await page.goto(`${stage.server.baseUrl}/chat`)
  const chat = new ChatPage(page)
  await page.getByRole('button', { name: words('chat.settings') }).click()
  await page.getByText(words('chat.promptSource.prompt'), { exact: true }).click()
  await page.getByRole('combobox', { name: words('prompts.pick.prompt') }).click()
  await page.getByRole('option', { name: 'mail-reply' }).click()
  await page.getByRole('button', { name: words('ui.save') }).click()
  await page.getByText(words('chat.answersWith', { name: 'mail-reply' })).waitFor()
  await chat.send('Hello')
  await chat.untilDone()
  await page.getByRole('link', { name: 'mail-reply v2' }).click()
  await page.waitForURL(
    (url) => url.pathname === '/prompts/mail-reply' && url.searchParams.get('version') === '2',
  )
})

test('a draft that another’s version overtakes is kept, compared, and saved as the one after it', async () => {
  const { id, name } = await stage.client.call('prompts.create', {
    body: { name: 'overtaken', text: 'Start.', visibility: 'everyone' },
  })
  const page = await stage.open(`/prompts/${name}`)
  const prompt = new PromptPage(page)
  await prompt.editor.fill('Mine.')
  await stage.client.call('prompts.saveVersion', { params: { id }, body: { basedOn: 1, text: 'Theirs.' } })
  await page.getByText(words('prompts.conflictText')).waitFor()
  await page.getByRole('button', { name: words('prompts.compareBoth') }).click()
  await prompt.diff.getByText('Theirs.').waitFor()
  await prompt.diff.getByText('Mine.').waitFor()
  await page.getByRole('button', { name: words('prompts.keepMine', { version: 3 }) }).click()
  const dialog = page.getByRole('dialog', { name: words('prompts.saveTitle', { version: 3 }) })
  await dialog.getByRole('button', { name: words('prompts.saveAs', { version: 3 }) }).click()
  await dialog.waitFor({ state: 'hidden' })
  const saved = await stage.client.call('prompts.version', { params: { id, number: 3 } })
  expect(saved.text).toBe('Mine.')
})
