// The scenarios of the training questions, in eight languages.
import { scenario, type Scenario } from './scenario';

export const TRAIN_SCENARIOS: readonly Scenario[] = [
  scenario(
    'weather',
    `
    {name} watered the flowers every day. | {name} hat die Blumen jeden Tag gegossen. | {name} regó las flores todos los días. | {name} ha annaffiato i fiori ogni giorno. | {name} çiçekleri her gün suladı. | {name} menyiram bunga setiap hari. | {name} alimwagilia maua maji kila siku. | {name}每天都给花浇水。
    The flowers grew tall. | Die Blumen sind hoch gewachsen. | Las flores crecieron mucho. | I fiori sono cresciuti molto. | Çiçekler çok büyüdü. | Bunga-bunga itu tumbuh tinggi. | Maua yalikua marefu. | 花长得很高。
    {name} never watered the flowers. | {name} hat die Blumen nie gegossen. | {name} nunca regó las flores. | {name} non ha mai annaffiato i fiori. | {name} çiçekleri hiç sulamadı. | {name} tidak pernah menyiram bunga. | {name} hakumwagilia maua maji kamwe. | {name}从来不给花浇水。
    The flowers withered. | Die Blumen sind verwelkt. | Las flores se marchitaron. | I fiori sono appassiti. | Çiçekler soldu. | Bunga-bunga itu layu. | Maua yalinyauka. | 花枯萎了。
`,
  ),
  scenario(
    'home travel',
    `
    The alarm clock did not ring. | Der Wecker hat nicht geklingelt. | El despertador no sonó. | La sveglia non ha suonato. | Çalar saat çalmadı. | Jam weker tidak berbunyi. | Saa ya kengele haikulia. | 闹钟没有响。
    {name} slept until noon. | {name} hat bis Mittag geschlafen. | {name} durmió hasta el mediodía. | {name} ha dormito fino a mezzogiorno. | {name} öğlene kadar uyudu. | {name} tidur sampai siang. | {name} alilala hadi saa sita mchana. | {name}一直睡到中午。
    The alarm clock rang at five in the morning. | Der Wecker hat um fünf Uhr morgens geklingelt. | El despertador sonó a las cinco de la mañana. | La sveglia ha suonato alle cinque del mattino. | Çalar saat sabah beşte çaldı. | Jam weker berbunyi pukul lima pagi. | Saa ya kengele ililia saa kumi na moja alfajiri. | 闹钟早上五点响了。
    {name} got up very early. | {name} ist sehr früh aufgestanden. | {name} se levantó muy temprano. | {name} si è alzat{o} molto presto. | {name} çok erken kalktı. | {name} bangun pagi-pagi sekali. | {name} aliamka mapema sana. | {name}很早就起床了。
`,
  ),
  scenario(
    'food people',
    `
    {name} put too much salt in the soup. | {name} hat zu viel Salz in die Suppe getan. | {name} echó demasiada sal en la sopa. | {name} ha messo troppo sale nella zuppa. | {name} çorbaya çok fazla tuz koydu. | {name} memasukkan terlalu banyak garam ke dalam sup. | {name} aliweka chumvi nyingi mno kwenye supu. | {name}在汤里放了太多盐。
    Nobody wanted to eat the soup. | Niemand wollte die Suppe essen. | Nadie quiso comer la sopa. | Nessuno ha voluto mangiare la zuppa. | Kimse çorbayı içmek istemedi. | Tidak ada yang mau makan sup itu. | Hakuna aliyetaka kula supu hiyo. | 没有人想喝这汤。
    {name} cooked the soup with fresh vegetables. | {name} hat die Suppe mit frischem Gemüse gekocht. | {name} preparó la sopa con verduras frescas. | {name} ha preparato la zuppa con verdure fresche. | {name} çorbayı taze sebzelerle pişirdi. | {name} memasak sup dengan sayuran segar. | {name} alipika supu kwa mboga mbichi. | {name}用新鲜蔬菜做了汤。
    Everybody asked for a second plate of soup. | Alle wollten noch einen Teller Suppe. | Todos pidieron otro plato de sopa. | Tutti hanno chiesto un altro piatto di zuppa. | Herkes bir tabak çorba daha istedi. | Semua orang meminta sepiring sup lagi. | Kila mtu aliomba sahani nyingine ya supu. | 大家都要再来一碗汤。
`,
  ),
  scenario(
    'weather',
    `
    It rained for two weeks. | Es hat zwei Wochen lang geregnet. | Llovió durante dos semanas. | Ha piovuto per due settimane. | İki hafta boyunca yağmur yağdı. | Hujan turun selama dua minggu. | Mvua ilinyesha kwa wiki mbili. | 雨下了两个星期。
    The river burst its banks. | Der Fluss ist über die Ufer getreten. | El río se desbordó. | Il fiume è straripato. | Nehir taştı. | Sungai itu meluap. | Mto ulifurika. | 河水泛滥了。
    It did not rain for months. | Es hat monatelang nicht geregnet. | No llovió durante meses. | Non ha piovuto per mesi. | Aylarca yağmur yağmadı. | Hujan tidak turun selama berbulan-bulan. | Mvua haikunyesha kwa miezi mingi. | 好几个月没下雨。
    The river dried up. | Der Fluss ist ausgetrocknet. | El río se secó. | Il fiume si è prosciugato. | Nehir kurudu. | Sungai itu mengering. | Mto ulikauka. | 河干了。
`,
  ),
  scenario(
    'travel',
    `
    {name} studied hard for weeks. | {name} hat wochenlang fleißig gelernt. | {name} estudió mucho durante semanas. | {name} ha studiato molto per settimane. | {name} haftalarca çok çalıştı. | {name} belajar keras selama berminggu-minggu. | {name} alisoma kwa bidii kwa wiki nyingi. | {name}努力学习了好几个星期。
    {name} passed the exam. | {name} hat die Prüfung bestanden. | {name} aprobó el examen. | {name} ha superato l'esame. | {name} sınavı geçti. | {name} lulus ujian. | {name} alifaulu mtihani. | {name}通过了考试。
    {name} did not open a single book. | {name} hat kein einziges Buch aufgeschlagen. | {name} no abrió ni un solo libro. | {name} non ha aperto neanche un libro. | {name} tek bir kitap bile açmadı. | {name} tidak membuka satu buku pun. | {name} hakufungua hata kitabu kimoja. | {name}一本书也没翻开。
    {name} failed the exam. | {name} hat die Prüfung nicht bestanden. | {name} suspendió el examen. | {name} non ha superato l'esame. | {name} sınavda kaldı. | {name} tidak lulus ujian. | {name} alifeli mtihani. | {name}没有通过考试。
`,
  ),
  scenario(
    'business people',
    `
    The shop cut its prices by half. | Der Laden hat die Preise halbiert. | La tienda bajó los precios a la mitad. | Il negozio ha dimezzato i prezzi. | Dükkân fiyatları yarıya indirdi. | Toko itu menurunkan harga menjadi setengahnya. | Duka lilipunguza bei kwa nusu. | 商店把价格降了一半。
    Many customers came into the shop. | Viele Kunden kamen in den Laden. | Muchos clientes entraron en la tienda. | Molti clienti sono entrati nel negozio. | Dükkâna çok müşteri geldi. | Banyak pelanggan datang ke toko itu. | Wateja wengi waliingia dukani. | 很多顾客来到商店。
    The shop doubled its prices. | Der Laden hat die Preise verdoppelt. | La tienda duplicó los precios. | Il negozio ha raddoppiato i prezzi. | Dükkân fiyatları iki katına çıkardı. | Toko itu menaikkan harga dua kali lipat. | Duka liliongeza bei mara mbili. | 商店把价格提高了一倍。
    The shop remained empty. | Der Laden blieb leer. | La tienda se quedó vacía. | Il negozio è rimasto vuoto. | Dükkân boş kaldı. | Toko itu tetap sepi. | Duka lilibaki tupu. | 商店里空无一人。
`,
  ),
  scenario(
    'food',
    `
    {name} left the milk in the sun. | {name} hat die Milch in der Sonne stehen lassen. | {name} dejó la leche al sol. | {name} ha lasciato il latte al sole. | {name} sütü güneşte bıraktı. | {name} membiarkan susu di bawah sinar matahari. | {name} aliacha maziwa juani. | {name}把牛奶放在太阳下。
    The milk went sour. | Die Milch ist sauer geworden. | La leche se agrió. | Il latte è andato a male. | Süt ekşidi. | Susu itu menjadi asam. | Maziwa yalichacha. | 牛奶变酸了。
    {name} put the milk in the fridge. | {name} hat die Milch in den Kühlschrank gestellt. | {name} puso la leche en la nevera. | {name} ha messo il latte in frigorifero. | {name} sütü buzdolabına koydu. | {name} menaruh susu di dalam kulkas. | {name} aliweka maziwa kwenye friji. | {name}把牛奶放进了冰箱。
    The milk stayed fresh. | Die Milch blieb frisch. | La leche se mantuvo fresca. | Il latte è rimasto fresco. | Süt taze kaldı. | Susu itu tetap segar. | Maziwa yalibaki mazuri. | 牛奶保持新鲜。
`,
  ),
  scenario(
    'home',
    `
    A stranger climbed over the fence. | Ein Fremder ist über den Zaun geklettert. | Un extraño saltó la valla. | Un estraneo ha scavalcato la recinzione. | Bir yabancı çitten atladı. | Seorang asing memanjat pagar. | Mgeni aliruka ua. | 一个陌生人翻过了围栏。
    The dog barked loudly. | Der Hund hat laut gebellt. | El perro ladró muy fuerte. | Il cane ha abbaiato forte. | Köpek yüksek sesle havladı. | Anjing itu menggonggong keras. | Mbwa alibweka kwa sauti kubwa. | 狗大声叫了起来。
    {name} stroked the dog. | {name} hat den Hund gestreichelt. | {name} acarició al perro. | {name} ha accarezzato il cane. | {name} köpeği okşadı. | {name} membelai anjing itu. | {name} alimpapasa mbwa. | {name}摸了摸狗。
    The dog wagged its tail. | Der Hund hat mit dem Schwanz gewedelt. | El perro movió la cola. | Il cane ha scodinzolato. | Köpek kuyruğunu salladı. | Anjing itu mengibaskan ekornya. | Mbwa alitikisa mkia. | 狗摇起了尾巴。
`,
  ),
  scenario(
    'home sport',
    `
    The ball hit the window. | Der Ball hat das Fenster getroffen. | La pelota golpeó la ventana. | La palla ha colpito la finestra. | Top pencereye çarptı. | Bola itu mengenai jendela. | Mpira uligonga dirisha. | 球打中了窗户。
    The glass broke. | Das Glas ist zerbrochen. | El cristal se rompió. | Il vetro si è rotto. | Cam kırıldı. | Kacanya pecah. | Kioo kilivunjika. | 玻璃碎了。
    {name} caught the ball in front of the window. | {name} hat den Ball vor dem Fenster gefangen. | {name} atrapó la pelota delante de la ventana. | {name} ha preso la palla davanti alla finestra. | {name} topu pencerenin önünde yakaladı. | {name} menangkap bola di depan jendela. | {name} aliudaka mpira mbele ya dirisha. | {name}在窗前接住了球。
    The glass remained whole. | Das Glas blieb ganz. | El cristal quedó intacto. | Il vetro è rimasto intatto. | Cam sağlam kaldı. | Kacanya tetap utuh. | Kioo kilibaki kizima. | 玻璃完好无损。
`,
  ),
  scenario(
    'weather',
    `
    The temperature fell far below zero. | Die Temperatur ist weit unter null gefallen. | La temperatura bajó muy por debajo de cero. | La temperatura è scesa molto sotto lo zero. | Sıcaklık sıfırın çok altına düştü. | Suhu turun jauh di bawah nol. | Joto lilishuka chini kabisa ya sifuri. | 气温降到了零下很多度。
    The lake froze. | Der See ist zugefroren. | El lago se congeló. | Il lago è ghiacciato. | Göl dondu. | Danau itu membeku. | Ziwa liliganda. | 湖结冰了。
    The days became warm in spring. | Im Frühling wurden die Tage warm. | En primavera los días se hicieron cálidos. | In primavera le giornate sono diventate calde. | İlkbaharda günler ısındı. | Pada musim semi cuaca menjadi hangat. | Siku zilikuwa na joto wakati wa majira ya kuchipua. | 春天天气变暖了。
    The ice on the lake melted. | Das Eis auf dem See ist geschmolzen. | El hielo del lago se derritió. | Il ghiaccio sul lago si è sciolto. | Göldeki buz eridi. | Es di danau itu mencair. | Barafu ziwani iliyeyuka. | 湖上的冰融化了。
`,
  ),
  scenario(
    'home',
    `
    {name} forgot the charger at home. | {name} hat das Ladegerät zu Hause vergessen. | {name} olvidó el cargador en casa. | {name} ha dimenticato il caricabatterie a casa. | {name} şarj aletini evde unuttu. | {name} lupa membawa pengisi daya dari rumah. | {name} alisahau chaja nyumbani. | {name}把充电器忘在家里了。
    The phone's battery ran out. | Der Akku des Telefons war leer. | El teléfono se quedó sin batería. | Il telefono è rimasto senza batteria. | Telefonun şarjı bitti. | Baterai telepon habis. | Betri ya simu iliisha. | 手机没电了。
    {name} charged the phone all night. | {name} hat das Telefon die ganze Nacht geladen. | {name} cargó el teléfono toda la noche. | {name} ha caricato il telefono tutta la notte. | {name} telefonu bütün gece şarj etti. | {name} mengisi daya telepon sepanjang malam. | {name} alichaji simu usiku kucha. | {name}给手机充了一夜的电。
    The phone worked all day. | Das Telefon hat den ganzen Tag funktioniert. | El teléfono funcionó todo el día. | Il telefono ha funzionato tutto il giorno. | Telefon bütün gün çalıştı. | Telepon itu berfungsi sepanjang hari. | Simu ilifanya kazi siku nzima. | 手机用了一整天。
`,
  ),
  scenario(
    'home',
    `
    A loud noise woke the baby. | Ein lautes Geräusch hat das Baby geweckt. | Un ruido fuerte despertó al bebé. | Un forte rumore ha svegliato il bambino. | Yüksek bir ses bebeği uyandırdı. | Suara keras membangunkan bayi itu. | Kelele kubwa ilimwamsha mtoto. | 一声巨响吵醒了宝宝。
    The baby cried. | Das Baby hat geweint. | El bebé lloró. | Il bambino ha pianto. | Bebek ağladı. | Bayi itu menangis. | Mtoto alilia. | 宝宝哭了。
    {name} sang the baby a lullaby. | {name} hat dem Baby ein Schlaflied gesungen. | {name} le cantó una nana al bebé. | {name} ha cantato una ninna nanna al bambino. | {name} bebeğe ninni söyledi. | {name} menyanyikan lagu nina bobo untuk bayi itu. | {name} alimwimbia mtoto wimbo wa kubembeleza. | {name}给宝宝唱了摇篮曲。
    The baby fell asleep. | Das Baby ist eingeschlafen. | El bebé se durmió. | Il bambino si è addormentato. | Bebek uykuya daldı. | Bayi itu tertidur. | Mtoto alilala usingizi. | 宝宝睡着了。
`,
  ),
  scenario(
    'travel',
    `
    {name} ran to the station. | {name} ist zum Bahnhof gerannt. | {name} corrió a la estación. | {name} è cors{o} alla stazione. | {name} istasyona koştu. | {name} berlari ke stasiun. | {name} alikimbia hadi kituoni. | {name}跑到了车站。
    {name} caught the train in time. | {name} hat den Zug rechtzeitig erreicht. | {name} alcanzó el tren a tiempo. | {name} ha preso il treno in tempo. | {name} trene zamanında yetişti. | {name} berhasil naik kereta tepat waktu. | {name} aliwahi treni. | {name}及时赶上了火车。
    {name} walked to the station slowly. | {name} ist langsam zum Bahnhof gegangen. | {name} caminó despacio hacia la estación. | {name} ha camminato lentamente verso la stazione. | {name} istasyona yavaş yavaş yürüdü. | {name} berjalan pelan-pelan ke stasiun. | {name} alitembea polepole kwenda kituoni. | {name}慢慢地走到车站。
    {name} missed the train. | {name} hat den Zug verpasst. | {name} perdió el tren. | {name} ha perso il treno. | {name} treni kaçırdı. | {name} ketinggalan kereta. | {name} alikosa treni. | {name}没赶上火车。
`,
  ),
  scenario(
    'food',
    `
    {name} left the cake in the oven too long. | {name} hat den Kuchen zu lange im Ofen gelassen. | {name} dejó el pastel demasiado tiempo en el horno. | {name} ha lasciato la torta troppo a lungo nel forno. | {name} keki fırında çok uzun süre bıraktı. | {name} membiarkan kue terlalu lama di dalam oven. | {name} aliacha keki kwenye jiko kwa muda mrefu mno. | {name}把蛋糕在烤箱里放得太久了。
    The cake burned. | Der Kuchen ist verbrannt. | El pastel se quemó. | La torta si è bruciata. | Kek yandı. | Kue itu gosong. | Keki iliungua. | 蛋糕烤焦了。
    {name} took the cake out of the oven in time. | {name} hat den Kuchen rechtzeitig aus dem Ofen geholt. | {name} sacó el pastel del horno a tiempo. | {name} ha tolto la torta dal forno in tempo. | {name} keki fırından zamanında çıkardı. | {name} mengeluarkan kue dari oven tepat waktu. | {name} alitoa keki kwenye jiko kwa wakati. | {name}及时把蛋糕从烤箱里拿了出来。
    The cake tasted delicious. | Der Kuchen hat köstlich geschmeckt. | El pastel estaba delicioso. | La torta era deliziosa. | Kek çok lezzetliydi. | Kue itu rasanya lezat. | Keki ilikuwa tamu sana. | 蛋糕非常好吃。
`,
  ),
  scenario(
    'travel',
    `
    {name} rode over a nail. | {name} ist über einen Nagel gefahren. | {name} pasó con la bicicleta sobre un clavo. | {name} è passat{o} con la bicicletta sopra un chiodo. | {name} bisikletle bir çivinin üzerinden geçti. | {name} bersepeda melewati paku. | {name} aliendesha baiskeli juu ya msumari. | {name}骑车压到了一颗钉子。
    The tyre lost all its air. | Der Reifen hat die ganze Luft verloren. | La rueda perdió todo el aire. | La gomma ha perso tutta l'aria. | Lastiğin bütün havası indi. | Ban itu kempis. | Tairi liliishiwa na upepo. | 轮胎没气了。
    {name} pumped up the tyre. | {name} hat den Reifen aufgepumpt. | {name} infló la rueda. | {name} ha gonfiato la gomma. | {name} lastiği şişirdi. | {name} memompa ban itu. | {name} alijaza tairi upepo. | {name}给轮胎打了气。
    The bicycle rolled well again. | Das Fahrrad fuhr wieder gut. | La bicicleta volvió a rodar bien. | La bicicletta ha ripreso ad andare bene. | Bisiklet yeniden iyi gitmeye başladı. | Sepeda itu berjalan baik lagi. | Baiskeli ilienda vizuri tena. | 自行车又好骑了。
`,
  ),
  scenario(
    'weather travel',
    `
    Thick fog lay over the airport. | Dichter Nebel lag über dem Flughafen. | Una niebla espesa cubría el aeropuerto. | Una fitta nebbia copriva l'aeroporto. | Havaalanını yoğun sis kaplamıştı. | Kabut tebal menyelimuti bandara. | Ukungu mzito ulifunika uwanja wa ndege. | 浓雾笼罩着机场。
    The flight was cancelled. | Der Flug wurde gestrichen. | El vuelo fue cancelado. | Il volo è stato cancellato. | Uçuş iptal edildi. | Penerbangan itu dibatalkan. | Safari ya ndege ilifutwa. | 航班被取消了。
    The sky over the airport was clear. | Der Himmel über dem Flughafen war klar. | El cielo sobre el aeropuerto estaba despejado. | Il cielo sopra l'aeroporto era sereno. | Havaalanının üzerinde gökyüzü açıktı. | Langit di atas bandara cerah. | Anga juu ya uwanja wa ndege ilikuwa safi. | 机场上空晴朗。
    The plane took off on time. | Das Flugzeug ist pünktlich gestartet. | El avión despegó a tiempo. | L'aereo è decollato in orario. | Uçak zamanında kalktı. | Pesawat itu lepas landas tepat waktu. | Ndege iliruka kwa wakati. | 飞机准时起飞了。
`,
  ),
  scenario(
    'sport people',
    `
    The goalkeeper saved every shot. | Der Torwart hat jeden Schuss gehalten. | El portero paró todos los tiros. | Il portiere ha parato tutti i tiri. | Kaleci her şutu kurtardı. | Penjaga gawang menahan semua tembakan. | Kipa alidaka mipira yote. | 守门员扑出了所有射门。
    The team won the match. | Die Mannschaft hat das Spiel gewonnen. | El equipo ganó el partido. | La squadra ha vinto la partita. | Takım maçı kazandı. | Tim itu memenangkan pertandingan. | Timu ilishinda mechi. | 球队赢了比赛。
    The best players were injured. | Die besten Spieler waren verletzt. | Los mejores jugadores estaban lesionados. | I migliori giocatori erano infortunati. | En iyi oyuncular sakattı. | Para pemain terbaik cedera. | Wachezaji bora walikuwa wameumia. | 最好的球员都受伤了。
    The team lost the match. | Die Mannschaft hat das Spiel verloren. | El equipo perdió el partido. | La squadra ha perso la partita. | Takım maçı kaybetti. | Tim itu kalah dalam pertandingan. | Timu ilishindwa mechi. | 球队输了比赛。
`,
  ),
  scenario(
    'home people',
    `
    The neighbours played loud music until dawn. | Die Nachbarn haben bis zum Morgen laute Musik gespielt. | Los vecinos pusieron música alta hasta el amanecer. | I vicini hanno suonato musica ad alto volume fino all'alba. | Komşular sabaha kadar yüksek sesle müzik çaldı. | Para tetangga memutar musik keras sampai subuh. | Majirani walipiga muziki kwa sauti kubwa hadi alfajiri. | 邻居们大声放音乐直到天亮。
    {name} could not sleep. | {name} konnte nicht schlafen. | {name} no pudo dormir. | {name} non ha potuto dormire. | {name} uyuyamadı. | {name} tidak bisa tidur. | {name} hakuweza kulala. | {name}睡不着觉。
    It was quiet all night. | Es war die ganze Nacht still. | Hubo silencio toda la noche. | C'è stato silenzio tutta la notte. | Bütün gece sessizdi. | Sepanjang malam suasana hening. | Kulikuwa kimya usiku kucha. | 整夜都很安静。
    {name} slept well. | {name} hat gut geschlafen. | {name} durmió bien. | {name} ha dormito bene. | {name} iyi uyudu. | {name} tidur nyenyak. | {name} alilala vizuri. | {name}睡得很好。
`,
  ),
  scenario(
    'money',
    `
    {name} left the bag open on the bus. | {name} hat die Tasche im Bus offen gelassen. | {name} dejó el bolso abierto en el autobús. | {name} ha lasciato la borsa aperta sull'autobus. | {name} otobüste çantayı açık bıraktı. | {name} membiarkan tasnya terbuka di bus. | {name} aliacha mkoba wazi kwenye basi. | {name}在公交车上没有拉上包。
    A thief stole the wallet. | Ein Dieb hat die Geldbörse gestohlen. | Un ladrón robó la cartera. | Un ladro ha rubato il portafoglio. | Bir hırsız cüzdanı çaldı. | Seorang pencuri mencuri dompet itu. | Mwizi aliiba pochi. | 小偷偷走了钱包。
    {name} held the bag tight. | {name} hat die Tasche festgehalten. | {name} sujetó el bolso con fuerza. | {name} ha tenuto stretta la borsa. | {name} çantayı sıkıca tuttu. | {name} memegang tasnya erat-erat. | {name} alishika mkoba kwa nguvu. | {name}紧紧地抓住包。
    The thief went away empty-handed. | Der Dieb ist mit leeren Händen weggegangen. | El ladrón se fue con las manos vacías. | Il ladro se n'è andato a mani vuote. | Hırsız eli boş gitti. | Pencuri itu pergi dengan tangan hampa. | Mwizi aliondoka mikono mitupu. | 小偷空手离开了。
`,
  ),
  scenario(
    'weather business money',
    `
    The farmers sowed good seed. | Die Bauern haben gutes Saatgut gesät. | Los campesinos sembraron buenas semillas. | I contadini hanno seminato buoni semi. | Çiftçiler iyi tohum ekti. | Para petani menanam benih yang baik. | Wakulima walipanda mbegu nzuri. | 农民们播下了好种子。
    The harvest was rich. | Die Ernte war reich. | La cosecha fue abundante. | Il raccolto è stato abbondante. | Hasat bol oldu. | Panennya melimpah. | Mavuno yalikuwa mengi. | 收成很好。
    Hail destroyed the fields. | Hagel hat die Felder zerstört. | El granizo destruyó los campos. | La grandine ha distrutto i campi. | Dolu tarlaları mahvetti. | Hujan es merusak ladang. | Mvua ya mawe iliharibu mashamba. | 冰雹毁了田地。
    The farmers had nothing to sell. | Die Bauern hatten nichts zu verkaufen. | Los campesinos no tenían nada que vender. | I contadini non avevano niente da vendere. | Çiftçilerin satacak hiçbir şeyi yoktu. | Para petani tidak punya apa-apa untuk dijual. | Wakulima hawakuwa na kitu cha kuuza. | 农民们没有东西可卖。
`,
  ),
];
