using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.EndToEnd;

/// <summary>What the generator sent, kept by itself: which file each event belongs into, and what it said.</summary>
internal sealed class Ledger(TimeSpan window)
{
    private readonly Dictionary<UInt128, LedgerEntry> _events = [];
    private readonly Dictionary<LedgerCell, long> _cells = [];
    private DateTimeOffset _logTime = DateTimeOffset.MinValue;

    /// <summary>Events of the five types, and those of accounts, which Jetstream sends whatever collections it is asked for.</summary>
    public long Sent { get; private set; }

    public long Archived => _events.Count;

    public IReadOnlyDictionary<LedgerCell, long> Cells => _cells;

    public IEnumerable<DateTimeOffset> Windows => _cells.Keys.Select(c => c.Window).Distinct().Order();

    public long In(DateTimeOffset start) => _cells.Where(c => c.Key.Window == start).Sum(c => c.Value);

    public long Of(string table) => _cells.Where(c => c.Key.Table == table).Sum(c => c.Value);

    public void Add(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        using var document = JsonDocument.ParseValue(ref reader);
        var identity = SentEvents.Identity(message);
        if (identity is not null || !document.RootElement.TryGetProperty("commit", out _)) Sent++;
        if (identity is null) return;
        var time = DateTimeOffset.UnixEpoch.AddMicroseconds(document.RootElement.GetProperty("time_us").GetInt64());

        // A batch spans no two seconds and log time never goes back: an event that is late by milliseconds comes in the window of those before it.
        var second = Floor(time, TimeSpan.FromSeconds(1));
        if (second > _logTime) _logTime = second;
        var table = TableOf(document.RootElement.GetProperty("commit").GetProperty("collection").GetString()!);
        _events.Add(Hash(identity), new LedgerEntry(table, SentEvents.Content(message)));
        CollectionsMarshal.GetValueRefOrAddDefault(_cells, new LedgerCell(Floor(_logTime, window), table, Floor(time, TimeSpan.FromHours(1))), out _)++;
    }

    /// <summary>What is wrong with a row of the lake, given the event it was turned back into; null when nothing is. Each event is accepted once.</summary>
    public string? Take(string table, string json)
    {
        var identity = SentEvents.Identity(Encoding.UTF8.GetBytes(json));
        if (identity is null || !_events.Remove(Hash(identity), out var sent)) return $"{table} has a row that was never sent or is there twice: {json}";
        if (sent.Table != table) return $"{table} has a row that belongs into {sent.Table}: {json}";
        return sent.Content == SentEvents.Content(json) ? null : $"{table} has a row that says something else than its event: {json}";
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan unit) => new(time.Ticks - time.Ticks % unit.Ticks, TimeSpan.Zero);

    private static string TableOf(string collection) => collection[(collection.LastIndexOf('.') + 1)..];

    private static UInt128 Hash(string text) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(text));
}
