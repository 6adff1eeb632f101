// Places: whoever lives in Rome lives in Italy and not in Kenya; whoever lives in Italy may live in Rome.
import type { RandomStream } from '../../../engine/random';
import { pick } from '../choice';
import { NAMES } from '../names';
import { as, fill, pattern, phrases, sentence, simpleLexicon, type Entry } from '../phrases';
import type { Triple } from './triple';

/** Countries: the first line is the country, the others are cities in it. Phrases with the preposition, as needed. */
const COUNTRIES = [
  `
  in Italy | in Italien | en Italia | in Italia | İtalya'da | di Italia | Italia | 在意大利
  in Rome | in Rom | en Roma | a Roma | Roma'da | di Roma | Roma | 在罗马
  in Milan | in Mailand | en Milán | a Milano | Milano'da | di Milan | Milano | 在米兰
`,
  `
  in Germany | in Deutschland | en Alemania | in Germania | Almanya'da | di Jerman | Ujerumani | 在德国
  in Berlin | in Berlin | en Berlín | a Berlino | Berlin'de | di Berlin | Berlin | 在柏林
  in Hamburg | in Hamburg | en Hamburgo | ad Amburgo | Hamburg'da | di Hamburg | Hamburg | 在汉堡
`,
  `
  in Spain | in Spanien | en España | in Spagna | İspanya'da | di Spanyol | Hispania | 在西班牙
  in Madrid | in Madrid | en Madrid | a Madrid | Madrid'de | di Madrid | Madrid | 在马德里
  in Barcelona | in Barcelona | en Barcelona | a Barcellona | Barselona'da | di Barcelona | Barcelona | 在巴塞罗那
`,
  `
  in Turkey | in der Türkei | en Turquía | in Turchia | Türkiye'de | di Turki | Uturuki | 在土耳其
  in Istanbul | in Istanbul | en Estambul | a Istanbul | İstanbul'da | di Istanbul | Istanbul | 在伊斯坦布尔
  in Ankara | in Ankara | en Ankara | ad Ankara | Ankara'da | di Ankara | Ankara | 在安卡拉
`,
  `
  in Kenya | in Kenia | en Kenia | in Kenya | Kenya'da | di Kenya | Kenya | 在肯尼亚
  in Nairobi | in Nairobi | en Nairobi | a Nairobi | Nairobi'de | di Nairobi | Nairobi | 在内罗毕
  in Mombasa | in Mombasa | en Mombasa | a Mombasa | Mombasa'da | di Mombasa | Mombasa | 在蒙巴萨
`,
  `
  in Indonesia | in Indonesien | en Indonesia | in Indonesia | Endonezya'da | di Indonesia | Indonesia | 在印度尼西亚
  in Jakarta | in Jakarta | en Yakarta | a Giacarta | Cakarta'da | di Jakarta | Jakarta | 在雅加达
  in Bandung | in Bandung | en Bandung | a Bandung | Bandung'da | di Bandung | Bandung | 在万隆
`,
  `
  in China | in China | en China | in Cina | Çin'de | di Tiongkok | China | 在中国
  in Beijing | in Peking | en Pekín | a Pechino | Pekin'de | di Beijing | Beijing | 在北京
  in Shanghai | in Shanghai | en Shanghái | a Shanghai | Şanghay'da | di Shanghai | Shanghai | 在上海
`,
  `
  in France | in Frankreich | en Francia | in Francia | Fransa'da | di Prancis | Ufaransa | 在法国
  in Paris | in Paris | en París | a Parigi | Paris'te | di Paris | Paris | 在巴黎
  in Lyon | in Lyon | en Lyon | a Lione | Lyon'da | di Lyon | Lyon | 在里昂
`,
  `
  in Japan | in Japan | en Japón | in Giappone | Japonya'da | di Jepang | Japani | 在日本
  in Tokyo | in Tokio | en Tokio | a Tokyo | Tokyo'da | di Tokyo | Tokyo | 在东京
  in Osaka | in Osaka | en Osaka | a Osaka | Osaka'da | di Osaka | Osaka | 在大阪
`,
  `
  in Russia | in Russland | en Rusia | in Russia | Rusya'da | di Rusia | Urusi | 在俄罗斯
  in Moscow | in Moskau | en Moscú | a Mosca | Moskova'da | di Moskwa | Moscow | 在莫斯科
`,
  `
  in Egypt | in Ägypten | en Egipto | in Egitto | Mısır'da | di Mesir | Misri | 在埃及
  in Cairo | in Kairo | en El Cairo | al Cairo | Kahire'de | di Kairo | Cairo | 在开罗
`,
].map((table) => simpleLexicon('place', table));

