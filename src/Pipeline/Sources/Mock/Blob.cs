namespace Pipeline.Sources.Mock;

/// <summary>A reference to an uploaded file.</summary>
internal readonly record struct Blob(ulong Hash, string MimeType, int Size) : IWireValue
{
    public static Blob Image(MockRandom random) =>
        new(random.Next(), random.Chance(0.9) ? "image/jpeg" : "image/png", random.Between(20_000, 980_000));

    public static Blob Video(MockRandom random) => new(random.Next(), "video/mp4", random.Between(200_000, 40_000_000));

    public void WriteTo(WireBuffer buffer) => buffer.Json($$$"""
        {"$type":"blob","ref":{"$link":"{{{new Cid(Hash, IsBlob: true)}}}"},"mimeType":"{{{MimeType}}}","size":{{{Size}}}}
        """);
}
