// Two classifiers that know words but no order: what they can tell from one half of an example is a leak.
import { wordsOf } from './miniFiles';

export interface LabelledText {
  readonly text: string;
  readonly label: number;
}

type Classifier = (text: string) => number;

/** Multinomial naive Bayes with add-one smoothing. */
export function naiveBayes(examples: readonly LabelledText[], classes: number): Classifier {
  const counts = Array.from({ length: classes }, () => new Map<string, number>());
  const totals = new Array<number>(classes).fill(0);
  const priors = new Array<number>(classes).fill(0);
  const vocabulary = new Set<string>();
  for (const { text, label } of examples) {
    priors[label]! += 1;
    for (const word of wordsOf(text)) {
      vocabulary.add(word);
      counts[label]!.set(word, (counts[label]!.get(word) ?? 0) + 1);
      totals[label]! += 1;
    }
  }
  const logProbability = (word: string, label: number) =>
    Math.log(((counts[label]!.get(word) ?? 0) + 1) / (totals[label]! + vocabulary.size));
  return (text) => {
    const known = wordsOf(text).filter((word) => vocabulary.has(word));
    return argMax(
      priors.map((prior, label) => known.reduce((sum, word) => sum + logProbability(word, label), Math.log(prior))),
    );
  };
}

/** Multinomial logistic regression on word presence: plain stochastic gradient descent, in the order given. */
export function logisticRegression(examples: readonly LabelledText[], classes: number, epochs = 20): Classifier {
  const weights = new Map<string, number[]>();
  const zeros = () => new Array<number>(classes).fill(0);
  const features = (text: string) => ['(bias)', ...new Set(wordsOf(text))];
  const scores = (text: string) =>
    features(text).reduce((sum, word) => sum.map((s, label) => s + (weights.get(word)?.[label] ?? 0)), zeros());
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 0.1 / (1 + epoch);
    for (const { text, label } of examples) {
      const exponentials = scores(text).map(Math.exp);
      const total = exponentials.reduce((a, b) => a + b, 0);
      for (const word of features(text)) {
        const row = weights.get(word) ?? zeros();
        weights.set(
          word,
          row.map((weight, i) => weight + rate * ((i === label ? 1 : 0) - exponentials[i]! / total)),
        );
      }
    }
  }
  return (text) => argMax(scores(text));
}

export function accuracy(classify: Classifier, examples: readonly LabelledText[]): number {
  return examples.filter(({ text, label }) => classify(text) === label).length / examples.length;
}

function argMax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
