import { describe, expect, test } from 'vitest';
import { parseCopaXml, parseXcopaJsonl, repairAsksFor } from '../../src/datasets/copa';
import { parseNliTsv, rowsBySource } from '../../src/datasets/nliTsv';
import { codePointOffsets, parseSquadJson, squadRows } from '../../src/datasets/squadJson';
import { splitLines } from '../../src/datasets/textFiles';

describe('NLI tables', () => {
  const header = 'premise\thypothesis\tlabel';

  test('no quoting, labels by name or number, columns in any order, CRLF, other line separators are text', () => {
    expect(parseNliTsv(`${header}\n"Quite" so\tHe said "no\tneutral\nA\u2028B\u0085\tC\t2\n`, 'f')).toEqual([
      { premise: '"Quite" so', hypothesis: 'He said "no', label: 1 },
      { premise: 'A\u2028B\u0085', hypothesis: 'C', label: 2 },
    ]);
    expect(parseNliTsv('label\tgenre\thypothesis\tpremise\r\nentailment\tx\tB\tA\r\n', 'f')).toEqual([
      { premise: 'A', hypothesis: 'B', label: 0 },
    ]);
  });

  test.each([
    ['premise\tlabel\nA\tneutral', /f, line 1: expected a header with the columns premise, hypothesis, label/],
    [`${header}\nA\tB\tneutral\nA\tneutral`, /f, line 3: expected 3 columns separated by tabs, found 2: "A\\tneutral"/],
    [`${header}\nA\tB\tmaybe`, /f, line 2: expected a label \(entailment, neutral, contradiction, or 0, 1, 2\)/],
    [`${header}\nA\tB\t-1`, /f, line 2: expected a label/],
    [`${header}\nA\t\tneutral`, /f, line 2: expected a hypothesis/],
    ['', /f, line 1: expected a header/],
  ])('malformed: %j', (text, message) => {
    expect(() => parseNliTsv(text, 'f')).toThrow(message);
  });

  test('rows are counted by source where the file names them', () => {
    expect(rowsBySource('premise\tsource\nA\tx\nB\ty\nC\tx\n')).toBe('x 2, y 1');
    expect(rowsBySource(`${header}\n`)).toBeUndefined();
  });
});

describe('COPA', () => {
  const item = (attributes: string) =>
    `<copa-corpus version="1.0"><item ${attributes}><p>It rained &amp; 1 < 2.</p><a1>001</a1><a2>So</a2></item></copa-corpus>`;
  const good = 'id="7" asks-for="effect" most-plausible-alternative="2"';

  test('items with ids; alternative 2 is label 1; text stays text', () => {
    expect(parseCopaXml(item(good).replace('<p>It rained &amp; 1 < 2.</p>', '<p>Rain &amp; sun.</p>'), 'f')).toEqual([
      { id: 7, premise: 'Rain & sun.', choices: ['001', 'So'], asksFor: 'effect', label: 1 },
    ]);
  });

  test('character references are the characters: XML written in ASCII has every other letter so', () => {
    const text = item(good)
      .replace('It rained &amp; 1 < 2.', 'Caf&#233; &amp; &#x2019;s &#128512;, &amp;#39; as it is')
      .replace('So', '<![CDATA[&#233; as it is]]>');
    expect(parseCopaXml(text, 'f')).toMatchObject([
      { premise: 'Café & ’s 😀, &#39; as it is', choices: ['001', '&#233; as it is'] },
    ]);
  });

  test.each([
    [item(good), /f, line 1: expected well-formed XML/],
    [item(good.replace('"2"', '"3"')).replace(' < 2', ''), /f, item number 1: expected most-plausible-alternative/],
    [item(good.replace('effect', 'reason')).replace(' < 2', ''), /expected "cause" or "effect", found "reason"/],
    [item(good.replace('"7"', '"x"')).replace(' < 2', ''), /expected a numeric id/],
    [item(good).replace(' < 2', '').replace('<a2>So</a2>', ''), /expected a text as choice2/],
    ['<other/>', /f: expected a <copa-corpus>/],
  ])('malformed: %#', (text, message) => {
    expect(() => parseCopaXml(text, 'f')).toThrow(message);
  });
});

