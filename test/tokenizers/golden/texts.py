"""Texts for the golden values: our own sentences, what is tricky about tokens, and seeded random strings."""
import random

SENTENCES = [
    "The baker sold nine loaves before the rain began.",
    "Nobody in the village remembers who planted the old pear tree.",
    "Die Bäckerin verkaufte neun Brote, ehe der Regen begann.",
    "Im Dorf weiß niemand mehr, wer den alten Birnbaum gepflanzt hat.",
    "La panadera vendió nueve panes antes de que empezara a llover.",
    "¿Quién plantó el viejo peral? Nadie se acuerda ya.",
    "La fornaia ha venduto nove pagnotte prima che piovesse; perché no?",
    "Fırıncı yağmur başlamadan önce dokuz ekmek sattı.",
    "Tukang roti menjual sembilan roti sebelum hujan turun.",
    "Mwokaji aliuza mikate tisa kabla ya mvua kuanza.",
    "下雨之前，面包师卖了九个面包。",
    "村里没有人记得是谁种了那棵老梨树。",
    "パン屋さんは雨が降る前にパンを九つ売りました。",
    "제빵사는 비가 오기 전에 빵 아홉 개를 팔았다.",
    "Пекарь продал девять буханок до начала дождя.",
    "باع الخباز تسعة أرغفة قبل أن يبدأ المطر.",
    "האופה מכר תשע כיכרות לפני שהתחיל הגשם.",
    "बारिश शुरू होने से पहले बेकर ने नौ रोटियाँ बेचीं।",
    "คนทำขนมปังขายขนมปังเก้าก้อนก่อนฝนตก",
    "Ο φούρναρης πούλησε εννέα καρβέλια πριν αρχίσει η βροχή.",
    "Người thợ bánh đã bán chín ổ bánh trước khi trời mưa.",
    "Puka tantata manaraq paraptin qhatukurqan.",
]

TRICKY = [
    "", " ", "   ", "\t\n", "\u3000", "\u200b", "a", " a", "a ", "  a  b  ", "a\u00a0b", "line\r\nend\r\n", "a \r\n b", "\r\n\r\nx",
    "e\u0301te\u0301", "A\u030a\u0301", "\u1ea1\u0302", "a\u0323\u0302", "a\u0302\u0323", "o\u031b\u0301", "\u0301a", "x\u0301y",
    "\u1112\u1161\u11ab\u1100\u1173\u11af", "\uac00\u11a8", "\uffa1\uffc2", "ｶﾞﾊﾟ ｱｲｳ", "ガ カ\u3099", "ｶ\u3099",
    "ﬁnd oﬃce ﬂag", "Ｔｅｓｔ　１２３", "①②③ ½ ¾ ℡ ㍿ ㌀", "x² ≤ ∞", "№ 5 … —", "a\u0001b", "\u0001a", "a\u0001", "\u0001 a", "a\u0085b",
    "\ufeffBOM", "soft\u00adhyphen", "zero\u200bwidth", "non\u200cjoiner", "\u2581word ▁ a▁b", "\ufffd", "a\ufffdb", "\u2028line", "\u00a8x",
    "😀", "👍🏽 ok", "👩\u200d👧", "🇰🇪🇩🇪", "1\ufe0f\u20e3", "𝔘𝔫𝔦 𝟙𝟚", "𐎠𐎡", "a𓀀b", "\U0001f12f", "中文abc中", "你好,world!", "漢字かな交じり",
    "don't", "can't've", "...!!??", "$9.99 + 5% = ?", "C++ & C#", "a_b-c/d\\e", "e-mail@example.org", "[UNK] [CLS] [MASK]", "<s> </s> <mask>",
    "##ing ##", "<0x41>", "x" * 101, "x" * 100, "ab" * 60, "9" * 40, "ǅ ǆ İstanbul ıIi", "ʼn ſt", "שָׁלוֹם", "مُحَمَّد", "हिन्दी क़", "น้ำใจ", "क्\u200dष",
    "\U0002f800\uf900", "\u1e9b\u0323", "\u0344", "\u1fbe", "\u0f73", "a" * 20 + "\u0301" * 5,
]

# Characters that random strings are drawn from: letters of several scripts, marks, spaces, controls, symbols, emoji.
ALPHABET = list(
    "abcdeinorstABE 012.,!?-'\"()  \t\néüßñçğışаеиострбвлкаиелнтрअआकिनमरसเากนมรابلمنيرπαειοςהוילמ我们你的是不在他有這上个大ガカかなはハ한국어는가"
    "\u0301\u0308\u0323\u0302\u3099\u309a\uff9e\uff9f\u200b\u00a0\u3000\u0001\u00ad\u2581½ﬁＡ１ｶﾊ①😀👍🏽𝔘𐎠<>/#[]"
)

PAIRS = [
    ("The baker sold nine loaves.", "Bread was sold."),
    ("村里没有人记得。", "谁种了那棵老梨树？"),
    ("", "only the second"),
    ("only the first", ""),
    ("one", "Nobody in the village remembers who planted the old pear tree, nobody at all, not even the oldest."),
    ("Nobody in the village remembers who planted the old pear tree, nobody at all, not even the oldest.", "one"),
    ("a b c d e f g h i j k l m n o p", "q r s t u v w x y z 0 1 2 3 4 5"),
    ("a b c d e f g h i j k l m n o p q", "r s t u v w x y z 0 1 2 3 4 5 6"),
]

QUESTION = "Who sold the loaves?"
CONTEXT = " ".join(SENTENCES[:4]) + " " + SENTENCES[10] + " 😀 " + SENTENCES[15]


def random_texts(count, seed):
    """Random strings of 1 to 24 characters."""
    draw = random.Random(seed)
    return ["".join(draw.choice(ALPHABET) for _ in range(draw.randint(1, 24))) for _ in range(count)]


def all_texts(random_count=150):
    return SENTENCES + TRICKY + random_texts(random_count, 1)
