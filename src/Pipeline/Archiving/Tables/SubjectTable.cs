using System.Text.Json;
using Pipeline.Events;

namespace Pipeline.Archiving.Tables;

/// <summary>Likes and reposts: their subject is a record.</summary>
internal sealed class SubjectTable(EventType type) : EventTable(type)
{
    private StrongRef _subject = null!;
    private StrongRef _via = null!;

    protected override void AddColumns()
    {
        _subject = new StrongRef(Add(new TextColumn("subject_uri", TextKind.Repeating)), Add(new TextColumn("subject_cid", TextKind.Repeating)));
        _via = new StrongRef(Add(new TextColumn("via_uri", TextKind.Repeating)), Add(new TextColumn("via_cid", TextKind.Repeating)));
    }

    protected override bool TryAppendMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> record)
    {
        if (reader.NameIs("subject"u8)) return reader.Read() && _subject.TrySet(ref reader);
        return reader.NameIs("via"u8) && reader.Read() && _via.TrySet(ref reader);
    }
}
