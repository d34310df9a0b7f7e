using StackExchange.Redis;

namespace Pipeline.Buffering.Auditing;

/// <summary>Makes changes to a running server, one at a time.</summary>
internal sealed class ServerMender(IServer server, TimeProvider time)
{
    private const string Rewrite = "CONFIG REWRITE";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs the fixes in order, and has what came of them written to the server's configuration file; one that fails does not stop the others.</summary>
    public async IAsyncEnumerable<AppliedFix> ApplyAsync(IReadOnlyList<AuditFix> fixes, string? configurationFile)
    {
        var lines = new List<string>();
        foreach (var fix in fixes)
        {
            var applied = await TryAsync(fix.Command, () => SetAsync(fix));
            if (applied.Succeeded) lines.Add(fix.ConfigurationLine);
            yield return applied;
        }

        if (lines.Count == 0) yield break;
        var byHand = $"until a restart; to keep it, put into redis.conf: {string.Join("; ", lines)}";
        if (string.IsNullOrEmpty(configurationFile))
        {
            yield return new AppliedFix(Rewrite, false, $"not run, the server has no configuration file. The changes last {byHand}");
            yield break;
        }

        var rewritten = await TryAsync(Rewrite, async () =>
        {
            await server.ConfigRewriteAsync();
            return $"ok, the changes outlast a restart ({configurationFile})";
        });
        yield return rewritten.Succeeded ? rewritten : rewritten with { Result = $"{rewritten.Result}. The changes last {byHand}" };
    }

    private static async Task<AppliedFix> TryAsync(string command, Func<Task<string>> run)
    {
        try
        {
            return new AppliedFix(command, true, await run());
        }
        catch (RedisServerException e)
        {
            return new AppliedFix(command, false, $"refused: {e.Message.Trim()}");
        }
    }

    private async Task<string> SetAsync(AuditFix fix)
    {
        await server.ConfigSetAsync(fix.Setting, fix.Value);
        return fix.Setting == AuditRules.AppendOnly ? await WaitForFileAsync() : "ok";
    }

    // Turned on at run time, the file counts only once a first rewrite has put into it what is in memory.
    private async Task<string> WaitForFileAsync() => await AofRewrite.WaitAsync(server, _patience, time, CancellationToken.None) switch
    {
        true => "ok, the file is written",
        false => "set, but writing the file failed: see Redis' log",
        null => "ok, but the file is still being written: until it is, a crash loses everything",
    };
}
