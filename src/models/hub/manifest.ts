/**
 * The paper's models and language adapters on the hub: where each lies, and which commit is taken. Names and commits
 * come from public pages and repositories, not from the hub itself; `unverified` says what was never seen there.
 */
import { UserError } from '../../engine/errors';
import { WEIGHT_FILES } from '../formats/openTensorFile';

export interface ModelEntry {
  /** `owner/name` on the hub. */
  readonly repository: string;
  /** Older names under which Python may have cached it. */
  readonly aliases: readonly string[];
  readonly revision: string;
  /** The commit that is taken; absent: whatever the revision is. */
  readonly commit?: string;
  /** The weight files in order of preference. */
  readonly weights: readonly string[];
  /** Vocabulary files, alternatives in order of preference. */
  readonly vocabulary: readonly string[];
  readonly unverified: readonly string[];
}

export const VOCABULARIES = ['tokenizer.json', 'sentencepiece.bpe.model', 'spm.model', 'vocab.txt'] as const;

const model = (entry: Partial<ModelEntry> & Pick<ModelEntry, 'repository'>): ModelEntry => ({
  aliases: [],
  revision: 'main',
  weights: ['model.safetensors', 'pytorch_model.bin'],
  vocabulary: ['tokenizer.json', 'vocab.txt'],
  unverified: ['not downloaded here: commit and file names are from public sources'],
  ...entry,
});

/** By the short names that runs use. */
export const MODELS: Readonly<Record<string, ModelEntry>> = {
  'bert-base-multilingual-cased': model({
    repository: 'google-bert/bert-base-multilingual-cased',
    aliases: ['bert-base-multilingual-cased'],
    commit: '3f076fdb1ab68d5b2880cb87a0886f315b8146f8',
  }),
  'xlm-roberta-base': model({
    repository: 'FacebookAI/xlm-roberta-base',
    aliases: ['xlm-roberta-base'],
    commit: 'e73636d4f797dec63c3081bb6ed5c7b0bb3f2089',
    vocabulary: ['tokenizer.json', 'sentencepiece.bpe.model'],
  }),
  'mdeberta-v3-base': model({
    repository: 'microsoft/mdeberta-v3-base',
    commit: 'a0484667b22365f84929a935b5e50a51f71f159d',
    // main has only this pickle, with halves and floats in one file, and no tokenizer.json
    weights: ['pytorch_model.bin'],
    vocabulary: ['spm.model'],
    unverified: ['not downloaded here: commit and file names are from public sources', 'tensor names of the pickle'],
  }),
  'multilingual-e5-small': model({
    repository: 'intfloat/multilingual-e5-small',
    commit: '614241f622f53c4eeff9890bdc4f31cfecc418b3',
    vocabulary: ['tokenizer.json', 'sentencepiece.bpe.model'],
  }),
};

/** The short name of a model that is here, whichever of its names is given; any other name as it is. */
function shortName(name: string): string {
  const isNamed = ([short, { repository, aliases }]: [string, ModelEntry]) =>
    [short, repository, ...aliases].includes(name);
  return Object.entries(MODELS).find(isNamed)?.[0] ?? name;
}

/** The entry of a short name, of a hub name that is an entry's, or a plain one for any other `owner/name`. */
export function modelEntry(name: string): ModelEntry {
  const known = MODELS[shortName(name)];
  if (known !== undefined) return known;
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) {
    throw new UserError(
      `Model "${name}" is not known. Known: ${Object.keys(MODELS).join(', ')}; any other is named OWNER/NAME, or by its folder.`,
    );
  }
  const unverified = ['no commit is pinned: the newest is taken'];
  return model({ repository: name, weights: WEIGHT_FILES, vocabulary: VOCABULARIES, unverified });
}

export interface AdapterEntry {
  readonly repository: string;
  readonly revision: string;
  readonly commit?: string;
  readonly activation: 'relu' | 'gelu';
  readonly unverified: readonly string[];
}

/** Which of two published adapters: mBERT has some languages with either activation. */
export type AdapterActivation = 'relu' | 'gelu' | 'default';

const words = (text: string) => text.split(' ');

