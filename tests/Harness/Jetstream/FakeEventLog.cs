using System.Text;

namespace Pipeline.Tests.Harness.Jetstream;

/// <summary>The events a fake server has, oldest first; what is too old for its replay window may be forgotten. Several servers may share one.</summary>
public sealed class FakeEventLog
{
    private readonly Lock _lock = new();
    private readonly List<FakeFrame> _frames = [];
    private readonly Signal _appended = new();
    private int _forgotten;

    public int Count
    {
        get
        {
            lock (_lock)
                return _frames.Count;
        }
    }

    public void Append(string json) => Append(FakeFrame.Event(Encoding.UTF8.GetBytes(json)));

    public void Append(IEnumerable<string> events)
    {
        foreach (var json in events)
            Append(json);
    }

    public void Append(FakeFrame frame)
    {
        lock (_lock)
            _frames.Add(frame.TimeUs is null && _frames.Count > 0 ? frame with { TimeUs = _frames[^1].TimeUs } : frame);
        _appended.Pulse();
    }

    /// <summary>Nobody who connects from now on gets what lies before a time.</summary>
    /// <returns>How many events that are.</returns>
    public int Forget(long beforeUs)
    {
        var index = IndexOf(beforeUs);
        lock (_lock)
            return _forgotten = index;
    }

    internal Task Appended => _appended.Next;

    internal FakeFrame? At(int index)
    {
        lock (_lock)
            return index < _frames.Count ? _frames[index] : null;
    }

    /// <summary>The first frame at or after a time; the end of the log when there is none.</summary>
    internal int IndexOf(long timeUs)
    {
        lock (_lock)
        {
            var index = _frames.FindIndex(frame => frame.TimeUs >= timeUs);
            return index < 0 ? _frames.Count : Math.Max(index, _forgotten);
        }
    }
}
