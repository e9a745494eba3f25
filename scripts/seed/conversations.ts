export interface Script {
  title: string
  prompt: string
  reasoning?: string
  text: string
  system?: string
}

const code = `Read the file line by line, so that its size does not matter:

\`\`\`python
import json
from collections import Counter
from pathlib import Path

def count_roles(path: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"row {number}: {error}") from error
            counts.update(message["role"] for message in row["messages"])
    return counts
\`\`\`

\`Counter.update\` takes any iterable, so no inner loop is needed.`

const table = `| option | memory | time per step | quality |
|---|---:|---:|---|
| full | 16 GB | 0.9 s | best |
| LoRA, rank 16 | 6 GB | 0.6 s | close to full |
| LoRA, rank 4 | 5 GB | 0.6 s | enough for style |

Start with rank 16. Go down only if memory is short.`

const formula = `The loss of one token is the negative logarithm of its probability:

$$L = -\\frac{1}{N}\\sum_{i=1}^{N} \\log p(x_i \\mid x_{<i})$$

A loss of 0.69 means that the right token has a probability of one half, since $e^{-0.69} \\approx 0.5$.`

const query = `\`\`\`sql
select date_trunc('week', created_at) as week,
       count(*)                       as tickets,
       avg(closed_at - created_at)    as mean_time
from ticket
where closed_at is not null
group by 1
order by 1 desc
limit 12;
\`\`\`

An index on \`(closed_at, created_at)\` covers it.`

/** Conversations of one question and one answer. */
export const scripts: Script[] = [
  {
    title: 'Count roles in a JSONL file',
    prompt: 'Write a Python function that counts the roles in a large JSONL file.',
    reasoning:
      'The file may be large, so it should be streamed. A bad row should name its number. Counter does the sum.',
    text: code,
  },
  {
    title: 'Full training or LoRA',
    prompt: 'Compare full training with LoRA for a model of one billion parameters.',
    reasoning:
      'Three rows are enough: full, rank 16, rank 4. Memory first, as that is what decides. Then a recommendation.',
    text: table,
  },
  {
    title: 'What a loss of 0.69 means',
    prompt: 'What does a training loss of 0.69 mean?',
    reasoning: 'Cross-entropy in nats. exp(-0.69) is about 0.5. Give the formula and the reading.',
    text: formula,
  },
  {
    title: 'Tickets per week',
    prompt: 'SQL for tickets per week with the mean time to close, PostgreSQL.',
    text: query,
  },
  {
    title: '学习率怎么选',
    prompt: '微调一个小模型，学习率应该怎么选？',
    reasoning: '先说常用范围，再说怎么判断过大或过小，最后给一个具体的起点。',
    text: '全量微调可以从 **2e-5** 开始，LoRA 可以从 **2e-4** 开始。\n\n- 损失忽高忽低：学习率过大，减半再试\n- 损失几乎不动：学习率过小，加倍再试\n- 前 3% 的步数做预热，之后用余弦衰减\n\n先用 50 步做一次短训练，看曲线再定。',
  },
  {
    title: '把会议纪要改短',
    prompt: '把这段会议纪要压缩成三点：本周完成了夹爪标定，第三关节在高温下有偏移，周四复测。',
    text: '1. 夹爪标定本周完成\n2. 第三关节高温下有偏移\n3. 周四复测',
  },
  {
    title: 'Torque drifts on joint 3',
    prompt: 'The torque of joint 3 drifts after two hours of work. Where do I look first?',
    reasoning:
      'Two hours points at heat. The sensor is near the motor. Ask for the temperature first, then the zero point, then the belt. One action per step.',
    text: '1. Note the housing temperature at the start and after two hours.\n2. Set the zero point again while warm. If the drift is gone, it is thermal.\n3. If it stays, check the belt tension: 42 to 46 Hz.\n\nSend me both temperatures and I can say more.',
    system: 'You answer customers of a robot maker. One action per step.',
  },
  {
    title: 'Mail to a supplier',
    prompt: 'A short mail: the belts arrived two weeks late, we need the next lot by 4 December.',
    text: 'Subject: Delivery of the next lot of belts\n\nHello,\n\nthe last lot arrived two weeks late and stopped our line for three days. We need the next one by 4 December.\n\nCan you confirm the date by Friday?\n\nKind regards',
  },
  {
    title: 'Why the test is flaky',
    prompt: 'This test passes alone and fails in the suite. What are the usual causes?',
    reasoning: 'Shared state, order, time, ports. Order by how often they are the cause.',
    text: 'In the order in which I would look:\n\n1. **Shared state**: a module-level cache or a database row of another test\n2. **Order**: run the suite with a shuffled order and a printed seed\n3. **Time**: a sleep in place of waiting for a condition\n4. **Ports and files** with fixed names',
  },
  {
    title: 'Regular expression for versions',
    prompt: 'A regular expression for semantic versions, in TypeScript.',
    text: "```ts\nconst version = /^(\\d+)\\.(\\d+)\\.(\\d+)(?:-([\\w.-]+))?(?:\\+([\\w.-]+))?$/\n\nconst [, major, minor, patch] = version.exec('2.11.0-rc.1') ?? []\n```\n\nLeading zeros are allowed here; the standard forbids them.",
  },
]

const topics: [title: string, prompt: string, text: string][] = [
  ['Names for a valve', 'Five names for a small valve.', 'Pip, Lark, Sluice, Tern, Wicket.'],
  [
    'Checklist for a release',
    'A checklist for a release.',
    '- [x] tests pass\n- [x] notes written\n- [ ] tag pushed\n- [ ] support told',
  ],
  ['Translate a label', 'Translate: keep away from water.', 'Vor Wasser schützen. · 请勿接触水。'],
  [
    'Explain back-pressure',
    'Explain back-pressure in two sentences.',
    'A slow reader tells a fast writer to wait. Without it the queue between them grows until memory ends.',
  ],
  ['Units of torque', 'How many newton metres are 20 inch-pounds?', '20 in·lb are **2.26 N·m**.'],
  [
    'Agenda for Monday',
    'An agenda of 30 minutes for Monday.',
    '1. Numbers, 5 min\n2. Customers, 10 min\n3. Hiring, 10 min\n4. Open points, 5 min',
  ],
  [
    'Commit message',
    'A commit message for: retry on 429 with the time that the server names.',
    '`Outbound: a 429 is tried again when its server says`',
  ],
  [
    'Shorter paragraph',
    'Shorten: we would like to inform you that the office will be closed.',
    'The office will be closed.',
  ],
  [
    'What is a token',
    'What is a token?',
    'A piece of text that a model reads as one: a word, a part of it, or a mark. In English a token is about four characters.',
  ],
  [
    'Git: undo a commit',
    'How do I undo the last commit but keep the changes?',
    '```sh\ngit reset --soft HEAD~1\n```',
  ],
  ['报价单要点', '一份报价单必须写清哪些内容？', '数量、单价、币种、有效期、交货日期和付款条件。'],
  [
    'Colours for five lines',
    'Five line colours that a red-green-blind reader can tell apart.',
    'Blue, orange, teal, dark purple and grey. Add dashes from the sixth on.',
  ],
  ['Name of a dataset', 'A name for a dataset of support tickets of 2026.', '`support-2026`'],
  [
    'Interview questions',
    'Three questions for a firmware engineer.',
    '1. What runs between power-on and main?\n2. When does a watchdog hide a fault?\n3. How do you update a device that may lose power?',
  ],
  ['周报开头', '写一句周报的开头。', '本周完成了标定流程，下周开始复测。'],
]

scripts.push(...topics.map(([title, prompt, text]) => ({ title, prompt, text })))