describe('XCOPA', () => {
  const row = { premise: 'P', choice1: 'A', choice2: 'B', question: 'cause', label: 1, idx: 0, changed: false };

  test('one object a line', () => {
    expect(parseXcopaJsonl(`${JSON.stringify(row)}\n`, 'f')).toEqual([
      { premise: 'P', choices: ['A', 'B'], asksFor: 'cause', label: 1 },
    ]);
  });

  test.each([
    [JSON.stringify({ ...row, label: 2 }), /f, line 1: expected label 0 or 1, found 2/],
    [JSON.stringify({ ...row, question: 'why' }), /f, line 1: expected "cause" or "effect"/],
    [`${JSON.stringify(row)}\n{"premise": `, /f, line 2: expected a JSON object/],
    ['null', /f, line 1: expected a JSON object, found null/],
    [JSON.stringify({ ...row, choice2: 3 }), /f, line 1: expected a text as choice2, found 3/],
  ])('malformed: %#', (text, message) => {
    expect(() => parseXcopaJsonl(text, 'f')).toThrow(message);
  });

  test("cause and effect are put right after COPA's", () => {
    const examples = parseXcopaJsonl([row, row].map((r) => JSON.stringify(r)).join('\n'), 'f');
    const { examples: repaired, changed } = repairAsksFor(examples, ['effect', 'cause']);
    expect(repaired.map(({ asksFor }) => asksFor)).toEqual(['effect', 'cause']);
    expect(changed).toBe(1);
  });
});

describe('SQuAD JSON', () => {
  const file = (qa: object, context = '😀😀 red sail') =>
    JSON.stringify({ data: [{ paragraphs: [{ context, qas: [qa] }] }] });
  const qa = { id: 'q1', question: 'What?', answers: [{ text: 'sail', answer_start: 7 }] };

  test('code points become UTF-16 units', () => {
    const { examples, misplacedAnswers } = parseSquadJson(file(qa), 'f');
    const [{ context, answers }] = examples as [(typeof examples)[0]];
    expect(answers).toEqual([{ text: 'sail', start: 9 }]);
    expect(context.slice(9, 13)).toBe('sail');
    expect(misplacedAnswers).toBe(0);
    expect(codePointOffsets('a😀b')(2)).toBe(3);
    expect(codePointOffsets('abc')(2)).toBe(2);
  });

  test("the hub's rows give the same", () => {
    const row = {
      id: 'q1',
      question: 'What?',
      context: '😀😀 red sail',
      answers: { text: ['sail'], answer_start: [7] },
    };
    expect(squadRows([row], 'f')).toEqual(parseSquadJson(file(qa), 'f'));
    expect(
      squadRows([{ ...row, answers: { text: ['sail'], answer_start: Int32Array.of(7) } }], 'f').examples,
    ).toHaveLength(1);
  });

  test('an answer that is not at its offset is counted', () => {
    expect(parseSquadJson(file({ ...qa, answers: [{ text: 'sail', answer_start: 3 }] }), 'f').misplacedAnswers).toBe(1);
  });

  test.each([
    ['{"data": [', /f: expected JSON/],
    ['[]', /f: expected a list "data"/],
    ['{"data": [{}]}', /f, article 1: expected a list "paragraphs"/],
    [file({ ...qa, answers: [] }), /f, article 1, paragraph 1, question 1 \(q1\): expected at least one answer/],
    [file({ ...qa, answers: [{ text: 'x', answer_start: '7' }] }), /expected answer_start as a whole number/],
    [file({ ...qa, id: undefined }), /question 1: expected a text "id"/],
  ])('malformed: %#', (text, message) => {
    expect(() => parseSquadJson(text, 'f')).toThrow(message);
  });
});

test('lines: \\n and \\r\\n, no empty line at the end', () => {
  expect(splitLines('a\r\nb\n\nc\n')).toEqual(['a', 'b', '', 'c']);
  expect(splitLines('')).toEqual([]);
});
