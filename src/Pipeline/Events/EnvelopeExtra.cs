using System.Buffers;

namespace Pipeline.Events;

/// <summary>
/// Members of an event that its envelope has no place for (a v2 host adds <c>cursor</c>, the next server something else), kept as raw
/// JSON: <c>{"cursor":1,"commit":{"x":2}}</c>.
/// </summary>
public sealed class EnvelopeExtra
{
    private readonly ArrayBufferWriter<byte> _event = new();
    private readonly ArrayBufferWriter<byte> _commit = new();
    private readonly ArrayBufferWriter<byte> _json = new();

    public void Reset()
    {
        _event.ResetWrittenCount();
        _commit.ResetWrittenCount();
    }

    /// <summary>Adds <c>"name":value</c> of the event, as it stands in the message.</summary>
    public void AddToEvent(ReadOnlySpan<byte> member) => Add(_event, member);

    /// <summary>Adds <c>"name":value</c> of the commit, as it stands in the message.</summary>
    public void AddToCommit(ReadOnlySpan<byte> member) => Add(_commit, member);

    /// <summary>The members as one JSON object, empty when there are none. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Json
    {
        get
        {
            if (_event.WrittenCount == 0 && _commit.WrittenCount == 0) return default;
            _json.ResetWrittenCount();
            _json.Write("{"u8);
            _json.Write(_event.WrittenSpan);
            if (_commit.WrittenCount > 0)
            {
                Add(_json, "\"commit\":{"u8, first: _event.WrittenCount == 0);
                _json.Write(_commit.WrittenSpan);
                _json.Write("}"u8);
            }

            _json.Write("}"u8);
            return _json.WrittenSpan;
        }
    }

    private static void Add(ArrayBufferWriter<byte> members, ReadOnlySpan<byte> member) => Add(members, member, members.WrittenCount == 0);

    private static void Add(ArrayBufferWriter<byte> members, ReadOnlySpan<byte> member, bool first)
    {
        if (!first) members.Write(","u8);
        members.Write(member);
    }
}
