using System.CommandLine;
using System.Globalization;
using System.Text;
using Pipeline.Buffering;
using Pipeline.Events;
using Spectre.Console;
using ZstdSharp;

namespace Pipeline.Commands;

/// <summary><c>pipeline peek</c>: the newest events in the buffer, decoded.</summary>
internal static class PeekCommand
{
    private static readonly Option<int> _count = new("--count", "-n") { Description = "How many events. [default: 10]", DefaultValueFactory = _ => 10 };
    private static readonly Option<bool> _json = new("--json") { Description = "Print the events as they came, one a line." };

    public static Command Create()
    {
        var command = Verb.Create(
            "peek", "Show the newest events in the log.", "pipeline peek -n 20\npipeline peek --json -n 100 | jq .commit.collection", Settings.OfRedis, RunAsync);
        command.Options.Add(_count);
        command.Options.Add(_json);
        return command;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var count = context.Arguments.GetValue(_count);
        if (count < 1) throw new UsageException($"--count is {count}; use 1 or more.");
        var options = Configuration.Log(context.Settings);
        await using var redis = await RedisConnection.OpenAsync(context.Settings, cancellationToken);
        var records = new List<(LogEntryId Id, BatchRecord Record)>();
        foreach (var log in redis.Logs(options))
        {
            records.AddRange(await NewestAsync(log, count, cancellationToken));
        }

        if (records.Count == 0)
        {
            throw new EnvironmentException($"Log '{options.Name}' on Redis at {redis.Address} holds no events; is it the right one (--log, --redis)?");
        }

        records = [.. records.OrderByDescending(r => r.Id).Take(count).Reverse()];
        if (context.Arguments.GetValue(_json)) PrintJson(records);
        else PrintTable(records);
        return ExitCode.Ok;
    }

    private static async Task<List<(LogEntryId Id, BatchRecord Record)>> NewestAsync(RedisLog log, int count, CancellationToken cancellationToken)
    {
        var newest = new List<(LogEntryId, BatchRecord)>();
        using var decompressor = new Decompressor();
        await foreach (var entry in log.ReadBackAsync(RedisLog.ChunkEntries, cancellationToken))
        {
            newest.AddRange(RecordBatch.DecodeOrQuarantine(decompressor, entry).AsEnumerable().Reverse().Take(count - newest.Count).Select(r => (entry.Id, r)));
            if (newest.Count >= count) break;
        }

        return newest;
    }

    private static void PrintJson(List<(LogEntryId Id, BatchRecord Record)> records)
    {
        using var output = new OutputStream();
        foreach (var (_, record) in records)
        {
            output.Write(record.Bytes.Span);
            output.Write("\n"u8);
        }
    }

    private static void PrintTable(List<(LogEntryId Id, BatchRecord Record)> records)
    {
        var parser = new EventParser(new EventLimits { MaxBytes = RecordBatch.MaxDecodedBytes, MaxDepth = 1000 });
        var table = PlainTable.Create().AddColumns("time (UTC)", "type", "operation", "account", "record key", "bytes");
        foreach (var (id, record) in records)
        {
            var envelope = record.Reason is null ? parser.Parse(record.Bytes.Span) : new EventEnvelope { Kind = EventKind.Rejected, Reason = record.Reason.Value };
            var rejected = envelope.Kind == EventKind.Rejected;
            table.AddRow(
                Time(rejected ? id.Ms : envelope.TimeUs / 1000),
                rejected ? "rejected" : envelope.Type.Name(),
                rejected ? envelope.Reason.Name() : envelope.Operation.Name(),
                Markup.Escape(Encoding.UTF8.GetString(envelope.Did)),
                Markup.Escape(Encoding.UTF8.GetString(envelope.Rkey)),
                record.Length.ToString("N0", CultureInfo.InvariantCulture));
        }

        // Piped output has no width of its own to wrap at.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 160;
        AnsiConsole.Write(table);
    }

    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
