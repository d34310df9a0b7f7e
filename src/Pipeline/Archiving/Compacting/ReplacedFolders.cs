using Pipeline.Monitoring;

namespace Pipeline.Archiving.Compacting;

/// <summary>
/// Folders that were exchanged for compacted ones. Who opened one just before the exchange is still listing it, and would see only a part of it, and not
/// know, if its files went at once. So they stay a little.
/// </summary>
internal sealed class ReplacedFolders(TimeProvider time) : IDisposable
{
    private readonly Queue<(string Path, long Since)> _folders = new();

    public required TimeSpan Grace { get; init; }

    /// <summary>Adds a folder, and removes those whose time is over.</summary>
    public void Add(string path)
    {
        while (_folders.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since) >= Grace) Remove();
        _folders.Enqueue((path, time.GetTimestamp()));
    }

    /// <summary>Waits until the time of the last one is over.</summary>
    public async Task RemoveAllAsync(CancellationToken cancellationToken)
    {
        while (_folders.TryPeek(out var oldest))
        {
            var left = Grace - time.GetElapsedTime(oldest.Since);
            if (left > TimeSpan.Zero) await Task.Delay(left, time, cancellationToken);
            Remove();
        }
    }

    public void Dispose()
    {
        while (_folders.Count > 0) Remove();
    }

    private void Remove()
    {
        try
        {
            Directory.Delete(_folders.Dequeue().Path, recursive: true);
            StepEvents.Log.Reached(CompactionStep.Removed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The hour is compacted; the staging area goes with all that is in it.
        }
    }
}
