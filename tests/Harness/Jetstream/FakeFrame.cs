using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;

namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>One message of the fake server.</summary>
/// <param name="Bytes">Its payload; the beginning of it when <paramref name="Length"/> is more.</param>
/// <param name="Length">Its full length in bytes; what <paramref name="Bytes"/> lacks is sent as spaces, never held in memory.</param>
/// <param name="TimeUs">Its place in time; null = that of the frame before it.</param>
/// <param name="Collection">What filters look at; null = always sent (identity, account, rubbish).</param>
/// <param name="TimeAt">Where in <paramref name="Bytes"/> the digits of <c>time_us</c> are; null = nowhere.</param>
public sealed record FakeFrame(
    ReadOnlyMemory<byte> Bytes, long Length, WebSocketMessageType Type, long? TimeUs = null, string? Collection = null, Range? TimeAt = null)
{
    /// <summary>Any bytes, as a text or a binary message.</summary>
    public static FakeFrame Raw(ReadOnlyMemory<byte> bytes, WebSocketMessageType type = WebSocketMessageType.Text) => new(bytes, bytes.Length, type);

    /// <summary>A text message of any length that starts with <paramref name="start"/> and goes on with spaces.</summary>
    public static FakeFrame Huge(ReadOnlyMemory<byte> start, long length) => new(start, length, WebSocketMessageType.Text);

    /// <summary>An event with a numeric <c>time_us</c> at its top level.</summary>
    public static FakeFrame Event(ReadOnlyMemory<byte> json)
    {
        long? timeUs = null;
        Range? timeAt = null;
        string? collection = null;
        var reader = new Utf8JsonReader(json.Span);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.CurrentDepth == 1 && reader.ValueTextEquals("time_us"u8) && reader.Read())
            {
                timeUs = reader.GetInt64();
                timeAt = (int)reader.TokenStartIndex..(int)reader.BytesConsumed;
            }
            else if (reader.CurrentDepth == 2 && reader.ValueTextEquals("collection"u8) && reader.Read())
            {
                collection = reader.GetString();
            }
        }

        return timeUs is null
            ? throw new ArgumentException("An event needs a numeric time_us; use Raw for anything else.", nameof(json))
            : new FakeFrame(json, json.Length, WebSocketMessageType.Text, timeUs, collection, timeAt);
    }

    /// <summary>The same event as a server whose clock differs sends it.</summary>
    public FakeFrame Shifted(long byUs)
    {
        if (byUs == 0 || TimeUs is not { } time || TimeAt is not { } at)
            return this;

        var (start, length) = at.GetOffsetAndLength(Bytes.Length);
        var digits = System.Text.Encoding.ASCII.GetBytes((time + byUs).ToString(CultureInfo.InvariantCulture));
        byte[] bytes = [.. Bytes.Span[..start], .. digits, .. Bytes.Span[(start + length)..]];
        return this with { Bytes = bytes, Length = bytes.Length, TimeUs = time + byUs, TimeAt = start..(start + digits.Length) };
    }

    internal bool IsWanted(IReadOnlyList<string> collections) =>
        Collection is null || collections.Count == 0 || collections.Any(wanted => wanted.EndsWith(".*", StringComparison.Ordinal)
            ? Collection.StartsWith(wanted[..^1], StringComparison.Ordinal)
            : Collection == wanted);
}
