import { describe, expect, test } from 'vitest'
import { fillTemplate, templatePieces, templateVariables, variableValue } from './prompt-template.ts'

describe('variables in a prompt', () => {
  test.each([
    ['Hello {{role}}, {{ line }} and {{\tlanguage\n}}', ['role', 'line', 'language']],
    ['twice {{a}} {{a}} {{b}} {{a}}', ['a', 'b']],
    ['{{_x9}} {{9x}} {{a-b}} {{}} {{ }} {a} {{a}', ['_x9']],
    ['{{{a}}}', ['a']],
    ['\\{{a}} but {{b}}', ['b']],
    ['{{角色}}', []],
    [`{{${'x'.repeat(64)}}} {{${'y'.repeat(65)}}}`, ['x'.repeat(64)]],
    ['{{__proto__}} {{constructor}}', ['__proto__', 'constructor']],
  ])('are found in %j', (text, names) => {
    expect(templateVariables(text)).toEqual(names)
    expect(
      templatePieces(text)
        .map((piece) => piece.raw)
        .join(''),
    ).toBe(text)
  })

  test('are filled by what was given, then by their default', () => {
    const declared = [
      { name: 'role', default: 'operator' },
      { name: 'line', default: null },
    ]
    const given = { line: '{{role}} $& 4', other: 'x' }
    expect(
      fillTemplate('{{role}} on {{ line }}; \\{{role}}', (name) => variableValue(name, given, declared)),
    ).toEqual({ text: 'operator on {{role}} $& 4; {{role}}', missing: [] })
  })

  test('that have no value are named, each once, and what every object has is no value', () => {
    const filled = fillTemplate('{{a}} {{toString}} {{a}}', (name) => variableValue(name, {}, []))
    expect(filled).toEqual({ text: '{{a}} {{toString}} {{a}}', missing: ['a', 'toString'] })
  })

  test('an empty text given is a value', () => {
    const declared = [{ name: 'a', default: 'x' }]
    expect(fillTemplate('[{{a}}]', (name) => variableValue(name, { a: '' }, declared)).text).toBe('[]')
  })

  test('a hundred thousand open braces take no long time', () => {
    const started = performance.now()
    expect(templateVariables('{{ '.repeat(33_000) + ' '.repeat(1000))).toEqual([])
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
