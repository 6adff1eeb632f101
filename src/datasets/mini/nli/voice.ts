// Active and passive: "Anna built the bridge" and "The bridge was built by Anna" say the same; built by Marco, it was
// not built by Anna (as in other inference data, both sentences speak of one event with one doer).
import type { RandomStream } from '../../../engine/random';
import { sample } from '../choice';
import { NAMES } from '../names';
import { byLanguage, fill, lexicon, sentence, type Entry } from '../phrases';
import type { Triple } from './triple';

const DEEDS = lexicon(`
  active / passive | active / passive | active / passive | active / passive | active / passive | active / passive | active / passive | active / passive
  {name} wrote the novel / the novel was written by {name} | {name} hat den Roman geschrieben / der Roman wurde von {name} geschrieben | {name} escribió la novela / la novela fue escrita por {name} | {name} ha scritto il romanzo / il romanzo è stato scritto da {name} | romanı {name} yazdı / roman {name} tarafından yazıldı | {name} menulis novel itu / novel itu ditulis oleh {name} | {name} aliandika riwaya hiyo / riwaya hiyo iliandikwa na {name} | {name}写了这本小说 / 这本小说是{name}写的
  {name} built the bridge / the bridge was built by {name} | {name} hat die Brücke gebaut / die Brücke wurde von {name} gebaut | {name} construyó el puente / el puente fue construido por {name} | {name} ha costruito il ponte / il ponte è stato costruito da {name} | köprüyü {name} inşa etti / köprü {name} tarafından inşa edildi | {name} membangun jembatan itu / jembatan itu dibangun oleh {name} | {name} alijenga daraja hilo / daraja hilo lilijengwa na {name} | {name}建了这座桥 / 这座桥是{name}建的
  {name} painted the picture / the picture was painted by {name} | {name} hat das Bild gemalt / das Bild wurde von {name} gemalt | {name} pintó el cuadro / el cuadro fue pintado por {name} | {name} ha dipinto il quadro / il quadro è stato dipinto da {name} | resmi {name} yaptı / resim {name} tarafından yapıldı | {name} melukis gambar itu / gambar itu dilukis oleh {name} | {name} alichora picha hiyo / picha hiyo ilichorwa na {name} | {name}画了这幅画 / 这幅画是{name}画的
  {name} baked the cake / the cake was baked by {name} | {name} hat den Kuchen gebacken / der Kuchen wurde von {name} gebacken | {name} horneó el pastel / el pastel fue horneado por {name} | {name} ha preparato la torta / la torta è stata preparata da {name} | keki {name} pişirdi / kek {name} tarafından pişirildi | {name} membuat kue itu / kue itu dibuat oleh {name} | {name} alioka keki hiyo / keki hiyo iliokwa na {name} | {name}烤了这个蛋糕 / 这个蛋糕是{name}烤的
  {name} posted the parcel / the parcel was posted by {name} | {name} hat das Paket verschickt / das Paket wurde von {name} verschickt | {name} envió el paquete / el paquete fue enviado por {name} | {name} ha spedito il pacco / il pacco è stato spedito da {name} | paketi {name} gönderdi / paket {name} tarafından gönderildi | {name} mengirim paket itu / paket itu dikirim oleh {name} | {name} alituma kifurushi hicho / kifurushi hicho kilitumwa na {name} | {name}寄了这个包裹 / 这个包裹是{name}寄的
  {name} broke the window / the window was broken by {name} | {name} hat das Fenster zerbrochen / das Fenster wurde von {name} zerbrochen | {name} rompió la ventana / la ventana fue rota por {name} | {name} ha rotto la finestra / la finestra è stata rotta da {name} | pencereyi {name} kırdı / pencere {name} tarafından kırıldı | {name} memecahkan jendela itu / jendela itu dipecahkan oleh {name} | {name} alivunja dirisha hilo / dirisha hilo lilivunjwa na {name} | {name}打破了这扇窗户 / 这扇窗户是{name}打破的
  {name} repaired the car / the car was repaired by {name} | {name} hat das Auto repariert / das Auto wurde von {name} repariert | {name} reparó el coche / el coche fue reparado por {name} | {name} ha riparato la macchina / la macchina è stata riparata da {name} | arabayı {name} tamir etti / araba {name} tarafından tamir edildi | {name} memperbaiki mobil itu / mobil itu diperbaiki oleh {name} | {name} alitengeneza gari hilo / gari hilo lilitengenezwa na {name} | {name}修好了这辆车 / 这辆车是{name}修好的
  {name} bought the house / the house was bought by {name} | {name} hat das Haus gekauft / das Haus wurde von {name} gekauft | {name} compró la casa / la casa fue comprada por {name} | {name} ha comprato la casa / la casa è stata comprata da {name} | evi {name} satın aldı / ev {name} tarafından satın alındı | {name} membeli rumah itu / rumah itu dibeli oleh {name} | {name} alinunua nyumba hiyo / nyumba hiyo ilinunuliwa na {name} | {name}买了这座房子 / 这座房子是{name}买的
  {name} caught the thief / the thief was caught by {name} | {name} hat den Dieb gefangen / der Dieb wurde von {name} gefangen | {name} atrapó al ladrón / el ladrón fue atrapado por {name} | {name} ha catturato il ladro / il ladro è stato catturato da {name} | hırsızı {name} yakaladı / hırsız {name} tarafından yakalandı | {name} menangkap pencuri itu / pencuri itu ditangkap oleh {name} | {name} alimkamata mwizi huyo / mwizi huyo alikamatwa na {name} | {name}抓住了这个小偷 / 这个小偷是{name}抓住的
  {name} composed the song / the song was composed by {name} | {name} hat das Lied komponiert / das Lied wurde von {name} komponiert | {name} compuso la canción / la canción fue compuesta por {name} | {name} ha composto la canzone / la canzone è stata composta da {name} | şarkıyı {name} besteledi / şarkı {name} tarafından bestelendi | {name} menggubah lagu itu / lagu itu digubah oleh {name} | {name} alitunga wimbo huo / wimbo huo ulitungwa na {name} | {name}创作了这首歌 / 这首歌是{name}创作的
  {name} rescued the child / the child was rescued by {name} | {name} hat das Kind gerettet / das Kind wurde von {name} gerettet | {name} rescató al niño / el niño fue rescatado por {name} | {name} ha salvato il bambino / il bambino è stato salvato da {name} | çocuğu {name} kurtardı / çocuk {name} tarafından kurtarıldı | {name} menyelamatkan anak itu / anak itu diselamatkan oleh {name} | {name} alimwokoa mtoto huyo / mtoto huyo aliokolewa na {name} | {name}救了这个孩子 / 这个孩子是{name}救的
  {name} solved the problem / the problem was solved by {name} | {name} hat das Problem gelöst / das Problem wurde von {name} gelöst | {name} resolvió el problema / el problema fue resuelto por {name} | {name} ha risolto il problema / il problema è stato risolto da {name} | sorunu {name} çözdü / sorun {name} tarafından çözüldü | {name} memecahkan masalah itu / masalah itu dipecahkan oleh {name} | {name} alitatua tatizo hilo / tatizo hilo lilitatuliwa na {name} | {name}解决了这个问题 / 这个问题是{name}解决的
`);

type Voice = 'active' | 'passive';

export function voiceTriple(random: RandomStream): Triple {
  const [deed, otherDeed] = sample(DEEDS, 2, random) as [Entry, Entry];
  const [name, otherName] = sample(NAMES, 2, random) as [Entry, Entry];
  const [asked, told] = sample<Voice>(['active', 'passive'], 2, random) as [Voice, Voice];
  const say = (what: Entry, voice: Voice, who: Entry) =>
    sentence(
      fill(
        byLanguage((language) => what[language][voice]!),
        who,
      ),
    );
  return {
    hypothesis: say(deed, asked, name),
    premises: {
      entailment: say(deed, told, name),
      neutral: say(otherDeed, told, name),
      contradiction: say(deed, told, otherName),
    },
  };
}
