using System.Text.Json;
using Pipeline.Events;

namespace Pipeline.Archiving.Tables;

/// <summary>Posts: text, languages, what they reply to; facets and embeds stay JSON.</summary>
internal sealed class PostTable() : EventTable(EventType.Post)
{
    private TextColumn _text = null!;
    private TextListColumn _langs = null!;
    private TextColumn _rootUri = null!;
    private TextColumn _rootCid = null!;
    private TextColumn _parentUri = null!;
    private TextColumn _parentCid = null!;
    private TextColumn _facets = null!;
    private TextColumn _embed = null!;

    protected override void AddColumns()
    {
        _text = Add(new TextColumn("text"));
        _langs = Add(new TextListColumn("langs"));
        _rootUri = Add(new TextColumn("reply_root_uri", TextKind.Repeating));
        _rootCid = Add(new TextColumn("reply_root_cid", TextKind.Repeating));
        _parentUri = Add(new TextColumn("reply_parent_uri", TextKind.Repeating));
        _parentCid = Add(new TextColumn("reply_parent_cid", TextKind.Repeating));
        _facets = Add(new TextColumn("facets"));
        _embed = Add(new TextColumn("embed"));
    }

    protected override bool TryAppendMember(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> record)
    {
        if (reader.NameIs("text"u8)) return reader.Read() && _text.TrySet(ref reader);
        if (reader.NameIs("langs"u8)) return reader.Read() && _langs.TrySet(ref reader);
        if (reader.NameIs("reply"u8)) return reader.Read() && TrySetReply(ref reader);
        if (reader.NameIs("facets"u8)) return SetRaw(_facets, ref reader, record);
        return reader.NameIs("embed"u8) && SetRaw(_embed, ref reader, record);
    }

    private static bool SetRaw(TextColumn column, scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> record)
    {
        if (column.IsSet) return false;
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        column.Set(record[start..(int)reader.BytesConsumed]);
        return true;
    }

    private bool TrySetReply(scoped ref Utf8JsonReader reader)
    {
        if (!IsReply(reader)) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var target = reader.NameIs("root"u8) ? new StrongRef(_rootUri, _rootCid) : new StrongRef(_parentUri, _parentCid);
            reader.Read();
            target.TrySet(ref reader);
        }

        return true;
    }

    private bool IsReply(Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject || _rootUri.IsSet) return false;
        var (roots, parents) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameIs("root"u8)) roots++;
            else if (reader.NameIs("parent"u8)) parents++;
            else return false;
            if (!reader.Read() || !StrongRef.IsReference(ref reader)) return false;
        }

        return (roots, parents) == (1, 1);
    }
}
