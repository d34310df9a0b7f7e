using System.Text.Json.Serialization;

namespace Pipeline.Bench.Peers;

/// <summary>The columns that all types have.</summary>
internal abstract class EntryRow(EntryMessage message)
{
    [JsonPropertyName("time_us")]
    public long TimeUs { get; } = message.TimeUs;

    [JsonPropertyName("did")]
    public string Did { get; } = message.Did;

    [JsonPropertyName("operation")]
    public string Operation { get; } = message.Commit!.Operation;

    [JsonPropertyName("rev")]
    public string Rev { get; } = message.Commit!.Rev;

    [JsonPropertyName("rkey")]
    public string Rkey { get; } = message.Commit!.Rkey;

    [JsonPropertyName("cid")]
    public string? Cid { get; } = message.Commit!.Cid;

    [JsonPropertyName("created_at")]
    public string? CreatedAt { get; } = message.Commit!.Record?.CreatedAt;
}

internal sealed class EntryPost(EntryMessage message) : EntryRow(message)
{
    [JsonPropertyName("text")]
    public string? Text { get; } = message.Commit!.Record?.Text;

    [JsonPropertyName("langs")]
    public List<string>? Langs { get; } = message.Commit!.Record?.Langs;

    [JsonPropertyName("reply_root_uri")]
    public string? ReplyRootUri { get; } = message.Commit!.Record?.Reply?.Root?.Uri;

    [JsonPropertyName("reply_root_cid")]
    public string? ReplyRootCid { get; } = message.Commit!.Record?.Reply?.Root?.Cid;

    [JsonPropertyName("reply_parent_uri")]
    public string? ReplyParentUri { get; } = message.Commit!.Record?.Reply?.Parent?.Uri;

    [JsonPropertyName("reply_parent_cid")]
    public string? ReplyParentCid { get; } = message.Commit!.Record?.Reply?.Parent?.Cid;

    [JsonPropertyName("facets")]
    public string? Facets { get; } = message.Commit!.Record?.Facets?.GetRawText();

    [JsonPropertyName("embed")]
    public string? Embed { get; } = message.Commit!.Record?.Embed?.GetRawText();
}

/// <summary>Likes and reposts.</summary>
internal sealed class EntrySubject(EntryMessage message) : EntryRow(message)
{
    [JsonPropertyName("subject_uri")]
    public string? SubjectUri { get; } = message.Commit!.Record?.Subject?.GetProperty("uri").GetString();

    [JsonPropertyName("subject_cid")]
    public string? SubjectCid { get; } = message.Commit!.Record?.Subject?.GetProperty("cid").GetString();

    [JsonPropertyName("via_uri")]
    public string? ViaUri { get; } = message.Commit!.Record?.Via?.Uri;

    [JsonPropertyName("via_cid")]
    public string? ViaCid { get; } = message.Commit!.Record?.Via?.Cid;
}

/// <summary>Follows and blocks.</summary>
internal sealed class EntryGraph(EntryMessage message) : EntryRow(message)
{
    [JsonPropertyName("subject")]
    public string? Subject { get; } = message.Commit!.Record?.Subject?.GetString();
}
