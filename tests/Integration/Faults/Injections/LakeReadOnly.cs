using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The lake's disk becomes read-only, as file systems do after an error, and writable again.</summary>
internal sealed class LakeReadOnly : Injection
{
    private SizedFolder? _disk;

    public override async Task<string?> LakeAsync()
    {
        _disk = await SizedFolder.MountAsync(megabytes: 200);
        return Path.Combine(_disk.Path, "lake");
    }

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.WritesAsync();
        await _disk!.MakeReadOnlyAsync();
        await run.WarnsAsync("Read-only file system");
        await run.FlowsAsync();
        await _disk.MakeWritableAsync();
        await run.WritesAsync(2);
        return run.Log.All.First(l => l.Contains("Read-only", StringComparison.Ordinal));
    }

    protected override ValueTask CleanUpAsync() => _disk?.DisposeAsync() ?? ValueTask.CompletedTask;
}
