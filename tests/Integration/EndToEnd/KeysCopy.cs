using Pipeline.Tests.Harness.Pipelines;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>The keys of a log as they were.</summary>
internal sealed class KeysCopy(PipelineRig rig, IReadOnlyList<(RedisKey Key, byte[]? Value)> values)
{
    public static async Task<KeysCopy> TakeAsync(PipelineRig rig)
    {
        var values = new List<(RedisKey, byte[]?)>();
        foreach (var key in rig.Logs.SelectMany(l => new[] { l.Keys.Stream, l.Keys.State })) values.Add((key, await rig.Database.KeyDumpAsync(key)));
        return new KeysCopy(rig, values);
    }

    public async Task RestoreAsync(bool streamOnly = false)
    {
        foreach (var (key, value) in values)
        {
            await rig.Database.KeyDeleteAsync(key);
            if (value is not null && !(streamOnly && key == rig.Logs[0].Keys.State)) await rig.Database.KeyRestoreAsync(key, value);
        }
    }
}
