using System.Globalization;
using System.Text;

namespace Pipeline.Tests.Harness.Lake;

/// <summary>Turns a row of the lake back into the event it was made from, by what the README says of the columns.</summary>
internal static class EventRestorer
{
    private static readonly HashSet<string> _outsideRecord =
        ["time_us", "did", "operation", "rev", "rkey", "cid", "envelope", "year", "month", "day", "hour", "type"];

    public static string Collection(string table) => table is "follow" or "block" ? "app.bsky.graph." + table : "app.bsky.feed." + table;

    public static string Restore(string table, IReadOnlyDictionary<string, object?> row)
    {
        var envelope = row["envelope"] is string json ? JsonScanner.Members(json) : [];
        var commit = new JsonObjectText()
            .Text("rev", row["rev"])
            .Text("operation", row["operation"])
            .Add("collection", JsonScanner.Quote(Collection(table)))
            .Text("rkey", row["rkey"]);

        // A delete has no record; columns of one in its row would be wrong, and must not be overlooked.
        if ((string)row["operation"]! != "delete" || row.Any(c => c.Value is not null && !_outsideRecord.Contains(c.Key))) commit.Add("record", Record(table, row));
        commit.Text("cid", row["cid"]);
        foreach (var member in envelope.Where(m => m.Name == "commit").SelectMany(m => JsonScanner.Members(m.Value))) commit.Raw(member.Raw);

        var result = new JsonObjectText()
            .Text("did", row["did"])
            .Add("time_us", ((long)row["time_us"]!).ToString(CultureInfo.InvariantCulture))
            .Add("kind", "\"commit\"")
            .Add("commit", commit.ToString());
        foreach (var member in envelope.Where(m => m.Name != "commit")) result.Raw(member.Raw);
        return result.ToString();
    }

    private static string Record(string table, IReadOnlyDictionary<string, object?> row)
    {
        var extra = row["extra"] is string json ? JsonScanner.Members(json) : [];
        var record = new JsonObjectText();

        // `extra` either has the record's own `$type`, or says that there is none (the last `$untyped`), or the collection is the type.
        if (!extra.Exists(m => m.Name == "$type"))
        {
            var untyped = extra.FindLastIndex(m => m.Name == "$untyped");
            if (untyped >= 0) extra.RemoveAt(untyped);
            else record.Add("$type", JsonScanner.Quote(Collection(table)));
        }

        record.Text("createdAt", row["created_at"]);
        if (table == "post") AddPost(record, row);
        else if (table is "follow" or "block") record.Text("subject", row["subject"]);
        else record.Add("subject", Reference(row, "subject")).Add("via", Reference(row, "via"));
        foreach (var member in extra) record.Raw(member.Raw);
        return record.ToString();
    }

    private static void AddPost(JsonObjectText record, IReadOnlyDictionary<string, object?> row)
    {
        record.Text("text", row["text"]).Add("facets", (string?)row["facets"]).Add("embed", (string?)row["embed"]);
        if (row["langs"] is IEnumerable<string> langs) record.Add("langs", $"[{string.Join(',', langs.Select(JsonScanner.Quote))}]");
        var (root, parent) = (Reference(row, "reply_root"), Reference(row, "reply_parent"));
        if (root is not null || parent is not null) record.Add("reply", new JsonObjectText().Add("root", root).Add("parent", parent).ToString());
    }

    private static string? Reference(IReadOnlyDictionary<string, object?> row, string prefix) => row[prefix + "_uri"] is null && row[prefix + "_cid"] is null
        ? null
        : new JsonObjectText().Text("cid", row[prefix + "_cid"]).Text("uri", row[prefix + "_uri"]).ToString();

    /// <summary>Members of a JSON object under construction; null means absent.</summary>
    private sealed class JsonObjectText
    {
        private readonly StringBuilder _members = new();

        public JsonObjectText Text(string name, object? value) => Add(name, value is null ? null : JsonScanner.Quote((string)value));

        public JsonObjectText Add(string name, string? json) => json is null ? this : Raw(JsonScanner.Quote(name) + ":" + json);

        public JsonObjectText Raw(string member)
        {
            _members.Append(_members.Length == 0 ? "" : ",").Append(member);
            return this;
        }

        public override string ToString() => $"{{{_members}}}";
    }
}
