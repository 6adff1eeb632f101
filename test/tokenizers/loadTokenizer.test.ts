import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { randomStream } from '../../src/engine/random';
import { loadTokenizer } from '../../src/tokenizers/loadTokenizer';
import { readSentencePieceModel } from '../../src/tokenizers/sentencePieceModel';
import { tokenizerFromJson } from '../../src/tokenizers/tokenizerJson';
import { goldenFolder } from './golden';

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'tokenizer-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const unigramJson = () =>
  JSON.parse(readFileSync(join(goldenFolder, 'xlmr-small', 'tokenizer.json'), 'utf8')) as Record<string, unknown>;
const wordPieceJson = () =>
  JSON.parse(readFileSync(join(goldenFolder, 'bert-small', 'json', 'tokenizer.json'), 'utf8')) as Record<
    string,
    unknown
  >;

describe('which file, and which template', () => {
  test('tokenizer.json comes first', () => {
    expect(loadTokenizer(join(goldenFolder, 'xlmr-small')).template).toBe('xlmRoberta');
    expect(loadTokenizer(join(goldenFolder, 'deberta-small'))).toMatchObject({ template: 'bert', kind: 'unigram' });
    expect(loadTokenizer(join(goldenFolder, 'bert-small'))).toMatchObject({ template: 'bert', kind: 'wordPiece' });
  });

  test('a folder without one names what was looked for', () => {
    expect(() => loadTokenizer(folder)).toThrow(/tokenizer\.json, vocab\.txt, sentencepiece\.bpe\.model, spm\.model/);
    expect(() => loadTokenizer(folder, { file: 'merges.txt' })).toThrow(/"merges\.txt" is not known/);
  });

  test('an uncased vocabulary is refused', () => {
    copyFileSync(join(goldenFolder, 'bert-small', 'vocab.txt'), join(folder, 'vocab.txt'));
    writeFileSync(join(folder, 'tokenizer_config.json'), '{"do_lower_case": true}');
    expect(() => loadTokenizer(folder)).toThrow(/uncased/);
    rmSync(join(folder, 'vocab.txt'));
    rmSync(join(folder, 'tokenizer_config.json'));
  });

  test('without a word on it, a vocabulary is uncased when none of its pieces has a capital', () => {
    const vocabulary = join(folder, 'vocab.txt');
    const write = (...pieces: string[]) => writeFileSync(vocabulary, [...SPECIAL, ...pieces, ''].join('\n'));
    write('the', '##s');
    expect(() => loadTokenizer(folder)).toThrow(/uncased.*do_lower_case/);
    writeFileSync(join(folder, 'tokenizer_config.json'), '{"model_max_length": 512}');
    expect(() => loadTokenizer(folder)).toThrow(/uncased/);
    write('the', 'The', '##s');
    expect([...loadTokenizer(folder).encode('The thes').ids]).toEqual([6, 5, 7]);
    write('the', '##s');
    writeFileSync(join(folder, 'tokenizer_config.json'), '{"do_lower_case": false}');
    expect([...loadTokenizer(folder).encode('thes').ids]).toEqual([5, 6]);
    rmSync(vocabulary);
    rmSync(join(folder, 'tokenizer_config.json'));
  });

  test.each([
    ['strip_accents', true],
    ['tokenize_chinese_chars', false],
  ])(
    'vocab.txt with %s %s, which changes the words, is refused; with the other value it is the usual one',
    (key, value) => {
      copyFileSync(join(goldenFolder, 'bert-small', 'vocab.txt'), join(folder, 'vocab.txt'));
      const write = (given: boolean) =>
        writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ do_lower_case: false, [key]: given }));
      write(value);
      expect(() => loadTokenizer(folder)).toThrow(new RegExp(`vocab\\.txt: .*${key} = ${value}`));
      expect(() => loadTokenizer(folder)).toThrow(UserError);
      write(!value);
      expect(loadTokenizer(folder).kind).toBe('wordPiece');
      rmSync(join(folder, 'vocab.txt'));
      rmSync(join(folder, 'tokenizer_config.json'));
    },
  );

  test('tokens added beside another file than tokenizer.json are refused by name; special ones are in the vocabulary', () => {
    const added = join(folder, 'added_tokens.json');
    copyFileSync(join(goldenFolder, 'bert-small', 'vocab.txt'), join(folder, 'vocab.txt'));
    const pieces = readFileSync(join(folder, 'vocab.txt'), 'utf8').split('\n');
    writeFileSync(added, JSON.stringify({ '[MASK]': pieces.indexOf('[MASK]') }));
    expect(loadTokenizer(folder).kind).toBe('wordPiece');
    writeFileSync(added, JSON.stringify({ '[MASK]': pieces.indexOf('[MASK]'), '<new>': 99_999 }));
    expect(() => loadTokenizer(folder)).toThrow(
      /vocab\.txt: added_tokens\.json beside it adds "<new>", .*save_pretrained/,
    );
    writeFileSync(added, JSON.stringify({ '[MASK]': pieces.indexOf('[SEP]') }));
    expect(() => loadTokenizer(folder)).toThrow(/adds "\[MASK\]"/);
    rmSync(join(folder, 'vocab.txt'));
    rmSync(added);
  });

  test('a vocabulary without special tokens is refused', () => {
    writeFileSync(join(folder, 'vocab.txt'), 'a\nb\n');
    expect(() => loadTokenizer(folder)).toThrow(/none of the special tokens <s>, \[CLS\]/);
    rmSync(join(folder, 'vocab.txt'));
  });
});

