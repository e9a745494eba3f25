import type { Language } from '@anneal/contract'

interface Sample {
  name: string
  description: string
  folder: string
  text: string
  variables: { name: string; default: string | null; description: string }[]
  message: string
}

const samples: Readonly<Record<Language, Sample>> = {
  en: {
    name: 'support-reply',
    description: 'Answers customers by mail, one action per step.',
    folder: 'Support',
    text: `You answer customers of {{company}} by mail.
The reader is {{role}}; write in {{language}}.

Give the steps in the order in which they are done, one action per step.
Never promise a visit or a date.

At most {{max_words}} words. No greeting beyond one line.
If you are not sure, say so and ask one question.`,
    variables: [
      { name: 'company', default: 'Tidewell Robotics', description: 'Who the answer is from' },
      { name: 'role', default: 'an operator', description: 'Who reads the answer' },
      { name: 'language', default: 'English', description: '' },
      { name: 'max_words', default: '120', description: '' },
    ],
    message: 'First version',
  },
  zh: {
    name: '客服回复',
    description: '用邮件回复客户，一步一个操作。',
    folder: '客服',
    text: `你代表 {{company}} 用邮件回复客户。
读者是 {{role}}；用{{language}}书写。

按操作顺序给出步骤，一步一个操作。
不承诺上门或日期。

不超过 {{max_words}} 字。问候只用一行。
不确定时直说，并提一个问题。`,
    variables: [
      { name: 'company', default: '潮井机器人', description: '回复以谁的名义' },
      { name: 'role', default: '操作员', description: '谁来读这封回复' },
      { name: 'language', default: '中文', description: '' },
      { name: 'max_words', default: '200', description: '' },
    ],
    message: '第一个版本',
  },
}

export function sampleOf(language: Language): Sample {
  return samples[language]
}
