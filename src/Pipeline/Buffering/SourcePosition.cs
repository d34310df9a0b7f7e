using System.Globalization;

namespace Pipeline.Buffering;

/// <summary>How far a source has been read: stored with every batch as <c>source/value</c>.</summary>
public readonly record struct SourcePosition(string Source, long Value)
{
    private const string Jetstream = "jetstream";

    /// <summary>The position as a time in ms since the Unix epoch, for the source whose positions are times; otherwise null.</summary>
    public long? TimeMs => Source == Jetstream ? Value / 1000 : null;

    /// <exception cref="FormatException">The text is not <c>source/value</c>.</exception>
    public static SourcePosition Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        return slash > 0 && long.TryParse(text.AsSpan(slash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? new SourcePosition(text[..slash], value)
            : throw new FormatException($"'{text}' is not a source position; expected source/value.");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Source}/{Value}");
}
