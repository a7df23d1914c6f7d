import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSentences } from './sentences.ts';

const sentences = (text: string, language = 'en'): string[] =>
  [...splitSentences(text, language)]
    .filter(({ kind }) => kind === 'sentence')
    .map(({ from, to }) => text.slice(from, to));

/** A text with its sentence boundaries marked by "|"; the white space around a mark is the gap. */
const ENGLISH: string[] = [
  'One sentence without a stop',
  'It rains. | We stay in.',
  'Really?! | Yes! | Good...',
  'Dr. Smith met Mrs. Jones at St. Mary. | They talked.',
  'Prof. A. B. Clark and J. R. R. Tolkien wrote it. | It sold well.',
  'Bring fruit, e.g. apples, i.e. what you like. | Thanks.',
  'Use a tool, e.g. Excel. | Then save.',
  'The U.S. Senate met. | It lives in the U.S. | The next day it left.',
  'He works at Acme Inc. and likes it. | Acme Inc. Holdings owns it. | She left Acme Inc. | She is happy.',
  'We met at 5 p.m. on Monday. | See you at 7 a.m. | The train leaves.',
  'Pi is 3.14159. | Version 2.0.1 is out. | It costs $1,234.56 now.',
  'See No. 5 and p. 12, vol. 3, Fig. 4. | No. | That is all.',
  'On Jan. 5 we start. | By Dec. 24 we end.',
  'Visit https://example.com/a.b?c=d. | It is good.',
  'Write to a.b@example.com. | We answer.',
  'Open index.html in www.example.org. | Then wait.',
  '"Stop." | He left.',
  '"Really?" he said. | "Yes!" she cried.',
  'He said “Go home.” | She went.',
  '(It was late.) | We slept.',
  'It works (mostly). | Good.',
  'Well... maybe not. | Well… | Perhaps.',
  'Wait... | What?',
  'He won!!! | We cheered.',
  'What is that? | i have no idea. it is new',
  'Smith et al. (2019) found it. | Smith et al. | The others agree.',
  'It ended in 2010. | 15 people came.',
  'Take vitamin C. | It helps.',
  'Plan A. | Then plan B.',
  'First do this. | 2. Then do that.',
  'He has a Ph.D. in physics. | She has an M.D. | They met.',
  'Mr. and Mrs. Brown v. State is a case. | It was lost.',
  'The ratio is 1:2. | The time is 10.30. | Fine.',
  'End of story.[3] | Next story.[12] | Last.',
  '*It is late.* | **Go home.**',
  'I like C++. | I like .NET too. | And Node.js as well.',
  'He is 5 ft. tall. | No. 10 is open.',
  'Is it “good”? | Yes.',
  "It's the '90s. | 'Twas good.",
  'Hello!Nice to meet you.',
  'A dash — like this. | Another – like that.',
  'He lives on Main St. | The house is red.',
  'So-called experts, etc. | They know. | Apples, pears, etc. are fruit.',
  'Gen. Lee and Lt. Col. West met Sen. Hall. | OK.',
  'Yahoo! | Great news.',
  '今日は晴れ。|「はい。」|明日は雨！|本当？',
  '你好。|我很好！|谢谢。',
  'मौसम अच्छा है। | आकाश साफ़ है।',
  'هل أنت بخير؟ | نعم.',
];

