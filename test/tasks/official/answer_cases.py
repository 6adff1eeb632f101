"""Tricky cases for the answer metrics, written for this project: (language, prediction, accepted answers).

A case is an answer dressed in two ways. Each dressing changes one thing that a normalisation rule is about: case,
punctuation, articles, kinds of white space, composed and decomposed letters, scripts without spaces, empty answers.
"""
import unicodedata

nfd = lambda text: unicodedata.normalize("NFD", text)

WHITE_SPACE = ["\t", "\n", "\x0b", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u202f",
               "\u205f", "\u3000", "\ufeff", "\u200b", "\u180e", "\u2060", "\u200d"]
PUNCTUATION = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + list("–—“”‘’«»¿¡…·।॥،؛؟。，、《》「」（）・‰€£±×÷°½²_‿⁀")

# One answer a language and its dressings.
ENGLISH = [
    ("the blue harbour", ["blue harbour"]), ("The Blue Harbour", ["a blue harbour"]), ("blue harbour", ["harbour"]),
    ("harbour harbour", ["harbour"]), ("harbour", ["harbour harbour blue"]), ("anthem", ["them"]), ("a the", ["an"]),
    ("", [""]), ("", ["the"]), ("a", ["the"]), (".", ["..."]), ("harbour", [""]), ("", ["harbour"]),
    ("the-harbour", ["harbour"]), ("the_harbour", ["harbour"]), ("theharbour", ["harbour"]), ("a_b", ["ab"]),
    ("a2", ["2"]), ("2 a 2", ["22"]), ("a.m.", ["am"]), ("U.S.", ["us"]), ("the U.S.–based", ["US-based"]),
    ("$1,250.50", ["1250.50"]), ("1 250", ["1250"]), ("50 %", ["50%"]), ("−5", ["-5"]), ("5–6", ["56"]), ("5-6", ["56"]),
    ("naïve a", ["naïve"]), (nfd("naïve"), ["naïve"]), (nfd("é a"), ["é"]), ("a\u0301n", ["án"]), ("the\u0301", ["thé"]),
    ("an\u0308", ["an"]), ("a\u0308 b", ["b"]), ("the\u200db", ["b"]), ("ⓐ a", ["ⓐ"]), ("½a½", ["½½"]), ("²a", ["a"]),
    ("İstanbul", ["istanbul"]), ("İstanbul", ["i̇stanbul"]), ("STRASSE", ["straße"]), ("ΟΔΟΣ", ["οδος"]), ("ΟΔΟΣ", ["οδός"]),
    ("ǅ", ["ǆ"]), ("K", ["k"]), ("Ωmega", ["ωmega"]), ("the a an", ["x"]), ("x the a an y", ["x y"]), ("x y", ["y x"]),
    ("x x y", ["x y y"]), ("one of the two", ["of", "two", "one two"]), ("red", ["blue", "Red."]), ("a red one", ["b", "the red"]),
    ("Mr. O'Neil", ["mr oneil"]), ("Mr O’Neil", ["mr oneil"]), ("𝔸 the", ["𝔸"]), ("𝐚", ["a"]), ("😀 a", ["😀"]), ("a😀", ["😀"]),
    ("thé", ["the"]), ("ａ", ["a"]), ("ａ b", ["b"]), ("ªn", ["an"]), ("to\u00adday", ["today"]), ("one  two", ["one two"]),
    ("\u3000one\u3000two\u3000", ["one two"]), ("1٬000", ["1000"]), ("१२", ["12"]), ("ﬁve", ["five"]), ("Ⅳ", ["iv"]), ("Ⅳ", ["ⅳ"]),
]
BY_LANGUAGE = {
    "es": [("la casa", ["casa"]), ("Las Casas", ["los casas"]), ("a the casa", ["casa"]), ("una ola", ["ola"]), ("El Él", ["él"]),
           ("él", ["el"]), (nfd("él"), ["él"]), (nfd("él él"), ["́"]), ("¿la casa?", ["casa"]), ("del la", ["del"]), ("unas-casas", ["casas"]),
           ("la1", ["1"]), ("el_la", ["el"]), ("lo los", ["lo"]), ("un niño", [nfd("niño")]), ("La Niña", ["niña", "la"]), ("", ["el"])],
    "de": [("der Hund", ["Hund"]), ("Den Haag", ["haag"]), ("eines Tages", ["Tages"]), ("ein einer", ["x"]), ("keine", ["k"]),
           ("das-Haus", ["Haus"]), ("„Der Spiegel“", ["Spiegel"]), ("daß", ["das"]), ("Größe", [nfd("größe")]), ("STRAẞE", ["straße"]),
           ("die die die", [""]), ("des Königs", ["dem König", "Königs"]), ("der\u00a0Hund", ["hund"]), ("einen", ["einem"]), ("§ 5", ["5"])],
    "vi": [("của Việt Nam", ["Việt Nam"]), ("cái bàn", ["bàn"]), ("những chiếc bàn", ["bàn"]), ("là", ["của"]), (nfd("của Việt Nam"), ["Việt Nam"]),
           (nfd("Việt Nam"), ["Việt Nam"]), ("chiếcbàn", ["bàn"]), ("la bàn", ["bàn"]), ("lá", ["là"]), ("CỦA ANH", ["anh"]), ("Nam", ["Việt Nam", "việt"]),
           (nfd("là"), ["là"]), ("cái-bàn", ["bàn"]), ("a bàn", ["bàn"]), ("Hà Nội.", ["hà nội"])],
    "hi": [("भारत।", ["भारत"]), ("भारत ॥", ["भारत"]), ("नई दिल्ली", ["दिल्ली"]), ("क\u093cलम", ["क़लम"]), ("१२३", ["123"]), ("a भारत", ["भारत"]),
           ("दिल्‍ली", ["दिल्ली"]), ("भारत-पाक", ["भारतपाक"]), ("भारत\u200cदेश", ["भारत देश"]), ("", ["।"]), ("भारत भारत", ["भारत"])],
    "ar": [("الكتاب", ["كتاب"]), ("حالات", ["حات"]), ("حالات", ["ح ات"]), ("ال", [""]), ("والكتاب", ["و كتاب"]), ("الله", ["له"]), ("المال", ["م"]),
           ("سال", ["س"]), (" ال كتاب", ["كتاب"]), ("كتاب،", ["كتاب"]), ("كتاب؟", ["كتاب؛"]), ("الأول", [nfd("الأول")]), ("ٱلكتاب", ["كتاب"]), ("اﻟ", ["ال"]),
           ("a the كتاب", ["كتاب"]), ("٪٥", ["٥"]), ("كِتاب", ["كتاب"]), ("ﻻ", ["لا"]), ("الـكتاب", ["كتاب"]), ("سؤال سؤال", ["سؤ"])],
    "zh": [("北京大学", ["北京大"]), ("《红楼梦》", ["红楼梦"]), ("1998年", ["1998 年"]), ("1998年5月", ["5月1998年"]), ("龥龦", ["龦龥"]), ("㐀一", ["一㐀"]), ("𠀀一", ["一 𠀀"]),
           ("一二 三", ["三二一"]), ("abc 一", ["一abc"]), ("the 书", ["书"]), ("北京,上海", ["北京上海"]), ("北京、上海", ["上海"]), ("〇一", ["一"]), ("々人", ["人"]), ("", ["。"]),
           ("ＡＢＣ", ["abc"]), ("3.5%", ["35"]), ("３", ["3"]), ("约\u300030\u3000人", ["约30人"]), ("卡羅萊納", ["卡罗莱纳"]), ("a一a", ["aa一"]), ("Wi-Fi网", ["wifi 网"])],
}


def squad_cases():
    cases = [("en", p, g) for p, g in ENGLISH]
    cases += [("en", f"red{s}the{s}sail", ["red sail"]) for s in WHITE_SPACE]
    cases += [("en", f"the{p}sail", ["sail"]) for p in PUNCTUATION]
    for language, pairs in BY_LANGUAGE.items():
        cases += [(language, p, g) for p, g in pairs]
    return cases


def mlqa_cases():
    cases = [("en", p, g) for p, g in ENGLISH]
    for language, pairs in BY_LANGUAGE.items():
        cases += [(language, p, g) for p, g in pairs]
    word = {"es": ("la{}casa", "casa"), "de": ("der{}hund", "hund"), "vi": ("cái{}bàn", "bàn"), "hi": ("नई{}बात", "बात"),
            "ar": ("ال{}كتاب", "كتاب"), "zh": ("红{}楼", "红楼"), "en": ("an{}owl", "owl")}
    languages = list(word)
    for index, mark in enumerate(WHITE_SPACE + PUNCTUATION):
        language = languages[index % len(languages)]
        pattern, gold = word[language]
        cases.append((language, pattern.format(mark), [gold]))
    return cases
