// What the facts of the passages can say: a line a value, in eight languages, in the form that its sentence asks for.
import { simpleLexicon, type Entry } from '../phrases';

export const PRODUCTS = values(`
  cheese | Käse | queso | formaggio | peynir | keju | jibini | 奶酪
  paper | Papier | papel | carta | kâğıt | kertas | karatasi | 纸张
  wine | Wein | vino | vino | şarap | anggur | mvinyo | 葡萄酒
  glass | Glas | vidrio | vetro | cam | kaca | vioo | 玻璃
  wool | Wolle | lana | lana | yün | wol | sufu | 羊毛
  salt | Salz | sal | sale | tuz | garam | chumvi | 食盐
  honey | Honig | miel | miele | bal | madu | asali | 蜂蜜
  soap | Seife | jabón | sapone | sabun | sabun | sabuni | 肥皂
  rice | Reis | arroz | riso | pirinç | beras | mchele | 大米
  leather | Leder | cuero | cuoio | deri | kulit | ngozi | 皮革
`);

export const WEEKDAYS = values(`
  Monday | Montag | lunes | lunedì | pazartesi | Senin | Jumatatu | 星期一
  Tuesday | Dienstag | martes | martedì | salı | Selasa | Jumanne | 星期二
  Wednesday | Mittwoch | miércoles | mercoledì | çarşamba | Rabu | Jumatano | 星期三
  Thursday | Donnerstag | jueves | giovedì | perşembe | Kamis | Alhamisi | 星期四
  Friday | Freitag | viernes | venerdì | cuma | Jumat | Ijumaa | 星期五
  Saturday | Samstag | sábado | sabato | cumartesi | Sabtu | Jumamosi | 星期六
  Sunday | Sonntag | domingo | domenica | pazar | Minggu | Jumapili | 星期天
`);

export const MONTHS = values(`
  January | Januar | enero | gennaio | ocak | Januari | Januari | 一月
  February | Februar | febrero | febbraio | şubat | Februari | Februari | 二月
  March | März | marzo | marzo | mart | Maret | Machi | 三月
  April | April | abril | aprile | nisan | April | Aprili | 四月
  May | Mai | mayo | maggio | mayıs | Mei | Mei | 五月
  June | Juni | junio | giugno | haziran | Juni | Juni | 六月
  July | Juli | julio | luglio | temmuz | Juli | Julai | 七月
  August | August | agosto | agosto | ağustos | Agustus | Agosti | 八月
  September | September | septiembre | settembre | eylül | September | Septemba | 九月
  October | Oktober | octubre | ottobre | ekim | Oktober | Oktoba | 十月
  November | November | noviembre | novembre | kasım | November | Novemba | 十一月
`);

export const PICTURED = values(`
  old clocks | alte Uhren | relojes antiguos | orologi antichi | eski saatler | jam-jam kuno | saa za kale | 古老的钟表
  wooden ships | Holzschiffe | barcos de madera | navi di legno | ahşap gemiler | kapal-kapal kayu | meli za mbao | 木船
  musical instruments | Musikinstrumente | instrumentos musicales | strumenti musicali | müzik aletleri | alat-alat musik | ala za muziki | 乐器
  gold coins | Goldmünzen | monedas de oro | monete d'oro | altın paralar | koin-koin emas | sarafu za dhahabu | 金币
  stone tools | Steinwerkzeuge | herramientas de piedra | attrezzi di pietra | taş aletler | perkakas batu | zana za mawe | 石器
  silk dresses | Seidenkleider | vestidos de seda | abiti di seta | ipek elbiseler | gaun-gaun sutra | magauni ya hariri | 丝绸衣服
  old maps | alte Landkarten | mapas antiguos | mappe antiche | eski haritalar | peta-peta kuno | ramani za kale | 古地图
  children's toys | Kinderspielzeug | juguetes infantiles | giocattoli per bambini | çocuk oyuncakları | mainan anak-anak | vichezeo vya watoto | 儿童玩具
`);