const PORTUGUESE: string[] = [
  'Uma frase sem ponto',
  'Chove. | Ficamos em casa.',
  'A sério?! | Sim! | Bom...',
  'O Sr. Silva e a Sra. Costa falaram com o Dr. Paulo. | Correu bem.',
  'O sr. Silva e o dr. Nunes vieram. | Ficaram.',
  'A Profa. Ana e o Eng. Rui chegaram. | Sentaram-se.',
  'Traga fruta, p.ex. maçãs. | Obrigado.',
  'Traga fruta, p. ex. maçãs, i.e. o que quiser. | Obrigado.',
  'Ver o n.º 3 e a 2.ª página. | Depois o 1.º andar.',
  'Nos termos do Art. 5 e da pág. 12, cap. 3. | É a lei.',
  'Nasceu em 44 a.C. em Roma. | Morreu em 12 d.C. | O filho viveu.',
  'A Silva Ltda. abriu. | A Costa S.A. | Ela fechou.',
  'Mora na Av. Paulista, nº 10. | A R. Augusta fica perto.',
  'Custa R$ 1.234,56. | São 3,5 %.',
  'Veja https://exemplo.com.br/a.b. | É bom.',
  'Escreva para a.b@exemplo.pt. | Respondemos.',
  '«Pare.» | Ele saiu.',
  'Quem é? — perguntou ela. | Sou eu!',
  '“A sério?” disse ele. | “Sim!” gritou ela.',
  '(Era tarde.) | Dormimos.',
  'Bem... talvez não. | Bem… | Talvez.',
  'Espere... | O quê?',
  'D. Pedro II reinou. | D. Maria também.',
  'Sto. António e S. João são santos. | Há festa.',
  'Exmo. Sr. Diretor, escrevo-lhe hoje. | Obrigado.',
  'V. Exa. sabe bem. | É assim.',
  'J. K. Rowling escreveu. | A obra vendeu.',
  'Em jan. 2020 começou. | Acabou em dez. 2021.',
  'Acabou em 2010. | 15 pessoas vieram.',
  'No séc. XX houve guerras. | Duas.',
  'Os E.U.A. venceram. | Eles festejaram.',
  'Comprou pão, leite, etc. | Depois saiu.',
  'Você vem? | não sei. talvez',
  'Às 10.30 começa. | Às 12h acaba.',
  'Que dia! | Que noite! | Que vida!',
  'Tome vitamina C. | Ela ajuda.',
];

