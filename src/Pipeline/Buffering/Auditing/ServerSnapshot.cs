using System.Globalization;

namespace Pipeline.Buffering.Auditing;

/// <summary>What a server says of itself, and how we reached it. Holds no passwords.</summary>
internal sealed record ServerSnapshot
{
    /// <summary>Host and port.</summary>
    public required string Server { get; init; }

    /// <summary>The fields of INFO.</summary>
    public required IReadOnlyDictionary<string, string> Info { get; init; }

    /// <summary>What CONFIG GET says; null when it is refused.</summary>
    public IReadOnlyDictionary<string, string>? Config { get; init; }

    /// <summary>Why <see cref="Config"/> is null, in the server's words.</summary>
    public string? ConfigRefusal { get; init; }

    /// <summary>Whether anybody who reaches the server may use it without a password; null when it does not say.</summary>
    public bool? NeedsNoPassword { get; init; }

    /// <summary>Whether our connection is encrypted.</summary>
    public bool Tls { get; init; }

    /// <summary>Whether our connection stays on this machine.</summary>
    public bool Loopback { get; init; }

    /// <summary>Whether the server accepts TLS, as far as it says.</summary>
    public bool SpeaksTls => Tls || Setting("tls-port") is not (null or "0");

    public string VersionText => Field("redis_version") ?? "?";

    public Version? Version => Version.TryParse(Field("redis_version"), out var version) ? version : null;

    /// <summary>
    /// Whether other machines can reach the server when it has no password; null when that cannot be told. Protected mode turns them away, but
    /// before 7.0 only where <c>bind</c> is not given.
    /// </summary>
    public bool? IsExposed
    {
        get
        {
            if (!Loopback) return true;
            if (Setting("bind") is not { } bind || Setting("protected-mode") is not { } protectedMode) return null;
            var addresses = bind.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (addresses.Length > 0 && addresses.All(a => a.TrimStart('-') is "::1" or "localhost" || a.TrimStart('-').StartsWith("127.", StringComparison.Ordinal))) return false;
            return protectedMode != "yes" || (Version is { Major: < 7 } && addresses.Length > 0);
        }
    }

    /// <summary>A setting's value; null when it cannot be read or the server has none of that name.</summary>
    public string? Setting(string name) => Config?.GetValueOrDefault(name);

    /// <summary>A field of INFO; null when it is not there.</summary>
    public string? Field(string name) => Info.GetValueOrDefault(name);

    /// <summary>A number of INFO; null when it is not there.</summary>
    public long? Number(string field) => long.TryParse(Field(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
