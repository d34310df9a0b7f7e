using System.Globalization;
using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>Where a source had ended when the log went on with another one. Should it come back, it goes on there.</summary>
/// <param name="Offset">How many records the log held then; 0 when the lake has them all.</param>
public readonly record struct SourceEnd(SourcePosition Position, long Offset)
{
    private const string Prefix = "ended/";

    internal string Field => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Position.Source}@{Offset}");

    internal static bool IsField(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <exception cref="FormatException">The field is none of these.</exception>
    internal static SourceEnd Parse(string name, RedisValue value)
    {
        var at = name.LastIndexOf('@');
        return at > Prefix.Length && long.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new SourceEnd(new SourcePosition(name[Prefix.Length..at], (long)value), offset)
            : throw new FormatException($"'{name}' does not say which source ended; expected {Prefix}source@offset.");
    }
}
