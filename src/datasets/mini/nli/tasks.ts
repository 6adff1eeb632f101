// Everyday tasks, with the verb forms that the patterns about negation and about time order ask for.
import { lexicon } from '../phrases';

/**
 * German: object, participle, infinitive with zu. Turkish: object, past, negated past, verbal noun in -mAyI. Swahili:
 * the verb after its prefix (ali-, haku-, ku-). Chinese: verb, result, object. The first twelve are routine (one can
 * forget them), the others take effort (one can fail).
 */
export const TASKS = lexicon(`
  past / infinitive | object / participle / zuInfinitive | past / infinitive | participle / infinitive | object / past / negated / noun | verb | verb | verb / result / object
  closed the window / close the window | das Fenster / geschlossen / zu schließen | cerró la ventana / cerrar la ventana | chiuso la finestra / chiudere la finestra | pencereyi / kapattı / kapatmadı / kapatmayı | menutup jendela | funga dirisha | 关 / 上 / 窗户
  watered the flowers / water the flowers | die Blumen / gegossen / zu gießen | regó las flores / regar las flores | annaffiato i fiori / annaffiare i fiori | çiçekleri / suladı / sulamadı / sulamayı | menyiram bunga | mwagilia maua maji | 浇 / - / 花
  called the doctor / call the doctor | den Arzt / angerufen / anzurufen | llamó al médico / llamar al médico | chiamato il medico / chiamare il medico | doktoru / aradı / aramadı / aramayı | menelepon dokter | mpigia daktari simu | 给医生打 / - / 电话
  washed the dishes / wash the dishes | das Geschirr / gespült / zu spülen | lavó los platos / lavar los platos | lavato i piatti / lavare i piatti | bulaşıkları / yıkadı / yıkamadı / yıkamayı | mencuci piring | osha vyombo | 洗 / - / 碗
  bought the bread / buy the bread | das Brot / gekauft / zu kaufen | compró el pan / comprar el pan | comprato il pane / comprare il pane | ekmeği / aldı / almadı / almayı | membeli roti | nunua mkate | 买 / - / 面包
  locked the gate / lock the gate | das Tor / abgeschlossen / abzuschließen | cerró el portón con llave / cerrar el portón con llave | chiuso a chiave il cancello / chiudere a chiave il cancello | bahçe kapısını / kilitledi / kilitlemedi / kilitlemeyi | mengunci gerbang | funga lango kwa ufunguo | 锁 / 上 / 大门
  fed the dog / feed the dog | den Hund / gefüttert / zu füttern | dio de comer al perro / dar de comer al perro | dato da mangiare al cane / dare da mangiare al cane | köpeği / besledi / beslemedi / beslemeyi | memberi makan anjing | mlisha mbwa | 喂 / - / 狗
  paid the bill / pay the bill | die Rechnung / bezahlt / zu bezahlen | pagó la cuenta / pagar la cuenta | pagato il conto / pagare il conto | faturayı / ödedi / ödemedi / ödemeyi | membayar tagihan | lipa bili | 付 / - / 账单
  sent the letter / send the letter | den Brief / abgeschickt / abzuschicken | envió la carta / enviar la carta | spedito la lettera / spedire la lettera | mektubu / gönderdi / göndermedi / göndermeyi | mengirim surat | tuma barua | 寄 / - / 信
  turned off the light / turn off the light | das Licht / ausgeschaltet / auszuschalten | apagó la luz / apagar la luz | spento la luce / spegnere la luce | ışığı / söndürdü / söndürmedi / söndürmeyi | mematikan lampu | zima taa | 关 / 掉 / 灯
  returned the book / return the book | das Buch / zurückgegeben / zurückzugeben | devolvió el libro / devolver el libro | restituito il libro / restituire il libro | kitabı / geri verdi / geri vermedi / geri vermeyi | mengembalikan buku | rudisha kitabu | 还 / - / 书
  cleaned the room / clean the room | das Zimmer / geputzt / zu putzen | limpió la habitación / limpiar la habitación | pulito la camera / pulire la camera | odayı / temizledi / temizlemedi / temizlemeyi | membersihkan kamar | safisha chumba | 打扫 / - / 房间
  repaired the bicycle / repair the bicycle | das Fahrrad / repariert / zu reparieren | reparó la bicicleta / reparar la bicicleta | riparato la bicicletta / riparare la bicicletta | bisikleti / tamir etti / tamir etmedi / tamir etmeyi | memperbaiki sepeda | tengeneza baiskeli | 修 / 好 / 自行车
  sold the house / sell the house | das Haus / verkauft / zu verkaufen | vendió la casa / vender la casa | venduto la casa / vendere la casa | evi / sattı / satmadı / satmayı | menjual rumah | uza nyumba | 卖 / 掉 / 房子
  opened the box / open the box | die Kiste / geöffnet / zu öffnen | abrió la caja / abrir la caja | aperto la scatola / aprire la scatola | kutuyu / açtı / açmadı / açmayı | membuka kotak | fungua sanduku | 打开 / - / 箱子
  painted the wall / paint the wall | die Wand / gestrichen / zu streichen | pintó la pared / pintar la pared | pitturato la parete / pitturare la parete | duvarı / boyadı / boyamadı / boyamayı | mengecat dinding | paka rangi ukuta | 刷 / 好 / 墙
  translated the text / translate the text | den Text / übersetzt / zu übersetzen | tradujo el texto / traducir el texto | tradotto il testo / tradurre il testo | metni / çevirdi / çevirmedi / çevirmeyi | menerjemahkan teks itu | tafsiri maandishi | 翻译 / 好 / 文章
  moved the wardrobe / move the wardrobe | den Schrank / verschoben / zu verschieben | movió el armario / mover el armario | spostato l'armadio / spostare l'armadio | dolabı / taşıdı / taşımadı / taşımayı | memindahkan lemari | sogeza kabati | 搬 / 走 / 衣柜
  finished the report / finish the report | den Bericht / fertiggestellt / fertigzustellen | terminó el informe / terminar el informe | finito la relazione / finire la relazione | raporu / bitirdi / bitirmedi / bitirmeyi | menyelesaikan laporan | maliza ripoti | 写 / 完 / 报告
  convinced the boss / convince the boss | den Chef / überzeugt / zu überzeugen | convenció al jefe / convencer al jefe | convinto il capo / convincere il capo | patronu / ikna etti / ikna etmedi / ikna etmeyi | meyakinkan atasan | mshawishi bosi | 说服 / - / 老板
`);

/** How many tasks at the beginning of the list are routine. */
export const ROUTINE_TASKS = 12;
