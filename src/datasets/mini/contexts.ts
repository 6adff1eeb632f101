// Sentences that say nothing about what a hypothesis is about: they lengthen premises without deciding a label.
import { phrases } from './phrases';

export const CONTEXTS = phrases(`
  It rained all night. | Es hat die ganze Nacht geregnet. | Llovió toda la noche. | Ha piovuto tutta la notte. | Bütün gece yağmur yağdı. | Hujan turun sepanjang malam. | Mvua ilinyesha usiku kucha. | 雨下了一整夜。
  The sun is shining today. | Heute scheint die Sonne. | Hoy brilla el sol. | Oggi splende il sole. | Bugün güneş parlıyor. | Hari ini matahari bersinar. | Leo jua linawaka. | 今天阳光明媚。
  We talked for a long time. | Wir haben lange geredet. | Hablamos mucho tiempo. | Abbiamo parlato a lungo. | Uzun süre konuştuk. | Kami berbicara lama. | Tulizungumza kwa muda mrefu. | 我们聊了很久。
  I know this for certain. | Das weiß ich genau. | Esto lo sé con certeza. | Questo lo so con certezza. | Bunu kesin olarak biliyorum. | Saya tahu ini dengan pasti. | Ninajua hili kwa hakika. | 这件事我很清楚。
  Our train was late again. | Unser Zug hatte wieder Verspätung. | Nuestro tren llegó tarde otra vez. | Il nostro treno era di nuovo in ritardo. | Trenimiz yine gecikti. | Kereta kami terlambat lagi. | Treni yetu ilichelewa tena. | 我们的火车又晚点了。
  There was a strong wind at night. | In der Nacht wehte ein starker Wind. | Por la noche sopló un viento fuerte. | Di notte c'era un forte vento. | Geceleyin kuvvetli bir rüzgâr esti. | Angin bertiup kencang pada malam hari. | Upepo mkali ulivuma usiku. | 夜里刮了大风。
  The whole village knows this. | Das weiß das ganze Dorf. | Todo el pueblo lo sabe. | Lo sa tutto il paese. | Bunu bütün köy biliyor. | Seluruh desa tahu hal ini. | Kijiji kizima kinajua hili. | 全村人都知道这件事。
  The holidays begin tomorrow. | Morgen beginnen die Ferien. | Mañana empiezan las vacaciones. | Domani cominciano le vacanze. | Tatil yarın başlıyor. | Liburan dimulai besok. | Likizo inaanza kesho. | 明天就放假了。
  My phone is broken. | Mein Telefon ist kaputt. | Mi teléfono está roto. | Il mio telefono è rotto. | Telefonum bozuk. | Telepon saya rusak. | Simu yangu imeharibika. | 我的手机坏了。
  Good morning, everyone. | Guten Morgen zusammen. | Buenos días a todos. | Buongiorno a tutti. | Herkese günaydın. | Selamat pagi semuanya. | Habari za asubuhi, nyote. | 大家早上好。
  We heard the news yesterday. | Wir haben die Nachricht gestern gehört. | Ayer oímos la noticia. | Ieri abbiamo sentito la notizia. | Haberi dün duyduk. | Kami mendengar berita itu kemarin. | Tulisikia habari hiyo jana. | 我们昨天听到了这个消息。
  The neighbours are singing. | Die Nachbarn singen gerade. | Los vecinos están cantando. | I vicini stanno cantando. | Komşular şarkı söylüyor. | Para tetangga sedang bernyanyi. | Majirani wanaimba. | 邻居们正在唱歌。
`);
