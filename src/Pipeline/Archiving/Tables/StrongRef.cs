using System.Text.Json;
using Pipeline.Events;

namespace Pipeline.Archiving.Tables;

/// <summary>A reference to a record, <c>{"cid":...,"uri":...}</c>, in two columns.</summary>
internal sealed class StrongRef(TextColumn uri, TextColumn cid)
{
    /// <summary>Sets the object at the reader and moves to its end; false, with nothing set, when it is not exactly such a reference.</summary>
    public bool TrySet(scoped ref Utf8JsonReader reader)
    {
        var probe = reader;
        if (uri.IsSet || cid.IsSet || !IsReference(ref probe)) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = reader.NameIs("uri"u8) ? uri : cid;
            reader.Read();
            column.TrySet(ref reader);
        }

        return true;
    }

    /// <summary>Whether the object at the reader is exactly a reference; moves to its end.</summary>
    public static bool IsReference(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        var (uris, cids) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameIs("uri"u8)) uris++;
            else if (reader.NameIs("cid"u8)) cids++;
            else return false;

            // Escapes may hide half a surrogate pair, which no column can hold.
            if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped) return false;
        }

        return (uris, cids) == (1, 1);
    }
}
