using FluentAssertions;
using Pipeline.Tests.Harness;

namespace Pipeline.Tests.Integration.Faults.Injections;

/// <summary>The lake's disk fills up with the lake itself, and grows later.</summary>
internal sealed class LakeFull : Injection
{
    private SizedFolder? _disk;

    public override async Task<string?> LakeAsync()
    {
        _disk = await SizedFolder.MountAsync(megabytes: 2);
        return Path.Combine(_disk.Path, "lake");
    }

    public override async Task<string> InjectAsync(FaultRun run)
    {
        await run.WarnsAsync("No space left on device");
        await run.WarnsAsync("No space left on device");
        var windows = run.Written.Windows;
        await _disk!.ResizeAsync(200);
        await run.WritesAsync(2);
        windows.Should().BePositive("the disk has to have been full after something was written, not from the start");
        return run.Log.All.First(l => l.Contains("No space left", StringComparison.Ordinal));
    }

    protected override ValueTask CleanUpAsync() => _disk?.DisposeAsync() ?? ValueTask.CompletedTask;
}
