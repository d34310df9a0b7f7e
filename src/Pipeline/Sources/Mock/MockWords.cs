namespace Pipeline.Sources.Mock;

/// <summary>Common words, the commonest first. Written for this mock; nobody's posts.</summary>
internal static class MockWords
{
    public const string English = """
        the to and a of i is it in that you for this my on be with have so not but was are just at like me if they what all can
        do we your one or about as no out from people time up how good more there an get when would will don't really know it's
        think her he she them i'm his new who because now today love some want see has been day need back going make their then
        than only very still even too here much also any other had being into over right first well work after should way got
        where go our something never could things us those say same thank thanks these which off someone please great lot every
        life always doing by better little most before down why last feel yes look thing actually world year years can't maybe
        again made take while pretty bad ever game few trying through night getting looking sure music book art friends money
        morning read found long come watching says beautiful around weather best week tomorrow old without use hope another
        show point part place house big start wait stuff post weird favorite story coffee happy real done kids remember having
        home city play guy talk makes anything keep stop hard free next finally enough probably movie everything cat must both
        believe whole tell left reading man play sleep saw sounds since call water listen season literally used idea open green
        photo train garden until far question already change help many might several summer early against cannot country power
        state news article support public history government company school law local party system group number rather problem
        different understand important reason bring learn course between heard moment voice walking window letter paper silence
        kitchen dinner bread river mountain bridge engine market hospital teacher science planet signal purple yellow quietly
        suddenly basically honestly absolutely apparently exactly somehow eventually meanwhile nevertheless throughout although
        community character chapter drawing painting sketch commission stream update version build release server keyboard
        """;

    public const string Japanese = """
        の は が を に て と も で た です ます な い から よ ね ない する した こと これ その って けど まだ もう今日 明日 昨日 朝 夜 仕事 時間 人 私
        自分 好き かわいい 楽しい 嬉しい 眠い 寒い 暑い 美味しい ありがとう おはよう おやすみ なさい ございます 本 映画 音楽 写真 絵 描いた 見た
        行く 食べた 買った 読む 始まる 終わる 新しい 古い 猫 犬 花 空 雨 雪 風 海 山 駅 電車 家 部屋 友達 先生 学校 夏 冬 春 秋 ゲーム アニメ
        イベント ライブ チケット コーヒー ラーメン カレー パン ケーキ スマホ パソコン すごい やばい 本当 に ちょっと たぶん やっぱり なんか
        みんな 最高 無理 元気 大丈夫 お疲れ様 お願い 頑張る 待って 欲しい 思う 思った 言う 聞く 書く 作る 出来る 分かる 知らない 久しぶり 次回
        """;

    public const string Portuguese = """
        de que e o a não eu um é uma pra com do da em no meu se mas muito na mais os as por isso foi tem você já ele ela como só
        bem quando hoje também vai ter tudo ser agora está gente porque dia nada minha sobre aqui então ainda nunca sempre coisa
        vou quero acho amo bom melhor noite amanhã semana tempo vida casa trabalho música filme livro jogo amigos dormir café
        coração saudade feliz cansada alguém mesmo depois antes quem onde assim pessoas mundo ano estou fazer ver falar ficar
        gostei obrigada verdade lindo finalmente chuva praia cidade escola notícia governo
        """;

    public const string German = """
        und die der ich das ist nicht es in zu ein mit auf den so war für auch man wie dass eine aber wir sich noch von hat was
        nur wenn schon mal mir im bei mich oder dann haben jetzt sind heute als nach kann aus immer gut mehr doch da einfach wird
        wieder morgen leider danke guten wetter arbeit menschen jahre leben endlich vielleicht eigentlich natürlich schön gerade
        kaffee katze garten zug bahn stadt welt bücher musik abend wochenende freunde woche geschichte gesellschaft regierung
        überhaupt möglich wichtig außerdem plötzlich draußen straße zwischen unterwegs gemeinsam verstehen
        """;

    public const string Spanish = """
        de que la y el no en a me es lo un se por con mi una para los las pero como más yo si ya del muy todo hoy te cuando esta
        está al bien le porque eso son fue algo qué sin ser hay día vida nada siempre mejor ahora gente también mañana noche año
        gracias tiempo mundo casa trabajo música película libro juego amigos café sol mar ciudad años feliz nunca quiero creo
        tengo hacer ver decir donde quien otra vez entonces verdad bonito corazón semana historia gobierno mientras todavía
        además después lluvia camino canción escuela noticias
        """;

    public const string Korean = """
        너무 오늘 진짜 이 그 내가 나는 좋아 아 근데 그냥 많이 다 안 더 잘 저 왜 하고 있는 같은 지금 이제 또 없는 했다 보고 싶다 내일 어제
        사람 생각 시간 친구 고양이 커피 영화 음악 사진 그림 책 게임 집에 가고 먹고 자고 일어나서 감사합니다 안녕하세요 귀여워 행복 날씨 비가
        여름 겨울 학교 회사 퇴근 출근 주말 점심 저녁 아침 새로운 마지막 처음 정말로 아니 그런데 해서 하는 되는 어떻게 맛있다 재밌다 힘들다
        """;

    public const string French = """
        de je la le et à pas les un que est en une pour ça qui mais des il du on dans c'est j'ai plus ce me avec tout au sur ne
        bien même fait si suis mon trop sont vous elle aussi très ma comme nous ou rien quand encore faire être par peu merci bon
        jour vie temps monde après avant toujours jamais demain soir matin maison travail musique film livre jeu amis café soleil
        mer ville année heureux vraiment peut-être parce chose gens histoire gouvernement été semaine déjà enfin voilà pendant
        école château forêt lumière plutôt
        """;
}
