// First names that every language of the suite writes, or transcribes, without trouble.
import { lexicon } from './phrases';

/** `o` is the ending of an Italian participle that agrees with the person; `genitive` carries Turkish vowel harmony. */
export const NAMES = lexicon(`
  name | name | name | name / o | name / genitive | name | name | name
  Anna | Anna | Anna | Anna / a | Anna / Anna'nın | Anna | Anna | 安娜
  Maria | Maria | Maria | Maria / a | Maria / Maria'nın | Maria | Maria | 玛丽亚
  Sara | Sara | Sara | Sara / a | Sara / Sara'nın | Sara | Sara | 萨拉
  Elena | Elena | Elena | Elena / a | Elena / Elena'nın | Elena | Elena | 埃琳娜
  Nina | Nina | Nina | Nina / a | Nina / Nina'nın | Nina | Nina | 尼娜
  Julia | Julia | Julia | Julia / a | Julia / Julia'nın | Julia | Julia | 朱莉娅
  Laura | Laura | Laura | Laura / a | Laura / Laura'nın | Laura | Laura | 劳拉
  Clara | Clara | Clara | Clara / a | Clara / Clara'nın | Clara | Clara | 克拉拉
  Daniel | Daniel | Daniel | Daniel / o | Daniel / Daniel'in | Daniel | Daniel | 丹尼尔
  David | David | David | David / o | David / David'in | David | David | 大卫
  Marco | Marco | Marco | Marco / o | Marco / Marco'nun | Marco | Marco | 马可
  Omar | Omar | Omar | Omar / o | Omar / Omar'ın | Omar | Omar | 奥马尔
  Ali | Ali | Ali | Ali / o | Ali / Ali'nin | Ali | Ali | 阿里
  Peter | Peter | Peter | Peter / o | Peter / Peter'in | Peter | Peter | 彼得
  Tom | Tom | Tom | Tom / o | Tom / Tom'un | Tom | Tom | 汤姆
  Simon | Simon | Simon | Simon / o | Simon / Simon'un | Simon | Simon | 西蒙
`);
