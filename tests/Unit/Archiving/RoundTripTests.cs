using System.Text;
using FluentAssertions;
using Pipeline.Events;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Lake;
using Xunit;

namespace Pipeline.Tests.Unit.Archiving;

/// <summary>Every event that is archived can be had back from its row.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public async Task Events_of_the_mock_come_back_from_their_rows()
    {
        var events = new List<byte[]>();
        var reader = new MockFirehose(new MockFirehoseOptions { Events = 5_000 }).From(0);
        while (reader.Next()) events.Add(reader.Current.ToArray());

        var archived = await RestoresAsync(events);

        archived.Should().BeGreaterThan(4_000);
    }

    [Fact]
    public async Task Real_events_come_back_from_their_rows()
    {
        var folder = Environment.GetEnvironmentVariable("PIPELINE_SAMPLES") ?? Harness.Repository.File("..", "shared", "samples");
        var file = Path.Combine(folder, "jetstream-events.jsonl");
        Assert.SkipUnless(File.Exists(file), $"No real events at '{file}': set PIPELINE_SAMPLES to the folder of jetstream-events.jsonl.");
        var events = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(Encoding.UTF8.GetBytes).ToList();

        var archived = await RestoresAsync(events);

        archived.Should().BeGreaterThan(500);
    }

    /// <summary>Archives those of the five types and compares; how many there were.</summary>
    private static async Task<int> RestoresAsync(List<byte[]> events)
    {
        var parser = new EventParser(new EventLimits());
        var archived = events.Where(e => parser.Parse(e).Kind == EventKind.Archived).ToList();
        using var lake = new TestLake();
        await lake.WriteAsync(TestLake.Entry(TestLake.StartMs, 0, archived));

        var restored = lake.Reader.RestoreEvents().Select(CanonicalJson.Of).Order(StringComparer.Ordinal).ToList();
        restored.Should().Equal(archived.Select(e => CanonicalJson.Of(e)).Order(StringComparer.Ordinal));
        lake.Reader.Identities().Should().OnlyHaveUniqueItems();
        return archived.Count;
    }
}
