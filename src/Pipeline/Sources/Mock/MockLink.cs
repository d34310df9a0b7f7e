namespace Pipeline.Sources.Mock;

/// <summary>The address of a page that does not exist, on hosts reserved for examples.</summary>
internal readonly record struct MockLink(ulong Hash) : IWireValue
{
    private static readonly string[] Hosts =
        ["www.example.com", "news.example.org", "video.example.net", "blog.example", "shop.example.com", "photos.example.org"];

    public string Host => Hosts[(int)(Hash % (ulong)Hosts.Length)];

    public void WriteTo(WireBuffer buffer)
    {
        buffer.AppendAscii("https://");
        buffer.AppendAscii(Host);
        buffer.AppendAscii("/2026/07/");
        Base32.Lower.Write(buffer.Take(5 + (int)((Hash >> 8) % 20)), MockRandom.Mix(Hash));
    }
}
