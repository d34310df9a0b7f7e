using System.CommandLine;
using Pipeline.Buffering.Auditing;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary><c>pipeline audit</c>: compares a Redis with MET-27 and with what the log needs, and mends what can be mended while it runs.</summary>
internal static class AuditCommand
{
    private static readonly Option<string?> _profile = new("--profile") { Description = "met27, or noeviction, which is safer. [default: met27]", HelpName = "profile" };
    private static readonly Option<bool> _fix = new("--fix") { Description = "Show what can be changed while Redis runs, change it, and audit again." };
    private static readonly Option<bool> _json = new("--json") { Description = "Print the findings as JSON (docs/operations.md)." };

    public static Command Create()
    {
        var command = Verb.CreateJudge(
            "audit",
            "Compare a Redis with MET-27 and with what the log needs. Exit code 1 when data can be lost, the log cannot work, or a setting that decides it cannot be read.",
            "pipeline audit --redis localhost:6379\npipeline audit --profile noeviction --fix\npipeline audit --json | jq '.servers[].findings[] | select(.verdict != \"ok\")'",
            Settings.OfRedis.Except([Settings.Log, Settings.Shards]),
            RunAsync);
        command.Options.Add(_profile);
        command.Options.Add(_fix);
        command.Options.Add(_json);
        return command;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var options = Options(context);
        var json = context.Arguments.GetValue(_json);
        await using var redis = await RedisConnection.OpenAsync(context.Settings, cancellationToken);
        var reader = new SnapshotReader(redis.UsesTls, redis.LogsIn);
        var results = new List<AuditResult>();
        foreach (var server in Masters(redis))
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(await AuditAsync(server, reader, options, context, cancellationToken));
        }

        if (json) AuditJson.Print(options.Profile, results);

        // What could be audited is shown; what could not is not passed over.
        var silent = redis.Servers.Where(s => !s.IsConnected && !s.IsReplica).Select(s => SnapshotReader.Name(s.EndPoint)).ToArray();
        if (silent.Length > 0) throw new EnvironmentException($"Redis at {string.Join(", ", silent)} does not answer and was not audited.");
        return results.All(r => r.Report.Passed) ? ExitCode.Ok : ExitCode.Findings;
    }

    /// <summary>The masters; replicas only when that is all there is, to say that they are.</summary>
    private static IServer[] Masters(RedisConnection redis)
    {
        var connected = redis.Servers.Where(s => s.IsConnected).ToArray();
        var masters = connected.Where(s => !s.IsReplica).ToArray();
        return masters.Length > 0 ? masters : connected;
    }

    private static async Task<AuditResult> AuditAsync(
        IServer server, SnapshotReader reader, AuditOptions options, VerbContext context, CancellationToken cancellationToken)
    {
        var snapshot = await ReadAsync(server, reader);
        var result = new AuditResult(snapshot, AuditReport.Of(snapshot, options));
        var json = context.Arguments.GetValue(_json);
        if (!json) AuditTable.Print(result);
        if (!context.Arguments.GetValue(_fix)) return result;

        // Beside JSON the commands go to the error stream: nothing is changed unseen.
        var output = json ? Console.Error : Console.Out;
        var fixes = result.Report.Fixes;
        if (fixes.Count == 0)
        {
            output.WriteLine($"Nothing that --fix could change on {snapshot.Server}.");
            return result;
        }

        output.WriteLine($"Changing on {snapshot.Server}:");
        foreach (var fix in fixes) output.WriteLine($"  {fix.Command}");
        output.WriteLine();
        var applied = new List<AppliedFix>();
        await foreach (var fix in new ServerMender(server, context.Time).ApplyAsync(fixes, snapshot.Field("config_file")).WithCancellation(cancellationToken))
        {
            applied.Add(fix);
            output.WriteLine($"{fix.Command}: {fix.Result}");
        }

        snapshot = await ReadAsync(server, reader);
        result = new AuditResult(snapshot, AuditReport.Of(snapshot, options)) { Applied = applied };
        if (!json) AuditTable.Print(result);
        return result;
    }

    private static async Task<ServerSnapshot> ReadAsync(IServer server, SnapshotReader reader)
    {
        try
        {
            return await reader.ReadAsync(server);
        }
        catch (RedisServerException e)
        {
            throw new EnvironmentException($"Redis at {SnapshotReader.Name(server.EndPoint)} refuses INFO, without which there is no audit: {e.Message.Trim()}. Grant the user +info.", e);
        }
    }

    private static AuditOptions Options(VerbContext context) => context.Arguments.GetValue(_profile) switch
    {
        null => new AuditOptions(),
        "met27" => new AuditOptions(AuditProfile.Met27, ProfileNamed: true),
        "noeviction" => new AuditOptions(AuditProfile.NoEviction, ProfileNamed: true),
        var other => throw new UsageException($"--profile is '{other}'; use met27 or noeviction."),
    };
}
