using System.Text;
using Pipeline.Archiving.Verifying;
using Pipeline.Buffering;
using Pipeline.Tests.Harness.Lake;

namespace Pipeline.Tests.Harness.Pipelines;

/// <summary>
/// The promise of the whole pipeline, checked when a source has ended and its log is drained: produced = lake ∪ rejected ∪ log ∪ counted
/// as lost, nothing twice, each row turned back into its event says what that said, every visible file opens. The lake is read with DuckDB, which shares no code with the product.
/// </summary>
public sealed class Invariant
{
    private const int Shown = 3;

    private readonly List<string> _violations = [];
    private readonly PipelineRig _rig;
    private readonly Produced _produced;

    private Invariant(PipelineRig rig, Produced produced) => (_rig, _produced) = (rig, produced);

    public static async Task<InvariantReport> CheckAsync(PipelineRig rig, Produced produced, CancellationToken cancellationToken)
    {
        var invariant = new Invariant(rig, produced);
        var rows = await invariant.CheckAsync(cancellationToken);
        return new InvariantReport(rows, invariant._violations);
    }

    private async Task<long> CheckAsync(CancellationToken cancellationToken)
    {
        CheckLeftOvers();
        await CheckFilesAsync(cancellationToken);
        try
        {
            return await CheckRowsAsync();
        }
        catch (DuckDB.NET.Data.DuckDBException e)
        {
            Fail($"the lake cannot be read: {e.Message}");
            return 0;
        }
    }

    private async Task<long> CheckRowsAsync()
    {
        using var lake = _rig.Read();
        var states = new List<LogState>();
        foreach (var log in _rig.Logs) states.Add(await CheckLogAsync(log));
        long Counted(string prefix) => states.Sum(s => s.Counters.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(c => c.Value));

        var (lost, repeated) = (Counted(LogCounters.Lost), Counted(LogCounters.Repeated));
        var events = CheckEvents(lake, _produced.Healed ? 0 : lost);
        var rejected = CheckRejected(lake);
        if (events + rejected == 0) Fail("nothing was compared: the lake holds no rows");
        if (_produced.CountersLost) return events + rejected;

        foreach (var table in LakeReader.Tables)
        {
            var (rows, committed) = (lake.Count(table), Counted($"committed:{table}"));
            if (rows != committed) Fail($"the lake holds {rows} rows of {table}, the log counted {committed} committed ones");
        }

        var (appended, refused) = (Counted("appended:"), Counted("rejected:"));
        var offset = states.Sum(s => s.Offset);
        if (appended + refused != offset) Fail($"the log counted {appended} appended and {refused} rejected records and gave {offset} offsets");

        // A damaged batch is one row instead of its records.
        var missing = _produced.Damaged.Sum(d => d.Records - 1) + lost;
        var adopted = Counted(LogCounters.Adopted);
        if (offset + adopted != events + rejected + missing + repeated)
            Fail($"the log held {offset} records and adopted {adopted}; lake {events}, rejected {rejected}, missing {missing} and repeated {repeated} do not add up to that");

        // What a log that was rolled back has skipped before is known to nobody.
        if (_produced.Messages is { } messages && appended + refused + Counted("skipped:") is var counted && (adopted == 0 ? counted != messages : counted > messages))
            Fail($"{messages} messages were produced, {counted} were counted");
        return events + rejected;
    }

    private async Task<LogState> CheckLogAsync(RedisLog log)
    {
        var state = await log.ReadStateAsync();
        if (state.CommittedOffset != state.Offset) Fail($"log {log.Keys.Name} is not drained: {state.Offset - state.CommittedOffset} records are not committed");
        await foreach (var entry in log.ReadAsync(new LogEntryId(state.CommittedMs ?? 0, 0), new LogEntryId(long.MaxValue, long.MaxValue), 64, CancellationToken.None))
        {
            if (entry.Count > 0) Fail($"log {log.Keys.Name} still holds entry {entry.Id} with {entry.Count} records");
        }

        return state;
    }

