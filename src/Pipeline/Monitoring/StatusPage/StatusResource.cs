using System.Security.Cryptography;

namespace Pipeline.Monitoring.StatusPage;

/// <summary>A part of the page, as it is built into the program.</summary>
/// <param name="Path">Where it is served.</param>
/// <param name="Tag">Changes with the content, so that a browser keeps nothing old after an upgrade.</param>
internal sealed record StatusResource(string Path, string ContentType, byte[] Content, string Tag)
{
    private const string Prefix = "status/";

    public static IReadOnlyList<StatusResource> All { get; } = [.. typeof(StatusResource).Assembly
        .GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(Read)];

    private static StatusResource Read(string name)
    {
        using var stream = typeof(StatusResource).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new StatusResource(name == Prefix + "index.html" ? "/" : "/" + name, TypeOf(name), content, $"\"{Convert.ToHexString(SHA256.HashData(content), 0, 8)}\"");
    }

    private static string TypeOf(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"'{name}' is part of the status page, and nothing says what type '{other}' is."),
    };
}
