// Names that belong to nobody: three syllables, written in Latin letters, and in Chinese by the sound of each syllable.
import type { RandomStream } from '../../../engine/random';
import { sample } from '../choice';
import { byLanguage, type Phrase } from '../phrases';

const SYLLABLES = [
  ...'ba巴 bo博 da达 di迪 ka卡 ko科 la拉 lo洛 ma马 mi米 mo莫 na纳 ne内 ni尼 no诺 pa帕'.split(' '),
  ...'re雷 ri里 ro罗 sa萨 se塞 ta塔 te特 to托 va瓦 ve维 zo佐'.split(' '),
].map((syllable) => [syllable.slice(0, 2), syllable.slice(2)] as const);

/** Names that the syllables could spell and that somebody or something bears, or that mean something. */
const TAKEN = new Set(
  (
    'Nevada Panama Dakota Samara Tomato Marika Maniko Romano Milano Seneka Valeri Makako Morire Narita Konami Kariba ' +
    'Barone Noriko Masako Salada Monako Kanada Satani Moniko Takoma Malaba Kamora Patata Batata Novena Damato Sabato'
  ).split(' '),
);

/** A new name that is not in `used`, and adds it. */
export function inventName(used: Set<string>, random: RandomStream): Phrase {
  for (;;) {
    const syllables = sample(SYLLABLES, 3, random);
    const latin = syllables.map(([sound]) => sound).join('');
    const name = latin[0]!.toUpperCase() + latin.slice(1);
    if (used.has(name) || TAKEN.has(name)) continue;
    used.add(name);
    const chinese = syllables.map(([, sign]) => sign).join('');
    return byLanguage((language) => (language === 'zh' ? chinese : name));
  }
}
