using System.Text;

namespace Pipeline.Sources.Mock;

/// <summary>A language as far as its bytes are concerned: words, commonest first, and how they are set.</summary>
internal sealed class MockLanguage
{
    private static readonly byte[][] Syllables = Split("""
        ba be bo bri ca ce chi co da del di do fa fe fo ga gen go gra ha he hi jo ka ke kin la le li lo lu ma me mi mo na ne ni no
        o pa pe pi po qua ra re ri ro ru sa se sha si so sta su ta te ti to tra tu u va ve vi vo wa we wi ya yo za zo
        """);

    private MockLanguage(string code, int weight, int longestText, string space, string stops, string words)
    {
        Code = code;
        Weight = weight;
        LongestText = longestText;
        Space = Encoding.UTF8.GetBytes(space);
        Stops = Split(stops);
        Words = Split(words);
    }

    public static MockLanguage English { get; } = new("en", 60, 465, " ", ". , ! ? ... ; :", MockWords.English);

    public static byte[][] Emoji { get; } = Split("😂 ❤️ 🔥 ✨ 🎉 🥹 👀 🙏 ☕ 🌊 🐈 📚 🎮 💦 👍 🏳️‍🌈 🌻 🫠 🍓 🇧🇷");

    private static MockLanguage[] All { get; } =
    [
        English,
        new("ja", 13, 390, "", "。 、 ！ ？ … 〜", MockWords.Japanese),
        new("pt", 7, 420, " ", ". , ! ? ... kkkk", MockWords.Portuguese),
        new("de", 6, 460, " ", ". , ! ? ... :", MockWords.German),
        new("es", 6, 430, " ", ". , ! ? ... :", MockWords.Spanish),
        new("ko", 4, 370, " ", ". , ! ? ㅋㅋ ㅠㅠ", MockWords.Korean),
        new("fr", 4, 430, " ", ". , ! ? ... :", MockWords.French),
    ];

    private static MockLanguage[] Hundred { get; } = [.. All.SelectMany(language => Enumerable.Repeat(language, language.Weight))];

    public string Code { get; }

    /// <summary>Bytes.</summary>
    public int LongestText { get; }

    /// <summary>What stands between words: nothing in Japanese.</summary>
    public byte[] Space { get; }

    public byte[][] Stops { get; }

    public byte[][] Words { get; }

    private int Weight { get; }

    public static MockLanguage Draw(MockRandom random) => random.Pick(Hundred);

    /// <summary>A word that no list has: names, typing errors, jargon. Without them the text would compress too well.</summary>
    public static void WriteInvented(WireBuffer json, MockRandom random)
    {
        for (var left = random.Between(2, 4); left > 0; left--)
            json.Append(random.Pick(Syllables));
    }

    private static byte[][] Split(string words) =>
        [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
}