export const STUDIED = values(`
  bats | Fledermäuse | murciélagos | pipistrelli | yarasaları | kelelawar | popo | 蝙蝠
  volcanoes | Vulkane | volcanes | vulcani | yanardağları | gunung berapi | volkano | 火山
  whales | Wale | ballenas | balene | balinaları | paus | nyangumi | 鲸鱼
  comets | Kometen | cometas | comete | kuyruklu yıldızları | komet | kimondo | 彗星
  butterflies | Schmetterlinge | mariposas | farfalle | kelebekleri | kupu-kupu | vipepeo | 蝴蝶
  mushrooms | Pilze | setas | funghi | mantarları | jamur | uyoga | 蘑菇
  earthquakes | Erdbeben | terremotos | terremoti | depremleri | gempa bumi | matetemeko ya ardhi | 地震
  spiders | Spinnen | arañas | ragni | örümcekleri | laba-laba | buibui | 蜘蛛
  deserts | Wüsten | desiertos | deserti | çölleri | gurun | majangwa | 沙漠
`);

export const DISHES = values(`
  fried fish | gebratenen Fisch | pescado frito | pesce fritto | kızarmış balık | ikan goreng | samaki wa kukaanga | 炸鱼
  rice with lentils | Reis mit Linsen | arroz con lentejas | riso con lenticchie | mercimekli pilav | nasi dengan lentil | wali kwa dengu | 扁豆米饭
  apple cake | Apfelkuchen | pastel de manzana | torta di mele | elmalı kek | kue apel | keki ya tufaha | 苹果蛋糕
  fried potatoes | Bratkartoffeln | patatas fritas | patate fritte | kızarmış patates | kentang goreng | viazi vya kukaanga | 炸土豆
  roast corn | gerösteten Mais | maíz asado | mais arrostito | közlenmiş mısır | jagung bakar | mahindi ya kuchoma | 烤玉米
  bread with honey | Brot mit Honig | pan con miel | pane con miele | ballı ekmek | roti dengan madu | mkate kwa asali | 蜂蜜面包
  grilled chicken | gegrilltes Huhn | pollo a la parrilla | pollo alla griglia | ızgara tavuk | ayam panggang | kuku wa kuchoma | 烤鸡
  potato salad | Kartoffelsalat | ensalada de patatas | insalata di patate | patates salatası | salad kentang | saladi ya viazi | 土豆沙拉
`);

export const PRIZES = values(`
  a gold ring | einen goldenen Ring | un anillo de oro | un anello d'oro | altın bir yüzük | cincin emas | pete ya dhahabu | 一枚金戒指
  a white horse | ein weißes Pferd | un caballo blanco | un cavallo bianco | beyaz bir at | kuda putih | farasi mweupe | 一匹白马
  a silver cup | einen silbernen Becher | una copa de plata | una coppa d'argento | gümüş bir kupa | piala perak | kombe la fedha | 一个银杯
  a new bicycle | ein neues Fahrrad | una bicicleta nueva | una bicicletta nuova | yeni bir bisiklet | sepeda baru | baiskeli mpya | 一辆新自行车
  a red cloak | einen roten Umhang | una capa roja | un mantello rosso | kırmızı bir pelerin | jubah merah | joho jekundu | 一件红斗篷
  a young goat | eine junge Ziege | una cabra joven | una capra giovane | genç bir keçi | kambing muda | mbuzi mchanga | 一只小山羊
  a glass crown | eine gläserne Krone | una corona de cristal | una corona di vetro | camdan bir taç | mahkota kaca | taji la kioo | 一顶玻璃王冠
  a big drum | eine große Trommel | un tambor grande | un tamburo grande | büyük bir davul | gendang besar | ngoma kubwa | 一面大鼓
`);

function values(table: string): Entry[] {
  return simpleLexicon('value', table);
}
