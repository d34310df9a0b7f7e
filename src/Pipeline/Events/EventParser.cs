using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Pipeline.Events;

/// <summary>
/// Reads the envelope of a Jetstream v1 message without allocating: parts are slices of the message. It walks every token, so what
/// it accepts is well-formed JSON throughout. One parser serves one thread.
/// </summary>
public sealed class EventParser(EventLimits limits)
{
    private readonly JsonReaderOptions _options = new() { MaxDepth = limits.MaxDepth };
    private readonly ArrayBufferWriter<byte> _unescaped = new();

    /// <summary>Parses one message. Never throws for what the message holds: bad input becomes <see cref="EventKind.Rejected"/>.</summary>
    /// <param name="json">The message.</param>
    /// <param name="extra">Where to put members of the event and of its commit that have no place in the envelope; null to drop them.</param>
    public EventEnvelope Parse(ReadOnlySpan<byte> json, EnvelopeExtra? extra = null)
    {
        if (json.Length > limits.MaxBytes) return Rejected(RejectReason.Oversized);
        if (!Utf8.IsValid(json)) return Rejected(RejectReason.Malformed);

        _unescaped.ResetWrittenCount();
        extra?.Reset();
        try
        {
            return ParseMembers(json, extra);
        }
        catch (JsonException)
        {
            return Rejected(IsTooDeep(json) ? RejectReason.TooDeep : RejectReason.Malformed);
        }
        catch (InvalidOperationException)
        {
            // An envelope string with half a surrogate pair: legal JSON grammar, but no text.
            return Rejected(RejectReason.Malformed);
        }
    }

    private EventEnvelope ParseMembers(ReadOnlySpan<byte> json, EnvelopeExtra? extra)
    {
        var reader = new Utf8JsonReader(json, _options);
        var envelope = new EventEnvelope();
        ReadOnlySpan<byte> kind = default;
        var seen = Members.None;
        var shape = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
        while (shape && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.NameIs("did"u8)) shape &= Text(ref reader, ref seen, Members.Did, out envelope.Did);
            else if (reader.NameIs("time_us"u8)) shape &= Time(ref reader, ref seen, out envelope.TimeUs);
            else if (reader.NameIs("kind"u8)) shape &= Text(ref reader, ref seen, Members.Kind, out kind);
            else if (reader.NameIs("commit"u8))
            {
                reader.Read();
                shape &= reader.TokenType == JsonTokenType.StartObject && (seen & Members.Commit) == 0;
                seen |= Members.Commit;
                shape = shape && ParseCommit(json, ref reader, ref envelope, ref seen, extra);
            }
            else
            {
                reader.Skip();
                extra?.AddToEvent(json[start..(int)reader.BytesConsumed]);
            }
        }

        // To the last byte: a wrong shape may still turn out to be no JSON at all.
        while (reader.Read())
        {
        }

        if (!shape || (seen & Members.Event) != Members.Event || !envelope.Did.StartsWith("did:"u8))
        {
            return Rejected(RejectReason.UnknownShape);
        }

        if (kind.SequenceEqual("identity"u8)) envelope.Kind = EventKind.Identity;
        else if (kind.SequenceEqual("account"u8)) envelope.Kind = EventKind.Account;
        else if (!kind.SequenceEqual("commit"u8) || (seen & Members.WholeCommit) != Members.WholeCommit) return Rejected(RejectReason.UnknownShape);
        else if (!EventTypes.TryFromCollection(envelope.Collection, out envelope.Type)) envelope.Kind = EventKind.OtherCollection;
        else if ((envelope.Operation == Operation.Delete) != ((seen & (Members.Record | Members.Cid)) == 0)
            || (envelope.Operation != Operation.Delete && (seen & Members.Record) == 0))
        {
            return Rejected(RejectReason.UnknownShape);
        }

        return envelope;
    }

    private bool ParseCommit(
        ReadOnlySpan<byte> json, scoped ref Utf8JsonReader reader, ref EventEnvelope envelope, scoped ref Members seen, EnvelopeExtra? extra)
    {
        var shape = true;
        while (shape && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            if (reader.NameIs("rev"u8)) shape &= Text(ref reader, ref seen, Members.Rev, out envelope.Rev);
            else if (reader.NameIs("operation"u8))
            {
                shape &= Text(ref reader, ref seen, Members.Operation, out var name) && TryOperation(name, out envelope.Operation);
            }
            else if (reader.NameIs("collection"u8)) shape &= Text(ref reader, ref seen, Members.Collection, out envelope.Collection);
            else if (reader.NameIs("rkey"u8)) shape &= Text(ref reader, ref seen, Members.Rkey, out envelope.Rkey);
            else if (reader.NameIs("cid"u8)) shape &= Text(ref reader, ref seen, Members.Cid, out envelope.Cid);
            else if (reader.NameIs("record"u8))
            {
                reader.Read();
                shape &= reader.TokenType == JsonTokenType.StartObject && (seen & Members.Record) == 0;
                seen |= Members.Record;
                start = (int)reader.TokenStartIndex;
                reader.Skip();
                envelope.Record = json[start..(int)reader.BytesConsumed];
            }
            else
            {
                reader.Skip();
                extra?.AddToCommit(json[start..(int)reader.BytesConsumed]);
            }
        }

        return shape;
    }

    private bool Text(scoped ref Utf8JsonReader reader, scoped ref Members seen, Members member, out ReadOnlySpan<byte> value)
    {
        value = default;
        var first = (seen & member) == 0;
        seen |= member;
        reader.Read();
        if (reader.TokenType != JsonTokenType.String) return false;

        value = reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSpan;
        return first && value.Length > 0;
    }

    private ReadOnlySpan<byte> Unescape(scoped ref Utf8JsonReader reader)
    {
        // Not reused within a message: a writer that grows would leave earlier slices pointing at the old buffer, which stays valid.
        var buffer = _unescaped.GetSpan(reader.ValueSpan.Length);
        var length = reader.CopyString(buffer);
        _unescaped.Advance(length);
        return buffer[..length];
    }

    private static bool Time(scoped ref Utf8JsonReader reader, scoped ref Members seen, out long value)
    {
        value = 0;
        var first = (seen & Members.Time) == 0;
        seen |= Members.Time;
        reader.Read();
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value) && first;
    }

    private static bool TryOperation(ReadOnlySpan<byte> name, out Operation operation)
    {
        operation = Operation.Create;
        if (name.SequenceEqual("create"u8)) return true;
        operation = Operation.Update;
        if (name.SequenceEqual("update"u8)) return true;
        operation = Operation.Delete;
        return name.SequenceEqual("delete"u8);
    }

    /// <summary>Why the reader gave up: it says so only in words.</summary>
    private bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= limits.MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return true;
            }
        }
        catch (JsonException)
        {
        }

        return false;
    }

    private static EventEnvelope Rejected(RejectReason reason) => new() { Kind = EventKind.Rejected, Reason = reason };

    [Flags]
    private enum Members
    {
        None = 0,
        Did = 1,
        Time = 2,
        Kind = 4,
        Commit = 8,
        Rev = 16,
        Operation = 32,
        Collection = 64,
        Rkey = 128,
        Record = 256,
        Cid = 512,
        Event = Did | Time | Kind,
        WholeCommit = Commit | Rev | Operation | Collection | Rkey,
    }
}