/** What somebody does in a place. */
const STATES = phrases(`
  {name} lives {place} | {name} wohnt {place} | {name} vive {place} | {name} vive {place} | {name} {place} yaşıyor | {name} tinggal {place} | {name} anaishi {place} | {name}住{place}
  {name} works {place} | {name} arbeitet {place} | {name} trabaja {place} | {name} lavora {place} | {name} {place} çalışıyor | {name} bekerja {place} | {name} anafanya kazi {place} | {name}{place}工作
  {name} studies {place} | {name} studiert {place} | {name} estudia {place} | {name} studia {place} | {name} {place} okuyor | {name} kuliah {place} | {name} anasoma {place} | {name}{place}上大学
`);

const FRIENDS = pattern(
  '{name} has many friends {place} | {name} hat viele Freunde {place} | {name} tiene muchos amigos {place} | {name} ha molti amici {place} | {genitive} {place} çok arkadaşı var | {name} punya banyak teman {place} | {name} ana marafiki wengi {place} | {name}{place}有很多朋友',
);

/** A second clause that has nothing to do with places. */
const MORE = phrases(`
  {first} and travels a lot | {first} und reist viel | {first} y viaja mucho | {first} e viaggia molto | {first} ve çok seyahat ediyor | {first} dan sering bepergian | {first} na husafiri sana | {first}，经常旅行
  {first} and plays football on Sundays | {first} und spielt sonntags Fußball | {first} y juega al fútbol los domingos | {first} e gioca a calcio la domenica | {first} ve pazar günleri futbol oynuyor | {first} dan bermain sepak bola setiap hari Minggu | {first} na hucheza mpira kila Jumapili | {first}，星期天踢足球
  {first} and speaks three languages | {first} und spricht drei Sprachen | {first} y habla tres idiomas | {first} e parla tre lingue | {first} ve üç dil konuşuyor | {first} dan berbicara tiga bahasa | {first} na huzungumza lugha tatu | {first}，会说三种语言
  {first} and cooks every evening | {first} und kocht jeden Abend | {first} y cocina todas las noches | {first} e cucina ogni sera | {first} ve her akşam yemek yapıyor | {first} dan memasak setiap malam | {first} na hupika kila jioni | {first}，每天晚上做饭
  {first} and sings in a choir | {first} und singt in einem Chor | {first} y canta en un coro | {first} e canta in un coro | {first} ve bir koroda şarkı söylüyor | {first} dan bernyanyi dalam paduan suara | {first} na huimba katika kwaya | {first}，在合唱团唱歌
`);

export function placeTriple(random: RandomStream): Triple {
  const name = pick(NAMES, random);
  const state = pick(STATES, random);
  const home = random.integer(COUNTRIES.length);
  const [country, ...cities] = COUNTRIES[home] as [Entry, ...Entry[]];
  const city = pick(cities, random);
  const elsewhere = pick(
    COUNTRIES.filter((_, i) => i !== home).map(([, ...others]) => pick(others, random)),
    random,
  );
  const premise = (clause: typeof state, place: Entry) => {
    const first = fill(clause, name, place);
    return sentence(fill(pick(MORE, random), as('first', first)));
  };
  const asked = random.integer(2) === 0 ? country : city;
  return {
    hypothesis: sentence(fill(state, name, asked)),
    premises: {
      entailment: premise(state, city),
      neutral: asked === city && random.integer(2) === 0 ? premise(state, country) : premise(FRIENDS, city),
      contradiction: premise(state, elsewhere),
    },
  };
}
