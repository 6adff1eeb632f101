// Scenarios that training never sees: the first half is for validation, the second for the test.
import { scenario, type Scenario } from './scenario';

export const HELD_OUT_SCENARIOS: readonly Scenario[] = [
  scenario(
    'home',
    `
    The power went out. | Der Strom ist ausgefallen. | Se fue la luz. | È saltata la corrente. | Elektrik kesildi. | Listrik padam. | Umeme ulikatika. | 停电了。
    The whole house was dark. | Das ganze Haus war dunkel. | Toda la casa estaba a oscuras. | Tutta la casa era al buio. | Bütün ev karanlıktı. | Seluruh rumah gelap. | Nyumba nzima ilikuwa giza. | 整个房子一片漆黑。
    {name} switched on the lamps. | {name} hat die Lampen eingeschaltet. | {name} encendió las lámparas. | {name} ha acceso le lampade. | {name} lambaları yaktı. | {name} menyalakan lampu. | {name} aliwasha taa. | {name}打开了灯。
    The house was bright. | Das Haus war hell. | La casa estaba iluminada. | La casa era illuminata. | Ev aydınlıktı. | Rumah itu terang. | Nyumba ilikuwa na mwanga. | 房子里很亮。
`,
  ),
  scenario(
    'weather',
    `
    There was a hole in the boat. | Im Boot war ein Loch. | Había un agujero en el barco. | C'era un buco nella barca. | Teknede bir delik vardı. | Ada lubang di perahu itu. | Kulikuwa na tundu kwenye mashua. | 船上有一个洞。
    The boat sank. | Das Boot ist gesunken. | El barco se hundió. | La barca è affondata. | Tekne battı. | Perahu itu tenggelam. | Mashua ilizama. | 船沉了。
    {name} repaired the boat well. | {name} hat das Boot gut repariert. | {name} reparó bien el barco. | {name} ha riparato bene la barca. | {name} tekneyi iyice tamir etti. | {name} memperbaiki perahu itu dengan baik. | {name} alitengeneza mashua vizuri. | {name}把船修好了。
    The boat reached the island safely. | Das Boot hat die Insel sicher erreicht. | El barco llegó a la isla sin problemas. | La barca ha raggiunto l'isola senza problemi. | Tekne adaya sağ salim ulaştı. | Perahu itu tiba di pulau dengan selamat. | Mashua ilifika kisiwani salama. | 船安全到达了岛上。
`,
  ),
  scenario(
    'people home',
    `
    The film was very funny. | Der Film war sehr lustig. | La película era muy divertida. | Il film era molto divertente. | Film çok komikti. | Film itu sangat lucu. | Filamu ilichekesha sana. | 电影很搞笑。
    The audience laughed. | Das Publikum hat gelacht. | El público se rio. | Il pubblico ha riso. | Seyirciler güldü. | Para penonton tertawa. | Watazamaji walicheka. | 观众笑了。
    The film had a sad ending. | Der Film hatte ein trauriges Ende. | La película tenía un final triste. | Il film aveva un finale triste. | Filmin sonu hüzünlüydü. | Film itu berakhir sedih. | Filamu ilikuwa na mwisho wa kusikitisha. | 电影的结局很悲伤。
    The audience wept. | Das Publikum hat geweint. | El público lloró. | Il pubblico ha pianto. | Seyirciler ağladı. | Para penonton menangis. | Watazamaji walilia. | 观众哭了。
`,
  ),
  scenario(
    'travel',
    `
    The shoes were too tight. | Die Schuhe waren zu eng. | Los zapatos eran demasiado estrechos. | Le scarpe erano troppo strette. | Ayakkabılar çok dardı. | Sepatunya terlalu sempit. | Viatu vilibana sana. | 鞋子太紧了。
    {name} got blisters on the feet. | {name} hat Blasen an den Füßen bekommen. | A {name} le salieron ampollas en los pies. | A {name} sono venute le vesciche ai piedi. | {genitive} ayakları su topladı. | Kaki {name} lecet. | {name} alipata malengelenge miguuni. | {name}的脚上起了水泡。
    The shoes fitted perfectly. | Die Schuhe haben perfekt gepasst. | Los zapatos quedaban perfectos. | Le scarpe calzavano alla perfezione. | Ayakkabılar tam uydu. | Sepatunya sangat pas. | Viatu vilitosha vizuri. | 鞋子非常合脚。
    {name} walked for hours without pain. | {name} ist stundenlang ohne Schmerzen gelaufen. | {name} caminó durante horas sin dolor. | {name} ha camminato per ore senza dolore. | {name} saatlerce ağrısız yürüdü. | {name} berjalan berjam-jam tanpa rasa sakit. | {name} alitembea kwa saa nyingi bila maumivu. | {name}走了几个小时脚也不疼。
`,
  ),
  scenario(
    'money',
    `
    {name} saved money for years. | {name} hat jahrelang Geld gespart. | {name} ahorró dinero durante años. | {name} ha risparmiato denaro per anni. | {name} yıllarca para biriktirdi. | {name} menabung uang selama bertahun-tahun. | {name} aliweka akiba kwa miaka mingi. | {name}存了很多年的钱。
    {name} was able to buy a house. | {name} konnte ein Haus kaufen. | {name} pudo comprar una casa. | {name} ha potuto comprare una casa. | {name} bir ev satın alabildi. | {name} mampu membeli rumah. | {name} aliweza kununua nyumba. | {name}买得起房子了。
    {name} lost all the money at cards. | {name} hat das ganze Geld beim Kartenspiel verloren. | {name} perdió todo el dinero jugando a las cartas. | {name} ha perso tutti i soldi giocando a carte. | {name} bütün parayı kumarda kaybetti. | {name} kehilangan semua uang dalam permainan kartu. | {name} alipoteza pesa zote kwenye kamari. | {name}打牌输光了所有的钱。
    {name} could not pay the rent. | {name} konnte die Miete nicht bezahlen. | {name} no pudo pagar el alquiler. | {name} non ha potuto pagare l'affitto. | {name} kirayı ödeyemedi. | {name} tidak mampu membayar sewa. | {name} hakuweza kulipa kodi ya nyumba. | {name}付不起房租。
`,
  ),
  scenario(
    'home weather',
    `
    {name} opened all the windows. | {name} hat alle Fenster geöffnet. | {name} abrió todas las ventanas. | {name} ha aperto tutte le finestre. | {name} bütün pencereleri açtı. | {name} membuka semua jendela. | {name} alifungua madirisha yote. | {name}打开了所有的窗户。
    Fresh air came into the room. | Frische Luft kam ins Zimmer. | Entró aire fresco en la habitación. | Nella stanza è entrata aria fresca. | Odaya temiz hava girdi. | Udara segar masuk ke kamar. | Hewa safi iliingia chumbani. | 新鲜空气进入了房间。
    {name} lit a fire in the stove. | {name} hat im Ofen Feuer gemacht. | {name} encendió la estufa. | {name} ha acceso la stufa. | {name} sobayı yaktı. | {name} menyalakan api di tungku. | {name} aliwasha moto kwenye jiko. | {name}在炉子里生了火。
    The room became warm. | Das Zimmer wurde warm. | La habitación se calentó. | La stanza si è riscaldata. | Oda ısındı. | Kamar itu menjadi hangat. | Chumba kilipata joto. | 房间变暖和了。
`,
  ),
  scenario(
    'people',
    `
    {name} invited the whole street. | {name} hat die ganze Straße eingeladen. | {name} invitó a toda la calle. | {name} ha invitato tutta la strada. | {name} bütün sokağı davet etti. | {name} mengundang semua orang di jalan itu. | {name} alialika mtaa mzima. | {name}邀请了整条街的人。
    The living room was full of guests. | Das Wohnzimmer war voller Gäste. | La sala estaba llena de invitados. | Il soggiorno era pieno di ospiti. | Oturma odası konuklarla doluydu. | Ruang tamu penuh dengan tamu. | Sebule ilijaa wageni. | 客厅里挤满了客人。
    {name} told nobody about the birthday. | {name} hat niemandem von dem Geburtstag erzählt. | {name} no le habló a nadie del cumpleaños. | {name} non ha parlato a nessuno del compleanno. | {name} doğum gününden kimseye söz etmedi. | {name} tidak memberi tahu siapa pun tentang hari ulang tahun itu. | {name} hakumwambia mtu yeyote kuhusu siku ya kuzaliwa. | {name}没有告诉任何人生日的事。
    No guests came to the birthday. | Zum Geburtstag sind keine Gäste gekommen. | Al cumpleaños no vino ningún invitado. | Al compleanno non è venuto nessun ospite. | Doğum gününe hiç konuk gelmedi. | Tidak ada tamu yang datang pada hari ulang tahun itu. | Hakuna mgeni aliyekuja siku ya kuzaliwa. | 生日那天没有客人来。
`,
  ),
  scenario(
    'post',
    `
    {name} wrote the wrong address on the letter. | {name} hat die falsche Adresse auf den Brief geschrieben. | {name} escribió mal la dirección en la carta. | {name} ha scritto l'indirizzo sbagliato sulla lettera. | {name} mektuba yanlış adres yazdı. | {name} menulis alamat yang salah di surat itu. | {name} aliandika anwani isiyo sahihi kwenye barua. | {name}在信上写错了地址。
    The letter came back. | Der Brief kam zurück. | La carta fue devuelta. | La lettera è tornata indietro. | Mektup geri geldi. | Surat itu kembali. | Barua ilirudi. | 信被退了回来。
    {name} sent the letter by express. | {name} hat den Brief per Eilpost geschickt. | {name} envió la carta por correo urgente. | {name} ha spedito la lettera per espresso. | {name} mektubu acele postayla gönderdi. | {name} mengirim surat itu dengan pos kilat. | {name} alituma barua kwa njia ya haraka. | {name}用快递寄了信。
    The letter arrived the next day. | Der Brief kam am nächsten Tag an. | La carta llegó al día siguiente. | La lettera è arrivata il giorno dopo. | Mektup ertesi gün ulaştı. | Surat itu tiba keesokan harinya. | Barua ilifika siku iliyofuata. | 信第二天就到了。
`,
  ),
  scenario(
    'home food',
    `
    The cat hunted in the barn. | Die Katze hat in der Scheune gejagt. | El gato cazaba en el granero. | Il gatto ha cacciato nel fienile. | Kedi ahırda avlandı. | Kucing itu berburu di lumbung. | Paka aliwinda ghalani. | 猫在谷仓里捕猎。
    The mice disappeared. | Die Mäuse sind verschwunden. | Los ratones desaparecieron. | I topi sono spariti. | Fareler ortadan kayboldu. | Tikus-tikus itu menghilang. | Panya walitoweka. | 老鼠不见了。
    The cat ran away. | Die Katze ist weggelaufen. | El gato se escapó. | Il gatto è scappato. | Kedi kaçtı. | Kucing itu kabur. | Paka alitoroka. | 猫跑掉了。
    The mice ate the grain. | Die Mäuse haben das Korn gefressen. | Los ratones se comieron el grano. | I topi hanno mangiato il grano. | Fareler tahılı yedi. | Tikus-tikus itu memakan gandum. | Panya walikula nafaka. | 老鼠吃了粮食。
`,
  ),
  scenario(
    'weather',
    `
    A strong wind was blowing. | Es wehte ein starker Wind. | Soplaba un viento fuerte. | Soffiava un forte vento. | Kuvvetli bir rüzgâr esiyordu. | Angin kencang bertiup. | Upepo mkali ulikuwa unavuma. | 刮着大风。
    The kite flew high. | Der Drachen flog hoch. | La cometa voló muy alto. | L'aquilone è volato in alto. | Uçurtma yükseklere uçtu. | Layang-layang itu terbang tinggi. | Tiara ilipaa juu. | 风筝飞得很高。
    The wind died down. | Der Wind hat sich gelegt. | El viento se calmó. | Il vento si è calmato. | Rüzgâr dindi. | Angin mereda. | Upepo ulitulia. | 风停了。
    The kite fell to the ground. | Der Drachen ist auf den Boden gefallen. | La cometa cayó al suelo. | L'aquilone è caduto a terra. | Uçurtma yere düştü. | Layang-layang itu jatuh ke tanah. | Tiara ilianguka chini. | 风筝掉到了地上。
`,
  ),
  scenario(
    'business money',
    `
    The factory received many new orders. | Die Fabrik hat viele neue Aufträge bekommen. | La fábrica recibió muchos pedidos nuevos. | La fabbrica ha ricevuto molti nuovi ordini. | Fabrika birçok yeni sipariş aldı. | Pabrik itu menerima banyak pesanan baru. | Kiwanda kilipata oda nyingi mpya. | 工厂接到了很多新订单。
    The factory hired more workers. | Die Fabrik hat mehr Arbeiter eingestellt. | La fábrica contrató a más obreros. | La fabbrica ha assunto altri operai. | Fabrika yeni işçiler aldı. | Pabrik itu mempekerjakan lebih banyak pekerja. | Kiwanda kiliajiri wafanyakazi zaidi. | 工厂雇用了更多工人。
    The factory lost its biggest customer. | Die Fabrik hat ihren größten Kunden verloren. | La fábrica perdió a su mayor cliente. | La fabbrica ha perso il suo cliente più grande. | Fabrika en büyük müşterisini kaybetti. | Pabrik itu kehilangan pelanggan terbesarnya. | Kiwanda kilimpoteza mteja wake mkubwa. | 工厂失去了最大的客户。
    The factory dismissed many workers. | Die Fabrik hat viele Arbeiter entlassen. | La fábrica despidió a muchos obreros. | La fabbrica ha licenziato molti operai. | Fabrika birçok işçiyi işten çıkardı. | Pabrik itu memecat banyak pekerja. | Kiwanda kiliwafukuza wafanyakazi wengi. | 工厂解雇了很多工人。
`,
  ),
  scenario(
    'food',
    `
    {name} ate sweets every day. | {name} hat jeden Tag Süßigkeiten gegessen. | {name} comió dulces todos los días. | {name} ha mangiato dolci ogni giorno. | {name} her gün şeker yedi. | {name} makan permen setiap hari. | {name} alikula peremende kila siku. | {name}每天都吃糖。
    {name} got toothache. | {name} hat Zahnschmerzen bekommen. | A {name} le empezaron a doler las muelas. | A {name} è venuto il mal di denti. | {genitive} dişi ağrıdı. | {name} sakit gigi. | {name} aliumwa na jino. | {name}牙疼了。
    {name} brushed the teeth carefully. | {name} hat sich sorgfältig die Zähne geputzt. | {name} se cepilló bien los dientes. | {name} si è lavat{o} bene i denti. | {name} dişlerini dikkatle fırçaladı. | {name} menyikat gigi dengan teliti. | {name} alipiga mswaki kwa makini. | {name}仔细地刷了牙。
    The dentist found nothing to treat. | Der Zahnarzt hatte nichts zu behandeln. | El dentista no encontró nada que curar. | Il dentista non ha trovato niente da curare. | Dişçi tedavi edecek bir şey bulamadı. | Dokter gigi tidak menemukan masalah apa pun. | Daktari wa meno hakupata tatizo lolote. | 牙医没发现什么问题。
`,
  ),
  scenario(
    'business people',
    `
    The museum was free on Sunday. | Das Museum war am Sonntag kostenlos. | El museo era gratis el domingo. | Il museo era gratuito domenica. | Müze pazar günü ücretsizdi. | Museum itu gratis pada hari Minggu. | Makumbusho yalikuwa bure Jumapili. | 博物馆星期天免费。
    A long queue formed at the museum. | Vor dem Museum bildete sich eine lange Schlange. | Se formó una larga cola en el museo. | Davanti al museo si è formata una lunga fila. | Müzenin önünde uzun bir kuyruk oluştu. | Antrean panjang terbentuk di museum. | Foleni ndefu ilitokea kwenye makumbusho. | 博物馆前排起了长队。
    The museum closed for repairs. | Das Museum wurde wegen Reparaturen geschlossen. | El museo cerró por reformas. | Il museo ha chiuso per lavori. | Müze tamirat için kapandı. | Museum itu tutup untuk perbaikan. | Makumbusho yalifungwa kwa ajili ya matengenezo. | 博物馆闭馆维修。
    The visitors had to turn back at the entrance. | Die Besucher mussten am Eingang umkehren. | Los visitantes tuvieron que volverse en la entrada. | I visitatori sono dovuti tornare indietro all'ingresso. | Ziyaretçiler girişten geri dönmek zorunda kaldı. | Para pengunjung harus kembali di pintu masuk. | Wageni walilazimika kurudi mlangoni. | 参观者只好在门口折返。
`,
  ),
  scenario(
    'clothes',
    `
    {name} washed a red sock with the white shirts. | {name} hat eine rote Socke mit den weißen Hemden gewaschen. | {name} lavó un calcetín rojo con las camisas blancas. | {name} ha lavato un calzino rosso con le camicie bianche. | {name} kırmızı bir çorabı beyaz gömleklerle yıkadı. | {name} mencuci kaus kaki merah bersama kemeja putih. | {name} alifua soksi nyekundu pamoja na mashati meupe. | {name}把一只红袜子和白衬衫一起洗了。
    The shirts turned pink. | Die Hemden sind rosa geworden. | Las camisas se volvieron rosas. | Le camicie sono diventate rosa. | Gömlekler pembeleşti. | Kemeja-kemeja itu menjadi merah muda. | Mashati yaligeuka rangi ya waridi. | 衬衫变成了粉红色。
    {name} soaked the shirts in soap and hot water. | {name} hat die Hemden in Seife und heißem Wasser eingeweicht. | {name} puso las camisas en remojo con jabón y agua caliente. | {name} ha messo a mollo le camicie in acqua calda e sapone. | {name} gömlekleri sabunlu sıcak suda bekletti. | {name} merendam kemeja dalam sabun dan air panas. | {name} aliloweka mashati kwenye sabuni na maji ya moto. | {name}用肥皂和热水泡了衬衫。
    The stains on the shirts disappeared. | Die Flecken auf den Hemden sind verschwunden. | Las manchas de las camisas desaparecieron. | Le macchie sulle camicie sono sparite. | Gömleklerdeki lekeler çıktı. | Noda pada kemeja itu hilang. | Madoa kwenye mashati yalitoweka. | 衬衫上的污渍不见了。
`,
  ),
  scenario(
    'travel weather',
    `
    A tree fell across the road. | Ein Baum ist auf die Straße gefallen. | Un árbol cayó sobre la carretera. | Un albero è caduto sulla strada. | Yolun üzerine bir ağaç devrildi. | Sebatang pohon tumbang ke jalan. | Mti ulianguka barabarani. | 一棵树倒在了路上。
    The cars had to stop. | Die Autos mussten anhalten. | Los coches tuvieron que parar. | Le macchine hanno dovuto fermarsi. | Arabalar durmak zorunda kaldı. | Mobil-mobil harus berhenti. | Magari yalilazimika kusimama. | 汽车不得不停下来。
    The workers cleared the road. | Die Arbeiter haben die Straße geräumt. | Los obreros despejaron la carretera. | Gli operai hanno sgomberato la strada. | İşçiler yolu temizledi. | Para pekerja membersihkan jalan. | Wafanyakazi walisafisha barabara. | 工人们清理了道路。
    The traffic flowed again. | Der Verkehr floss wieder. | El tráfico volvió a circular. | Il traffico ha ripreso a scorrere. | Trafik yeniden akmaya başladı. | Lalu lintas lancar kembali. | Magari yalianza kupita tena. | 交通恢复了。
`,
  ),
  scenario(
    'weather food',
    `
    The bees found many blossoms. | Die Bienen haben viele Blüten gefunden. | Las abejas encontraron muchas flores. | Le api hanno trovato molti fiori. | Arılar çok çiçek buldu. | Lebah-lebah menemukan banyak bunga. | Nyuki walipata maua mengi. | 蜜蜂找到了很多花。
    There was plenty of honey. | Es gab viel Honig. | Hubo mucha miel. | C'è stato molto miele. | Çok bal oldu. | Madunya melimpah. | Kulikuwa na asali nyingi. | 蜂蜜很多。
    A disease killed the bees. | Eine Krankheit hat die Bienen getötet. | Una enfermedad mató a las abejas. | Una malattia ha ucciso le api. | Bir hastalık arıları öldürdü. | Penyakit membunuh lebah-lebah itu. | Ugonjwa uliwaua nyuki. | 一种疾病害死了蜜蜂。
    There was no honey that year. | In dem Jahr gab es keinen Honig. | Ese año no hubo miel. | Quell'anno non c'è stato miele. | O yıl hiç bal olmadı. | Tahun itu tidak ada madu. | Mwaka huo hakukuwa na asali. | 那年没有蜂蜜。
`,
  ),
];
