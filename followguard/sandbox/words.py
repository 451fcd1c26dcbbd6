"""Word lists of the made-up population. Names are drawn part by part, so nobody real is meant by a whole one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """How people of one language are called and what they write. `handles` are the given names in ASCII."""

    given: tuple[str, ...]
    handles: tuple[str, ...]
    family: tuple[str, ...]
    places: tuple[str, ...]
    bios: tuple[str, ...]
    """Templates with `{job}`, `{firm}`, `{hobby}`, `{other}`, `{place}`."""
    family_first: bool = False


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ENGLISH = Language(
    _split("Maya Oliver Grace Ethan Chloe Liam Ruby Noah Imogen Callum Priya Dylan Hazel Marcus Tessa Owen"),
    _split("maya oliver grace ethan chloe liam ruby noah imogen callum priya dylan hazel marcus tessa owen"),
    _split("Harlow Whitfield Pembrook Castell Ridgeway Amberley Thorncliff Osgood Lockhart Fairburn Wexley Dunmore"),
    ("Leeds, UK", "Portland, OR", "Bristol", "Toronto", "Austin, TX", "Melbourne", "Dublin", "Chicago", "earth", "UK"),
    (
        "{job} at {firm}. {hobby}, {other} and too much coffee.",
        "{job}. Views my own. {hobby} on weekends.",
        "Dad of two, {job}, {hobby} in {place}",
        "{hobby} | {other} | {place}",
        "she/her. {job}. I post about {hobby} and sometimes {other}.",
        "Learning {hobby}. Former {job}, now at {firm}.",
        "{job} @ {firm} 🌱 {hobby}",
        "just here to read about {hobby}",
        "PhD student, {hobby}. Opinions change with the weather ☔",
    ),
)
GERMAN = Language(
    _split("Jonas Lena Björn Friederike Matthias Anja Tobias Sabine Jürgen Katrin Moritz Heike"),
    _split("jonas lena bjoern rike matthias anja tobi sabine juergen katrin moritz heike"),
    _split("Haselbrink Oberwald Kuhnert Steinmoor Lindhagen Vossbeck Rehfeldt Brandau Tiefenbach Eichstedt"),
    ("Hamburg", "Köln", "Wien", "Zürich", "Leipzig", "Berlin, Deutschland"),
    (
        "{job} bei {firm}. {hobby} und {other}. Tweets privat.",
        "Interessiert an {hobby}, {other} und gutem Brot",
        "{place} | {job} | {hobby}",
        "Mensch, {job}, {hobby}. Hier privat.",
    ),
)
SPANISH = Language(
    _split("Lucía Mateo Ximena Joaquín Camila Álvaro Renata Íñigo Paloma Rodrigo Noelia Andrés"),
    _split("lucia mateo ximena joaquin camila alvaro renata inigo paloma rodrigo noelia andres"),
    _split("Valdepiedra Montesol Arroyal Quintabar Salvatier Fuenclara Robledano Castroverde Peñalba Olivarte"),
    ("Madrid", "Ciudad de México", "Bogotá, Colombia", "Buenos Aires", "Sevilla", "Lima, Perú"),
    (
        "{job} en {firm}. Apasionada de {hobby} y {other}.",
        "{job}. {hobby}. De {place} para el mundo 🌎",
        "Aquí hablo de {hobby} ⚽ y {other}",
        "Mamá, {job}, fan de {hobby}",
    ),
)
PORTUGUESE = Language(
    _split("João Beatriz Thiago Larissa Caio Mariana Davi Letícia Rafael Inês Gonçalo Yasmin"),
    _split("joao bia thiago lari caio mari davi leticia rafa ines goncalo yasmin"),
    _split("Pedroalva Vasquelo Montarroio Ribeiral Serrabela Campofino Azevinho Lagomar Figueirol Torrado"),
    ("São Paulo", "Lisboa", "Recife", "Porto Alegre", "Brasil", "Belo Horizonte, MG"),
    ("{job} na {firm} 💛 {hobby}", "{hobby}, {other} e café ☕", "{place} | {job}", "só observando. {hobby}"),
)
FRENCH = Language(
    _split("Éloïse Bastien Margaux Théo Solène Quentin Océane Loïc Aurélie Fabrice Zoé Armand"),
    _split("eloise bastien margaux theo solene quentin oceane loic aurelie fabrice zoe armand"),
    _split("Delacombe Rivesault Montferrel Boisclair Vauquelain Sainterre Courvallet Marchelin Lebrunet Valmory"),
    ("Lyon", "Paris", "Bruxelles", "Montréal", "Nantes, France", "Dakar"),
    ("{job} chez {firm}. {hobby}, {other}.", "{hobby} et {other} avant tout", "{job} à {place}. Avis personnels."),
)
JAPANESE = Language(
    _split("陽菜 蓮 さくら 大翔 美咲 悠真 結衣 健太 あかり 直樹"),
    _split("hina ren sakura hiroto misaki yuma yui kenta akari naoki"),
    _split("青木沢 白鳥野 月岡 森永江 風間田 星野川 桜庭 雪村"),
    ("東京", "大阪府", "京都", "Tokyo, Japan", "福岡"),
    (
        "{hobby}と猫が好きです。無言フォロー失礼します",
        "{firm}で働いています。{hobby}/{other}",
        "日常と{hobby}の記録 📷",
        "20↑",
    ),
    family_first=True,
)
KOREAN = Language(
    _split("서연 민준 하은 도윤 지우 예준 수아 시우"),
    _split("seoyeon minjun haeun doyun jiwoo yejun sua siwoo"),
    _split("남궁 선우 황보 제갈 독고 사공"),
    ("서울", "Busan", "대한민국"),
    ("{hobby} 좋아해요", "{firm} / {hobby} / {other}", "일상 기록 🌿"),
    family_first=True,
)
ARABIC = Language(
    _split("ليلى عمر نور يوسف سلمى كريم هدى زياد"),
    _split("layla omar nour youssef salma karim huda ziad"),
    _split("الربيعاني السهيلاوي النجمي البحيري الوادعي القمراوي"),
    ("القاهرة", "Dubai", "عمّان", "الرياض", "Casablanca"),
    ("{job} | {hobby}", "أحب {hobby} والقهوة", "مهتم بـ {hobby} و {other}", "الحمد لله 🤍"),
)
HINDI = Language(
    _split("आरव Ananya Rohan दीया Kabir Ishita Vikram मीरा Aditi Sanjay"),
    _split("aarav ananya rohan diya kabir ishita vikram meera aditi sanjay"),
    _split("Vardhanam Chandrakar Suryavat Meghwalia Rajputna Kamalesh Devrani Nairvani"),
    ("Pune, India", "Bengaluru", "नई दिल्ली", "Kochi", "Mumbai"),
    (
        "{job} at {firm} | {hobby} | proud Indian 🇮🇳",
        "{job}, {place}. Cricket and {hobby}.",
        "engineer by day, {hobby} by night",
    ),
)
RUSSIAN = Language(
    _split("Анна Дмитрий Екатерина Илья Ольга Тимур Марина Лев"),
    _split("anna dmitry katya ilya olga timur marina lev"),
    _split("Ветрова Лесницкий Озерская Каменцев Полянина Снегирский"),
    ("Москва", "Алматы", "Тбилиси", "Санкт-Петербург"),
    ("{hobby}, {other} и немного кода", "{job}. Пишу про {hobby}", "просто читаю"),
)
TURKISH = Language(
    _split("Elif Emre Zeynep Kerem Ayşe Ozan Çağla Burak Gülşen Tolga"),
    _split("elif emre zeynep kerem ayse ozan cagla burak gulsen tolga"),
    _split("Karadeniz Yıldızhan Taşkınoğlu Akbulutlu Demirsoy Güneşay Ormancık Denizer"),
    ("İstanbul", "Ankara", "İzmir, Türkiye"),
    ("{job} | {firm} | {hobby}", "{hobby} ve {other} 🇹🇷", "Kendi halinde bir {job}"),
)
WEST_AFRICAN = Language(
    _split("Adaeze Chidi Folake Kwabena Amara Tunde Efua Emeka Ngozi Kofi"),
    _split("adaeze chidi folake kwabena amara tunde efua emeka ngozi kofi"),
    _split("Okonwafor Adeyinola Mensahene Balogundu Ezenwata Boatenga Olaniyanu Asantewo"),
    ("Lagos, Nigeria", "Accra", "Abuja", "Kumasi"),
    ("{job} | {hobby} | God first 🙏", "{job} at {firm}, {place}. Arsenal fan.", "{hobby}. {other}. Good vibes only"),
)
LANGUAGES = (
    *(ENGLISH,) * 6,
    *(SPANISH, PORTUGUESE, GERMAN, FRENCH) * 2,
    *(JAPANESE, HINDI) * 2,
    KOREAN,
    ARABIC,
    RUSSIAN,
    TURKISH,
    WEST_AFRICAN,
)
JOBS = (
    "teacher", "nurse", "software engineer", "designer", "product manager", "journalist", "reporter", "researcher",
    "translator", "accountant", "photographer", "founder", "librarian", "civil engineer", "marketing lead", "student",
    "chef", "architect", "data analyst", "physiotherapist", "lawyer", "sound engineer", "gardener", "consultant",
)  # fmt: skip
HOBBIES = (
    "cycling", "jazz", "open source", "birdwatching", "climbing", "old maps", "sourdough", "chess", "manga", "football",
    "running", "astronomy", "knitting", "board games", "film photography", "podcasts", "typography", "trail hiking",
    "synths", "gardening", "history", "math", "sailing", "tea", "basketball", "poetry", "robotics", "urban planning",
)  # fmt: skip
FIRM_ENDINGS = (
    "Labs",
    "Studio",
    "GmbH",
    "Works",
    "Health",
    "& Co",
    "Energy",
    "Press",
    "Collective",
    "Systems",
    "Foods",
)
DEALS = (
    "phone cases",
    "sneakers",
    "LED lamps",
    "slim tea",
    "followers and likes",
    "web hosting",
    "car insurance",
    "watches",
)
COINS = ("LUMACOIN", "$ZORB", "PepaMoon", "NovaSwap", "$KITEX", "BitOrchid")
HOSTILE_NAMES = (
    "\x1b[31m{name}\x1b[0m",
    "\x1b]8;;http://evil.example\x07{name}\x1b]8;;\x07",
    "\u202e{name}\u202c",
    "{name}\u2066admin\u2069",
    "\u200b{name}\u200d\u200b\ufeff",
    "<script>alert('{name}')</script>",
    "<img src=x onerror=alert(1)>{name}",
    "[bold red]{name}[/bold red]",
    '=HYPERLINK("http://evil.example","{name}")',
    "{name}" + "\u0336\u0489\u0310\u0348" * 10,
    "{name} " + "𝕷𝖔𝖓𝖌 " * 60,
    "{name}\r\n\tapproved",
)
"""What people do put in names and bios: terminal codes, bidi overrides, markup, formulas, lines, too much of it."""
