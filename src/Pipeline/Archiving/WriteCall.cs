using Pipeline.Buffering;

namespace Pipeline.Archiving;

/// <summary>What one call of <see cref="LakeWriter"/> was asked for, and how long its windows take.</summary>
internal sealed class WriteCall(bool drain, IWriteProgress? progress, TimeProvider time)
{
    // Two at most: one is read while the one before is encoded.
    private readonly Dictionary<TimeWindow, long> _started = [];

    public bool Drain => drain;

    /// <summary>What an ingestor has to fetch again, of the first shard that lacks something.</summary>
    public LostRecordsException? Lost { get; set; }

    public void Started(TimeWindow window)
    {
        _started[window] = time.GetTimestamp();
        progress?.WindowStarted(window);
    }

    public void Written(StagedWindow staged)
    {
        _started.Remove(staged.Window, out var started);
        progress?.WindowWritten(staged, time.GetElapsedTime(started));
    }
}