describe('splitSentences', () => {
  const cases = [...ENGLISH.map((c) => ['en', c] as const), ...PORTUGUESE.map((c) => ['pt', c] as const)];

  it('has a table worth the name', () => {
    expect(cases.length).toBeGreaterThanOrEqual(80);
  });

  it.each(cases)('%s: %s', (language, marked) => {
    const expected = marked.split('|').map((part) => part.trim());
    const text = marked.replaceAll('|', '').replaceAll('  ', ' ');
    expect(sentences(text, language)).toEqual(expected);
  });

  it('gives the text back byte for byte, whatever it is', () => {
    const parts = fc.constantFrom(
      ...'Dr. |a.|? |! |"|\n|\n\n|\r\n|  |\t|- |1. |> |# |```\n|| x | y |\n|x||😀|。|word |Word |— |e.g. |3.14|http://a.b |\u2028|\ud800|(|)'.split(
        '|',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(parts, { maxLength: 40 }).map((p) => p.join('')),
        ),
        (text) => {
          let at = 0;
          for (const { from, to, kind } of splitSentences(text, 'en')) {
            expect(from).toBe(at);
            expect(to).toBeGreaterThan(from);
            if (kind === 'sentence') expect(text.slice(from, to).trim()).toBe(text.slice(from, to));
            if (kind === 'gap' && !text.includes('```')) expect(text.slice(from, to)).not.toMatch(/\p{L}{2}/u);
            at = to;
          }
          expect(at).toBe(text.length);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('lines', () => {
  it('keeps paragraphs, blank lines, indentation and line ends as gaps', () => {
    const text = '  One.\r\n\r\n\tTwo here\n   \n\nThree. Four.  \n';
    expect(
      [...splitSentences(text, 'en')].map(({ from, to, kind }) => [kind === 'gap' ? '' : 'S', text.slice(from, to)]),
    ).toEqual([
      ['', '  '],
      ['S', 'One.'],
      ['', '\r\n\r\n\t'],
      ['S', 'Two here'],
      ['', '\n   \n\n'],
      ['S', 'Three.'],
      ['', ' '],
      ['S', 'Four.'],
      ['', '  \n'],
    ]);
  });

  it.each([
    ['- milk\n- two eggs\n* bread', ['milk', 'two eggs', 'bread']],
    [
      '1. First step.\n2) Second step.\n(c) Third\na. fourth\niv) fifth',
      ['First step.', 'Second step.', 'Third', 'fourth', 'fifth'],
    ],
    ['# Title\nText here.\n## More text', ['Title', 'Text here.', 'More text']],
    ['> Quoted line\n> > Twice quoted\n> - item', ['Quoted line', 'Twice quoted', 'item']],
    ['- [ ] open task\n- [x] done task', ['open task', 'done task']],
    ['— Quem é?\n— Sou eu.', ['Quem é?', 'Sou eu.']],
    ['Title\n=====\n\n---\nText', ['Title', 'Text']],
    ['| Name | Age |\n|---|---|\n| Old man | 70 |', ['Name', 'Age', 'Old man', '70']],
    ['Before\n```js\nlet code = 1;\n```\nAfter', ['Before', 'After']],
    ['```\nno closing fence', ['no closing fence']],
    [
      'Dear Ana,\nThank you for the letter.\nBest wishes,\nRui',
      ['Dear Ana,', 'Thank you for the letter.', 'Best wishes,', 'Rui'],
    ],
    [
      '1\n00:00:01,000 --> 00:00:04,000\nHello there,\nold friend.',
      ['1', '00:00:01,000 --> 00:00:04,000', 'Hello there,', 'old friend.'],
    ],
  ])('%j', (text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });

  it('keeps the lines of a poem', () => {
    const poem =
      'Amor é fogo que arde sem se ver;\né ferida que dói, e não se sente;\né um contentamento descontente,\né dor que desatina sem doer.';
    expect(sentences(poem, 'pt')).toEqual(poem.split('\n'));
  });

  it('keeps long headlines that happen to stand under each other', () => {
    const lines = [
      'Parliament votes to adopt new rules on artificial intelligence',
      'Fishermen in the north ask for help after the worst storm in years',
      'Museum opens its doors to children again after a long winter break',
    ];
    expect(sentences(lines.join('\n'))).toEqual(lines);
  });

  it('joins the lines of a hard-wrapped paragraph', () => {
    const text =
      'The lighthouse stood at the end of the long pier, and every night\nits keeper climbed the stairs with a lamp in one hand and a book\n' +
      'in the other. He never read the book. He only liked to have\nit with him.\n\nNext paragraph.';
    expect(sentences(text)).toEqual([
      'The lighthouse stood at the end of the long pier, and every night\nits keeper climbed the stairs with a lamp in one hand and a book\nin the other.',
      'He never read the book.',
      'He only liked to have\nit with him.',
      'Next paragraph.',
    ]);
  });

  it('joins the hanging lines of a wrapped list item, and not the items', () => {
    const text =
      '- the first item is long enough to be wrapped by the editor at\n  some column, which makes a hanging line\n- the second item is short';
    expect(sentences(text)).toEqual([
      'the first item is long enough to be wrapped by the editor at\n  some column, which makes a hanging line',
      'the second item is short',
    ]);
  });
});

describe('symbols', () => {
  it.each([
    ['Great! 😀 Next one 👍🏽❤️', ['Great!', 'Next one']],
    ['✅ Done\n🇵🇹 Portugal → Lisbon', ['Done', 'Portugal → Lisbon']],
    ['😀😀\n---\n***\n?!', []],
    ['I 😀 you.', ['I 😀 you.']],
    ['It is 20 °C or 68 °', ['It is 20 °C or 68 °']],
    ['Acme™', ['Acme™']],
  ])('leaves those at the edges of sentences in the gaps: %j', (text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });
});

describe('speed', () => {
  const time = (text: string): number => {
    const start = performance.now();
    let at = 0;
    for (const { to } of splitSentences(text, 'en')) at = to;
    expect(at).toBe(text.length);
    return performance.now() - start;
  };
  const megabyte = (unit: string): string => unit.repeat(Math.ceil(2 ** 20 / unit.length));

  it.each([
    [
      'prose',
      'Dr. Smith met e.g. Mr. Jones in the U.S. at 5 p.m. on Monday. They talked for hours, and then they left! ',
    ],
    ['lines', 'A line of text that goes on for a while and then stops\n'],
    ['one word', 'x'],
    ['stops', '. '],
    ['dots', '.'],
    ['quotes', '"'],
    ['spaces', ' '],
    ['new lines', '\n'],
    ['emoji', '😀'],
    ['fences', '```\n'],
    ['bars', '|'],
    ['markers', '- '],
  ])('1 MB of %s in about a second', (_, unit) => {
    expect(time(megabyte(unit))).toBeLessThan(3000);
  });

  it('gives its first sentence before it has read the rest', () => {
    const text = megabyte('One sentence here. And a second one.\n');
    const start = performance.now();
    expect(splitSentences(text, 'en').next().value).toEqual({ from: 0, to: 18, kind: 'sentence' });
    expect(performance.now() - start).toBeLessThan(200);
  });
});
