using Pipeline.Events;
using Pipeline.Sources.Mock;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>Events of the mock firehose that are archived.</summary>
internal static class MockEvents
{
    public static List<byte[]> Archived(int count)
    {
        var parser = new EventParser(new EventLimits());
        var reader = new MockFirehose(new MockFirehoseOptions()).From(0);
        var events = new List<byte[]>(count);
        while (events.Count < count && reader.Next())
        {
            if (parser.Parse(reader.Current).Kind == EventKind.Archived) events.Add(reader.Current.ToArray());
        }

        return events;
    }
}