describe('tokenizer.json', () => {
  test('a split at white space takes the spaces out of the offsets', () => {
    const json = unigramJson();
    const split = {
      ...json,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, json.pre_tokenizer] },
    };
    const text = 'the  old';
    const starts = (tokenizer: ReturnType<typeof tokenizerFromJson>) => [...new Set(tokenizer.encode(text).starts)];
    expect(starts(tokenizerFromJson(json))).toContain(4);
    expect(starts(tokenizerFromJson(split))).not.toContain(4);
    expect([...tokenizerFromJson(split).encode(text).ids]).toEqual([...tokenizerFromJson(json).encode(text).ids]);
  });

  test.each([
    ['a lower-casing normaliser', () => ({ ...wordPieceJson(), normalizer: { type: 'Lowercase' } }), /Lowercase/],
    [
      'an uncased BERT',
      () => ({
        ...wordPieceJson(),
        normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
      }),
      /cased/,
    ],
    ['a byte-level pre-tokenizer', () => ({ ...unigramJson(), pre_tokenizer: { type: 'ByteLevel' } }), /ByteLevel/],
    ['BPE', () => ({ ...unigramJson(), model: { type: 'BPE', vocab: {} } }), /"BPE" is not implemented/],
    ['a piece without a score', () => ({ ...unigramJson(), model: { type: 'Unigram', vocab: [['a']] } }), /vocab\[0\]/],
    [
      'an id that is none',
      () => ({ ...wordPieceJson(), model: { type: 'WordPiece', vocab: { a: 1e12 } } }),
      /vocab\["a"\]/,
    ],
    [
      'an added token far away',
      () => ({ ...unigramJson(), added_tokens: [{ id: 2 ** 40, content: 'x' }] }),
      /added_tokens\[0\]/,
    ],
    [
      'an added token without a text',
      () => ({ ...wordPieceJson(), added_tokens: [{ id: 700, content: '' }] }),
      /added_tokens\[0\]/,
    ],
    ['no object', () => [], /tokenizer\.json should be an object/],
  ])('%s is refused by name', (_, json, message) => {
    expect(() => tokenizerFromJson(json())).toThrow(message);
    expect(() => tokenizerFromJson(json())).toThrow(UserError);
  });

  describe('added tokens', () => {
    /** The file with these tokens added from `first` on, as `tokenizer.add_tokens` writes them. */
    function withAdded(json: Record<string, unknown>, first: number, added: readonly object[]) {
      const tokens = added.map((token, i) => ({ id: first + i, special: false, normalized: true, ...token }));
      return tokenizerFromJson({ ...json, added_tokens: [...(json.added_tokens as object[]), ...tokens] });
    }
    const tokensOf = (tokenizer: ReturnType<typeof tokenizerFromJson>, text: string) =>
      Array.from(tokenizer.encode(text).ids, (id) => tokenizer.token(id)).join(' ');

    // By transformers' XLMRobertaTokenizer and BertTokenizer (4.57) with the same vocabularies.
    test.each([
      ['a newword here', '▁ a newword ▁ h er e', 'a newword h ##er ##e'],
      ['xnewwordx', '▁ <unk> newword ▁ <unk>', '[UNK] newword [UNK]'],
      ['newword newword', 'newword newword', 'newword newword'],
      ['before the rain began', '▁be for e ▁th e rain ▁began', 'be ##for ##e the rain began'],
      ['  newword', 'newword', 'newword'],
      ['rainy', 'rain ▁ y', 'rain y'],
    ])('that are not special are one token each, whatever the model would make of them: %s', (text, unigram, words) => {
      const added = [{ content: 'newword' }, { content: 'rain' }];
      expect(tokensOf(withAdded(unigramJson(), 331, added), text)).toBe(unigram);
      const wordPiece = withAdded(wordPieceJson(), 700, added);
      expect(tokensOf(wordPiece, text)).toBe(words);
      expect(wordPiece.vocabularySize).toBe(702);
    });

    test('places are those in the text; the longest content counts; the rest is as without them', () => {
      const tokenizer = withAdded(wordPieceJson(), 700, [{ content: 'new' }, { content: 'new😀word' }]);
      const { ids, starts, ends, sequence } = tokenizer.encode('the 😀new😀wordthe');
      expect([...ids].slice(-2)).toEqual([701, 411]);
      expect(Array.from(starts, (start, i) => [start, ends[i]])).toEqual([
        [0, 3],
        [4, 6],
        [6, 15],
        [15, 18],
      ]);
      expect([...sequence]).toEqual([0, 0, 0, 0]);
      expect(tokenizer.encode('the rain began')).toEqual(tokenizerFromJson(wordPieceJson()).encode('the rain began'));
    });

    test('single_word, lstrip and rstrip are obeyed', () => {
      const tokenizer = withAdded(wordPieceJson(), 700, [
        { content: 'rain', single_word: true },
        { content: '<l>', lstrip: true },
        { content: '<r>', rstrip: true },
      ]);
      const last = (text: string) => [...tokenizer.encode(text).ids];
      expect([last('rain').includes(700), last('a rain.').includes(700), last('rains').includes(700)]).toEqual([
        true,
        true,
        false,
      ]);
      const { starts, ends } = tokenizer.encode('a  <l> <r>  a');
      expect(Array.from(starts, (start, i) => [start, ends[i]])).toEqual([
        [0, 1],
        [1, 6],
        [7, 12],
        [12, 13],
      ]);
    });

    test('that are special are never matched', () => {
      const added = [{ content: '[SECRET]', special: true }];
      for (const tokenizer of [withAdded(unigramJson(), 331, added), withAdded(wordPieceJson(), 700, added)]) {
        expect(tokensOf(tokenizer, 'the [SECRET] [MASK] <s>')).not.toMatch(/\[SECRET\]|\[MASK\]|<s>/);
        expect(tokenizer.decode([331, 700])).toContain('[SECRET]');
      }
    });
  });

  test('what is not JSON is named', () => {
    writeFileSync(join(folder, 'tokenizer.json'), '{"model": ');
    expect(() => loadTokenizer(folder)).toThrow(/tokenizer\.json is not JSON/);
    rmSync(join(folder, 'tokenizer.json'));
  });
});

