/** The tokenizer of a model, from wherever the model has it. */
import type { TokenizerSource } from '../models/openModel';
import { embeddedTokenizer } from './embeddedTokenizer';
import { hashingTokenizer } from './hashing';
import { loadTokenizer } from './loadTokenizer';
import type { Tokenizer } from './tokenizer';

export function makeTokenizer(source: TokenizerSource): Tokenizer {
  switch (source.type) {
    case 'embedded':
      return embeddedTokenizer(source.stored);
    case 'folder':
      return loadTokenizer(source.folder);
    case 'hashing':
      return hashingTokenizer(source.vocabularySize);
  }
}