    private long CheckEvents(LakeReader lake, long lost)
    {
        var produced = _produced.Events;
        var rows = new Dictionary<string, int>();
        var changed = new List<string>();
        var total = 0L;
        foreach (var json in LakeReader.EventTables.SelectMany(lake.RestoreInSlices))
        {
            var identity = SentEvents.Identity(Encoding.UTF8.GetBytes(json))!;
            rows[identity] = rows.GetValueOrDefault(identity) + 1;
            total++;
            if (produced.Contains(identity) && !produced.Said(identity, SentEvents.Content(json))) changed.Add(json);
        }

        if (changed.Count > 0) FailOf($"{changed.Count} rows say something else than the event that was sent", changed);
        var damaged = _produced.Damaged.SelectMany(d => d.Events).ToHashSet();
        var missing = produced.Identities.Where(e => !rows.ContainsKey(e) && !damaged.Contains(e)).ToList();
        if (missing.Count != lost) FailOf($"{missing.Count} events are missing and {lost} were counted as lost", missing);
        var twice = rows.Where(r => r.Value > 1).Select(r => $"{r.Key} x{r.Value}").ToList();
        if (twice.Count > 0) FailOf($"{twice.Count} events are there more than once", twice);
        var unknown = rows.Keys.Where(r => !produced.Contains(r)).ToList();
        if (unknown.Count > 0) FailOf($"{unknown.Count} events were never produced", unknown);
        return total;
    }

    private long CheckRejected(LakeReader lake)
    {
        var rows = lake.Rows("rejected").Select(r => RejectedMessage.Of((string)r["reason"]!, (byte[])r["raw"]!, (long)r["size"]!)).ToList();
        var expected = _produced.Rejected.Concat(_produced.Damaged.Select(d => RejectedMessage.Of("corrupt_batch", d.Frame)));
        var open = new Dictionary<RejectedMessage, int>();
        foreach (var row in rows) open[row] = open.GetValueOrDefault(row) + 1;
        foreach (var message in expected) open[message] = open.GetValueOrDefault(message) - 1;
        var missing = open.Where(o => o.Value < 0).Select(o => o.Key.ToString()).ToList();
        if (missing.Count > 0) FailOf($"{missing.Count} rejected messages have no row", missing);
        var surplus = open.Where(o => o.Value > 0).Select(o => $"{o.Key} x{o.Value}").ToList();
        if (surplus.Count > 0) FailOf($"{surplus.Count} rejected rows are there too often, or should not be", surplus);
        return rows.Count;
    }

    private async Task CheckFilesAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_rig.Lake.Path))
        {
            Fail("there is no lake");
            return;
        }

        var report = await new LakeVerifier(_rig.Lake).VerifyAsync(progress: null, cancellationToken);
        foreach (var finding in report.Findings.Take(Shown)) Fail($"verify: {finding}");
        if (report.FindingCount > Shown) Fail($"verify: {report.FindingCount} findings");
    }

    private void CheckLeftOvers()
    {
        if (!Directory.Exists(_rig.Lake.Path)) return;
        var staging = Path.Combine(_rig.Lake.Path, "_pipeline", "staging");
        var left = Directory.EnumerateFiles(_rig.Lake.Path, "*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".tmp", StringComparison.Ordinal) || f.StartsWith(staging, StringComparison.Ordinal))
            .Concat(Directory.Exists(staging) ? Directory.EnumerateDirectories(staging) : [])
            .ToList();
        if (left.Count > 0) FailOf($"{left.Count} temporary files were left", left);
    }

    private void Fail(string violation) => _violations.Add(violation);

    private void FailOf(string violation, IReadOnlyCollection<string> examples) => Fail($"{violation}, such as {string.Join("; ", examples.Take(Shown))}");
}