describe('SentencePiece models', () => {
  const bytes = readFileSync(join(goldenFolder, 'deberta-small', 'spm.model'));

  test('pieces, types, rules', () => {
    const model = readSentencePieceModel(bytes);
    expect(model.pieces.slice(0, 4).map(({ text, type }) => [text, type])).toEqual([
      ['[PAD]', 'control'],
      ['[CLS]', 'control'],
      ['[SEP]', 'control'],
      ['[UNK]', 'unknown'],
    ]);
    expect(model.pieces.find(({ text }) => text === '[URL]')?.type).toBe('userDefined');
    expect(model.pieces.filter(({ type }) => type === 'byte')).toHaveLength(256);
    expect(model).toMatchObject({ byteFallback: true, addDummyPrefix: true, removeExtraWhitespaces: true });
  });

  test('other kinds of model are refused', () => {
    // A trainer_spec (field 2) with model_type (field 3) BPE, after the first one: the last field counts.
    const bpe = Buffer.concat([bytes, Buffer.from([0x12, 2, 0x18, 2])]);
    expect(() => readSentencePieceModel(bpe)).toThrow(/type bpe is not implemented/);
    expect(() => readSentencePieceModel(new Uint8Array(0))).toThrow(/no pieces/);
  });

  test('600 seeded mutations and cuts end in an error or a tokenizer', () => {
    const random = randomStream(2, 'spm mutations');
    const path = join(folder, 'spm.model');
    let refused = 0;
    for (let i = 0; i < 600; i++) {
      const mutated = Buffer.from(i % 2 === 0 ? bytes : bytes.subarray(0, random.integer(bytes.length)));
      for (let change = random.integer(4); change > 0; change--)
        mutated[random.integer(mutated.length)] = random.integer(256);
      writeFileSync(path, mutated);
      try {
        loadTokenizer(folder).encode('The e\u0301 [URL] 😀');
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        refused++;
      }
    }
    rmSync(path);
    expect(refused).toBeGreaterThan(150);
  });
});