/** XLM-R: one pattern, relu, reduction 2. hu (and fr) do not exist. */
const XLMR = words('ar cdo de el en es et gn hi ht id ilo is it ja jv mhr mi my qu ru sw ta th tk tr vi xmf zh');
/** mBERT's four patterns; `relu` languages are the ones of MAD-X. */
const MBERT = {
  gelu: words('ar de el en es et fi fr hi ht is ja jv ko qu ru sw zh'),
  relu: words('ar cdo en gn ilo is ja jv mhr mi my qu sw tk xmf zh'),
  underscores: words('am cs eu fa hu hy ka la lv pt tr vi'),
  prefixed: words('bn id'),
};
/** What the old index loads when no configuration is asked for: relu for these three, gelu where there is one. */
const MBERT_RELU_BY_DEFAULT = ['ar', 'en', 'zh'];
/** Repositories that a public page of the hub shows; all others follow from the pattern of the names. */
const SEEN = [
  ...['en', 'zh', 'ru', 'de', 'hi', 'id'].map((language) => `AdapterHub/xlm-roberta-base-${language}-wiki_pfeiffer`),
  ...['de', 'is', 'jv'].map((language) => `AdapterHub/bert-base-multilingual-cased-${language}-wiki_pfeiffer`),
  'AdapterHub/bert-base-multilingual-cased_wiki_id_pfeiffer',
];

/** Languages with a published adapter for a model, under any of its names. */
export function adapterLanguages(modelName: string): string[] {
  const short = shortName(modelName);
  if (short === 'xlm-roberta-base') return [...XLMR];
  if (short === 'bert-base-multilingual-cased') return [...new Set(Object.values(MBERT).flat())].sort();
  return [];
}

/** The published language adapter, or an error that names the languages there are. */
export function adapterEntry(
  modelName: string,
  language: string,
  activation: AdapterActivation = 'default',
): AdapterEntry {
  const short = shortName(modelName);
  const candidates = short === 'xlm-roberta-base' ? xlmrCandidates(language) : mbertCandidates(short, language);
  const preferred = MBERT_RELU_BY_DEFAULT.includes(language) ? 'relu' : 'gelu';
  const wanted = activation === 'default' ? preferred : activation;
  const found =
    candidates.find((candidate) => candidate.activation === wanted) ??
    (activation === 'default' ? candidates[0] : undefined);
  if (found === undefined) throw new UserError(missing(modelName, language, activation));
  const unverified = ['no commit is pinned: the newest is taken'];
  if (!SEEN.includes(found.repository)) unverified.push('the repository name follows from the pattern of the others');
  return { ...found, revision: 'main', unverified };
}

type Candidate = Pick<AdapterEntry, 'repository' | 'activation'>;

function xlmrCandidates(language: string): Candidate[] {
  if (!XLMR.includes(language)) return [];
  return [{ repository: `AdapterHub/xlm-roberta-base-${language}-wiki_pfeiffer`, activation: 'relu' }];
}

function mbertCandidates(modelName: string, language: string): Candidate[] {
  if (modelName !== 'bert-base-multilingual-cased') return [];
  const base = `AdapterHub/${modelName}`;
  const patterns: (Candidate & { languages: string[] })[] = [
    { languages: MBERT.gelu, repository: `${base}-${language}-wiki_pfeiffer`, activation: 'gelu' },
    { languages: MBERT.underscores, repository: `${base}_${language}_wiki_pfeiffer`, activation: 'gelu' },
    { languages: MBERT.prefixed, repository: `${base}_wiki_${language}_pfeiffer`, activation: 'gelu' },
    { languages: MBERT.relu, repository: `${base}-${language}-wiki_pfeiffer_relu`, activation: 'relu' },
  ];
  return patterns
    .filter(({ languages }) => languages.includes(language))
    .map(({ languages: _, ...candidate }) => candidate);
}

function missing(modelName: string, language: string, activation: AdapterActivation): string {
  const available = adapterLanguages(modelName);
  const kind = activation === 'default' ? 'language adapter' : `language adapter with ${activation}`;
  return (
    `No ${kind} for "${language}" on ${modelName} is published. ` +
    (available.length > 0 ? `Published: ${available.join(', ')}. ` : 'None is published for this model. ') +
    `Train one (npm run language-adapter -- --language ${language} …), go without ` +
    `(languageAdapters: "none"; npm run train: --language-adapters none), or leave the language out ` +
    `(evaluation.languages; npm run train: --languages).`
  );
}
