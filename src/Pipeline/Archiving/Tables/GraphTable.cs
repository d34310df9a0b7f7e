using System.Text.Json;
using Pipeline.Events;

namespace Pipeline.Archiving.Tables;

/// <summary>Follows and blocks: their subject is an account.</summary>
internal sealed class GraphTable(EventType type) : EventTable(type)
{
    private TextColumn _subject = null!;

    protected override void AddColumns() => _subject = Add(new TextColumn("subject", TextKind.Repeating));

    protected override bool TryAppendMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> record) =>
        reader.NameIs("subject"u8) && reader.Read() && _subject.TrySet(ref reader);
}
